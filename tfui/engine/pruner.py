"""The pruner: takes what is older than is kept out of the store, in small steps between other work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.engine.duty import NO_REST
from tfui.store import pruning
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Author, Store

FIRST = timedelta(seconds=20)  # a starting engine has better things to do
STEP = timedelta(seconds=2)
ROUND = timedelta(minutes=10)


class Pruner:
    """Goes round all schedules, a hundred at a step."""

    def __init__(self, store: Store, author: Author, *, retention: Retention | None = None) -> None:
        self.pruned = Pruned()
        self._store = store
        self._author = author
        self._retention = retention or Retention()
        self._after: UUID | None = None
        self._next_at: datetime | None = None

    def tick(self, now: datetime) -> timedelta:
        """Take one step if it is time; say how long until the next. Raises Unavailable."""
        if self._next_at is None or self._next_at - now > ROUND:
            self._next_at = now + FIRST
        if self._next_at <= now:
            self._step(now)
        return max(NO_REST, self._next_at - now)

    def _step(self, now: datetime) -> None:
        with self._store.writing(by=self._author, now=now) as tx:
            step = pruning.prune_jobs(tx, self._retention, now=now, after=self._after)
            others = pruning.prune_others(tx, self._retention, now=now)
        self.pruned.add(step.pruned)
        self.pruned.add(others)
        self._after = step.after
        is_round_over = step.after is None and not step.pruned.jobs
        self._next_at = now + (ROUND if is_round_over else STEP)
