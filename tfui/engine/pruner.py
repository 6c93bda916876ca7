"""The pruner: takes what is older than is kept out of the store, in small steps between other work."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tfui.engine.duty import NO_REST
from tfui.store import pruning
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from tfui.clock import Clock
    from tfui.store.connection import Author, Store

FIRST = timedelta(seconds=20)  # a starting engine has better things to do
STEP = timedelta(seconds=2)
MORE = timedelta(milliseconds=200)
"""Until the next step when there was more to do than a step may take."""
ROUND = timedelta(minutes=10)
MOST = 0.025
"""Seconds after which a step ends: jobs that are due wait meanwhile."""


class Pruner:
    """Goes round all schedules; what it holds the store for is never more than a portion of jobs."""

    def __init__(
        self, store: Store, author: Author, clock: Clock, *, retention: Retention | None = None
    ) -> None:
        self.pruned = Pruned()
        self._store = store
        self._author = author
        self._clock = clock
        self._retention = retention or Retention()
        self._after: UUID | None = None
        self._next_at: datetime | None = None

    def tick(self, now: datetime) -> timedelta:
        """Take one step if it is time; say how long until the next. Raises Unavailable."""
        if self._next_at is None or self._next_at - now > ROUND:
            self._next_at = now + FIRST
        if self._next_at <= now:
            self._next_at = now + self._step(now)
        return max(NO_REST, self._next_at - now)

    def _step(self, now: datetime) -> timedelta:
        end = self._clock.reading().monotonic + MOST
        with self._store.reading() as tx:
            crowd = pruning.crowded(tx, self._retention, now=now, after=self._after)
        for schedule_id in crowd.schedules:
            portion = pruning.PORTION
            prune = partial(pruning.prune_schedule, schedule_id=schedule_id, limit=portion)
            gone = self._write(prune, now)
            if gone.jobs >= portion:
                return MORE  # it may have more, so the next step begins with it
            self._after = schedule_id
            if self._clock.reading().monotonic >= end:
                return MORE
        self._after = crowd.after
        if crowd.after is not None:
            return STEP
        others = self._write(pruning.prune_unscheduled, now), self._write(pruning.prune_others, now)
        return ROUND if others == (Pruned(), Pruned()) else STEP

    def _write(self, prune: Callable[..., Pruned], now: datetime) -> Pruned:
        with self._store.writing(by=self._author, now=now) as tx:
            gone = prune(tx, retention=self._retention, now=now)
        self.pruned.add(gone)
        return gone
