"""Backfilling: jobs for planned occurrences that had none, made because somebody asks for them.

They pass the schedule's overlap gate together: once the first of them is let in, the others wait
for it rather than being refused by their own company. Rate limits and queues hold them like any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.overlap import Gate
from tfui.core.states import JobKind, JobStatus, Overlap, WaitReason
from tfui.errors import Conflict
from tfui.model.columns import table_of, to_microseconds
from tfui.model.schedule import ScheduledJob
from tfui.store import job_moves, planning
from tfui.store.kept import to_kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.accounting import Schedule
    from tfui.store.connection import Transaction


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
    schedules = table_of(ScheduledJob)
    tx.connection.execute(
        schedules.update()
        .where(schedules.c.id == schedule.id)
        .values(job_id=made[-1], last_run_at=tx.now),
    )
    return list(made)
