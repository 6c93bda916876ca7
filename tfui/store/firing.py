"""Firing: the gate that every new job of a schedule passes, planned or asked for by hand.

Whoever asks holds the schedule's row, so what the gate sees of the live jobs stays true until the
new job is written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from tfui.core import overlap
from tfui.core.identifiers import short
from tfui.core.overlap import Gate
from tfui.core.states import (
    DependencyStatus,
    JobKind,
    JobStatus,
    Overlap,
    ScheduleStatus,
    SkipReason,
    WaitReason,
)
from tfui.errors import Conflict
from tfui.model.columns import table_of, to_microseconds
from tfui.model.dependency import ScheduleDependency
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import links, planning, unfired
from tfui.store.kept import to_kept
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from tfui.store.accounting import Schedule
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_SCHEDULE = table_of(ScheduledJob)
_JOB = table_of(Job)
_J = _JOB.c
_D = table_of(ScheduleDependency).c

_WHETHER_ANYTHING_FOLLOWS = select(
    links.ANY_PENDING.exists().label("is_awaited"),
    select(_D.id).where(_D.is_chained).exists().label("is_chained"),
)


def fire_now(
    tx: Transaction,
    schedule: Schedule,
    *,
    kind: JobKind = JobKind.MANUAL,
    nominal_at: datetime | None = None,
) -> UUID:
    """Make a job of a schedule at once, through the overlap gate; give its id.

    It counts neither as one of `max_runs` nor in the ledger, and waits for no other schedule. Its
    nominal instant is now unless one is given. Raises Conflict naming the live job when the
    schedule's policy is to skip.
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
        raise Conflict(f"{schedule.name} is not run: its job {short(job.id)} is still {job.status}")
    if gate is Gate.CANCEL_THEN_RUN:
        gate = Gate.WAIT if cancel_live(tx, schedule.id, by=_author(tx)) else Gate.RUN
    job_id = tx.ids.make(tx.now)
    now = to_microseconds(tx.now)
    available = now
    if nominal_at is not None:
        # It could have started then, for a draining engine too: that one runs what follows at once.
        nominal = to_microseconds(nominal_at)
        available = min(now, nominal)
    else:
        last = _last_of_kind(tx, schedule.id, kind)
        nominal = now if last is None else max(now, last + 1)
    is_blocked = gate is Gate.WAIT
    refused = planning.create_jobs(
        tx,
        [
            {
                "schedule_id": to_kept(schedule.id, dialect=tx.dialect.name),
                "job_id": to_kept(job_id, dialect=tx.dialect.name),
                "nominal": nominal,
                "available": available,
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
    waiting = list(
        tx.connection.execute(
            select(_J.id).where(is_its_live, _J.status != JobStatus.RUNNING),
        ).scalars(),
    )
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
    follow(tx, waiting)
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
        if links.waits(tx, row.id):
            _wait_for_parents(tx, row.id)
            continue
        wait = WaitReason.JITTER if row.available_at > tx.now else WaitReason.NO_WORKER
        released += tx.connection.execute(
            _JOB.update()
            .where(_J.id == row.id, _J.status == JobStatus.BLOCKED)
            .values(status=JobStatus.QUEUED, wait_reason=wait),
        ).rowcount
    return released


def follow(tx: Transaction, job_ids: Collection[UUID]) -> int:
    """Do what follows from jobs having started or ended: in this transaction, or not at all.

    Jobs that waited for them go on or end, and schedules chained to theirs are fired. To be called
    wherever a job starts or ends; it costs one small statement when nothing depends on anything.
    Gives how many jobs may go on or were made.
    """
    if not job_ids:
        return 0
    done = 0
    (anything,) = tx.dialect.fetch(tx.connection, _WHETHER_ANYTHING_FOLLOWS, {})
    if anything.is_awaited:
        resolved = links.resolve(tx, job_ids)
        done += resolved.released + release(tx, resolved.freed)
        follow(tx, resolved.cancelled)
    if anything.is_chained:
        done += sum(_fire_chained(tx, *found) for found in _chained(tx, job_ids))
    return done


def _chained(tx: Transaction, job_ids: Collection[UUID]) -> list[tuple[AnyRow, DependencyStatus]]:
    """Give the schedules chained to jobs' schedules whose instant has not fired, and whether it may.

    One that a parent did not let go has not fired: another parent may let it.
    """
    child = _JOB.alias("child")
    has_fired = select(child.c.id).where(
        child.c.scheduled_job_id == _D.child_id,
        child.c.nominal_at == _J.nominal_at,
        child.c.kind == JobKind.CHAINED,
        func.coalesce(~unfired.stands_for(SkipReason.SKIP_DEPENDENCY, child), true()),
    )
    rows: list[AnyRow] = []
    ordered = sorted(job_ids)
    for some in in_portions(ordered):
        rows += tx.connection.execute(
            select(
                _J.id,
                _J.nominal_at,
                _J.status,
                _J.started_at,
                _D.child_id,
                _D.dependency_type,
                _SCHEDULE.c.name,
            )
            .join_from(_JOB, table_of(ScheduleDependency), _D.parent_id == _J.scheduled_job_id)
            .join(_SCHEDULE, _SCHEDULE.c.id == _D.parent_id)
            .where(_D.is_chained, _J.id.in_(some), ~has_fired.exists())
            .order_by(_J.nominal_at, _D.child_id),
        ).all()
    judged = [(row, links.judge(row.dependency_type, row)) for row in rows]
    return [one for one in judged if one[1] is not DependencyStatus.PENDING]


def _fire_chained(tx: Transaction, link: AnyRow, verdict: DependencyStatus) -> bool:
    """Fire a schedule chained to a job; what its parent, pause or overlap forbids is kept as skipped."""
    schedule = tx.connection.execute(
        tx.dialect.hold_rows(_SCHEDULE.select().where(_SCHEDULE.c.id == link.child_id)),
    ).one()
    nominal = link.nominal_at
    is_outside = (schedule.starts_at is not None and nominal < schedule.starts_at) or (
        schedule.ends_at is not None and nominal > schedule.ends_at
    )
    if schedule.deleted_at is not None or schedule.status == ScheduleStatus.COMPLETED or is_outside:
        return False
    if verdict is DependencyStatus.FAILED:
        why = links.refusal(link.name, link)
        unfired.keep(tx, schedule, nominal, SkipReason.SKIP_DEPENDENCY, why)
        return False
    if not unfired.may_fire(tx, schedule.id, nominal):
        return False  # another parent did meanwhile
    if schedule.status != ScheduleStatus.ACTIVE:
        why = f"{schedule.name} was {schedule.status}"
        unfired.keep(tx, schedule, nominal, SkipReason.SKIP_PAUSED, why)
        return False
    try:
        fire_now(tx, schedule, kind=JobKind.CHAINED, nominal_at=nominal)
    except Conflict as refused:
        unfired.keep(tx, schedule, nominal, SkipReason.SKIP_OVERLAP, str(refused))
        return False
    runs = schedule.runs_count + 1
    changes: dict[str, object] = {"runs_count": runs}
    if schedule.max_runs is not None and runs >= schedule.max_runs:
        changes["status"] = ScheduleStatus.COMPLETED
    tx.connection.execute(
        _SCHEDULE.update().where(_SCHEDULE.c.id == schedule.id).values(**changes),
    )
    return True


def _wait_for_parents(tx: Transaction, job_id: UUID) -> None:
    tx.connection.execute(
        _JOB.update()
        .where(_J.id == job_id, _J.status == JobStatus.BLOCKED)
        .values(wait_reason=WaitReason.DEPENDENCY),
    )


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
