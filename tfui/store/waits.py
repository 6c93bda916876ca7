"""Waits: what a dispatcher has before it, and the word for what holds up each job that could start.

A job that nobody has weighed yet waits for its instant or for a worker; one that was weighed and
left behind says why, and leaves the small index of those still to be weighed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, literal_column, or_, select, type_coerce

from tfui.core.states import WaitReason
from tfui.model.columns import from_microseconds, table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.store import rates
from tfui.store.kept import INSTANT, instant_named, kept_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c
_QUEUE = table_of(Queue)

_NOW = instant_named("now")
# Spelled out, because SQLite matches a partial index by its text.
_IS_QUEUED = _J.status == literal_column("'queued'")
_IS_UNCLAIMED: ColumnElement[bool] = literal_column(
    "job.status = 'queued' AND (job.wait_reason = 'due_at' OR job.wait_reason = 'jitter'"
    " OR job.wait_reason = 'retry' OR job.wait_reason = 'no_worker')",
)
_IS_PAUSED = _QUEUE.c.paused_at.is_not(None) & or_(
    _QUEUE.c.paused_until.is_(None),
    _QUEUE.c.paused_until > _NOW,
)
_HAS_READY = select(_J.id).where(
    _J.queue_id == _QUEUE.c.id,
    _IS_QUEUED,
    _J.available_at <= _NOW,
)

_READY_QUEUES = select(
    kept_id(_QUEUE.c.id),
    _QUEUE.c.concurrency,
    kept_id(_QUEUE.c.organization_id),
    rates.ANY_LIMIT.exists().label("is_limited"),
).where(_HAS_READY.exists(), ~_IS_PAUSED)

_OUTLOOK = select(
    _READY_QUEUES.exists().label("is_ready"),
    select(type_coerce(func.min(_J.available_at), INSTANT))
    .where(_IS_UNCLAIMED)
    .scalar_subquery()
    .label("soonest"),
    rates.ANY_LIMIT.exists().label("is_limited"),
)


class Outlook(NamedTuple):
    """What a dispatcher has before it."""

    is_ready: bool
    """Whether a job could start now in some queue that is not paused, limits aside."""
    soonest: datetime | None
    """The first instant at which a job becomes available or a used-up rate limit lets one start;
    one that has passed belongs to a job that could start but for something its wait reason does not
    say yet."""
    is_limited: bool
    """Whether there is any rate limit."""


def ready_queues(tx: Transaction, now: datetime) -> Sequence[AnyRow]:
    """Give the queues in which a job could start now, limits aside; ids as they are kept."""
    return tx.dialect.fetch(tx.connection, _READY_QUEUES, {"now": to_microseconds(now)})


def outlook(tx: Transaction, now: datetime) -> Outlook:
    """Look ahead, in one statement."""
    (row,) = tx.dialect.fetch(tx.connection, _OUTLOOK, {"now": to_microseconds(now)})
    soonest = None if row.soonest is None else from_microseconds(row.soonest)
    if row.is_limited and (soonest is None or soonest > now):
        clears_at = rates.next_clear(tx, now)
        soonest = min((one for one in (soonest, clears_at) if one is not None), default=None)
    return Outlook(bool(row.is_ready), soonest, bool(row.is_limited))


def explain(tx: Transaction, now: datetime, *, limit: int = 1000) -> int:
    """Say of jobs that could start, and were not claimed, what holds them up; give how many.

    Those that another engine holds are passed over: it claims them, or says it itself.
    """
    some = (
        select(_J.id)
        .where(_IS_UNCLAIMED, _J.available_at <= _NOW)
        .order_by(_J.available_at)
        .limit(limit)
    )
    paused = select(_QUEUE.c.id).where(_IS_PAUSED)
    reasons: list[tuple[ColumnElement[bool], Any]] = [
        (_J.queue_id.in_(paused), WaitReason.QUEUE_PAUSED),
    ]
    used_up = rates.used_up(tx, now)
    if used_up:
        is_over = or_(*(_is_of(kind) for kind in used_up))
        reasons.append((is_over, WaitReason.RATE))
    change = (
        _JOB.update()
        .where(_J.id.in_(_held(tx, some)), _IS_QUEUED)
        .values(wait_reason=case(*reasons, else_=WaitReason.CONCURRENCY))
    )
    return tx.connection.execute(change, {"now": to_microseconds(now)}).rowcount


def reconsider(tx: Transaction, now: datetime) -> int:
    """Say that jobs which a rate limit lets start again wait for a worker; give how many.

    Only as many of each type as have places now, in the order in which they would be claimed.
    """
    is_ready = _IS_QUEUED & (_J.available_at <= _NOW)
    is_rated = _J.wait_reason == literal_column("'rate'")
    at = {"now": to_microseconds(now)}
    waiting = tx.connection.execute(
        select(
            _J.organization_id,
            _J.job_type,
            func.count().filter(is_rated).label("rated"),
            func.count().filter(~is_rated).label("others"),
        )
        .where(is_ready)
        .group_by(_J.organization_id, _J.job_type),
        at,
    ).all()
    allowance = rates.look(tx, now)
    changed = 0
    for row in waiting:
        kind = rates.Kind(row.organization_id, row.job_type)
        places = min(row.rated, (allowance.remaining(kind) or 0) - row.others)
        if places < 1:
            continue
        first = (
            select(_J.id)
            .where(is_ready, is_rated, _is_of(kind))
            .order_by(_J.priority.desc(), _J.available_at, _J.id)
            .limit(places)
        )
        change = _JOB.update().where(_J.id.in_(_held(tx, first)))
        values = {"wait_reason": WaitReason.CONCURRENCY}
        changed += tx.connection.execute(change.values(values), at).rowcount
    return changed


def correct(tx: Transaction, now: datetime) -> int:
    """Set wait reasons right after queues were paused or resumed; give how many were wrong."""
    paused = select(_QUEUE.c.id).where(_IS_PAUSED)
    to_paused = (
        _JOB.update()
        .where(
            _IS_QUEUED,
            _J.queue_id.in_(paused),
            _J.wait_reason == WaitReason.CONCURRENCY,
        )
        .values(wait_reason=WaitReason.QUEUE_PAUSED)
    )
    to_waiting = (
        _JOB.update()
        .where(
            _IS_QUEUED,
            _J.queue_id.not_in(paused),
            _J.wait_reason == WaitReason.QUEUE_PAUSED,
        )
        .values(wait_reason=WaitReason.CONCURRENCY)
    )
    at = {"now": to_microseconds(now)}
    return sum(tx.connection.execute(one, at).rowcount for one in (to_paused, to_waiting))


def _held(tx: Transaction, some: Select[tuple[UUID]]) -> Select[tuple[UUID]]:
    """Hold these jobs, passing over those of others; chosen once, or each look would choose more."""
    held = tx.dialect.lock_rows(some).cte("held")
    return select(held.c.id)


def _is_of(kind: rates.Kind) -> ColumnElement[bool]:
    return and_(_J.organization_id == kind.organization_id, _J.job_type == kind.job_type)
