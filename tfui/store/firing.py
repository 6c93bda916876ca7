"""Firing: the gate that every new job of a schedule passes, planned or asked for by hand.

Whoever asks holds the schedule's row, so what the gate sees of the live jobs stays true until the
new job is written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.core import overlap
from tfui.core.overlap import Gate
from tfui.core.states import JobKind, JobStatus, Overlap, WaitReason
from tfui.errors import Conflict
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import planning
from tfui.store.kept import to_kept
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from tfui.store.accounting import Schedule
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_SCHEDULE = table_of(ScheduledJob)
_JOB = table_of(Job)
_J = _JOB.c


def fire_now(tx: Transaction, schedule: Schedule, *, kind: JobKind = JobKind.MANUAL) -> UUID:
    """Make a job of a schedule at once, through the overlap gate; give its id.

    It counts neither as one of `max_runs` nor in the ledger. Raises Conflict naming the live job
    when the schedule's policy is to skip.
    """
    if tx.now is None:
        raise AssertionError("a job is made by a writing transaction")
    tx.connection.execute(
        tx.dialect.hold_rows(select(_SCHEDULE.c.id).where(_SCHEDULE.c.id == schedule.id)),
    )
    company = _live_jobs(tx, schedule.id)
    waiting = sum(_waits_for_overlap(job) for job in company)
    gate = overlap.decide(Overlap(schedule.overlap), live=len(company), waiting=waiting)
    if gate is Gate.SKIP:
        job = company[0]
        raise Conflict(f"{schedule.name} is not run: its job {job.id} is still {job.status}")
    if gate is Gate.CANCEL_THEN_RUN:
        gate = Gate.WAIT if cancel_live(tx, schedule.id, by=_author(tx)) else Gate.RUN
    job_id = tx.ids.make(tx.now)
    now = to_microseconds(tx.now)
    nominal = now if (last := _last_of_kind(tx, schedule.id, kind)) is None else max(now, last + 1)
    is_blocked = gate is Gate.WAIT
    refused = planning.create_jobs(
        tx,
        [
            {
                "schedule_id": to_kept(schedule.id, dialect=tx.dialect.name),
                "job_id": to_kept(job_id, dialect=tx.dialect.name),
                "nominal": nominal,
                "available": now,
                "state": (JobStatus.BLOCKED if is_blocked else JobStatus.QUEUED).value,
                "wait": (WaitReason.OVERLAP if is_blocked else WaitReason.NO_WORKER).value,
                "why": kind.value,
                "now": now,
            },
        ],
    )
    if refused:
        raise Conflict(f"{schedule.name} has a {kind} job for this instant already")
    tx.connection.execute(
        _SCHEDULE.update()
        .where(_SCHEDULE.c.id == schedule.id)
        .values(job_id=job_id, last_run_at=tx.now),
    )
    return job_id


def cancel_live(tx: Transaction, schedule_id: UUID, *, by: str) -> int:
    """Cancel a schedule's waiting jobs and ask its running ones to end; give how many run still."""
    is_its_live = (_J.scheduled_job_id == schedule_id) & LIVE_JOB
    tx.connection.execute(
        _JOB.update()
        .where(is_its_live, _J.status != JobStatus.RUNNING)
        .values(
            status=JobStatus.CANCELLED,
            wait_reason=None,
            finished_at=tx.now,
            cancel_requested_at=tx.now,
            cancelled_by=by,
        ),
    )
    tx.connection.execute(
        _JOB.update()
        .where(is_its_live, _J.status == JobStatus.RUNNING, _J.cancel_requested_at.is_(None))
        .values(cancel_requested_at=tx.now, cancelled_by=by),
    )
    count = select(func.count()).where(is_its_live)
    return int(tx.connection.execute(count.select_from(_JOB)).scalar_one())


def release(tx: Transaction, schedule_ids: Collection[UUID]) -> int:
    """Let the oldest job that waited for overlap go, in each schedule with no other live one.

    To be called wherever a job ends: when it is settled, cancelled or lost. Gives how many went.
    """
    if not schedule_ids or tx.now is None:
        return 0
    found = tx.connection.execute(
        select(
            _J.id,
            _J.scheduled_job_id,
            _J.nominal_at,
            _J.status,
            _J.wait_reason,
            _J.available_at,
        ).where(LIVE_JOB, _J.scheduled_job_id.in_(schedule_ids)),
    ).all()
    # Sorted here: asked to, SQLite would read all of a schedule's jobs in order instead.
    rows = sorted(found, key=lambda row: (row.nominal_at, row.id))
    busy = {row.scheduled_job_id for row in rows if not _waits_for_overlap(row)}
    released = 0
    for row in rows:
        if row.scheduled_job_id in busy:
            continue
        busy.add(row.scheduled_job_id)
        wait = WaitReason.JITTER if row.available_at > tx.now else WaitReason.NO_WORKER
        released += tx.connection.execute(
            _JOB.update()
            .where(_J.id == row.id, _J.status == JobStatus.BLOCKED)
            .values(status=JobStatus.QUEUED, wait_reason=wait),
        ).rowcount
    return released


def schedules_waiting_for_overlap(tx: Transaction) -> list[UUID]:
    """Give every schedule with a job that waits for overlap."""
    return list(
        tx.connection.execute(
            select(_J.scheduled_job_id)
            .where(
                LIVE_JOB,
                _J.status == JobStatus.BLOCKED,
                _J.wait_reason == WaitReason.OVERLAP,
            )
            .distinct(),
        ).scalars(),
    )


def available_at(nominal: int, jitter: timedelta) -> int:
    """When a job may start, in microseconds: its nominal instant and its jitter later."""
    return nominal + jitter // timedelta(microseconds=1)


def _live_jobs(tx: Transaction, schedule_id: UUID) -> list[AnyRow]:
    rows = tx.connection.execute(
        select(_J.id, _J.status, _J.wait_reason, _J.nominal_at).where(
            LIVE_JOB,
            _J.scheduled_job_id == schedule_id,
        ),
    )
    return sorted(rows, key=lambda row: (row.status != JobStatus.RUNNING, row.nominal_at))


def _waits_for_overlap(job: AnyRow) -> bool:
    return bool(job.status == JobStatus.BLOCKED and job.wait_reason == WaitReason.OVERLAP)


def _last_of_kind(tx: Transaction, schedule_id: UUID, kind: JobKind) -> int | None:
    found = tx.connection.execute(
        select(func.max(_J.nominal_at)).where(
            _J.scheduled_job_id == schedule_id,
            _J.kind == kind,
            _J.nominal_at >= tx.now,
        ),
    ).scalar()
    return None if found is None else to_microseconds(found)


def _author(tx: Transaction) -> str:
    return "engine" if tx.author is None else tx.author.name
