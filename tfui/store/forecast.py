"""What a forecast is made from: the plans, what is live, how long runs took, and what has happened.

A handful of statements whatever the number of schedules; each is bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, or_, select

from tfui.core.states import ENDED_JOBS, JobKind, JobStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.model.queue import RateLimit
from tfui.model.schedule import ScheduledJob
from tfui.store.kept import from_kept, kept_id, kept_instant
from tfui.store.portions import in_portions
from tfui.store.spellings import ENDED_JOB, LIVE_JOB, within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

MEASURED = 20
"""Of a schedule's newest ended jobs, how many tell how long it takes."""

_LONGER = 1.1  # times what it took until then: as much as a run is given that should have ended

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_JOB = table_of(Job)
_J = _JOB.c
_RANGE = table_of(Occurrence)
_R = _RANGE.c
_L = table_of(RateLimit).c

_PLAN = (
    _S.id,
    _S.name,
    _S.queue_id,
    _S.schedule_type,
    _S.schedule_expression,
    _S.timezone,
    _S.job_type,
    _S.anchor_at,
    _S.cursor_at,
    _S.ends_at,
    _S.max_runs,
    _S.runs_count,
    _S.priority,
    _S.overlap,
    _S.jitter_seconds,
    _S.timeout_seconds,
    _S.status,
    _S.paused_until,
)


class LiveRow(NamedTuple):
    """A job that has not ended."""

    schedule_id: UUID
    nominal_at: datetime
    available_at: datetime
    started_at: datetime | None
    """None while it does not run."""
    is_buffered: bool
    is_blocked: bool
    """It waits for another schedule's job."""


def plans(
    tx: Transaction, organization_id: UUID, *, limit: int, with_resting: bool
) -> list[AnyRow]:
    """Give the schedules that will start something, those that are due soonest first.

    `with_resting` adds those that rest without an end or are done, for what they did before.
    """
    will_run = or_(_S.status == "active", (_S.status == "paused") & _S.paused_until.is_not(None))
    query = (
        select(*_PLAN)
        .where(within(_SCHEDULE, organization_id), _S.deleted_at.is_(None))
        .order_by(_S.next_run_at.is_(None), _S.next_run_at, _S.name)
        .limit(limit)
    )
    return list(tx.connection.execute(query if with_resting else query.where(will_run)))


def plan(tx: Transaction, organization_id: UUID, schedule_id: UUID) -> AnyRow | None:
    """Give one schedule as `plans` does."""
    query = select(*_PLAN).where(
        within(_SCHEDULE, organization_id), _S.deleted_at.is_(None), _S.id == schedule_id
    )
    return tx.connection.execute(query).one_or_none()


def count(tx: Transaction, organization_id: UUID) -> int:
    """Count the schedules that are not deleted."""
    query = select(func.count()).where(
        _S.organization_id == organization_id, _S.deleted_at.is_(None)
    )
    return int(tx.connection.execute(query).scalar_one())


def live(tx: Transaction, organization_id: UUID, *, limit: int) -> list[LiveRow]:
    """Give the jobs that have not ended, running ones first, then in the order they may start."""
    rows = tx.connection.execute(
        select(
            _J.scheduled_job_id,
            _J.nominal_at,
            _J.available_at,
            _J.started_at,
            _J.status,
            _J.wait_reason,
        )
        .where(LIVE_JOB, within(_JOB, organization_id), _J.scheduled_job_id.is_not(None))
        .order_by((_J.status == "running").desc(), _J.available_at)
        .limit(limit),
    )
    return [
        LiveRow(
            row.scheduled_job_id,
            row.nominal_at,
            row.available_at,
            row.started_at if row.status == JobStatus.RUNNING else None,
            row.status == JobStatus.BLOCKED and row.wait_reason == WaitReason.OVERLAP,
            row.status == JobStatus.BLOCKED and row.wait_reason == WaitReason.DEPENDENCY,
        )
        for row in rows
    ]


def durations(tx: Transaction, schedule_ids: Sequence[UUID]) -> dict[UUID, list[float]]:
    """Give how many seconds the newest runs of each schedule took, ascending.

    One that was cancelled for the next run would have taken longer; by how much, nobody knows.
    """
    newest = (
        select(_J.id)
        .where(_J.scheduled_job_id == _S.id, ENDED_JOB)
        .order_by(_J.nominal_at.desc(), _J.kind.desc())
        .limit(MEASURED)
        .correlate(_SCHEDULE)
    )
    found: dict[Any, list[float]] = {}
    for some in in_portions(schedule_ids):
        rows = tx.connection.execute(
            select(
                kept_id(_J.scheduled_job_id),
                kept_instant(_J.started_at),
                kept_instant(_J.finished_at),
                _J.status == JobStatus.CANCELLED,
            )
            .select_from(tx.dialect.join_each(_SCHEDULE, _JOB, newest))
            .where(
                _S.id.in_(some),
                or_(_J.status != JobStatus.CANCELLED, _J.cancelled_by == "engine"),
                _J.started_at.is_not(None),
                _J.finished_at.is_not(None),
            ),
        )
        for schedule, started, finished, is_cut_short in rows:
            seconds = max(0, finished - started) / 1_000_000
            found.setdefault(schedule, []).append(seconds * _LONGER if is_cut_short else seconds)
    return {from_kept(schedule): sorted(seconds) for schedule, seconds in found.items()}


def newest_ended(tx: Transaction, schedule_ids: Sequence[UUID]) -> list[AnyRow]:
    """Give (schedule, nominal instant, status) of the newest planned job of each, if it has ended."""
    newest = (
        select(_J.id)
        .where(_J.scheduled_job_id == _S.id, _J.kind != JobKind.MANUAL)
        .order_by(_J.nominal_at.desc(), _J.kind.desc())
        .limit(1)
        .correlate(_SCHEDULE)
    )
    found: list[AnyRow] = []
    for some in in_portions(schedule_ids):
        found += tx.connection.execute(
            select(_J.scheduled_job_id, _J.nominal_at, _J.status)
            .select_from(tx.dialect.join_each(_SCHEDULE, _JOB, newest))
            .where(_S.id.in_(some), _J.status.in_(ENDED_JOBS)),
        )
    return found


def rate_limits(tx: Transaction, organization_id: UUID) -> dict[str | None, int]:
    """Give the limits by job type; that of None holds for types without their own."""
    query = select(_L.job_type, _L.per_minute).where(_L.organization_id == organization_id)
    return {row.job_type: row.per_minute for row in tx.connection.execute(query)}


def runs(
    tx: Transaction,
    schedule_ids: Sequence[UUID],
    *,
    since: datetime,
    until: datetime,
    limit: int,
) -> list[AnyRow]:
    """Give the jobs planned in `[since, until)`, the newest first, about `limit` at most."""
    found: list[AnyRow] = []
    for some in in_portions(schedule_ids):
        found += tx.connection.execute(
            select(
                _J.id,
                _J.scheduled_job_id,
                _J.nominal_at,
                _J.kind,
                _J.status,
                _J.started_at,
                _J.finished_at,
                _J.attempt,
                _J.error,
            )
            .where(_J.scheduled_job_id.in_(some), _J.nominal_at >= since, _J.nominal_at < until)
            .order_by(_J.nominal_at.desc())
            .limit(limit),
        )
    found.sort(key=lambda row: row.nominal_at, reverse=True)
    return found[:limit]


def ranges(
    tx: Transaction,
    schedule_ids: Sequence[UUID],
    *,
    since: datetime,
    until: datetime,
    limit: int,
) -> list[AnyRow]:
    """Give the ledger's ranges that reach into `[since, until)`, the newest first."""
    found: list[AnyRow] = []
    for some in in_portions(schedule_ids):
        found += tx.connection.execute(
            _RANGE.select()
            .where(_R.scheduled_job_id.in_(some), _R.to_at >= since, _R.from_at < until)
            .order_by(_R.to_at.desc())
            .limit(limit),
        )
    return found
