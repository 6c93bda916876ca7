"""Claims: which queued jobs an engine may start now, taken by compare-and-set.

Within the room that each queue leaves, the order is priority, then the instant a job became
available, then age. A claim raises the job's fence; only a result that brings it back is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal_column, null, select

from tfui.core.states import JobKind, OnMissed, Overlap, WaitReason
from tfui.model.columns import from_microseconds, table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import firing, rates, waits
from tfui.store.kept import (
    ID,
    from_kept,
    from_kept_json,
    id_named,
    instant_named,
    kept_id,
    kept_instant,
    kept_json,
    to_kept,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

LEASE = timedelta(seconds=60)
"""How long a claim holds without being renewed: two missed renewals are forgiven."""

_NOBODY_WAITS = (None, Overlap.SKIP, Overlap.ALLOW)

_JOB = table_of(Job)
_J = _JOB.c
_QUEUE = table_of(Queue)
_SCHEDULE = table_of(ScheduledJob)

_IS_QUEUED = _J.status == literal_column("'queued'")
_IS_RUNNING = _J.status == literal_column("'running'")

_RUNNING_BY_QUEUE = (
    select(kept_id(_J.queue_id), func.count())
    .where(_IS_RUNNING, _J.queue_id.in_(bindparam("queues", expanding=True, type_=ID)))
    .group_by(_J.queue_id)
)

_LIMITED = (
    select(kept_id(_QUEUE.c.id))
    .where(_QUEUE.c.id.in_(bindparam("queues", expanding=True, type_=ID)))
    .order_by(_QUEUE.c.id)
)

_S = _SCHEDULE.c
_CANDIDATES = (
    select(
        kept_id(_J.id),
        kept_id(_J.scheduled_job_id),
        kept_instant(_J.nominal_at),
        _J.kind,
        _J.job_type,
        kept_json(_J.payload),
        _J.priority,
        _J.attempt,
        _J.max_attempts,
        kept_instant(_J.available_at),
        _J.fence,
        _S.name.label("schedule"),
        _S.timeout_seconds,
        _S.overlap,
        _S.on_missed,
    )
    .select_from(_JOB.outerjoin(_SCHEDULE, _S.id == _J.scheduled_job_id))
    .where(_J.queue_id == id_named("queue"), _IS_QUEUED, _J.available_at <= instant_named("now"))
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
    queues = waits.ready_queues(tx, now)
    if not queues or seats < 1:
        return [], {}
    room = _room(tx, {queue.id: queue.concurrency for queue in queues}, seats)
    if queues[0].is_limited:
        owners = {queue.id: from_kept(queue.organization_id) for queue in queues}
        return _choose_within_limits(tx, now, seats, room, owners)
    query = tx.dialect.lock_rows(_CANDIDATES, of=_JOB)
    found: list[AnyRow] = []
    at = to_microseconds(now)
    for queue_id, free in room.items():
        wanted = {"queue": queue_id, "limit": free, "now": at}
        found.extend(tx.dialect.fetch(tx.connection, query, wanted))
    if len(room) > 1:
        found.sort(key=_claim_order)
    return found[:seats], {}


def _choose_within_limits(
    tx: Transaction,
    now: datetime,
    seats: int,
    room: dict[Any, int],
    owners: dict[Any, UUID],
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
    room: dict[Any, int],
    owners: dict[Any, UUID],
    used_up: set[rates.Kind],
    chosen: list[Any],
) -> list[tuple[AnyRow, Any]]:
    """Give the first candidates of every queue that has room, without those of used-up types."""
    found: list[tuple[AnyRow, Any]] = []
    at = to_microseconds(now)
    for queue_id, free in room.items():
        if free < 1:
            continue
        types = [kind.job_type for kind in used_up if kind.organization_id == owners[queue_id]]
        wanted = {"queue": queue_id, "limit": free, "now": at, "used_up": types, "chosen": chosen}
        rows = tx.dialect.fetch(tx.connection, query, wanted)
        found.extend((row, queue_id) for row in rows)
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
    concurrency: dict[Any, int | None],
    seats: int,
) -> dict[Any, int]:
    """How many jobs each queue may start; those with a limit are held, so that nobody else counts."""
    limited = [queue_id for queue_id, limit in concurrency.items() if limit is not None]
    if not limited:
        return dict.fromkeys(concurrency, seats)
    wanted = {"queues": limited}
    tx.dialect.fetch(tx.connection, tx.dialect.hold_rows(_LIMITED), wanted)
    running = dict(tx.dialect.fetch(tx.connection, _RUNNING_BY_QUEUE, wanted))
    room = {
        queue_id: seats if limit is None else min(seats, limit - running.get(queue_id, 0))
        for queue_id, limit in concurrency.items()
    }
    return {queue_id: free for queue_id, free in room.items() if free > 0}


def _claim_order(row: AnyRow) -> tuple[int, int, Any]:
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
        nominal_at=from_microseconds(row.nominal_at),
        kind=row.kind,
        job_type=row.job_type,
        payload=from_kept_json(row.payload),
        available_at=from_microseconds(row.available_at),
        attempt=row.attempt + 1,
        max_attempts=row.max_attempts,
        fence=row.fence + 1,
        timeout=None if timeout is None else timedelta(seconds=timeout),
        start_id=start_id,
    )
