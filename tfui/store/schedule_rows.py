"""Schedules as lists show them: a page of rows in three queries, whatever their number of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select

from tfui.core import unknown
from tfui.core.command import command_line
from tfui.core.states import JobStatus, ScheduleStatus, ScheduleType, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import LiveJob, RecentRun, ScheduledJob, ScheduleRow
from tfui.store import lineage
from tfui.store.portions import in_portions
from tfui.store.spellings import ENDED_JOB, LIVE_JOB, within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from tfui.store.connection import Transaction

RECENT = 12
"""Runs of a sparkline."""


_SCHEDULE = table_of(ScheduledJob)
_QUEUE = table_of(Queue)
_JOB = table_of(Job)

FURTHEST_FIRST = (
    case({"running": 0, "queued": 1}, value=_JOB.c.status, else_=2),
    _JOB.c.available_at,
    _JOB.c.id,
)
"""The order in which the first live job is the one that a list speaks of."""

_SHOWN = (
    "id",
    "name",
    "schedule_type",
    "schedule_expression",
    "timezone",
    "job_type",
    "payload",
    "status",
    "status_note",
    "pause_note",
    "paused_until",
    "next_run_at",
    "last_run_at",
    "last_outcome",
    "consecutive_failures",
    "runs_count",
    "max_runs",
    "priority",
    "jitter_seconds",
    "revision",
    "deleted_at",
)


def rows(
    tx: Transaction,
    organization_id: UUID,
    schedule_ids: Sequence[UUID],
) -> list[ScheduleRow]:
    """Give schedules, deleted or not, in the order asked for; those that are gone are left out."""
    found: dict[UUID, ScheduleRow] = {}
    for asked in in_portions(schedule_ids):
        plain = (
            tx.connection.execute(
                select(
                    *(_SCHEDULE.c[name] for name in _SHOWN),
                    _QUEUE.c.name.label("queue"),
                )
                .join(_QUEUE, _QUEUE.c.id == _SCHEDULE.c.queue_id)
                .where(
                    _SCHEDULE.c.id.in_(asked),
                    within(_SCHEDULE, organization_id),
                ),
            )
            .mappings()
            .all()
        )
        live = _live_jobs(tx, asked)
        recent = _recent_runs(tx, asked)
        chained = [row["id"] for row in plain if row["schedule_type"] == ScheduleType.CHAINED]
        after = lineage.parent_names(tx, chained)
        for row in plain:
            found[row["id"]] = _row(
                row,
                live.get(row["id"]),
                recent.get(row["id"], ()),
                after=after.get(row["id"], ()),
            )
    return [found[schedule_id] for schedule_id in schedule_ids if schedule_id in found]


def _live_jobs(tx: Transaction, schedule_ids: Sequence[UUID]) -> dict[UUID, LiveJob]:
    """Give the live job of each schedule that is furthest along."""
    found: dict[UUID, LiveJob] = {}
    jobs = tx.connection.execute(
        select(
            _JOB.c.scheduled_job_id,
            _JOB.c.id,
            _JOB.c.status,
            _JOB.c.attempt,
            _JOB.c.max_attempts,
            _JOB.c.nominal_at,
            _JOB.c.available_at,
            _JOB.c.started_at,
            _JOB.c.wait_reason,
        )
        .where(LIVE_JOB, _JOB.c.scheduled_job_id.in_(schedule_ids))
        .order_by(*FURTHEST_FIRST),
    )
    for job in jobs.mappings():
        wait = job["wait_reason"]
        found.setdefault(
            job["scheduled_job_id"],
            LiveJob(
                job_id=job["id"],
                status=unknown.read(JobStatus, job["status"]),
                attempt=job["attempt"],
                max_attempts=job["max_attempts"],
                nominal_at=job["nominal_at"],
                available_at=job["available_at"],
                started_at=job["started_at"],
                wait_reason=None if wait is None else unknown.read(WaitReason, wait),
            ),
        )
    return found


def _recent_runs(
    tx: Transaction,
    schedule_ids: Sequence[UUID],
) -> dict[UUID, tuple[RecentRun, ...]]:
    """Give the newest ended jobs of each schedule, oldest first."""
    newest = (
        select(_JOB.c.id)
        .where(_JOB.c.scheduled_job_id == _SCHEDULE.c.id, ENDED_JOB)
        .order_by(_JOB.c.nominal_at.desc(), _JOB.c.kind.desc())
        .limit(RECENT)
        .correlate(_SCHEDULE)
    )
    jobs = tx.connection.execute(
        select(
            _JOB.c.scheduled_job_id,
            _JOB.c.status,
            _JOB.c.nominal_at,
            _JOB.c.started_at,
            _JOB.c.finished_at,
        )
        .select_from(tx.dialect.join_each(_SCHEDULE, _JOB, newest))
        .where(_SCHEDULE.c.id.in_(schedule_ids))
        .order_by(_JOB.c.scheduled_job_id, _JOB.c.nominal_at, _JOB.c.kind),
    )
    found: dict[UUID, list[RecentRun]] = {}
    for schedule_id, status, nominal_at, started_at, finished_at in jobs:
        seconds = (
            None
            if started_at is None or finished_at is None
            else max(0.0, (finished_at - started_at).total_seconds())
        )
        found.setdefault(schedule_id, []).append(
            RecentRun(
                status=unknown.read(JobStatus, status),
                nominal_at=nominal_at,
                duration_seconds=seconds,
            ),
        )
    return {schedule_id: tuple(runs) for schedule_id, runs in found.items()}


def _row(
    row: RowMapping,
    live: LiveJob | None,
    recent: tuple[RecentRun, ...],
    *,
    after: tuple[str, ...],
) -> ScheduleRow:
    values: dict[str, Any] = dict(row)
    payload = values.pop("payload")
    outcome = values["last_outcome"]
    values["schedule_type"] = unknown.read(ScheduleType, values["schedule_type"])
    values["status"] = unknown.read(ScheduleStatus, values["status"])
    values["last_outcome"] = None if outcome is None else unknown.read(JobStatus, outcome)
    return ScheduleRow(
        **values,
        command=command_line(values["job_type"], payload),
        live=live,
        recent=recent,
        after=after,
    )
