"""The ledger's read side: what the rows say became of a schedule's occurrences in a window.

Windows exclude their first instant and include their last, as triggers count. Each verb is one
statement over an index; what a trigger would count is for whoever asks to set beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import func, literal_column, select

from tfui.core import unknown
from tfui.core.reasons import unfired as skip_of
from tfui.core.states import LIVE_JOBS, PLANNED_KINDS, JobKind, JobStatus, SkipReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Beside, Occurrence
from tfui.store import unfired, waiving
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_J = table_of(Job).c
_R = table_of(Occurrence).c

_IS_PLANNED: ColumnElement[bool] = _J.kind.in_(PLANNED_KINDS)
_SEVERAL = 8  # ranges are disjoint, so one reaches over an instant; more is damage, which shows


class JobCounts(NamedTuple):
    """Planned jobs of a window."""

    all: int
    old: int
    """Of those, at or before the bound."""
    live: int
    """Of all, not ended."""


class Firings(NamedTuple):
    """Firings of a chained schedule in a window, by what became of their jobs."""

    ran: int
    pending: int
    skipped: dict[SkipReason, int]

    @property
    def all(self) -> int:
        """All of them: what there was to do."""
        return self.ran + self.pending + sum(self.skipped.values())


@dataclass(frozen=True, slots=True)
class Part:
    """The ranges of one reason on one side of the bound."""

    reason: SkipReason
    is_old: bool
    count: int
    ranges: int


@dataclass(frozen=True, slots=True)
class Range:
    """One range as it is kept."""

    id: UUID
    from_at: datetime
    to_at: datetime
    count: int
    reason: SkipReason
    detail: str | None
    created_at: datetime
    waived_by: str | None = None


def job_counts(
    tx: Transaction,
    schedule_id: UUID,
    *,
    after: datetime,
    until: datetime,
    bound: datetime,
) -> JobCounts:
    """Count the jobs of planned occurrences in `(after, until]`, from indexes alone."""
    its = (_J.scheduled_job_id == schedule_id) & _IS_PLANNED
    counts = [
        select(func.count()).where(its, _J.nominal_at > after, _J.nominal_at <= until),
        select(func.count()).where(its, _J.nominal_at > after, _J.nominal_at <= min(bound, until)),
        select(func.count()).where(its, LIVE_JOB, _J.nominal_at > after, _J.nominal_at <= until),
    ]
    row = tx.connection.execute(
        select(*(count.select_from(table_of(Job)).scalar_subquery() for count in counts)),
    ).one()
    return JobCounts(*(int(count) for count in row))


def beside_trigger(
    tx: Transaction, schedule_id: UUID, *, after: datetime, until: datetime
) -> tuple[Firings, Beside]:
    """Count the jobs in `(after, until]` that no trigger planned: chained ones, and those by hand."""
    rows = tx.connection.execute(
        select(
            _J.kind,
            unfired.REASON.label("reason"),
            func.count().label("jobs"),
            func.count().filter(_J.status.in_(LIVE_JOBS)).label("live"),
            func.count().filter(_J.status == JobStatus.FAILED).label("failed"),
        )
        .where(
            _J.scheduled_job_id == schedule_id,
            ~_IS_PLANNED,
            _J.nominal_at > after,
            _J.nominal_at <= until,
        )
        .group_by(_J.kind, literal_column("2")),
    ).all()
    fired = [row for row in rows if row.kind == JobKind.CHAINED]
    by_hand = [row for row in rows if row.kind == JobKind.MANUAL]
    live = sum(int(row.live) for row in fired)
    firings = Firings(
        ran=sum(int(row.jobs) for row in fired if row.reason is None) - live,
        pending=live,
        skipped={SkipReason(row.reason): int(row.jobs) for row in fired if row.reason is not None},
    )
    beside = Beside(sum(int(row.jobs) for row in by_hand), sum(int(row.failed) for row in by_hand))
    return firings, beside


def first_firing(tx: Transaction, schedule_id: UUID) -> datetime | None:
    """Give the oldest instant on record that a schedule was chained at."""
    query = select(func.min(_J.nominal_at)).where(
        _J.scheduled_job_id == schedule_id, _J.kind == JobKind.CHAINED
    )
    return cast("datetime | None", tx.connection.execute(query).scalar())


def range_sums(
    tx: Transaction,
    schedule_id: UUID,
    *,
    after: datetime,
    until: datetime,
    bound: datetime,
) -> list[Part]:
    """Sum ranges that end in `(after, until]`, by reason; past the bound only those that begin there."""
    is_old = _R.to_at <= bound
    rows = tx.connection.execute(
        select(
            _R.reason,
            is_old.label("is_old"),
            func.sum(_R["count"]).label("total"),
            func.count().label("ranges"),
        )
        .where(
            _R.scheduled_job_id == schedule_id,
            _R.to_at > after,
            _R.to_at <= until,
            is_old | (_R.from_at > after),
        )
        .group_by(_R.reason, literal_column("2")),
    )
    return [
        Part(
            unknown.read(SkipReason, row.reason), bool(row.is_old), int(row.total), int(row.ranges)
        )
        for row in rows
    ]


def reaching_over(tx: Transaction, schedule_id: UUID, instant: datetime) -> list[Range]:
    """Give the range that begins at or before an instant and ends after it."""
    rows = tx.connection.execute(
        table_of(Occurrence)
        .select()
        .where(_R.scheduled_job_id == schedule_id, _R.to_at > instant)
        .order_by(_R.to_at)
        .limit(_SEVERAL),
    )
    return [range_of(row) for row in rows if row.from_at <= instant]


def newest_skips(
    tx: Transaction,
    schedule_id: UUID,
    *,
    after: datetime,
    until: datetime,
    limit: int,
) -> list[Range]:
    """Give ranges that end in `(after, until]` and are not of pruned jobs, the newest first."""
    rows = tx.connection.execute(
        table_of(Occurrence)
        .select()
        .where(
            _R.scheduled_job_id == schedule_id,
            _R.to_at > after,
            _R.to_at <= until,
            _R.reason != SkipReason.RAN,
        )
        .order_by(_R.to_at.desc())
        .limit(limit),
    )
    return [range_of(row) for row in rows]


def newest_unfired(
    tx: Transaction, schedule_id: UUID, *, after: datetime, until: datetime, limit: int
) -> list[Range]:
    """Give the skipped firings of a chained schedule in `(after, until]`, the newest first."""
    rows = tx.connection.execute(
        select(_J.id, _J.nominal_at, _J.status, _J.attempt, _J.error, _J.created_at)
        .where(
            _J.scheduled_job_id == schedule_id,
            _J.kind == JobKind.CHAINED,
            _J.nominal_at > after,
            _J.nominal_at <= until,
            unfired.REASON.is_not(None),
        )
        .order_by(_J.nominal_at.desc())
        .limit(limit),
    )
    found = ((row, skip_of(JobStatus(row.status), row.attempt, row.error)) for row in rows)
    return [
        Range(row.id, row.nominal_at, row.nominal_at, 1, skip[0], skip[1], row.created_at)
        for row, skip in found
        if skip is not None
    ]


def holding(tx: Transaction, schedule_id: UUID, instant: datetime) -> Range | None:
    """Give the range that an instant lies in, both ends included."""
    row = tx.connection.execute(
        table_of(Occurrence)
        .select()
        .where(_R.scheduled_job_id == schedule_id, _R.to_at >= instant)
        .order_by(_R.to_at)
        .limit(1),
    ).one_or_none()
    return None if row is None or row.from_at > instant else range_of(row)


def range_of(row: AnyRow) -> Range:
    """Read one range."""
    return Range(
        id=row.id,
        from_at=row.from_at,
        to_at=row.to_at,
        count=row._mapping["count"],  # noqa: SLF001  # a row's own count() hides the column
        reason=unknown.read(SkipReason, row.reason),
        detail=waiving.told(row.detail, row.waived_by, row.waive_note),
        created_at=row.created_at,
        waived_by=row.waived_by,
    )
