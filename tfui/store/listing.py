"""Which schedules, in which order: identifiers of all that match, fast enough for every keystroke.

Sorted by condition or name, or searched, a list of 100,000 is one walk over one covering index, and
comes as a few long values instead of as many rows. `_RANK` is `core.health.condition` in
SQL; the few schedules that are late or have a live job are known from their own small indexes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
    text,
)

from tfui.core.health import LATE_AFTER, RANK, Condition
from tfui.core.states import JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import UtcDateTime, table_of
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob, ScheduleQuery, ScheduleSort
from tfui.store import narrowing
from tfui.store.schedule_rows import FURTHEST_FIRST
from tfui.store.spellings import KEPT_SCHEDULE, LIVE_JOB
from tfui.store.texts import can_be_kept

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_JOB = table_of(Job)
_J = _JOB.c
_QUEUE = table_of(Queue)


def _rank(condition: Condition) -> ColumnElement[int]:
    return literal_column(str(RANK[condition]), Integer)


_LATE = bindparam("late_before", type_=UtcDateTime())
_IS_HELD_UP = (_J.status == JobStatus.BLOCKED) | _J.wait_reason.in_(
    [WaitReason.QUEUE_PAUSED, WaitReason.RATE],
)
_LIVE_RANK = (
    select(
        case(
            (_J.status == JobStatus.RUNNING, _rank(Condition.RUNNING)),
            (
                (_J.status == JobStatus.QUEUED) & (_J.wait_reason == WaitReason.RETRY),
                _rank(Condition.RETRYING),
            ),
            (_IS_HELD_UP, _rank(Condition.BLOCKED)),
            (_J.available_at < _LATE, _rank(Condition.LATE)),
            else_=_rank(Condition.QUEUED),
        ),
    )
    .where(LIVE_JOB, _J.scheduled_job_id == _S.id)
    .order_by(*FURTHEST_FIRST)
    .limit(1)
    .correlate(_SCHEDULE)
    .scalar_subquery()
)
"""The rank that the live job furthest along gives to its schedule."""

_LATE_ONES = _SCHEDULE.alias("late_one")
_IS_OVERDUE = _S.id.in_(
    select(_LATE_ONES.c.id).where(
        text("late_one.status = 'active' AND late_one.deleted_at IS NULL"),
        _LATE_ONES.c.next_run_at < _LATE,
    ),
)

_RANK = case(
    (_S.status == ScheduleStatus.FAILED, _rank(Condition.FAILED)),
    (_S.id.in_(select(_J.scheduled_job_id).where(LIVE_JOB)), _LIVE_RANK),
    (_IS_OVERDUE, _rank(Condition.LATE)),
    (_S.status == ScheduleStatus.PAUSED, _rank(Condition.PAUSED)),
    (_S.last_outcome == JobStatus.FAILED, _rank(Condition.FAILED)),
    (_S.status == ScheduleStatus.COMPLETED, _rank(Condition.DISABLED)),
    else_=_rank(Condition.OK),
)

_USUAL = RANK[Condition.OK]
"""The rank that most schedules have; the database puts together what has it, Python the rest."""

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

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = packed

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
    query = query.reduced()
    conditions = Condition if query.conditions is None else query.conditions
    if not conditions:
        return ScheduleIds()
    ranks = sorted((RANK[one] for one in conditions), reverse=query.descending)
    by_rank = query.sort is ScheduleSort.STATUS
    chosen = select(_S.id, _RANK.label("rank")) if by_rank else select(_S.id)
    chosen = _narrowed(tx, chosen, organization_id, query, now)
    if query.conditions is not None:
        chosen = chosen.where(_RANK.in_(ranks))
    found = chosen.order_by(*([_S.name] if by_rank else _order(query))).subquery()
    late = {"late_before": now - LATE_AFTER}
    if not by_rank:
        packed = tx.connection.execute(select(tx.dialect.joined_ids(found.c.id)), late).scalar_one()
        return ScheduleIds(packed or b"")
    is_usual = found.c.rank == _USUAL
    usual, others, their_ranks = tx.connection.execute(
        select(
            tx.dialect.joined_ids(found.c.id, is_usual),
            tx.dialect.joined_ids(found.c.id, ~is_usual),
            func.aggregate_strings(cast(found.c.rank, Text), "").filter(~is_usual),
        ),
        late,
    ).one()
    return ScheduleIds(_by_rank(ranks, usual or b"", others or b"", their_ranks or ""))


def _by_rank(ranks: Sequence[int], usual: bytes, others: bytes, their_ranks: str) -> bytes:
    """Put those of the usual rank and the `others` (a digit of `their_ranks` each) rank after rank."""
    parts: dict[str, list[bytes]] = {str(rank): [] for rank in ranks}
    if usual:
        parts[str(_USUAL)].append(usual)
    for place, rank in enumerate(their_ranks):
        parts[rank].append(others[16 * place : 16 * place + 16])
    return b"".join(part for of_rank in parts.values() for part in of_rank)


def count(tx: Transaction, organization_id: UUID, query: ScheduleQuery, *, now: datetime) -> int:
    """Give how many schedules match."""
    query = query.reduced()
    if query.conditions is not None:
        return len(ids(tx, organization_id, query, now=now))
    counted = _narrowed(tx, select(func.count()), organization_id, query, now)
    return int(tx.connection.execute(counted).scalar_one())


def names(tx: Transaction, organization_id: UUID) -> list[str]:
    """Give every name in use, in order."""
    return list(
        tx.connection.execute(
            select(_S.name)
            .where(_S.organization_id == organization_id, KEPT_SCHEDULE)
            .order_by(_S.name),
        ).scalars(),
    )


def _order(query: ScheduleQuery) -> list[ColumnElement[Any]]:
    column = _ORDER[query.sort]
    # What has no next or last run comes after what has one, whichever way the list is turned.
    blank = [column.is_(None)] if query.sort in {ScheduleSort.NEXT, ScheduleSort.LAST} else []
    tie = [] if query.sort is ScheduleSort.NAME else [_S.name]
    return [*blank, column.desc() if query.descending else column, *tie]


def _narrowed(
    tx: Transaction,
    columns: Any,  # noqa: ANN401  # a Select of any columns
    organization_id: UUID,
    query: ScheduleQuery,
    now: datetime,
) -> Any:  # noqa: ANN401  # as above
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
    return found.where(*narrowing.conditions(tx.dialect, query.criteria, now=now))
