"""A schedule's history: its jobs, and the occurrences that did not become one, in one line of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tfui.core import unknown
from tfui.core.states import SkipReason
from tfui.model.columns import table_of
from tfui.model.job import Attempt, HistoryRow, Job
from tfui.model.occurrence import Occurrence
from tfui.store.jobs import ROWS, row_of
from tfui.store.waiving import told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction

_J = table_of(Job).c
_A = table_of(Attempt).c
_RANGE = table_of(Occurrence)
_R = _RANGE.c

_FIRST_START = (
    select(func.min(_A.started_at)).where(_A.job_id == _J.id).correlate(table_of(Job))
).scalar_subquery()
"""Of the attempts that have ended; a first one that has not is the job's own start."""

RUNS: Select[Any] = ROWS.add_columns(
    func.coalesce(_FIRST_START, _J.started_at).label("first_started_at")
)
"""What `run_of` reads."""


def page(
    tx: Transaction,
    schedule_id: UUID,
    *,
    before: datetime | None,
    limit: int,
) -> list[HistoryRow]:
    """Give the newest `limit` lines whose instant lies before `before`.

    All lines of one instant are on one page, which may therefore be a little longer: the last
    line's instant is where the next page begins, and nothing is passed over.
    """
    jobs = RUNS.where(_J.scheduled_job_id == schedule_id)
    ranges = _RANGE.select().where(_R.scheduled_job_id == schedule_id)
    newer = _read(
        tx,
        jobs.order_by(_J.nominal_at.desc()).limit(limit)
        if before is None
        else jobs.where(_J.nominal_at < before).order_by(_J.nominal_at.desc()).limit(limit),
        ranges.order_by(_R.to_at.desc()).limit(limit)
        if before is None
        else ranges.where(_R.to_at < before).order_by(_R.to_at.desc()).limit(limit),
    )
    if len(newer) < limit:
        return newer
    last = newer[limit - 1].nominal_at
    tied = _read(tx, jobs.where(_J.nominal_at == last), ranges.where(_R.to_at == last))
    return [row for row in newer if row.nominal_at > last] + tied


def _read(tx: Transaction, jobs: Select[Any], ranges: Select[Any]) -> list[HistoryRow]:
    found = [run_of(row) for row in tx.connection.execute(jobs).mappings()]
    found += [gap_of(row) for row in tx.connection.execute(ranges).mappings()]
    return sorted(found, key=_newest_first)


def run_of(row: Mapping[Any, Any]) -> HistoryRow:
    """Read one row of `RUNS`."""
    values = dict(row)
    first_started_at = values.pop("first_started_at")
    return HistoryRow(
        nominal_at=values["nominal_at"],
        job=row_of(values),
        from_at=None,
        count=1,
        reason=None,
        detail=None,
        first_started_at=first_started_at,
    )


def gap_of(row: Mapping[Any, Any]) -> HistoryRow:
    """Read one range of occurrences that have no job."""
    return HistoryRow(
        nominal_at=row["to_at"],
        job=None,
        from_at=row["from_at"],
        count=row["count"],
        reason=unknown.read(SkipReason, row["reason"]),
        detail=told(row["detail"], row["waived_by"], row["waive_note"]),
    )


def _newest_first(row: HistoryRow) -> tuple[float, int, str]:
    kind = "" if row.job is None else row.job.kind.value
    return (-row.nominal_at.timestamp(), int(row.job is None), kind)
