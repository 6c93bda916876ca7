"""What stands in queues: by what it waits for, behind a pause, and how it grew over the last hour."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from tfui.core import unknown
from tfui.core.states import JobStatus, WaitReason
from tfui.model.backlog import PausedQueue
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.store.spellings import LIVE_JOB, QUEUED_JOB, within

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_Q = table_of(Queue).c

MINUTES = 60
_MINUTE = timedelta(minutes=1)


def waits(tx: Transaction, organization_id: UUID) -> dict[UUID, dict[WaitReason, int]]:
    """Count what does not run yet, by queue and by what it waits for, the commonest first."""
    rows = tx.connection.execute(
        select(_J.queue_id, _J.wait_reason, func.count().label("jobs"))
        .where(LIVE_JOB, within(_JOB, organization_id), _J.status != JobStatus.RUNNING)
        .group_by(_J.queue_id, _J.wait_reason)
        .order_by(func.count().desc(), _J.wait_reason)
    )
    found: dict[UUID, dict[WaitReason, int]] = {}
    for queue_id, reason, jobs in rows:
        if reason is not None:
            found.setdefault(queue_id, {})[unknown.read(WaitReason, reason)] = jobs
    return found


def paused(tx: Transaction, organization_id: UUID, now: datetime) -> list[PausedQueue]:
    """Give the paused queues, by name, with the jobs of each that could start now."""
    queues = tx.connection.execute(
        select(_Q.id, _Q.name, _Q.paused_until)
        .where(_Q.organization_id == organization_id, _Q.paused_at.is_not(None))
        .order_by(_Q.name)
    ).all()
    if not queues:
        return []
    held = tx.connection.execute(
        select(_J.queue_id, func.count().label("jobs"))
        .where(QUEUED_JOB, _J.queue_id.in_([row.id for row in queues]), _J.available_at <= now)
        .group_by(_J.queue_id)
    )
    counts: dict[UUID, int] = {row.queue_id: row.jobs for row in held}
    return [
        PausedQueue(name=row.name, waiting=counts.get(row.id, 0), paused_until=row.paused_until)
        for row in queues
    ]


def depths(
    tx: Transaction, organization_id: UUID, queued: Mapping[UUID, int], now: datetime
) -> dict[UUID, tuple[int, ...]]:
    """Tell how many jobs waited in each queue at the end of each of the last 60 minutes.

    Counted back from `queued`, what waits now, by what came and what left since. Only jobs made in
    the last hour are looked at, and of a job tried again only its newest attempt.
    """
    since = now - MINUTES * _MINUTE
    came = _by_minute(tx, organization_id, _J.available_at, since, now)
    left = _by_minute(tx, organization_id, _J.started_at, since, now)
    found = {}
    for queue_id, waiting in queued.items():
        net = (left[queue_id, ago] - came[queue_id, ago] for ago in range(MINUTES - 1))
        backwards = accumulate(net, initial=waiting)
        found[queue_id] = tuple(max(0, depth) for depth in backwards)[::-1]
    return found


def _by_minute(
    tx: Transaction,
    organization_id: UUID,
    column: ColumnElement[datetime],
    since: datetime,
    now: datetime,
) -> Counter[tuple[UUID, int]]:
    """Count jobs by queue and by how many whole minutes ago an instant of theirs was."""
    minutes_ago = tx.dialect.minutes_before(column, now)
    rows = tx.connection.execute(
        select(_J.queue_id, minutes_ago.label("ago"), func.count())
        .where(
            _J.id >= _first_id(since),
            within(_JOB, organization_id),
            column > since,
            column <= now,
        )
        .group_by(_J.queue_id, "ago")
    )
    return Counter({(queue_id, int(ago)): jobs for queue_id, ago, jobs in rows})


def _first_id(at: datetime) -> UUID:
    """Give the least identifier of what was made at an instant or later: they begin with the time."""
    return UUID(int=to_microseconds(at) // 1000 << 80)
