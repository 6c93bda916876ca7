"""A waiting job's turn: which jobs are claimed before it, and when a rate limit then lets it start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from tfui.core import ratelimit
from tfui.core.facts import MOST_AHEAD, RateFacts
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.store import rates
from tfui.store.spellings import QUEUED_JOB, RUNNING_JOB

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.core.facts import JobFacts
    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_Q = table_of(Queue).c


def ahead(tx: Transaction, job: JobFacts) -> int:
    """Count the jobs of its queue that are claimed before a job, up to `MOST_AHEAD`."""
    some = (
        select(_J.id)
        .where(QUEUED_JOB, _J.queue_id == job.queue_id, _is_before(job))
        .limit(MOST_AHEAD)
        .subquery()
    )
    return int(tx.connection.execute(select(func.count()).select_from(some)).scalar_one())


def rate(
    tx: Transaction, organization_id: UUID, job_type: str, job: JobFacts, now: datetime
) -> RateFacts | None:
    """Tell of the limit that a job waits for (its type's own, else the default) and of its turn."""
    kind = rates.Kind(organization_id, job_type)
    limit = rates.look(tx, now).limit(kind)
    if limit is None:
        return None
    starts = rates.recent(tx, kind, now)
    is_held = _J.queue_id.in_(_held_queues(tx, organization_id, now))
    before = tx.connection.execute(
        select(_J.available_at, is_held.label("is_held"))
        .where(
            QUEUED_JOB,
            _J.organization_id == organization_id,
            _J.job_type == job_type,
            _is_before(job),
        )
        .order_by(_J.available_at)
        .limit(MOST_AHEAD)
    ).all()
    count, turn_at = ratelimit.turn(
        starts, limit=limit, now=now, before=[row.available_at for row in before]
    )
    held = sum(bool(row.is_held) for row in before[:count])
    return RateFacts(
        per_minute=limit,
        recent=len(starts),
        ahead=count,
        ahead_held=held,
        clears_at=None if held or count == MOST_AHEAD else turn_at,
    )


def _is_before(job: JobFacts) -> ColumnElement[bool]:
    """Say what is claimed first: more urgent, or as urgent and earlier."""
    return (_J.priority > job.priority) | (
        (_J.priority == job.priority)
        & (
            (_J.available_at < job.available_at)
            | ((_J.available_at == job.available_at) & (_J.id < job.id))
        )
    )


def _held_queues(tx: Transaction, organization_id: UUID, now: datetime) -> list[UUID]:
    """Give the queues out of which nothing starts now: paused ones, and full ones."""
    running = (
        select(func.count())
        .select_from(_JOB)
        .where(RUNNING_JOB, _J.queue_id == _Q.id)
        .scalar_subquery()
    )
    is_paused = _Q.paused_at.is_not(None) & or_(_Q.paused_until.is_(None), _Q.paused_until > now)
    query = select(_Q.id).where(
        _Q.organization_id == organization_id, or_(is_paused, running >= _Q.concurrency)
    )
    return list(tx.connection.execute(query).scalars())
