"""Which schedules, in which order: identifiers of all that match, fast enough for every keystroke.

The order by condition is `core.health.condition` in SQL for what a row says of itself; the few
schedules that are late or have a live job are read from their own small indexes and judged in
Python, so that 100,000 rows cost one walk over one covering index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, select

from tfui.core.health import LATE_AFTER, RANK, Condition, Signs, condition
from tfui.core.states import JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob, ScheduleQuery, ScheduleSort
from tfui.store.schedule_rows import FURTHEST_FIRST
from tfui.store.spellings import ACTIVE_SCHEDULE, KEPT_SCHEDULE, LIVE_JOB
from tfui.store.texts import can_be_kept

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_JOB = table_of(Job)
_J = _JOB.c
_QUEUE = table_of(Queue)

_RESTING_RANK = case(
    (_S.status == ScheduleStatus.FAILED, RANK[Condition.FAILED]),
    (_S.status == ScheduleStatus.PAUSED, RANK[Condition.PAUSED]),
    (_S.last_outcome == JobStatus.FAILED, RANK[Condition.FAILED]),
    (_S.status == ScheduleStatus.COMPLETED, RANK[Condition.DISABLED]),
    else_=RANK[Condition.OK],
)
"""The rank of a schedule that is not late and has no live job."""

_ORDER: dict[ScheduleSort, ColumnElement[Any]] = {
    ScheduleSort.NAME: _S.name,
    ScheduleSort.NEXT: _S.next_run_at,
    ScheduleSort.LAST: _S.last_run_at,
    ScheduleSort.QUEUE: _QUEUE.c.name,
    ScheduleSort.TYPE: _S.schedule_type,
    ScheduleSort.PRIORITY: _S.priority,
    ScheduleSort.RUNS: _S.runs_count,
    ScheduleSort.CREATED: _S.id,
}


class ScheduleIds(Sequence[UUID]):
    """Identifiers in order, 16 bytes each: a million of them are no burden."""

    __slots__ = ("_packed",)

    def __init__(self, digits: Iterable[str] = ()) -> None:
        self._packed = bytes.fromhex("".join(digits))

    def __len__(self) -> int:
        return len(self._packed) // 16

    @overload
    def __getitem__(self, index: int) -> UUID: ...
    @overload
    def __getitem__(self, index: slice) -> list[UUID]: ...
    def __getitem__(self, index: int | slice) -> UUID | list[UUID]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return UUID(bytes=self._packed[16 * index : 16 * index + 16])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ScheduleIds):
            return self._packed == other._packed
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(self._packed)

    def place(self, schedule_id: UUID) -> int | None:
        """Give where the identifier stands, or None."""
        start = 0
        while (found := self._packed.find(schedule_id.bytes, start)) >= 0:
            if found % 16 == 0:
                return found // 16
            start = found + 1
        return None


def ids(
    tx: Transaction,
    organization_id: UUID,
    query: ScheduleQuery,
    *,
    now: datetime,
) -> ScheduleIds:
    """Give the identifiers of every schedule that matches, in order; ties go by name."""
    if query.sort is not ScheduleSort.STATUS and query.conditions is None:
        return ScheduleIds(_sorted_by_column(tx, organization_id, query))
    moving = _moving(tx, organization_id, now)
    chosen = (
        range(len(RANK))
        if query.conditions is None
        else sorted(RANK[condition] for condition in query.conditions)
    )
    if query.sort is not ScheduleSort.STATUS:
        wanted = frozenset(chosen)
        ranked = _with_rank(tx, organization_id, query)
        return ScheduleIds(
            digits for digits, resting in ranked if moving.get(digits, resting) in wanted
        )
    buckets: list[list[str]] = [[] for _ in RANK]
    for digits, resting in _with_rank(tx, organization_id, query):
        buckets[moving.get(digits, resting)].append(digits)
    order = reversed(chosen) if query.descending else chosen
    return ScheduleIds([digits for rank in order for digits in buckets[rank]])


def count(tx: Transaction, organization_id: UUID, query: ScheduleQuery, *, now: datetime) -> int:
    """Give how many schedules match."""
    if query.conditions is not None:
        return len(ids(tx, organization_id, query, now=now))
    found = tx.connection.execute(_narrowed(select(func.count()), organization_id, query))
    return int(found.scalar_one())


def names(tx: Transaction, organization_id: UUID) -> list[str]:
    """Give every name in use, in order."""
    return list(
        tx.connection.execute(
            select(_S.name)
            .where(_S.organization_id == organization_id, KEPT_SCHEDULE)
            .order_by(_S.name),
        ).scalars(),
    )


def _sorted_by_column(
    tx: Transaction,
    organization_id: UUID,
    query: ScheduleQuery,
) -> Iterable[str]:
    columns = select(tx.dialect.id_text(_S.id))
    return tx.connection.execute(
        _narrowed(columns, organization_id, query).order_by(*_order(query)),
    ).scalars()


def _with_rank(
    tx: Transaction,
    organization_id: UUID,
    query: ScheduleQuery,
) -> Iterable[AnyRow]:
    columns = select(tx.dialect.id_text(_S.id), _RESTING_RANK)
    order = [_S.name] if query.sort is ScheduleSort.STATUS else _order(query)
    return tx.connection.execute(_narrowed(columns, organization_id, query).order_by(*order))


def _order(query: ScheduleQuery) -> list[ColumnElement[Any]]:
    column = _ORDER[query.sort]
    # What has no next or last run comes after what has one, whichever way the list is turned.
    blank = [column.is_(None)] if query.sort in {ScheduleSort.NEXT, ScheduleSort.LAST} else []
    tie = [] if query.sort is ScheduleSort.NAME else [_S.name]
    return [*blank, column.desc() if query.descending else column, *tie]


def _narrowed(columns: Any, organization_id: UUID, query: ScheduleQuery) -> Any:  # noqa: ANN401  # a Select of any columns
    found = columns.select_from(_SCHEDULE).where(
        _S.organization_id == organization_id,
        _S.deleted_at.is_not(None) if query.deleted else KEPT_SCHEDULE,
    )
    if query.sort is ScheduleSort.QUEUE or query.queue is not None:
        found = found.join(_QUEUE, _QUEUE.c.id == _S.queue_id)
    asked = (query.search, query.queue, query.job_type)
    if not all(can_be_kept(text) for text in asked if text is not None):
        return found.where(false())
    if query.queue is not None:
        found = found.where(_QUEUE.c.name == query.queue)
    if query.status is not None:
        found = found.where(_S.status == query.status)
    if query.schedule_type is not None:
        found = found.where(_S.schedule_type == query.schedule_type)
    if query.job_type is not None:
        found = found.where(_S.job_type == query.job_type)
    if query.search:
        found = found.where(_S.search_text.contains(query.search.casefold(), autoescape=True))
    return found


def _moving(tx: Transaction, organization_id: UUID, now: datetime) -> dict[str, int]:
    """Give the rank of each schedule that is late or has a live job, by its hexadecimal digits."""
    shown = (
        tx.dialect.id_text(_S.id).label("digits"),
        _S.status,
        _S.next_run_at,
        _S.last_outcome,
    )
    late = tx.connection.execute(
        select(*shown).where(
            _S.organization_id == organization_id,
            ACTIVE_SCHEDULE,
            _S.next_run_at < now - LATE_AFTER,
        ),
    )
    found = {row.digits: RANK[_condition(row, None, now)] for row in late}
    live = tx.connection.execute(
        select(
            *shown,
            _J.status.label("live_status"),
            _J.attempt,
            _J.wait_reason,
            _J.available_at,
        )
        .join(_JOB, _J.scheduled_job_id == _S.id)
        .where(LIVE_JOB, _J.organization_id == organization_id)
        .order_by(*FURTHEST_FIRST),
    )
    seen: set[str] = set()
    for row in live:
        if row.digits not in seen:
            seen.add(row.digits)
            found[row.digits] = RANK[_condition(row, row, now)]
    return found


def _condition(row: AnyRow, live: AnyRow | None, now: datetime) -> Condition:
    wait = None if live is None else live.wait_reason
    return condition(
        Signs(
            status=ScheduleStatus(row.status),
            next_run_at=row.next_run_at,
            last_outcome=None if row.last_outcome is None else JobStatus(row.last_outcome),
            live_status=None if live is None else JobStatus(live.live_status),
            live_attempt=0 if live is None else live.attempt,
            live_wait=None if wait is None else WaitReason(wait),
            live_available_at=None if live is None else live.available_at,
        ),
        now,
    )
