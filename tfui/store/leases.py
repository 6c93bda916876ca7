"""Leases: a running job is its engine's only while the engine keeps saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal_column, select

from tfui.core.states import AttemptOutcome
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.store.claims import LEASE
from tfui.store.endings import Ended
from tfui.store.kept import ID, from_kept, kept_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_IS_RUNNING: ColumnElement[bool] = _J.status == literal_column("'running'")


def renew(tx: Transaction, node_id: UUID, keys: Sequence[Any], *, now: datetime) -> int:
    """Hold these of an engine's running jobs, by kept ids, for another lease; give how many are.

    Only those that it knows of: others it may have claimed without having heard that it did.
    """
    held = _J.id.in_(bindparam("jobs", expanding=True, type_=ID))
    return tx.connection.execute(
        _JOB.update()
        .where(held, _IS_RUNNING, _J.lease_owner == node_id)
        .values(lease_until=now + LEASE),
        {"jobs": keys},
    ).rowcount


def next_expiry(tx: Transaction) -> datetime | None:
    """When the first lease of all running jobs runs out."""
    return tx.connection.execute(select(func.min(_J.lease_until)).where(_IS_RUNNING)).scalar()


def lost(tx: Transaction, *, now: datetime, limit: int = 500) -> list[Ended]:
    """Give (and on Postgres hold) running jobs whose lease has run out, as lost attempts."""
    return _given_up(tx, _J.lease_until < now, now, "its lease ran out", limit)


def orphaned(
    tx: Transaction,
    node_ids: Collection[UUID],
    *,
    now: datetime,
    limit: int = 500,
) -> list[Ended]:
    """Give the running jobs of engines that are known to be dead, as lost attempts."""
    if not node_ids:
        return []
    its_owner_died = _J.lease_owner.in_(node_ids)
    return _given_up(tx, its_owner_died, now, "the engine that ran it died", limit)


def _given_up(
    tx: Transaction,
    condition: ColumnElement[bool],
    now: datetime,
    error: str,
    limit: int,
) -> list[Ended]:
    query = (
        select(
            kept_id(_J.id),
            _J.fence,
            _J.attempt,
            _J.max_attempts,
            kept_id(_J.scheduled_job_id),
            _J.lease_owner,
            _J.started_at,
        )
        .where(_IS_RUNNING, condition)
        .order_by(_J.lease_until)
        .limit(limit)
    )
    return [
        Ended(
            key=row.id,
            job_id=from_kept(row.id),
            fence=row.fence,
            attempt=row.attempt,
            max_attempts=row.max_attempts,
            schedule_key=row.scheduled_job_id,
            may_have_followers=True,
            node_id=row.lease_owner,
            started_at=row.started_at,
            finished_at=now,
            outcome=AttemptOutcome.LOST,
            exit_code=None,
            error=error,
        )
        for row in tx.connection.execute(tx.dialect.lock_rows(query))
    ]
