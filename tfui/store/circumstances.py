"""What surrounds a schedule's jobs, now and at an instant: the facts that an explanation weighs.

Each verb is one statement or two, all of them over indexes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tfui.core import unknown
from tfui.core.facts import (
    AfterFacts,
    AttemptFacts,
    EngineFacts,
    HolderFacts,
    JobFacts,
    ParentFacts,
    PauseFacts,
    QueueFacts,
)
from tfui.core.health import SILENCE
from tfui.core.states import (
    PLANNED_KINDS,
    AttemptOutcome,
    DependencyStatus,
    DependencyType,
    JobKind,
    JobStatus,
    WaitReason,
)
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency, ScheduleDependency
from tfui.model.job import Attempt, Job
from tfui.model.journal import Journal
from tfui.model.node import Node
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import turns
from tfui.store.spellings import LIVE_JOB, RUNNING_JOB

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

HOLDERS = 3
"""How many of those that hold a queue's places are named."""
LOOKED_AT = 20
"""How many rows of a kind are read at most."""
_MOMENT = timedelta(seconds=1)  # between a run by hand and its entry, at most

_JOB = table_of(Job)
_J = _JOB.c
_A = table_of(Attempt).c
_N = table_of(Node).c
_Q = table_of(Queue).c
_S = table_of(ScheduledJob).c
_E = table_of(Journal).c
_D = table_of(JobDependency).c
_L = table_of(ScheduleDependency).c

_RANK = {JobStatus.RUNNING: 0, JobStatus.QUEUED: 1, JobStatus.BLOCKED: 2}


def count_live(tx: Transaction, schedule_id: UUID) -> int:
    """Count a schedule's jobs that have not ended."""
    query = select(func.count()).select_from(_JOB).where(_J.scheduled_job_id == schedule_id)
    return int(tx.connection.execute(query.where(LIVE_JOB)).scalar_one())


def live_jobs(tx: Transaction, schedule_id: UUID) -> list[JobFacts]:
    """Give a schedule's jobs that have not ended, the first few, those furthest along first."""
    found = _jobs(tx, _J.scheduled_job_id == schedule_id, LIVE_JOB)
    return sorted(found, key=lambda job: (_RANK.get(job.status, len(_RANK)), job.nominal_at))


def planned_job(tx: Transaction, schedule_id: UUID, nominal_at: datetime) -> JobFacts | None:
    """Give the job of a planned occurrence."""
    found = _jobs(
        tx,
        _J.scheduled_job_id == schedule_id,
        _J.nominal_at == nominal_at,
        _J.kind.in_(PLANNED_KINDS),
    )
    return found[0] if found else None


def jobs_about(
    tx: Transaction,
    schedule_id: UUID,
    at: datetime,
    within: timedelta,
) -> list[JobFacts]:
    """Give the jobs whose nominal instant lies near `at`, of any kind; of many the nearest."""
    is_its = _J.scheduled_job_id == schedule_id
    up_to = _jobs(tx, is_its, _J.nominal_at >= at - within, _J.nominal_at <= at, newest=True)
    return up_to[::-1] + _jobs(tx, is_its, _J.nominal_at > at, _J.nominal_at <= at + within)


def running_at(tx: Transaction, schedule_id: UUID, at: datetime) -> JobFacts | None:
    """Give the job of an earlier occurrence that had begun and not ended at `at`."""
    found = _jobs(tx, _J.scheduled_job_id == schedule_id, _J.nominal_at < at, newest=True)
    for job in found:
        has_begun = job.started_at is not None and job.started_at <= at
        if has_begun and (job.finished_at is None or job.finished_at > at):
            return job
    return None


def attempts(tx: Transaction, job_id: UUID) -> list[AttemptFacts]:
    """Give the newest ended attempts at a job, the oldest of them first."""
    rows = tx.connection.execute(
        select(
            _A.number,
            _A.outcome,
            _A.started_at,
            _A.finished_at,
            _A.exit_code,
            _A.error,
            _N.host,
        )
        .select_from(table_of(Attempt).outerjoin(table_of(Node), _N.id == _A.node_id))
        .where(_A.job_id == job_id)
        .order_by(_A.fence.desc())
        .limit(LOOKED_AT),
    ).all()
    return [
        AttemptFacts(
            number=row.number,
            outcome=unknown.read(AttemptOutcome, row.outcome),
            started_at=row.started_at,
            finished_at=row.finished_at,
            node=row.host,
            exit_code=row.exit_code,
            error=row.error,
        )
        for row in reversed(rows)
    ]


def pause_at(tx: Transaction, schedule_id: UUID, at: datetime) -> PauseFacts | None:
    """Give the pause that held at `at`, as far as the journal reaches back."""
    moves = (
        select(_E.id, _E.at, _E.by, _E.verb, _E.after)
        .where(
            _E.subject_type == "schedule",
            _E.subject_id == schedule_id,
            _E.verb.in_(("schedule.paused", "schedule.resumed")),
        )
        .limit(1)
    )
    before = tx.connection.execute(moves.where(_E.at <= at).order_by(_E.id.desc())).one_or_none()
    if before is None or before.verb != "schedule.paused":
        return None
    later = tx.connection.execute(moves.where(_E.id > before.id).order_by(_E.id)).one_or_none()
    is_resumed = later is not None and later.verb == "schedule.resumed"
    return PauseFacts(
        at=before.at,
        by=before.by,
        note=(before.after or {}).get("pause_note"),
        resumed_at=later.at if later is not None and is_resumed else None,
    )


def started_by(tx: Transaction, schedule_id: UUID, job: JobFacts) -> str | None:
    """Give who started a job by hand, as far as the journal reaches back."""
    rows = tx.connection.execute(
        select(_E.by, _E.after)
        .where(
            _E.subject_type == "schedule",
            _E.subject_id == schedule_id,
            _E.verb == "schedule.started",
            _E.at >= job.nominal_at - _MOMENT,
            _E.at <= job.nominal_at + _MOMENT,
        )
        .order_by(_E.id)
    )
    mine = (row.by for row in rows if (row.after or {}).get("job_id") == str(job.id))
    return next(mine, None)


def engines(tx: Transaction, now: datetime) -> EngineFacts:
    """Count the engines that live, and their seats."""
    is_alive = _N.stopped_at.is_(None) & (_N.heartbeat_at > now - SILENCE)
    row = tx.connection.execute(
        select(
            func.count().filter(is_alive).label("alive"),
            func.coalesce(func.sum(_N.seats).filter(is_alive), 0).label("seats"),
            func.max(_N.heartbeat_at).label("last"),
        ).select_from(table_of(Node)),
    ).one()
    return EngineFacts(alive=row.alive, seats=int(row.seats), last_seen_at=row.last)


def queue(tx: Transaction, queue_id: UUID, *, before: JobFacts | None) -> QueueFacts:
    """Tell of a queue, who holds its places, and how many jobs go `before` one."""
    row = tx.connection.execute(
        select(
            _Q.name,
            _Q.concurrency,
            _Q.paused_at,
            _Q.paused_by,
            _Q.pause_note,
            _Q.paused_until,
            select(func.count())
            .select_from(_JOB)
            .where(RUNNING_JOB, _J.queue_id == queue_id)
            .scalar_subquery()
            .label("running"),
        ).where(_Q.id == queue_id),
    ).one()
    holders = tx.connection.execute(
        select(_J.id, _J.started_at, _S.name)
        .select_from(_JOB.outerjoin(table_of(ScheduledJob), _S.id == _J.scheduled_job_id))
        .where(RUNNING_JOB, _J.queue_id == queue_id)
        .order_by(_J.started_at)
        .limit(HOLDERS),
    )
    return QueueFacts(
        name=row.name,
        concurrency=row.concurrency,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        pause_note=row.pause_note,
        paused_until=row.paused_until,
        running=row.running,
        holders=tuple(
            HolderFacts(schedule=one.name, job_id=one.id, started_at=one.started_at)
            for one in holders
        ),
        ahead=0 if before is None else turns.ahead(tx, before),
    )


def parents(tx: Transaction, job_id: UUID) -> list[ParentFacts]:
    """Give the jobs that a job still waits for."""
    rows = tx.connection.execute(
        select(_J.id, _J.status, _J.started_at, _D.dependency_type, _S.name)
        .select_from(
            table_of(JobDependency)
            .join(_JOB, _J.id == _D.parent_job_id)
            .outerjoin(table_of(ScheduledJob), _S.id == _J.scheduled_job_id),
        )
        .where(_D.child_job_id == job_id, _D.status == DependencyStatus.PENDING)
        .limit(LOOKED_AT),
    )
    return [
        ParentFacts(
            schedule=row.name,
            job_id=row.id,
            status=unknown.read(JobStatus, row.status),
            dependency=unknown.read(DependencyType, row.dependency_type),
            started_at=row.started_at,
        )
        for row in rows
    ]


def after(tx: Transaction, schedule_id: UUID, at: datetime) -> list[AfterFacts]:
    """Give what a schedule is chained to, each with its newest job up to `at`."""
    rows = tx.connection.execute(
        select(_L.parent_id, _L.dependency_type, _S.name)
        .select_from(
            table_of(ScheduleDependency).join(table_of(ScheduledJob), _S.id == _L.parent_id)
        )
        .where(_L.child_id == schedule_id, _L.is_chained)
        .order_by(_S.name)
        .limit(LOOKED_AT),
    ).all()
    return [
        AfterFacts(
            parent=row.name,
            dependency=unknown.read(DependencyType, row.dependency_type),
            newest=next(iter(_newest(tx, row.parent_id, at)), None),
        )
        for row in rows
    ]


def _newest(tx: Transaction, schedule_id: UUID, at: datetime) -> list[JobFacts]:
    return _jobs(tx, _J.scheduled_job_id == schedule_id, _J.nominal_at <= at, newest=True)


def _jobs(
    tx: Transaction,
    *conditions: ColumnElement[bool] | Any,  # noqa: ANN401  # or a text
    newest: bool = False,
) -> list[JobFacts]:
    order = _J.nominal_at.desc() if newest else _J.nominal_at
    rows = tx.connection.execute(
        select(
            _J.id,
            _J.queue_id,
            _J.priority,
            _J.kind,
            _J.status,
            _J.nominal_at,
            _J.available_at,
            _J.attempt,
            _J.max_attempts,
            _J.wait_reason,
            _J.started_at,
            _J.finished_at,
            _J.lease_until,
            _J.cancelled_by,
            _J.exit_code,
            _J.error,
        )
        .where(*conditions)
        .order_by(order)
        .limit(LOOKED_AT),
    )
    return _read(rows)


def _read(rows: Iterable[AnyRow]) -> list[JobFacts]:
    return [
        JobFacts(
            id=row.id,
            queue_id=row.queue_id,
            priority=row.priority,
            kind=unknown.read(JobKind, row.kind),
            status=unknown.read(JobStatus, row.status),
            nominal_at=row.nominal_at,
            available_at=row.available_at,
            attempt=row.attempt,
            max_attempts=row.max_attempts,
            wait_reason=None
            if row.wait_reason is None
            else unknown.read(WaitReason, row.wait_reason),
            started_at=row.started_at,
            finished_at=row.finished_at,
            lease_until=row.lease_until,
            cancelled_by=row.cancelled_by,
            exit_code=row.exit_code,
            error=row.error,
        )
        for row in rows
    ]
