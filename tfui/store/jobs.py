"""Jobs as they are shown: listed, found by the beginning of an id, and kept for a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from tfui.core import unknown
from tfui.core.reasons import unfired
from tfui.core.states import LIVE_JOBS, JobKind, JobStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job, JobRow
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction

AMBIGUOUS = 20
"""Matches of a prefix that are looked at; nobody reads more."""


_JOB = table_of(Job)
_J = _JOB.c
_S = table_of(ScheduledJob).c
_Q = table_of(Queue).c

ROWS: Select[Any] = select(
    _J.id,
    _J.scheduled_job_id,
    _S.name.label("schedule"),
    _Q.name.label("queue"),
    _J.kind,
    _J.job_type,
    _J.priority,
    _J.status,
    _J.attempt,
    _J.max_attempts,
    _J.nominal_at,
    _J.available_at,
    _J.created_at,
    _J.started_at,
    _J.finished_at,
    _J.wait_reason,
    _J.cancel_requested_at,
    _J.exit_code,
    _J.error,
).select_from(
    _JOB.join(table_of(Queue), _Q.id == _J.queue_id).outerjoin(
        table_of(ScheduledJob), _S.id == _J.scheduled_job_id
    ),
)
"""What `row_of` reads."""


class Held(NamedTuple):
    """A job as far as a change to it needs to know; nobody else changes it meanwhile."""

    id: UUID
    scheduled_job_id: UUID | None
    job_type: str
    status: JobStatus
    is_stopping: bool
    """Somebody asked to cancel it already."""
    is_unfired: bool = False
    """It stands for a firing of a chained schedule that was skipped."""


def listing(
    tx: Transaction,
    organization_id: UUID,
    *,
    schedule_id: UUID | None,
    status: JobStatus | None,
    limit: int,
) -> list[JobRow]:
    """Give the newest jobs first: by their planned instant within a schedule, else as they were made."""
    query = ROWS.where(_J.organization_id == organization_id).limit(limit)
    if schedule_id is None:
        query = query.order_by(_J.id.desc())  # identifiers rise with time
    else:
        query = query.where(_J.scheduled_job_id == schedule_id).order_by(
            _J.nominal_at.desc(), _J.kind.desc()
        )
    if status is not None:
        query = query.where(_J.status == status)
        if status in LIVE_JOBS:  # few, and in an index of their own
            query = query.where(_J.id.in_(select(_J.id).where(LIVE_JOB)))
    return [row_of(row) for row in tx.connection.execute(query).mappings()]


def rows(tx: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> list[JobRow]:
    """Give jobs in the order asked for; those that are gone are left out."""
    found: dict[UUID, JobRow] = {}
    for asked in in_portions(job_ids):
        query = ROWS.where(_J.id.in_(asked), _J.organization_id == organization_id)
        found |= {row["id"]: row_of(row) for row in tx.connection.execute(query).mappings()}
    return [found[job_id] for job_id in job_ids if job_id in found]


def ids_between(tx: Transaction, organization_id: UUID, first: UUID, last: UUID) -> list[UUID]:
    """Give a few of the jobs whose ids lie in a range, both ends included."""
    query = (
        select(_J.id)
        .where(_J.id.between(first, last), _J.organization_id == organization_id)
        .order_by(_J.id)
        .limit(AMBIGUOUS)
    )
    return list(tx.connection.execute(query).scalars())


def hold(tx: Transaction, organization_id: UUID, job_ids: Sequence[UUID]) -> list[Held]:
    """Give jobs in the order of their ids and keep them for this transaction; gone ones are left out."""
    found: list[Held] = []
    ordered = sorted(set(job_ids))
    for asked in in_portions(ordered):
        query = (
            select(
                _J.id,
                _J.scheduled_job_id,
                _J.job_type,
                _J.kind,
                _J.status,
                _J.attempt,
                _J.error,
                _J.cancel_requested_at,
            )
            .where(_J.id.in_(asked), _J.organization_id == organization_id)
            .order_by(_J.id)
        )
        found.extend(
            Held(
                row.id,
                row.scheduled_job_id,
                row.job_type,
                unknown.read(JobStatus, row.status),
                row.cancel_requested_at is not None,
                row.kind == JobKind.CHAINED
                and unfired(unknown.read(JobStatus, row.status), row.attempt, row.error)
                is not None,
            )
            for row in tx.connection.execute(tx.dialect.hold_rows(query))
        )
    return found


def schedule_names(tx: Transaction, job_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Give the schedules that jobs were made from, deleted ones too, each with its name."""
    found: dict[UUID, str] = {}
    for asked in in_portions(job_ids):
        query = (
            select(_S.id, _S.name)
            .join(_JOB, _J.scheduled_job_id == _S.id)
            .where(_J.id.in_(asked))
            .distinct()
        )
        found |= {row.id: row.name for row in tx.connection.execute(query)}
    return found


def row_of(row: Mapping[Any, Any]) -> JobRow:
    """Read one row of `ROWS`."""
    values = dict(row)
    wait = values["wait_reason"]
    values["kind"] = unknown.read(JobKind, values["kind"])
    values["status"] = unknown.read(JobStatus, values["status"])
    values["wait_reason"] = None if wait is None else unknown.read(WaitReason, wait)
    return JobRow(**values)
