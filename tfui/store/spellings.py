"""Conditions spelled exactly as the partial indexes are.

SQLite uses a partial index only when the query's text implies the index's condition, which a bound
parameter never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, text

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import ColumnElement, Table

LIVE_JOB = text(
    "(job.status = 'blocked' OR job.status = 'queued' OR job.status = 'running')",
)
ENDED_JOB = text("job.status IN ('succeeded', 'failed', 'cancelled')")
ACTIVE_SCHEDULE = text("scheduled_job.status = 'active' AND scheduled_job.deleted_at IS NULL")
KEPT_SCHEDULE = text("scheduled_job.deleted_at IS NULL")
QUEUED_JOB = text("job.status = 'queued'")
RUNNING_JOB = text("job.status = 'running'")


def within(table: Table, organization_id: UUID) -> ColumnElement[Any]:
    """Say that rows which something better chooses (ids, a partial index) are the organization's.

    Said plainly, it leads SQLite to walk every row of the organization by an index that begins with
    it; through a function it is only checked.
    """
    return func.coalesce(table.c.organization_id, table.c.id) == organization_id
