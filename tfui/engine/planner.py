"""The planner: turns due schedules into jobs and ledger ranges, a thousand in one transaction.

Nearly every due schedule is a plain case: one occurrence, on time, nothing in its way. Those take a
path of a few microseconds each; the others go through `backlog`, by the same rules.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.engine.batch import Batch, Planned
from tfui.engine.duty import HELD_ELSEWHERE, NO_REST, until
from tfui.errors import Unavailable
from tfui.model.columns import to_microseconds
from tfui.store import planning, resumptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tfui.core.states import SkipReason
    from tfui.engine.dispatcher import Dispatcher
    from tfui.store.claims import Claim
    from tfui.store.connection import Author, Store, Transaction
    from tfui.store.planning import Horizon
    from tfui.store.waits import Outlook

log = logging.getLogger(__name__)

BATCH = 1000
BATCHES = 8
"""Planned in one tick at most: nobody's lease is to run out, and no stop to wait, for a crowd."""
CREATION_FAILURES = 5
"""Times in a row after which a schedule whose jobs cannot be created has failed."""

_PAUSE = timedelta(seconds=1)  # between those times


class Planner:
    """Safe to run in any number of engines at once: rows are held, and guarded by their due time."""

    def __init__(
        self,
        store: Store,
        author: Author,
        *,
        reason_at: Callable[[datetime], SkipReason],
        on_planned: Callable[[], None],
        on_waiting: Callable[[], None],
        dispatcher: Dispatcher | None,
    ) -> None:
        self.planned = Planned()
        self.is_behind = False
        """Whether the last tick left something due that could have been planned."""
        self._store = store
        self._author = author
        self._reason_at = reason_at
        self._on_planned = on_planned
        self._on_waiting = on_waiting
        self._dispatcher = dispatcher
        self._horizon: Horizon | None = None
        self._held: dict[Any, datetime] = {}

    def tick(self, now: datetime) -> timedelta:
        """Plan what is due at `now`; say how long nothing else will be. Raises Unavailable."""
        self.is_behind = False
        horizon = self._horizon
        if not _is_reached(horizon, now):
            with self._store.reading() as tx:
                horizon = planning.horizon(tx)
        if horizon is not None and _is_past(horizon.resume_at, now):
            horizon = self._resume(now)
        if horizon is not None and _is_past(horizon.due_at, now):
            horizon = self._plan(now)
        self._horizon = horizon
        if horizon is None:
            return NO_REST
        rest = min(until(horizon.due_at, now), until(horizon.resume_at, now))
        if _is_past(horizon.due_at, now):
            # What is still due is held by another engine, or could not be created just now.
            self._horizon = None
            rest = NO_REST if self.is_behind else self._rest(now)
        return rest

    def _resume(self, now: datetime) -> Horizon:
        with self._store.writing(by=self._author, now=now) as tx:
            resumptions.resume_queues(tx, now=now)
            resumptions.resume_schedules(tx, now=now)
            self._on_planned()
            return planning.horizon(tx)

    def _plan(self, now: datetime) -> Horizon:
        for _ in range(BATCHES):
            try:
                horizon, is_all = self._plan_batch(now)
            except Unavailable:
                raise
            except Exception:
                log.exception("a batch of due schedules could not be planned; taking them singly")
                horizon, is_all = self._plan_singly(now)
                self.is_behind = not is_all
                break  # it took long; the next tick goes on, once a stop was heard
            self.is_behind = not is_all
            if is_all:
                break
        return horizon

    def _plan_batch(self, now: datetime) -> tuple[Horizon, bool]:
        """Plan a batch in one transaction; say what comes next and whether that was all."""
        batch = Batch(self._reason_at, now)
        limit = self._batch()
        with self._store.writing(by=self._author, now=now) as tx:
            rows = planning.due(tx, to_microseconds(now), limit=limit)
            wanted = [row for row in rows if not self._is_held(row.id, now)]
            batch.plan(tx, wanted)
            horizon = planning.horizon(tx)
            # In the same transaction, so that a job starts one commit earlier.
            taken = self._claim(tx, batch, now) if len(rows) < limit else None
            failed = [
                (key, planning.count_failure(tx, key, str(error), limit=CREATION_FAILURES))
                for key, error in batch.failed
            ]
        self._hold(failed, now)
        self._hold_briefly(batch.too_early, now)
        self._count(batch.planned, is_claimed=taken is not None)
        if taken is not None and self._dispatcher is not None:
            self._dispatcher.begin(*taken, now)
            if taken[1].soonest is not None:
                self._on_waiting()  # a jitter or a rate limit ends before the dispatcher would look
        return horizon, len(rows) < limit or not wanted

    def _claim(
        self,
        tx: Transaction,
        batch: Batch,
        now: datetime,
    ) -> tuple[list[Claim], Outlook] | None:
        if self._dispatcher is None or not batch.planned.jobs:
            return None
        return self._dispatcher.claim(tx, now)

    def _plan_singly(self, now: datetime) -> tuple[Horizon, bool]:
        """Plan each due schedule in a transaction of its own, so that a bad one stops only itself."""
        limit = self._batch()
        with self._store.reading() as tx:
            rows = planning.due_ids(tx, to_microseconds(now), limit=limit)
        wanted = [schedule_id for schedule_id in rows if not self._is_held(schedule_id, now)]
        is_all = len(rows) < limit or not wanted
        for schedule_id in wanted:
            try:
                self._plan_one(schedule_id, now)
            except Unavailable:
                raise
            except Exception as error:
                log.exception("the job of schedule %s could not be created", schedule_id)
                with self._store.writing(by=self._author, now=now) as tx:
                    text = f"{type(error).__name__}: {error}"
                    most = CREATION_FAILURES
                    is_failed = planning.count_failure(tx, schedule_id, text, limit=most)
                self._hold([(schedule_id, is_failed)], now)
        with self._store.reading() as tx:
            return planning.horizon(tx), is_all

    def _plan_one(self, schedule_id: Any, now: datetime) -> None:  # noqa: ANN401  # a kept id
        batch = Batch(self._reason_at, now)
        with self._store.writing(by=self._author, now=now) as tx:
            rows = planning.due_one(tx, to_microseconds(now), schedule_id)
            batch.plan(tx, rows)
        for _, error in batch.failed:
            raise error
        self._hold_briefly(batch.too_early, now)
        self._count(batch.planned)

    def _count(self, planned: Planned, *, is_claimed: bool = False) -> None:
        self.planned.jobs += planned.jobs
        self.planned.missed += planned.missed
        self.planned.skipped += planned.skipped
        if planned.jobs and not is_claimed:
            self._on_planned()

    def _batch(self) -> int:
        """How many due schedules to read: what is set aside must not take the places of others."""
        return BATCH + len(self._held)

    def _is_held(self, schedule_id: Any, now: datetime) -> bool:  # noqa: ANN401  # a kept id
        end = self._held.get(schedule_id)
        return end is not None and end > now

    def _hold(self, failed: Sequence[tuple[Any, bool]], now: datetime) -> None:
        self._held = {key: end for key, end in self._held.items() if end > now}
        for schedule_id, is_failed in failed:
            if not is_failed:
                self._held[schedule_id] = now + _PAUSE

    def _hold_briefly(self, schedule_ids: Sequence[Any], now: datetime) -> None:
        for schedule_id in schedule_ids:
            self._held[schedule_id] = now + HELD_ELSEWHERE

    def _rest(self, now: datetime) -> timedelta:
        """Say when what is due and could not be planned is tried again."""
        ends = [end for end in self._held.values() if end > now]
        return min(ends) - now if ends else HELD_ELSEWHERE


def _is_reached(horizon: Horizon | None, now: datetime) -> bool:
    return horizon is not None and (
        _is_past(horizon.due_at, now) or _is_past(horizon.resume_at, now)
    )


def _is_past(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now
