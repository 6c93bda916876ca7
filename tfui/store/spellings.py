"""Conditions spelled exactly as the partial indexes are.

SQLite uses a partial index only when the query's text implies the index's condition, which a bound
parameter never does.
"""

from __future__ import annotations

from sqlalchemy import text

LIVE_JOB = text("job.status IN ('blocked', 'queued', 'running')")
ENDED_JOB = text("job.status IN ('succeeded', 'failed', 'cancelled')")
ACTIVE_SCHEDULE = text("scheduled_job.status = 'active' AND scheduled_job.deleted_at IS NULL")
KEPT_SCHEDULE = text("scheduled_job.deleted_at IS NULL")
QUEUED_JOB = text("job.status = 'queued'")
RUNNING_JOB = text("job.status = 'running'")
