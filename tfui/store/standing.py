"""How things stand: the summary's counts, the pulse of the summary bar, and one schedule whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from tfui.core.health import LATE_AFTER
from tfui.core.quantile import quantile
from tfui.core.states import JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.organization import User
from tfui.model.queue import Queue
from tfui.model.schedule import Pulse, ScheduleDetail, ScheduledJob, Summary
from tfui.store import schedule_rows, schedules
from tfui.store.spellings import ACTIVE_SCHEDULE, ENDED_JOB, KEPT_SCHEDULE, LIVE_JOB, within

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_J = table_of(Job).c
_QUEUE = table_of(Queue)
_USER = table_of(User)

_UNEXPLAINED = [WaitReason.DUE_AT, WaitReason.JITTER, WaitReason.CONCURRENCY, WaitReason.NO_WORKER]
"""What a job may be waiting for that makes its waiting late: nobody decided that it should."""

MEASURED = 200
"""Newest ended jobs from which a schedule's success rate and durations are taken."""


def summary(tx: Transaction, organization_id: UUID, *, now: datetime) -> Summary:
    """Count the schedules by status, and those due at `now`, in one query over the listing index."""
    return _counts(tx, organization_id, now)[0]


def pulse(tx: Transaction, organization_id: UUID, *, now: datetime) -> Pulse:
    """Count what is going on now; costs the same however many jobs have ended."""
    counts, failing, late_schedules = _counts(tx, organization_id, now)
    live = tx.connection.execute(
        select(
            _count_of(_J.status == JobStatus.RUNNING),
            _count_of(_J.wait_reason == WaitReason.RETRY),
            _count_of(_J.status != JobStatus.RUNNING),
            _count_of(
                and_(
                    _J.status == JobStatus.QUEUED,
                    _J.available_at < now - LATE_AFTER,
                    or_(_J.wait_reason.is_(None), _J.wait_reason.in_(_UNEXPLAINED)),
                ),
            ),
        ).where(LIVE_JOB, _J.organization_id == organization_id),
    ).one()
    running, retrying, waiting, late_jobs = live
    coming = tx.connection.execute(
        select(_S.name, _S.next_run_at)
        .where(within(_SCHEDULE, organization_id), ACTIVE_SCHEDULE, _S.next_run_at > now)
        .order_by(_S.next_run_at)
        .limit(1),
    ).one_or_none()
    return Pulse(
        summary=counts,
        running=running,
        queued=waiting - retrying,
        retrying=retrying,
        failing=failing,
        late=late_schedules + late_jobs,
        next_name=None if coming is None else coming[0],
        next_run_at=None if coming is None else coming[1],
    )


def _counts(tx: Transaction, organization_id: UUID, now: datetime) -> tuple[Summary, int, int]:
    """Give the summary, the number of failing schedules and that of late ones, in one query."""
    due = (
        select(func.count())
        .select_from(_SCHEDULE)
        .where(within(_SCHEDULE, organization_id), ACTIVE_SCHEDULE)
    )
    found = tx.connection.execute(
        select(
            func.count().label("total"),
            *(_count_of(_S.status == status).label(status.value) for status in ScheduleStatus),
            due.where(_S.next_run_at <= now).scalar_subquery().label("due_now"),
            _count_of(
                or_(
                    _S.status == ScheduleStatus.FAILED,
                    and_(
                        _S.last_outcome == JobStatus.FAILED,
                        _S.status != ScheduleStatus.PAUSED,
                    ),
                ),
            ).label("failing"),
            due.where(_S.next_run_at < now - LATE_AFTER).scalar_subquery().label("late"),
        ).where(_S.organization_id == organization_id, KEPT_SCHEDULE),
    )
    counts = dict(found.mappings().one())
    failing, late = counts.pop("failing"), counts.pop("late")
    return Summary(**counts), failing, late


def _count_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def detail(tx: Transaction, organization_id: UUID, schedule_id: UUID) -> ScheduleDetail | None:
    """Give one schedule whole, deleted or not, with how its newest runs have gone."""
    schedule = schedules.get(tx, organization_id, schedule_id)
    rows = schedule_rows.rows(tx, organization_id, [schedule_id])
    if schedule is None or not rows:
        return None
    queue = tx.connection.execute(
        select(_QUEUE.c.name, _QUEUE.c.paused_at).where(_QUEUE.c.id == schedule.queue_id),
    ).one()
    ended = tx.connection.execute(
        select(_J.status, _J.started_at, _J.finished_at, _J.error, _J.exit_code)
        .where(_J.scheduled_job_id == schedule_id, ENDED_JOB)
        .order_by(_J.nominal_at.desc(), _J.kind.desc())
        .limit(MEASURED),
    ).all()
    judged = [row.status for row in ended if row.status != JobStatus.CANCELLED]
    seconds = sorted(
        max(0.0, (row.finished_at - row.started_at).total_seconds())
        for row in ended
        if row.status == JobStatus.SUCCEEDED and row.started_at and row.finished_at
    )
    newest_failure = next((row for row in ended if row.status == JobStatus.FAILED), None)
    return ScheduleDetail(
        row=rows[0],
        schedule=schedule,
        queue=queue[0],
        queue_paused=queue[1] is not None,
        created_by=_name_of(tx, schedule.created_by),
        success_rate=judged.count(JobStatus.SUCCEEDED) / len(judged) if judged else None,
        p50_seconds=quantile(seconds, 0.5),
        p95_seconds=quantile(seconds, 0.95),
        last_error=None if newest_failure is None else newest_failure.error,
        last_exit_code=None if newest_failure is None else newest_failure.exit_code,
    )


def _name_of(tx: Transaction, user_id: UUID | None) -> str | None:
    if user_id is None:
        return None
    return tx.connection.execute(select(_USER.c.name).where(_USER.c.id == user_id)).scalar()
