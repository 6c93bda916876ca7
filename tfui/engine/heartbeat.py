"""The heartbeat: says every ten seconds that the engine lives, and how it does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core.states import NodeState
from tfui.engine.duty import NO_REST
from tfui.store import nodes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Author, Store

BEAT = timedelta(seconds=10)


class Heartbeat:
    """Keeps an engine's node row fresh."""

    def __init__(
        self,
        store: Store,
        author: Author,
        *,
        node_id: UUID,
        figures: Callable[[], dict[str, Any]],
        enter: Callable[[datetime], None],
    ) -> None:
        self.state = NodeState.RUNNING
        self._store = store
        self._author = author
        self._node_id = node_id
        self._figures = figures
        self._enter = enter
        self._next_at: datetime | None = None

    def tick(self, now: datetime) -> timedelta:
        """Beat if it is time; say how long until the next. Raises Unavailable."""
        if self._next_at is None or not NO_REST < self._next_at - now <= BEAT:
            self.beat(now)
        if self._next_at is None:
            return NO_REST
        return self._next_at - now

    def beat(self, now: datetime) -> None:
        """Write the node row now, entering it anew if somebody pruned it. Raises Unavailable."""
        with self._store.writing(by=self._author, now=now) as tx:
            is_known = nodes.beat(
                tx,
                self._node_id,
                state=self.state,
                figures=self._figures(),
                now=now,
            )
        if not is_known:
            self._enter(now)
        self._next_at = now + BEAT
