"""All that the schedules of an organization did, newest first: jobs, and occurrences without one.

Identifiers rise with the time at which a line was written, and are what both tables are ordered by:
so the newest lines of a million are found without an index of their own. Among the lines that are
given the planned instant decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from tfui.core.states import LIVE_JOBS
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.model.queue import Queue
from tfui.model.run import RunOrder, RunQuery, RunRow
from tfui.model.schedule import ScheduledJob
from tfui.store.history import RUNS, gap_of, run_of
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from tfui.store.connection import Transaction


_JOB, _RANGE = table_of(Job), table_of(Occurrence)
_J, _R = _JOB.c, _RANGE.c
_SCHEDULE, _QUEUE = table_of(ScheduledJob), table_of(Queue)
_S, _Q = _SCHEDULE.c, _QUEUE.c


def order(tx: Transaction, organization_id: UUID, query: RunQuery, *, limit: int) -> RunOrder:
    """Give the lines of about the `limit` newest jobs and as many ranges, newest planned first."""
    jobs = _read(tx, _jobs(organization_id, query).limit(limit))
    gaps = _read(tx, _gaps(organization_id, query).limit(limit)) if query.gaps else []
    # Beyond the oldest line of a list that was cut, the other alone would look like the whole.
    cut = max((found[-1][1] for found in (jobs, gaps) if len(found) == limit), default=None)
    lines = [line for line in (*jobs, *gaps) if cut is None or line[1] >= cut]
    lines.sort(reverse=True)
    return RunOrder(ids=[line[1] for line in lines], is_all=cut is None)


def rows(tx: Transaction, organization_id: UUID, ids: Sequence[UUID]) -> list[RunRow]:
    """Give lines in the order asked for; those that are gone are left out."""
    found: dict[UUID, RunRow] = {}
    for asked in in_portions(ids):
        found |= {row.id: row for row in _run_rows(tx, organization_id, asked)}
        missing = [one for one in asked if one not in found]
        if missing:
            found |= {row.id: row for row in _gap_rows(tx, organization_id, missing)}
    return [found[one] for one in ids if one in found]


def _read(tx: Transaction, query: Select[Any]) -> list[tuple[datetime, UUID]]:
    return [(row.planned_at, row.id) for row in tx.connection.execute(query)]


def _jobs(organization_id: UUID, query: RunQuery) -> Select[Any]:
    found = select(_J.id, _J.nominal_at.label("planned_at")).order_by(_J.id.desc())
    found = found.where(within(_JOB, organization_id))
    if query.statuses is not None:
        found = found.where(_J.status.in_(sorted(query.statuses)))
        if query.statuses <= set(LIVE_JOBS):  # few, and in an index of their own
            found = found.where(_J.id.in_(select(_J.id).where(LIVE_JOB)))
    if query.search:
        found = found.select_from(
            _JOB.join(_QUEUE, _Q.id == _J.queue_id).outerjoin(
                _SCHEDULE, _S.id == _J.scheduled_job_id
            )
        ).where(_has(query.search, _S.name, _Q.name, _J.job_type, _J.error))
    return found


def _gaps(organization_id: UUID, query: RunQuery) -> Select[Any]:
    found = (
        select(_R.id, _R.to_at.label("planned_at"))
        .select_from(
            _RANGE.join(_SCHEDULE, _S.id == _R.scheduled_job_id).join(_QUEUE, _Q.id == _S.queue_id)
        )
        .where(within(_SCHEDULE, organization_id))
        .order_by(_R.id.desc())
    )
    if query.search:
        found = found.where(_has(query.search, _S.name, _Q.name, _R.reason, _R.detail))
    return found


def _has(search: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(*(column.icontains(search, autoescape=True) for column in columns))


def _run_rows(tx: Transaction, organization_id: UUID, ids: Sequence[UUID]) -> Iterator[RunRow]:
    query = RUNS.add_columns(_S.timezone).where(_J.id.in_(ids), within(_JOB, organization_id))
    for row in tx.connection.execute(query).mappings():
        values = dict(row)
        timezone = values.pop("timezone")
        line = run_of(values)
        yield RunRow(
            id=row["id"],
            schedule_id=row["scheduled_job_id"],
            schedule=row["schedule"],
            queue=row["queue"],
            timezone=timezone,
            line=line,
        )


def _gap_rows(tx: Transaction, organization_id: UUID, ids: Sequence[UUID]) -> Iterator[RunRow]:
    query = (
        select(
            *_R,
            _S.name.label("schedule_name"),
            _S.timezone.label("schedule_timezone"),
            _Q.name.label("queue_name"),
        )
        .select_from(
            _RANGE.join(_SCHEDULE, _S.id == _R.scheduled_job_id).join(_QUEUE, _Q.id == _S.queue_id)
        )
        .where(_R.id.in_(ids), within(_SCHEDULE, organization_id))
    )
    for row in tx.connection.execute(query).mappings():
        yield RunRow(
            id=row["id"],
            schedule_id=row["scheduled_job_id"],
            schedule=row["schedule_name"],
            queue=row["queue_name"],
            timezone=row["schedule_timezone"],
            line=gap_of(row),
        )
