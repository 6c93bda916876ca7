"""Backfilling: jobs for planned occurrences that had none, made because somebody asks for them.

Those of them that have not begun are withdrawn when that is undone. They pass the schedule's overlap
gate together: once the first of them is let in, the others wait for it rather than being refused by
their own company. Rate limits and queues hold them like any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tfui.core.overlap import Gate
from tfui.core.states import JobKind, JobStatus, Overlap, WaitReason
from tfui.errors import Conflict
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import firing, job_moves, links, planning
from tfui.store.kept import to_kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.accounting import Schedule
    from tfui.store.carving import Block
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_J = table_of(Job).c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c


def make_up(
    tx: Transaction,
    schedule: Schedule,
    instants: Sequence[datetime],
    *,
    by: str,
) -> list[UUID]:
    """Make a job of each instant (ascending); give their ids, or none when the gate refuses them.

    The schedule is to be held, and the instants to be taken out of their ranges in the same
    transaction. No run of `max_runs` is used up.
    """
    if tx.now is None:
        raise AssertionError("a job is made by a writing transaction")
    policy = Overlap(schedule.overlap)
    gate = job_moves.gate(tx, schedule.id, policy, by=by)
    if gate is Gate.SKIP or not instants:
        return []
    made = tx.ids.make_many(tx.now, len(instants))
    now, rows = to_microseconds(tx.now), []
    for place, (nominal, job_id) in enumerate(zip(instants, made, strict=True)):
        waits = gate is Gate.WAIT if place == 0 else policy is not Overlap.ALLOW
        rows.append(
            {
                "schedule_id": to_kept(schedule.id, dialect=tx.dialect.name),
                "job_id": to_kept(job_id, dialect=tx.dialect.name),
                "nominal": to_microseconds(nominal),
                "available": now,
                "state": (JobStatus.BLOCKED if waits else JobStatus.QUEUED).value,
                "wait": (WaitReason.OVERLAP if waits else WaitReason.NO_WORKER).value,
                "why": JobKind.BACKFILL.value,
                "now": now,
            },
        )
    if planning.create_jobs(tx, rows):
        raise Conflict(f"{schedule.name} has a backfill job for one of these instants already")
    tx.connection.execute(
        _SCHEDULE.update().where(_S.id == schedule.id).values(job_id=made[-1], last_run_at=tx.now),
    )
    return list(made)


def made_of(
    tx: Transaction,
    schedule_id: UUID,
    blocks: Sequence[Block],
    made_at: datetime,
    *,
    hold: bool = False,
) -> list[AnyRow]:
    """Give (id, status, fence, nominal_at) of the jobs that were made of blocks at an instant, oldest first.

    Pruned ones are not among them. With `hold` they are kept for this transaction.
    """
    found: list[AnyRow] = []
    for block in blocks:
        query = select(_J.id, _J.status, _J.fence, _J.nominal_at).where(
            _J.scheduled_job_id == schedule_id,
            _J.kind == JobKind.BACKFILL,
            _J.nominal_at.between(block.from_at, block.to_at),
            _J.created_at == made_at,
        )
        query = query.order_by(_J.nominal_at)
        found += tx.connection.execute(tx.dialect.hold_rows(query) if hold else query)
    return found


def has_begun(job: AnyRow) -> bool:
    """Whether an engine ever had it, or it ended without one."""
    return job.fence > 0 or job.status not in {JobStatus.BLOCKED, JobStatus.QUEUED}


def withdraw(tx: Transaction, schedule: Schedule, job_ids: Sequence[UUID]) -> None:
    """Take held jobs away that have not begun; what waits for them goes on, or ends as if there were none.

    Their occurrences are to be put back into ranges in the same transaction.
    """
    done = links.withdraw(
        tx, job_ids, f"the backfill of {schedule.name} it waited for was taken back"
    )
    newest = tx.connection.execute(
        select(_J.id, _J.created_at)
        .where(_J.scheduled_job_id == schedule.id)
        .order_by(_J.created_at.desc(), _J.id.desc())
        .limit(1),
    ).one_or_none()
    tx.connection.execute(
        _SCHEDULE.update()
        .where(_S.id == schedule.id, _S.job_id.in_(job_ids))
        .values(
            job_id=None if newest is None else newest.id,
            last_run_at=None if newest is None else newest.created_at,
        ),
    )
    firing.release(tx, {schedule.id} | done.freed)
    firing.follow(tx, done.cancelled)
