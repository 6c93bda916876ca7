"""Rate limits: how many jobs of a type an organization starts in any 60 seconds, counted exactly.

Every start under a limit is a row, so the count survives restarts and all engines share it. Whoever
starts jobs holds the organization's limits meanwhile, so that nobody else counts the same places.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from tfui.core import ratelimit
from tfui.core.states import WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.queue import RateLimit, RateRow, RateStart
from tfui.store.spellings import QUEUED_JOB

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from tfui.store.connection import Transaction

_LIMIT = table_of(RateLimit)
_L = _LIMIT.c
_START = table_of(RateStart)
_T = _START.c
_JOB = table_of(Job)

_AHEAD = timedelta(minutes=1)
"""Starts later than this from now were written before a clock was set back and hold up nothing."""

ANY_LIMIT = select(_L.id)
"""Finds something when there is any limit at all."""


class Kind(NamedTuple):
    """What is limited: a job type in an organization."""

    organization_id: UUID
    job_type: str


class Allowance:
    """What may start now, as one transaction sees it and takes from it."""

    def __init__(
        self, tx: Transaction, now: datetime, limits: dict[tuple[UUID, str | None], int]
    ) -> None:
        """Made by `hold` and `look`."""
        self._tx = tx
        self._now = now
        self._limits = limits
        self._starts: dict[Kind, list[datetime]] = {}

    def limit(self, kind: Kind) -> int | None:
        """Give the limit of a kind: its own, else the organization's default."""
        own = self._limits.get((kind.organization_id, kind.job_type))
        return self._limits.get((kind.organization_id, None)) if own is None else own

    def remaining(self, kind: Kind) -> int | None:
        """How many more may start now; None when there is no limit."""
        limit = self.limit(kind)
        if limit is None:
            return None
        return ratelimit.remaining(self._recent(kind), limit=limit, now=self._now)

    def clears_at(self, kind: Kind) -> datetime | None:
        """When one more may start; None when there is no limit."""
        limit = self.limit(kind)
        if limit is None:
            return None
        return ratelimit.clear_at(self._recent(kind), limit=limit, now=self._now)

    def take(self, kind: Kind) -> bool:
        """Take a place for a start now; False when there is none left."""
        left = self.remaining(kind)
        if left is None:
            return True
        if left < 1:
            return False
        self._recent(kind).append(self._now)
        return True

    def _recent(self, kind: Kind) -> list[datetime]:
        found = self._starts.get(kind)
        if found is None:
            found = self._starts[kind] = recent(self._tx, kind, self._now)
        return found


def hold(tx: Transaction, organization_ids: Collection[UUID], now: datetime) -> Allowance:
    """Give what may start now, and let nobody else take from it meanwhile."""
    query = _LIMIT.select().where(_L.organization_id.in_(organization_ids)).order_by(_L.id)
    return _read(tx, tx.dialect.hold_rows(query), now)


def look(tx: Transaction, now: datetime) -> Allowance:
    """Give what may start now in every organization, for telling of it."""
    return _read(tx, _LIMIT.select(), now)


def recent(tx: Transaction, kind: Kind, now: datetime) -> list[datetime]:
    """Give the starts of the last minute, the oldest first."""
    query = (
        select(_T.at)
        .where(
            _T.organization_id == kind.organization_id,
            _T.job_type == kind.job_type,
            _is_recent(now),
        )
        .order_by(_T.at)
    )
    return list(tx.connection.execute(query).scalars())


def note(tx: Transaction, kinds: Sequence[Kind], now: datetime) -> list[UUID]:
    """Count starts; give what each was written as."""
    made = tx.ids.make_many(now, len(kinds))
    rows = [
        {
            "id": start_id,
            "organization_id": one.organization_id,
            "job_type": one.job_type,
            "at": now,
        }
        for start_id, one in zip(made, kinds, strict=True)
    ]
    tx.connection.execute(_START.insert(), rows)
    return made


def forget(tx: Transaction, start_ids: Sequence[UUID]) -> None:
    """Count starts no more that never happened."""
    if start_ids:
        tx.connection.execute(_START.delete().where(_T.id.in_(start_ids)))


def used_up(tx: Transaction, now: datetime) -> list[Kind]:
    """Give what nothing more of may start now."""
    return _used_up(tx, look(tx, now), now)


def next_clear(tx: Transaction, now: datetime) -> datetime | None:
    """When the first used-up limit lets one more start."""
    allowance = look(tx, now)
    found = (allowance.clears_at(kind) for kind in _used_up(tx, allowance, now))
    return min((one for one in found if one is not None and one > now), default=None)


def set_limit(
    tx: Transaction,
    organization_id: UUID,
    job_type: str | None,
    per_minute: int | None,
) -> int | None:
    """Set, change or (None) take away a limit; give what it was. Jobs it held up are weighed again."""
    if tx.now is None:
        raise AssertionError("a limit is set by a writing transaction")
    is_it = (_L.organization_id == organization_id) & (
        _L.job_type.is_(None) if job_type is None else _L.job_type == job_type
    )
    before = tx.connection.execute(select(_L.per_minute).where(is_it)).scalar()
    if per_minute is None:
        tx.connection.execute(_LIMIT.delete().where(is_it))
    elif before is None:
        tx.connection.execute(
            _LIMIT.insert().values(
                id=tx.ids.make(tx.now),
                organization_id=organization_id,
                job_type=job_type,
                per_minute=per_minute,
            ),
        )
    else:
        tx.connection.execute(_LIMIT.update().where(is_it).values(per_minute=per_minute))
    tx.connection.execute(
        _JOB.update()
        .where(
            QUEUED_JOB,
            _JOB.c.wait_reason == WaitReason.RATE,
            _JOB.c.organization_id == organization_id,
        )
        .values(wait_reason=WaitReason.NO_WORKER),
    )
    return before


def rows(tx: Transaction, organization_id: UUID, now: datetime) -> list[RateRow]:
    """Give the default limit and every job type's that has its own or used some lately."""
    allowance = look(tx, now)
    own = tx.connection.execute(
        select(_L.job_type, _L.per_minute).where(_L.organization_id == organization_id),
    ).all()
    limits = {row.job_type: row.per_minute for row in own}
    started = tx.connection.execute(
        select(_T.job_type)
        .where(_T.organization_id == organization_id, _is_recent(now))
        .distinct(),
    ).scalars()
    found = []
    for job_type in sorted({*started, *(name for name in limits if name is not None)}):
        kind = Kind(organization_id, job_type)
        limit, left = allowance.limit(kind), allowance.remaining(kind)
        if limit is None or left is None:
            continue
        clears_at = allowance.clears_at(kind) if left == 0 else None
        found.append(
            RateRow(job_type=job_type, per_minute=limit, remaining=left, clears_at=clears_at)
        )
    if None in limits:
        default = limits[None]
        found.insert(
            0, RateRow(job_type=None, per_minute=default, remaining=default, clears_at=None)
        )
    return found


def _is_recent(now: datetime) -> ColumnElement[bool]:
    return (_T.at > now - ratelimit.MINUTE) & (_T.at <= now + _AHEAD)


def _used_up(tx: Transaction, allowance: Allowance, now: datetime) -> list[Kind]:
    counts = tx.connection.execute(
        select(_T.organization_id, _T.job_type, func.count())
        .where(_is_recent(now))
        .group_by(_T.organization_id, _T.job_type),
    )
    kinds = ((Kind(owner, job_type), count) for owner, job_type, count in counts)
    return [
        kind
        for kind, count in kinds
        if (limit := allowance.limit(kind)) is not None and count >= limit
    ]


def _read(tx: Transaction, query: Select[Any], now: datetime) -> Allowance:
    limits = {
        (row.organization_id, row.job_type): row.per_minute for row in tx.connection.execute(query)
    }
    return Allowance(tx, now, limits)
