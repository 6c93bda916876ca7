"""What a check-up reads of references that lead nowhere, and of counts that the record contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, or_, select

from tfui.core.states import JobKind, ScheduleType, SkipReason
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency
from tfui.model.job import Attempt, Job, Output
from tfui.model.occurrence import Occurrence
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import ColumnElement, Table

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_JOB, _SCHEDULE, _RANGE = table_of(Job), table_of(ScheduledJob), table_of(Occurrence)
_ATTEMPT, _OUTPUT, _LINK = table_of(Attempt), table_of(Output), table_of(JobDependency)
_QUEUE = table_of(Queue)
_J, _S, _R = _JOB.c, _SCHEDULE.c, _RANGE.c


class Lost(NamedTuple):
    """Rows of a table that refer to a row which is not there."""

    table: str
    column: str
    rows: int
    one: UUID
    """What one of them refers to."""


def _is_lost(column: ColumnElement[UUID], parent: Table) -> ColumnElement[bool]:
    return column.is_not(None) & ~select(parent.c.id).where(parent.c.id == column).exists()


_REFERENCES = (
    (_SCHEDULE.c.queue_id, _QUEUE),
    (_SCHEDULE.c.job_id, _JOB),
    (_J.scheduled_job_id, _SCHEDULE),
    (_R.scheduled_job_id, _SCHEDULE),
    (_ATTEMPT.c.job_id, _JOB),
    (_OUTPUT.c.job_id, _JOB),
    (_LINK.c.parent_job_id, _JOB),
    (_LINK.c.child_job_id, _JOB),
)


def references(tx: Transaction, organization_id: UUID) -> Iterator[Lost]:
    """Give what refers to nothing; rows that belong to nobody any more are told to everybody."""
    for column, parent in _REFERENCES:
        table = column.table
        is_it = _is_lost(column, parent)
        if "organization_id" in table.c:
            is_it &= table.c.organization_id == organization_id
        rows = tx.connection.execute(select(func.count()).select_from(table).where(is_it))
        if count := rows.scalar_one():
            one = tx.connection.execute(select(column).where(is_it).limit(1)).scalar_one()
            yield Lost(table.name, column.name, count, one)


def miscounted(tx: Transaction, organization_id: UUID, *, limit: int) -> list[AnyRow]:
    """Give schedules whose `runs_count` lies outside of what their runs on record allow.

    Those planned or chained count, `least` of them for certain. Pruning keeps the number of planned
    ones but not of chained ones, so there is a `most` only where the trigger was never another.
    """
    counts = {JobKind.SCHEDULED, JobKind.CHAINED}
    # A chained job that never began may stand for a firing that was refused, which is no run.
    is_certain = or_(_J.kind == JobKind.SCHEDULED, _J.attempt > 0)
    jobs = (
        select(
            _J.scheduled_job_id.label("id"),
            func.count().label("most"),
            func.count().filter(is_certain).label("least"),
        )
        .where(_J.scheduled_job_id.is_not(None), _J.kind.in_(counts))
        .group_by(_J.scheduled_job_id)
        .subquery()
    )
    pruned = (
        select(_R.scheduled_job_id.label("id"), func.sum(_R["count"]).label("ran"))
        .where(_R.reason == SkipReason.RAN)
        .group_by(_R.scheduled_job_id)
        .subquery()
    )
    least = func.coalesce(jobs.c.least, 0)
    most = func.coalesce(jobs.c.most, 0) + func.coalesce(pruned.c.ran, 0)
    is_first_trigger = (_S.schedule_type != ScheduleType.CHAINED) & or_(
        _S.effective_at <= _S.created_at, _S.effective_at < _S.starts_at
    )
    query = (
        select(_S.name, _S.runs_count, least.label("least"), most.label("most"))
        .select_from(
            _SCHEDULE.outerjoin(jobs, jobs.c.id == _S.id).outerjoin(pruned, pruned.c.id == _S.id)
        )
        .where(
            _S.organization_id == organization_id,
            or_(_S.runs_count < least, is_first_trigger & (_S.runs_count > most)),
        )
        .order_by(_S.name)
        .limit(limit)
    )
    return list(tx.connection.execute(query).all())
