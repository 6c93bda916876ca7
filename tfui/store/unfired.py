"""Unfired: jobs that stand for firings of chained schedules that were skipped, and never run.

A chained schedule has no cursor that passes its firings, so one that is skipped is put down as a job
that was cancelled before it began, with its reason as the first word of its error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, literal, null, select

from tfui.core.reasons import UNFIRED
from tfui.core.states import JobKind, JobStatus, SkipReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.store import links

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, FromClause

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c


def stands_for(reason: SkipReason, job: FromClause = _JOB) -> ColumnElement[bool]:
    """Whether a job stands for a firing that was skipped for a reason, as `reasons.unfired` reads it."""
    return (
        (job.c.status == JobStatus.CANCELLED)
        & (job.c.attempt == 0)
        & job.c.error.startswith(f"{reason.value}: ", autoescape=True)
    )


REASON = case(*((stands_for(reason), literal(reason.value)) for reason in UNFIRED), else_=null())
"""The reason of such a job; null of any other."""


def keep(
    tx: Transaction, schedule: AnyRow, nominal_at: datetime, reason: SkipReason, why: str
) -> None:
    """Put a firing of a chained schedule down as skipped, unless a job of that instant is there."""
    if tx.now is None:
        raise AssertionError("a job is made by a writing transaction")
    tx.connection.execute(
        tx.dialect.insert(_JOB)
        .values(
            id=tx.ids.make(tx.now),
            organization_id=schedule.organization_id,
            queue_id=schedule.queue_id,
            scheduled_job_id=schedule.id,
            nominal_at=nominal_at,
            kind=JobKind.CHAINED,
            job_type=schedule.job_type,
            payload=schedule.payload,
            priority=schedule.priority,
            status=JobStatus.CANCELLED,
            attempt=0,
            max_attempts=schedule.max_attempts,
            available_at=tx.now,
            fence=0,
            created_at=tx.now,
            finished_at=tx.now,
            cancelled_by="engine",
            error=f"{reason}: {why}",
        )
        .on_conflict_do_nothing(index_elements=["scheduled_job_id", "nominal_at", "kind"]),
    )


def may_fire(tx: Transaction, schedule_id: UUID, nominal_at: datetime) -> bool:
    """Whether an instant of a held chained schedule has not fired yet.

    That a parent did not let it go is forgotten: another does, or the same one after a retry.
    """
    found = tx.connection.execute(
        select(_J.id, stands_for(SkipReason.SKIP_DEPENDENCY).label("may_still")).where(
            _J.scheduled_job_id == schedule_id,
            _J.nominal_at == nominal_at,
            _J.kind == JobKind.CHAINED,
        ),
    ).one_or_none()
    if found is not None and found.may_still:
        links.withdraw(tx, [found.id], "it had not run")
        return True
    return found is None
