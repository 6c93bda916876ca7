"""Claims: which queued jobs an engine may start now, taken by compare-and-set.

Within the room that each queue leaves, the order is priority, then the instant a job became
available, then age. A claim raises the job's fence; only a result that brings it back is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, null, or_, select

from tfui.core.states import JobKind, OnMissed, Overlap, WaitReason
from tfui.model.columns import UtcDateTime, table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import firing, rates
from tfui.store.kept import ID, from_kept, id_named, instant_named, kept_id, to_kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

LEASE = timedelta(seconds=60)
"""How long a claim holds without being renewed: two missed renewals are forgiven."""

_NOBODY_WAITS = (None, Overlap.SKIP, Overlap.ALLOW)

_JOB = table_of(Job)
_J = _JOB.c
_QUEUE = table_of(Queue)
_SCHEDULE = table_of(ScheduledJob)

_NOW = bindparam("now", type_=UtcDateTime())
# Spelled out, because SQLite matches a partial index by its text.
_IS_QUEUED = _J.status == literal_column("'queued'")
_IS_RUNNING = _J.status == literal_column("'running'")
_IS_UNCLAIMED: ColumnElement[bool] = literal_column(
    "job.status = 'queued' AND job.wait_reason IN ('due_at', 'jitter', 'retry', 'no_worker')",
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
    _QUEUE.c.id,
    _QUEUE.c.concurrency,
    _QUEUE.c.organization_id,
    rates.ANY_LIMIT.exists().label("is_limited"),
).where(_HAS_READY.exists(), ~_IS_PAUSED)

_RUNNING_BY_QUEUE = (
    select(_J.queue_id, func.count())
    .where(_IS_RUNNING, _J.queue_id.in_(bindparam("queues", expanding=True)))
    .group_by(_J.queue_id)
)

_S = _SCHEDULE.c
_CANDIDATES = (
    select(
        kept_id(_J.id),
        kept_id(_J.scheduled_job_id),
        _J.nominal_at,
        _J.kind,
        _J.job_type,
        _J.payload,
        _J.priority,
        _J.attempt,
        _J.max_attempts,
        _J.available_at,
        _J.fence,
        _S.name.label("schedule"),
        _S.timeout_seconds,
        _S.overlap,
        _S.on_missed,
    )
    .select_from(_JOB.outerjoin(_SCHEDULE, _S.id == _J.scheduled_job_id))
    .where(_J.queue_id == bindparam("queue"), _IS_QUEUED, _J.available_at <= _NOW)
    .order_by(_J.priority.desc(), _J.available_at, _J.id)
    .limit(bindparam("limit"))
)

_OTHER_CANDIDATES = _CANDIDATES.where(
    _J.job_type.not_in(bindparam("used_up", expanding=True)),
    _J.id.not_in(bindparam("chosen", expanding=True, type_=ID)),
)

_CLAIM = (
    _JOB.update()
    .where(_J.id == id_named("job"), _IS_QUEUED, _J.fence == bindparam("old_fence"))
    .values(
        status=literal_column("'running'"),
        attempt=_J.attempt + literal_column("1"),
        fence=_J.fence + literal_column("1"),
        lease_owner=id_named("node"),
        lease_until=instant_named("until"),
        started_at=instant_named("now"),
        wait_reason=null(),
    )
)

_GIVE_BACK = (
    _JOB.update()
    .where(
        _J.id == id_named("job"),
        _J.fence == bindparam("its_fence"),
        _J.lease_owner == id_named("node"),
        _IS_RUNNING,
    )
    .values(
        status=literal_column("'queued'"),
        attempt=_J.attempt - literal_column("1"),
        lease_owner=null(),
        lease_until=null(),
        started_at=null(),
        wait_reason=literal_column("'no_worker'"),
    )
)

_OUTLOOK = select(
    _READY_QUEUES.exists().label("is_ready"),
    select(func.min(_J.available_at)).where(_IS_UNCLAIMED).scalar_subquery().label("soonest"),
    rates.ANY_LIMIT.exists().label("is_limited"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job taken by an engine: what a runner needs, and what settling it will need."""

    key: Any
    """The job's id as it is kept."""
    job_id: UUID
    schedule_key: Any
    """The schedule's id as it is kept, or None."""
    schedule: str
    """The schedule's name, or the empty string."""
    may_have_followers: bool
    """Whether the schedule's policies let jobs wait for the end of this one."""
    nominal_at: datetime
    kind: str
    job_type: str
    payload: Mapping[str, Any]
    available_at: datetime
    attempt: int
    max_attempts: int
    fence: int
    timeout: timedelta | None
    start_id: UUID | None
    """What its start is counted as under a rate limit."""


class Outlook(NamedTuple):
    """What a dispatcher has before it."""

    is_ready: bool
    """Whether a job could start now in some queue that is not paused, limits aside."""
    soonest: datetime | None
    """The first instant at which a job becomes available or a used-up rate limit lets one start;
    one that has passed belongs to a job that could start but for something its wait reason does not
    say yet."""


def claim(tx: Transaction, node_id: UUID, *, now: datetime, seats: int) -> list[Claim]:
    """Take up to `seats` jobs for an engine; they are running from this transaction's end on."""
    chosen, starts = _choose(tx, now, seats)
    if not chosen:
        return []
    node = to_kept(node_id, dialect=tx.dialect.name)
    at, until = to_microseconds(now), to_microseconds(now + LEASE)
    taken = tx.dialect.execute_many(
        tx.connection,
        _CLAIM,
        [
            {"job": row.id, "old_fence": row.fence, "node": node, "until": until, "now": at}
            for row in chosen
        ],
    )
    if taken != len(chosen):
        raise AssertionError(f"{len(chosen)} jobs are held by this transaction, {taken} claimed")
    claimed = [_claim_of(row, starts.get(row.id)) for row in chosen]
    if firing.follow(tx, [one.job_id for one in claimed]) and taken < seats:
        claimed += claim(tx, node_id, now=now, seats=seats - taken)
    return claimed


def outlook(tx: Transaction, now: datetime) -> Outlook:
    """Look ahead, in one statement."""
    row = tx.connection.execute(_OUTLOOK, {"now": now}).one()
    soonest = row.soonest
    if row.is_limited and (soonest is None or soonest > now):
        clears_at = rates.next_clear(tx, now)
        soonest = min((one for one in (soonest, clears_at) if one is not None), default=None)
    return Outlook(bool(row.is_ready), soonest)


def explain_waits(tx: Transaction, now: datetime, *, limit: int = 1000) -> int:
    """Say of jobs that could start, and were not claimed, what holds them up; give how many."""
    rows = tx.connection.execute(
        select(_J.id, _J.queue_id, _J.organization_id, _J.job_type)
        .where(_IS_UNCLAIMED, _J.available_at <= now)
        .order_by(_J.available_at)
        .limit(limit),
    ).all()
    if not rows:
        return 0
    paused = set(
        tx.connection.execute(select(_QUEUE.c.id).where(_IS_PAUSED), {"now": now}).scalars()
    )
    change = (
        _JOB.update()
        .where(_J.id == bindparam("job_id"), _IS_QUEUED)
        .values(wait_reason=bindparam("reason"))
    )
    allowance = rates.look(tx, now)

    def reason_of(row: AnyRow) -> WaitReason:
        if row.queue_id in paused:
            return WaitReason.QUEUE_PAUSED
        is_used_up = allowance.remaining(rates.Kind(row.organization_id, row.job_type)) == 0
        return WaitReason.RATE if is_used_up else WaitReason.CONCURRENCY

    reasons = [{"job_id": row.id, "reason": reason_of(row)} for row in rows]
    return tx.connection.execute(change, reasons).rowcount


def correct_waits(tx: Transaction, now: datetime) -> int:
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
    return sum(tx.connection.execute(one, {"now": now}).rowcount for one in (to_paused, to_waiting))


def give_back(tx: Transaction, claims: Sequence[Claim], node_id: UUID) -> int:
    """Return jobs that were claimed and never begun: no attempt happened. Give how many."""
    if not claims:
        return 0
    node = to_kept(node_id, dialect=tx.dialect.name)
    rates.forget(tx, [one.start_id for one in claims if one.start_id is not None])
    rows = [{"job": one.key, "its_fence": one.fence, "node": node} for one in claims]
    return tx.dialect.execute_many(tx.connection, _GIVE_BACK, rows)


def cancel_requests(tx: Transaction, node_id: UUID) -> list[tuple[Any, int]]:
    """Give (kept id, fence) of an engine's running jobs that somebody asked to cancel."""
    rows = tx.connection.execute(
        select(kept_id(_J.id), _J.fence).where(
            _IS_RUNNING,
            _J.lease_owner == node_id,
            _J.cancel_requested_at.is_not(None),
        ),
    )
    return [(row.id, row.fence) for row in rows]


def _choose(tx: Transaction, now: datetime, seats: int) -> tuple[list[AnyRow], dict[Any, UUID]]:
    """Give the jobs to claim, and what the starts that count under a rate limit were counted as."""
    queues = tx.connection.execute(_READY_QUEUES, {"now": now}).all()
    if not queues or seats < 1:
        return [], {}
    room = _room(tx, {queue.id: queue.concurrency for queue in queues}, seats)
    if queues[0].is_limited:
        owners = {queue.id: queue.organization_id for queue in queues}
        return _choose_within_limits(tx, now, seats, room, owners)
    query = tx.dialect.lock_rows(_CANDIDATES, of=_JOB)
    found: list[AnyRow] = []
    for queue_id, free in room.items():
        wanted = {"queue": queue_id, "limit": free, "now": now}
        found.extend(tx.connection.execute(query, wanted).all())
    if len(room) > 1:
        found.sort(key=_claim_order)
    return found[:seats], {}


def _choose_within_limits(
    tx: Transaction,
    now: datetime,
    seats: int,
    room: dict[UUID, int],
    owners: dict[UUID, UUID],
) -> tuple[list[AnyRow], dict[Any, UUID]]:
    """Choose in rounds: the places that jobs of used-up types leave go to jobs of other types."""
    allowance = rates.hold(tx, set(owners.values()), now)
    query = tx.dialect.lock_rows(_OTHER_CANDIDATES, of=_JOB)
    used_up: set[rates.Kind] = set()
    chosen: dict[Any, tuple[AnyRow, rates.Kind]] = {}
    refused: list[Any] = []
    is_complete = False
    while not is_complete and len(chosen) < seats:
        is_complete = True
        for row, queue_id in _round(tx, query, now, room, owners, used_up, list(chosen)):
            kind = rates.Kind(owners[queue_id], row.job_type)
            if len(chosen) == seats:
                break
            if not allowance.take(kind):
                used_up.add(kind)
                refused.append(row.id)
                is_complete = False
                continue
            chosen[row.id] = (row, kind)
            room[queue_id] -= 1
    _say_rate(tx, refused)
    counted = [(key, kind) for key, (_, kind) in chosen.items() if allowance.limit(kind)]
    made = rates.note(tx, [kind for _, kind in counted], now) if counted else []
    starts = {key: start_id for (key, _), start_id in zip(counted, made, strict=True)}
    return [row for row, _ in chosen.values()], starts


def _round(
    tx: Transaction,
    query: Select[Any],
    now: datetime,
    room: dict[UUID, int],
    owners: dict[UUID, UUID],
    used_up: set[rates.Kind],
    chosen: list[Any],
) -> list[tuple[AnyRow, UUID]]:
    """Give the first candidates of every queue that has room, without those of used-up types."""
    found: list[tuple[AnyRow, UUID]] = []
    for queue_id, free in room.items():
        if free < 1:
            continue
        types = [kind.job_type for kind in used_up if kind.organization_id == owners[queue_id]]
        wanted = {"queue": queue_id, "limit": free, "now": now, "used_up": types, "chosen": chosen}
        found.extend((row, queue_id) for row in tx.connection.execute(query, wanted))
    return sorted(found, key=lambda one: _claim_order(one[0]))


def _say_rate(tx: Transaction, keys: list[Any]) -> None:
    """Say of jobs that were passed over because of a rate limit that this is what they wait for."""
    if not keys:
        return
    tx.connection.execute(
        _JOB.update()
        .where(_J.id.in_(bindparam("ids", expanding=True, type_=ID)), _IS_QUEUED)
        .values(wait_reason=WaitReason.RATE),
        {"ids": keys},
    )


def _room(
    tx: Transaction,
    concurrency: dict[UUID, int | None],
    seats: int,
) -> dict[UUID, int]:
    """How many jobs each queue may start; those with a limit are held, so that nobody else counts."""
    limited = [queue_id for queue_id, limit in concurrency.items() if limit is not None]
    if not limited:
        return dict.fromkeys(concurrency, seats)
    held = select(_QUEUE.c.id).where(_QUEUE.c.id.in_(limited)).order_by(_QUEUE.c.id)
    tx.connection.execute(tx.dialect.hold_rows(held))
    running = {
        row[0]: int(row[1]) for row in tx.connection.execute(_RUNNING_BY_QUEUE, {"queues": limited})
    }
    room = {
        queue_id: seats if limit is None else min(seats, limit - running.get(queue_id, 0))
        for queue_id, limit in concurrency.items()
    }
    return {queue_id: free for queue_id, free in room.items() if free > 0}


def _claim_order(row: AnyRow) -> tuple[int, datetime, Any]:
    return (-row.priority, row.available_at, row.id)


def _claim_of(row: AnyRow, start_id: UUID | None) -> Claim:
    timeout = row.timeout_seconds
    return Claim(
        key=row.id,
        job_id=from_kept(row.id),
        schedule_key=row.scheduled_job_id,
        schedule=row.schedule or "",
        may_have_followers=row.overlap not in _NOBODY_WAITS
        or row.on_missed == OnMissed.ALL
        or row.kind == JobKind.BACKFILL,
        nominal_at=row.nominal_at,
        kind=row.kind,
        job_type=row.job_type,
        payload=row.payload,
        available_at=row.available_at,
        attempt=row.attempt + 1,
        max_attempts=row.max_attempts,
        fence=row.fence + 1,
        timeout=None if timeout is None else timedelta(seconds=timeout),
        start_id=start_id,
    )
