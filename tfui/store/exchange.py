"""Schedules in bulk, for import and export: each whole, with its queue's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tfui.model.columns import table_of
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)
_QUEUE = table_of(Queue)
_QUEUE_NAME = "queue_name"


def everything(tx: Transaction, organization_id: UUID) -> list[tuple[ScheduledJob, str]]:
    """Give every schedule that is not deleted with the name of its queue, by name."""
    rows = tx.connection.execute(
        select(_SCHEDULE, _QUEUE.c.name.label(_QUEUE_NAME))
        .join(_QUEUE, _QUEUE.c.id == _SCHEDULE.c.queue_id)
        .where(_SCHEDULE.c.organization_id == organization_id, _SCHEDULE.c.deleted_at.is_(None))
        .order_by(_SCHEDULE.c.name),
    ).mappings()
    found = []
    for row in rows:
        values = dict(row)
        queue = values.pop(_QUEUE_NAME)
        values["metadata_"] = values.pop("metadata")
        found.append((ScheduledJob(**values), queue))
    return found
