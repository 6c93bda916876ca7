"""Queues: made, changed and listed with what is in them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.queue import Queue, QueueRow
from tfui.model.schedule import ScheduledJob
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction

_QUEUE = table_of(Queue)
_JOB = table_of(Job)
_SCHEDULE = table_of(ScheduledJob)


def ensure(tx: Transaction, organization_id: UUID, name: str, *, now: datetime) -> bool:
    """Make the queue unless there is one of that name; say whether it was made."""
    made = tx.connection.execute(
        tx.dialect.insert(_QUEUE)
        .values(id=tx.ids.make(now), organization_id=organization_id, name=name, created_at=now)
        .on_conflict_do_nothing(index_elements=["organization_id", "name"])
        .returning(_QUEUE.c.id),  # an insert's rowcount is not known on every database
    )
    return made.scalar() is not None


def insert(
    tx: Transaction,
    organization_id: UUID,
    name: str,
    *,
    queue_id: UUID,
    concurrency: int | None,
) -> None:
    """Write a queue with an id it had before."""
    tx.connection.execute(
        _QUEUE.insert().values(
            id=queue_id,
            organization_id=organization_id,
            name=name,
            concurrency=concurrency,
            created_at=tx.now,
        ),
    )


def ids_by_name(tx: Transaction, organization_id: UUID) -> dict[str, UUID]:
    """Give every queue of the organization, by name."""
    rows = tx.connection.execute(
        select(_QUEUE.c.name, _QUEUE.c.id)
        .where(_QUEUE.c.organization_id == organization_id)
        .order_by(_QUEUE.c.name),
    )
    return {name: queue_id for name, queue_id in rows}  # noqa: C416  # dict() cannot type rows


def lock(tx: Transaction, organization_id: UUID, name: str) -> Queue | None:
    """Give the queue of that name and keep it for this transaction."""
    row = (
        tx.connection.execute(
            _QUEUE.select()
            .where(_QUEUE.c.organization_id == organization_id, _QUEUE.c.name == name)
            .with_for_update(),
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else Queue(**row)


def change(tx: Transaction, queue_id: UUID, values: Mapping[str, Any]) -> None:
    """Write columns of one queue."""
    tx.connection.execute(_QUEUE.update().where(_QUEUE.c.id == queue_id).values(**values))


def row(tx: Transaction, organization_id: UUID, queue_id: UUID) -> QueueRow:
    """Give one queue with what is in it counted. Raises LookupError."""
    for found in rows(tx, organization_id):  # there are few, and each count is over all of them
        if found.id == queue_id:
            return found
    raise LookupError(f"there is no queue {queue_id}")


def is_used(tx: Transaction, queue_id: UUID) -> bool:
    """Whether any job or schedule, deleted or not, is or was in a queue."""
    for held in (_SCHEDULE, _JOB):
        query = select(held.c.id).where(held.c.queue_id == queue_id).limit(1)
        if tx.connection.execute(query).first() is not None:
            return True
    return False


def remove(tx: Transaction, queue_id: UUID) -> None:
    """Take away a queue that was never used; it is held by the transaction."""
    tx.connection.execute(_QUEUE.delete().where(_QUEUE.c.id == queue_id))


def job_types(tx: Transaction, organization_id: UUID) -> dict[UUID, set[str]]:
    """Give the job types of each queue's schedules."""
    found: dict[UUID, set[str]] = {}
    rows = tx.connection.execute(
        select(_SCHEDULE.c.queue_id, _SCHEDULE.c.job_type)
        .where(
            _SCHEDULE.c.organization_id == organization_id,
            _SCHEDULE.c.deleted_at.is_(None),
        )
        .distinct(),
    )
    for queue_id, job_type in rows:
        found.setdefault(queue_id, set()).add(job_type)
    return found


def rows(tx: Transaction, organization_id: UUID) -> list[QueueRow]:
    """Give every queue by name, with its live jobs and the schedules that use it counted."""
    live: dict[tuple[UUID, str], int] = {
        (queue_id, status): count
        for queue_id, status, count in tx.connection.execute(
            select(_JOB.c.queue_id, _JOB.c.status, func.count())
            .where(LIVE_JOB)
            .group_by(_JOB.c.queue_id, _JOB.c.status),
        )
    }
    used: dict[UUID, int] = {
        one.queue_id: one.schedules
        for one in tx.connection.execute(
            select(_SCHEDULE.c.queue_id, func.count().label("schedules"))
            .where(
                _SCHEDULE.c.organization_id == organization_id,
                _SCHEDULE.c.deleted_at.is_(None),
            )
            .group_by(_SCHEDULE.c.queue_id),
        )
    }
    found = tx.connection.execute(
        _QUEUE.select().where(_QUEUE.c.organization_id == organization_id).order_by(_QUEUE.c.name),
    ).mappings()
    return [
        QueueRow(
            id=row["id"],
            name=row["name"],
            concurrency=row["concurrency"],
            paused_at=row["paused_at"],
            paused_by=row["paused_by"],
            pause_note=row["pause_note"],
            paused_until=row["paused_until"],
            queued=live.get((row["id"], "queued"), 0) + live.get((row["id"], "blocked"), 0),
            running=live.get((row["id"], "running"), 0),
            schedules=used.get(row["id"], 0),
        )
        for row in found
    ]
