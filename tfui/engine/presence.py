"""Presence: an engine's row among the nodes, from when it comes to when it signs off."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tfui import __version__
from tfui.store import nodes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Author, Store


class Presence:
    """Written by the loop alone."""

    def __init__(
        self,
        store: Store,
        author: Author,
        *,
        node_id: UUID,
        host: str,
        kind: str,
        seats: int,
        figures: Callable[[], dict[str, Any]],
    ) -> None:
        self.is_entered = False
        self._store = store
        self._author = author
        self._node_id = node_id
        self._host = host
        self._kind = kind
        self._seats = seats
        self._figures = figures

    def enter(self, now: datetime) -> None:
        """Write the row, also anew when somebody took it away. Raises Unavailable."""
        with self._store.writing(by=self._author, now=now) as tx:
            nodes.enter(
                tx,
                self._node_id,
                host=self._host,
                pid=os.getpid(),
                kind=self._kind,
                seats=self._seats,
                version=__version__,
                figures=self._figures(),
                now=now,
            )
        self.is_entered = True

    def leave(self, now: datetime) -> None:
        """Say that it has stopped. Raises Unavailable."""
        with self._store.writing(by=self._author, now=now) as tx:
            nodes.sign_off(tx, self._node_id, figures=self._figures(), now=now)
