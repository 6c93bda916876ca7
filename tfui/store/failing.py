"""How the present failures began: the first failed job of each failing schedule's present row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union_all

from tfui.core.likely_cause import Failure
from tfui.core.states import JobStatus, ScheduleStatus
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store.spellings import KEPT_SCHEDULE

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Transaction

_S = table_of(ScheduledJob).c
_J = table_of(Job).c

MOST = 16
"""Failing schedules that are looked at: those that ran last."""
LONGEST = 100
"""Failures in a row among which the first is sought; what has failed for longer is old news."""


def beginnings(tx: Transaction, organization_id: UUID) -> list[Failure]:
    """Tell how each of a few failing schedules began to fail; costs the same in any store."""
    failing = tx.connection.execute(
        select(_S.id, _S.name, _S.consecutive_failures)
        .where(
            _S.organization_id == organization_id,
            KEPT_SCHEDULE,
            _S.last_outcome == JobStatus.FAILED,
            _S.status != ScheduleStatus.PAUSED,
        )
        .order_by(_S.last_run_at.desc())
        .limit(MOST)
    ).all()
    names = {row.id: row.name for row in failing}
    firsts = [
        select(_J.scheduled_job_id, _J.started_at, _J.exit_code, _J.error)
        .where(_J.scheduled_job_id == row.id, _J.status == JobStatus.FAILED)
        .order_by(_J.nominal_at.desc())
        .limit(1)
        .offset(max(0, row.consecutive_failures - 1))
        .subquery()
        for row in failing
        if row.consecutive_failures <= LONGEST
    ]
    if not firsts:
        return []
    return [
        Failure(
            schedule=names[row.scheduled_job_id],
            began_at=row.started_at,
            exit_code=row.exit_code,
            error=row.error,
        )
        for row in tx.connection.execute(union_all(*(select(first) for first in firsts)))
        if row.started_at is not None
    ]
