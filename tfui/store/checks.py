"""What a check-up reads: the whole ledger in order, and rows that something is amiss with.

Whole tables pass, a page at a time; nothing here judges.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, text

from tfui.core.health import SILENCE
from tfui.core.recount import Entry
from tfui.core.states import PLANNED_KINDS, JobStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.journal import Journal
from tfui.model.node import Node
from tfui.model.occurrence import Occurrence
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store.kept import from_kept, kept_id, kept_instant
from tfui.store.spellings import ACTIVE_SCHEDULE, LIVE_JOB, QUEUED_JOB, RUNNING_JOB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

PAGE = 500
NAMED = 20
"""How many rows of one kind of trouble are named."""

_JOB, _SCHEDULE, _RANGE = table_of(Job), table_of(ScheduledJob), table_of(Occurrence)
_J, _S, _R = _JOB.c, _SCHEDULE.c, _RANGE.c
_Q = table_of(Queue).c
_N = table_of(Node).c
_E = table_of(Journal).c


@dataclass(frozen=True, slots=True)
class Held:
    """A running job whose engine is not there, or whose lease has run out."""

    job_id: UUID
    schedule: str | None
    lease_until: datetime | None
    host: str | None
    """None when no such engine is on record."""
    is_engine_alive: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some rows that wait, told by their number and the one that has waited longest."""

    count: int
    since: datetime | None
    name: str | None
    """A schedule, or a queue."""


def schedules(tx: Transaction, organization_id: UUID, *, after: UUID | None) -> list[AnyRow]:
    """Give the next page of schedules by id, deleted ones too, with what their trigger needs."""
    query = (
        select(
            _S.id,
            _S.name,
            _S.status,
            _S.schedule_type,
            _S.schedule_expression,
            _S.timezone,
            _S.anchor_at,
            _S.effective_at,
            _S.cursor_at,
            _S.next_run_at,
            _S.ends_at,
            _S.max_runs,
            _S.runs_count,
            _S.deleted_at,
        )
        .where(_S.organization_id == organization_id)
        .order_by(_S.id)
        .limit(PAGE)
    )
    if after is not None:
        query = query.where(_S.id > after)
    return list(tx.connection.execute(query).all())


def entries(tx: Transaction, first: UUID, last: UUID) -> Iterator[tuple[UUID, Iterator[Entry]]]:
    """Give what is on record of the schedules whose ids lie from `first` to `last`, one by one.

    Of each, everything past where its trigger came into force, in order. Schedules without any are
    left out, those of other organizations are not: asking for one would have the database sort. Rows are read as they are asked for; each schedule's must be, before the next.
    """
    is_asked = _S.id.between(first, last)
    jobs = (
        select(kept_id(_S.id), kept_instant(_J.nominal_at))
        .select_from(_SCHEDULE.join(_JOB, _S.id == _J.scheduled_job_id))
        .where(
            is_asked,
            _J.nominal_at > _S.effective_at,
            _J.kind.in_(PLANNED_KINDS),
        )
        .order_by(_S.id, _J.nominal_at)
    )
    ranges = (
        select(kept_id(_S.id), kept_instant(_R.from_at), kept_instant(_R.to_at), _R["count"])
        .select_from(_SCHEDULE.join(_RANGE, _S.id == _R.scheduled_job_id))
        .where(is_asked, _R.to_at > _S.effective_at)
        .order_by(_S.id, _R.to_at)
    )
    merged = heapq.merge(
        ((schedule, at, at, 1) for schedule, at in _streamed(tx, jobs)),
        (tuple(row) for row in _streamed(tx, ranges)),
    )
    for schedule, rows in groupby(merged, key=itemgetter(0)):
        yield from_kept(schedule), (Entry(*row[1:]) for row in rows)


def ill_held(tx: Transaction, organization_id: UUID, now: datetime) -> list[Held]:
    """Give running jobs whose lease has run out, or whose engine is gone."""
    is_alive = _N.stopped_at.is_(None) & (_N.heartbeat_at > now - SILENCE)
    rows = tx.connection.execute(
        select(_J.id, _J.lease_until, _S.name, _N.host, is_alive.label("is_alive"))
        .select_from(
            _JOB.outerjoin(table_of(Node), _N.id == _J.lease_owner).outerjoin(
                _SCHEDULE, _S.id == _J.scheduled_job_id
            ),
        )
        .where(
            RUNNING_JOB,
            _J.organization_id == organization_id,
            or_(_J.lease_until < now, _J.lease_until.is_(None), _N.id.is_(None), ~is_alive),
        )
        .order_by(_J.lease_until)
        .limit(NAMED),
    )
    return [Held(row.id, row.name, row.lease_until, row.host, bool(row.is_alive)) for row in rows]


def overdue(
    tx: Transaction, organization_id: UUID, before: datetime, *, schedule_id: UUID | None = None
) -> Waiting:
    """Tell of active schedules (or of one) that were due before an instant and are not planned."""
    is_due = ACTIVE_SCHEDULE & (_S.organization_id == organization_id) & (_S.next_run_at < before)
    if schedule_id is not None:
        is_due &= _S.id == schedule_id
    return _waiting(
        tx,
        select(func.count(), func.min(_S.next_run_at)).where(is_due),
        select(_S.name).where(is_due).order_by(_S.next_run_at).limit(1),
    )


def unclaimed(
    tx: Transaction, organization_id: UUID, before: datetime, *, held_up: bool
) -> Waiting:
    """Tell of queued jobs that could have started before an instant in a queue that is not paused.

    Without `held_up` those are left out that are known to wait for room or for the rate limit.
    """
    is_due = (
        QUEUED_JOB
        & (_J.organization_id == organization_id)
        & (_J.available_at < before)
        & _Q.paused_at.is_(None)
    )
    if not held_up:
        is_due &= or_(
            _J.wait_reason.is_(None),
            _J.wait_reason.not_in((WaitReason.CONCURRENCY, WaitReason.RATE)),
        )
    jobs = _JOB.join(table_of(Queue), _Q.id == _J.queue_id)
    return _waiting(
        tx,
        select(func.count(), func.min(_J.available_at)).select_from(jobs).where(is_due),
        select(_Q.name).select_from(jobs).where(is_due).order_by(_J.available_at).limit(1),
    )


def paused_queues(tx: Transaction, organization_id: UUID, before: datetime) -> list[AnyRow]:
    """Give paused queues in which jobs wait that could have started before an instant."""
    return list(
        tx.connection.execute(
            select(_Q.name, _Q.paused_until, func.count().label("waiting"))
            .select_from(_JOB.join(table_of(Queue), _Q.id == _J.queue_id))
            .where(
                QUEUED_JOB,
                _Q.organization_id == organization_id,
                _J.available_at < before,
                _Q.paused_at.is_not(None),
            )
            .group_by(_Q.name, _Q.paused_until)
            .order_by(_Q.name)
            .limit(NAMED),
        ).all(),
    )


def abandoned(tx: Transaction, organization_id: UUID) -> Waiting:
    """Tell of jobs that wait for overlap in schedules where nothing else lives."""
    waits = (
        LIVE_JOB
        & (_J.organization_id == organization_id)
        & (_J.status == JobStatus.BLOCKED)
        & (_J.wait_reason == WaitReason.OVERLAP)
    )
    other = _JOB.alias("other")
    is_alone = ~(
        select(other.c.id)
        .where(
            other.c.scheduled_job_id == _J.scheduled_job_id,
            text(
                "(other.status = 'blocked' OR other.status = 'queued' OR other.status = 'running')",
            ),
            other.c.id != _J.id,
        )
        .exists()
    )
    jobs = _JOB.join(_SCHEDULE, _S.id == _J.scheduled_job_id)
    return _waiting(
        tx,
        select(func.count(), func.min(_J.nominal_at)).select_from(jobs).where(waits, is_alone),
        select(_S.name).select_from(jobs).where(waits, is_alone).limit(1),
    )


def unexplained(tx: Transaction, organization_id: UUID) -> int:
    """Count jobs that wait without a wait reason."""
    return int(
        tx.connection.execute(
            select(func.count())
            .select_from(_JOB)
            .where(
                LIVE_JOB,
                _J.organization_id == organization_id,
                _J.status != JobStatus.RUNNING,
                _J.wait_reason.is_(None),
            ),
        ).scalar_one(),
    )


def engine_versions(tx: Transaction, now: datetime) -> dict[str, int]:
    """Count the living engines by the version of tfui they run."""
    rows = tx.connection.execute(
        select(_N.version, func.count())
        .where(_N.stopped_at.is_(None), _N.heartbeat_at > now - SILENCE)
        .group_by(_N.version),
    )
    return {str(row[0]): int(row[1]) for row in rows}


def active_schedules(tx: Transaction, organization_id: UUID) -> int:
    """Count the schedules that an engine would plan."""
    return int(
        tx.connection.execute(
            select(func.count())
            .select_from(_SCHEDULE)
            .where(
                ACTIVE_SCHEDULE,
                _S.organization_id == organization_id,
                _S.next_run_at.is_not(None),
            ),
        ).scalar_one(),
    )


def zone_names(tx: Transaction, organization_id: UUID) -> list[str]:
    """Give each time zone that a schedule uses."""
    return list(
        tx.connection.execute(
            select(_S.timezone)
            .where(_S.organization_id == organization_id, _S.deleted_at.is_(None))
            .distinct(),
        ).scalars(),
    )


def newest_instant(tx: Transaction) -> datetime | None:
    """Give the newest instant that anything was written at."""
    looks: list[Select[*tuple[datetime]]] = [
        select(_J.created_at).order_by(_J.id.desc()).limit(1),
        select(_E.at).order_by(_E.id.desc()).limit(1),
        select(func.max(_N.heartbeat_at)),
    ]
    found = [tx.connection.execute(look).scalar() for look in looks]
    return max((one for one in found if one is not None), default=None)


def _waiting(
    tx: Transaction,
    total: Select[*tuple[int, datetime]],
    first: Select[*tuple[str]],
) -> Waiting:
    count, since = tx.connection.execute(total).one()
    name = tx.connection.execute(first).scalar() if count else None
    return Waiting(int(count), since, name)


def _streamed(tx: Transaction, query: Select[*tuple[object, ...]]) -> Iterator[AnyRow]:
    yield from tx.connection.execute(query, execution_options={"yield_per": PAGE})
