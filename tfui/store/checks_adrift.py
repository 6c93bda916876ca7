"""What a check-up reads of jobs that nobody will ever start, because what they wait for is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.core.states import DependencyStatus, JobStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_L = table_of(JobDependency).c
_Q = table_of(Queue).c


@dataclass(frozen=True, slots=True)
class Adrift:
    """How many jobs there are of a kind, and one of them."""

    count: int
    job_id: UUID | None


def parentless(tx: Transaction, organization_id: UUID) -> Adrift:
    """Tell of jobs that wait for another job, and no link on record says for which."""
    link = select(_L.id).where(_L.child_job_id == _J.id, _L.status == DependencyStatus.PENDING)
    waits = (_J.status == JobStatus.BLOCKED) & (_J.wait_reason == WaitReason.DEPENDENCY)
    return _adrift(tx, organization_id, waits & ~link.exists())


def queueless(tx: Transaction, organization_id: UUID) -> Adrift:
    """Tell of jobs that wait in a queue that is not on record."""
    queue = select(_Q.id).where(_Q.id == _J.queue_id)
    return _adrift(tx, organization_id, (_J.status != JobStatus.RUNNING) & ~queue.exists())


def _adrift(tx: Transaction, organization_id: UUID, condition: ColumnElement[bool]) -> Adrift:
    condition = condition & LIVE_JOB & (_J.organization_id == organization_id)
    count = tx.connection.execute(select(func.count()).select_from(_JOB).where(condition)).scalar()
    one = select(_J.id).where(condition).order_by(_J.id).limit(1)
    return Adrift(int(count or 0), tx.connection.execute(one).scalar() if count else None)
