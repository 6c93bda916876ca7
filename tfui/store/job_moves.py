"""Moves of single jobs that people ask for: cancelled, and back into the queue. Compare and set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from tfui.core import overlap
from tfui.core.overlap import Gate
from tfui.core.states import JobStatus, Overlap, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import firing
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c


def cancel_waiting(tx: Transaction, job_id: UUID, *, by: str) -> bool:
    """Cancel a job that has not begun; False when it has."""
    moved = tx.connection.execute(
        _JOB.update()
        .where(_J.id == job_id, _J.status.in_([JobStatus.BLOCKED, JobStatus.QUEUED]))
        .values(
            status=JobStatus.CANCELLED,
            wait_reason=None,
            finished_at=tx.now,
            cancel_requested_at=tx.now,
            cancelled_by=by,
        ),
    )
    return moved.rowcount == 1


def ask_to_end(tx: Transaction, job_id: UUID, *, by: str) -> bool:
    """Ask the engine that runs a job to end it; False when none runs it or it was asked already."""
    moved = tx.connection.execute(
        _JOB.update()
        .where(
            _J.id == job_id,
            _J.status == JobStatus.RUNNING,
            _J.cancel_requested_at.is_(None),
        )
        .values(cancel_requested_at=tx.now, cancelled_by=by),
    )
    return moved.rowcount == 1


def queue_again(tx: Transaction, job_id: UUID) -> bool:
    """Let a failed or cancelled job start now, with at least one attempt left; False otherwise."""
    moved = tx.connection.execute(
        _JOB.update()
        .where(_J.id == job_id, _J.status.in_([JobStatus.FAILED, JobStatus.CANCELLED]))
        .values(
            status=JobStatus.QUEUED,
            wait_reason=WaitReason.NO_WORKER,
            available_at=tx.now,
            max_attempts=case(
                (_J.max_attempts > _J.attempt, _J.max_attempts), else_=_J.attempt + 1
            ),
            finished_at=None,
            cancel_requested_at=None,
            cancelled_by=None,
        ),
    )
    return moved.rowcount == 1


def wait_for_overlap(tx: Transaction, job_id: UUID) -> bool:
    """Have a queued job wait until its schedule's other live jobs have ended."""
    moved = tx.connection.execute(
        _JOB.update()
        .where(_J.id == job_id, _J.status == JobStatus.QUEUED)
        .values(status=JobStatus.BLOCKED, wait_reason=WaitReason.OVERLAP),
    )
    return moved.rowcount == 1


def gate(tx: Transaction, schedule_id: UUID, policy: Overlap, *, by: str) -> Gate:
    """Say whether one more job of a schedule may run, must wait or is refused (RUN, WAIT or SKIP).

    The schedule is to be held. Under `cancel_running` its live jobs are cancelled here.
    """
    is_waiting = (_J.status == JobStatus.BLOCKED) & (_J.wait_reason == WaitReason.OVERLAP)
    live, waiting = tx.connection.execute(
        select(func.count(), func.count(case((is_waiting, 1))))
        .select_from(_JOB)
        .where(LIVE_JOB, _J.scheduled_job_id == schedule_id),
    ).one()
    found = overlap.decide(policy, live=live, waiting=waiting)
    if found is Gate.CANCEL_THEN_RUN:
        found = Gate.WAIT if firing.cancel_live(tx, schedule_id, by=by) else Gate.RUN
    return found


def note_cancelled(tx: Transaction, schedule_ids: Collection[UUID]) -> None:
    """Tell schedules that their newest ended job was cancelled, and let what waited for it go."""
    ordered = sorted(schedule_ids)
    for some in in_portions(ordered):
        for schedule_id in some:  # one by one in this order, so that no two wait for each other
            tx.connection.execute(
                _SCHEDULE.update()
                .where(_S.id == schedule_id)
                .values(last_outcome=JobStatus.CANCELLED, consecutive_failures=0),
            )
        firing.release(tx, some)


def follow_cancelled(tx: Transaction, job_ids: Collection[UUID]) -> None:
    """Let what waits for cancelled jobs go on or end, as their dependencies say."""
    firing.follow(tx, job_ids)
