"""Lineage: what schedules come after, by name, and whose jobs wait for whose at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tfui.core import unknown
from tfui.core.states import DependencyStatus
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency, ScheduleDependency
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.store.connection import Transaction

_JOB = table_of(Job)
_J = _JOB.c
_LINK = table_of(JobDependency)
_L = _LINK.c
_D = table_of(ScheduleDependency).c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_PARENT = _JOB.alias("parent")

_WEIGHT = {
    DependencyStatus.RESOLVED: 0,
    DependencyStatus.FAILED: 1,
    DependencyStatus.PENDING: 2,
}


def parent_names(tx: Transaction, child_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Give the names of what each schedule comes after; deleted ones are left out."""
    found: dict[UUID, tuple[str, ...]] = {}
    for some in in_portions(child_ids):
        query = (
            select(_D.child_id, _S.name)
            .join_from(_SCHEDULE, table_of(ScheduleDependency), _D.parent_id == _S.id)
            .where(_D.child_id.in_(some), _S.deleted_at.is_(None))
            .order_by(_D.child_id, _S.name)
        )
        for child_id, name in tx.connection.execute(query):
            found[child_id] = (*found.get(child_id, ()), name)
    return found


def standing(
    tx: Transaction, child_ids: Sequence[UUID]
) -> dict[tuple[UUID, UUID], DependencyStatus]:
    """Say, of live jobs of schedules, what their links are: by the parent's and the child's id.

    Where one of several jobs still waits, the link is pending.
    """
    found: dict[tuple[UUID, UUID], DependencyStatus] = {}
    for some in in_portions(child_ids):
        query = (
            select(_PARENT.c.scheduled_job_id, _J.scheduled_job_id, _L.status)
            .select_from(
                _JOB.join(_LINK, _L.child_job_id == _J.id).join(
                    _PARENT, _PARENT.c.id == _L.parent_job_id
                )
            )
            .where(LIVE_JOB, _J.scheduled_job_id.in_(some))
        )
        for parent_id, child_id, word in tx.connection.execute(query):
            status = unknown.read(DependencyStatus, word)
            known = found.get((parent_id, child_id), status)
            found[parent_id, child_id] = max(
                known, status, key=lambda one: _WEIGHT.get(one, len(_WEIGHT))
            )
    return found
