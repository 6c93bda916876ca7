"""Dependencies for whoever asks: which schedules come after which, said, taken back and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.dependency import find_cycle
from tfui.core.identifiers import short
from tfui.core.rights import Right
from tfui.core.states import DependencyStatus, DependencyType, JobStatus, ScheduleType
from tfui.errors import Conflict, NotFound
from tfui.model.dependency import After
from tfui.service import dependency_changes, schedule_changes
from tfui.service.caller import twice
from tfui.service.draft_columns import draft_of
from tfui.store import dependencies as store
from tfui.store import jobs, links, queues, schedules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

_SECOND = timedelta(seconds=1)


def add(
    caller: Caller,
    child_id: UUID,
    parent_id: UUID,
    *,
    dependency_type: DependencyType = DependencyType.SEQUENTIAL,
    window: timedelta | None = None,
    chained: bool = False,
) -> DependencyRow:
    """Have a schedule's runs wait for another's, from the next one on.

    The same instant's, or with `window` the newest within it. `chained` takes the child's own time
    away: it then runs whenever the parent reaches the state. Raises Invalid, NotFound, and Conflict
    with the path when that would close a circle.
    """
    after = After(
        parent_id=parent_id,
        dependency_type=dependency_type,
        window_seconds=None if window is None else window // _SECOND,
    )
    with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
        child = _lock_both(tx, caller, child_id, parent_id)
        entries: list[Entry | None] = []
        if chained and child.schedule_type is not ScheduleType.CHAINED:
            entries.append(_take_time_away(tx, child))
        entries.append(dependency_changes.add(tx, child, after))
        caller.record(tx, [entry for entry in entries if entry is not None])
        return _find(tx, child_id, parent_id)


def remove(caller: Caller, child_id: UUID, parent_id: UUID) -> DependencyRow:
    """Have a schedule come after another no more; give what was. Raises NotFound.

    A job that waits already goes on waiting. A chained schedule without a parent runs by hand only.
    """
    with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
        child = _lock_both(tx, caller, child_id, parent_id)
        found = store.find(tx, child_id, parent_id)
        if found is None:
            name = store.names(tx, [parent_id])[parent_id]
            raise NotFound(f"{child.name} does not come after {name}")
        caller.record(tx, [dependency_changes.remove(tx, found)])
        return found


def listing(caller: Caller, schedule_id: UUID | None = None) -> list[DependencyRow]:
    """Give all dependencies by the child's name, or those that a schedule has on either side."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        wanted = None if schedule_id is None else [schedule_id]
        return store.rows(tx, caller.organization_id, wanted)


def parents(caller: Caller, ids: Sequence[UUID]) -> dict[UUID, list[DependencyRow]]:
    """Give what schedules come after; those that come after nothing are left out."""
    found: dict[UUID, list[DependencyRow]] = {}
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        for row in store.rows(tx, caller.organization_id, ids):
            if row.child_id in ids:
                found.setdefault(row.child_id, []).append(row)
    return found


@twice
def link_jobs(
    caller: Caller,
    child_id: UUID,
    parent_id: UUID,
    *,
    dependency_type: DependencyType = DependencyType.SEQUENTIAL,
) -> DependencyStatus:
    """Have one job that has not begun wait for another; say whether it does.

    Raises NotFound, and Conflict when the child has begun, the parent can let it go no more, or
    that would close a circle.
    """
    with caller.writing(Right.JOB_RUN) as tx:
        held = {job.id: job for job in jobs.hold(tx, caller.organization_id, [child_id, parent_id])}
        for job_id in (child_id, parent_id):
            if job_id not in held:
                raise NotFound(f"there is no job {short(job_id)}")
        child = held[child_id]
        if child.status not in {JobStatus.QUEUED, JobStatus.BLOCKED}:
            raise Conflict(
                f"job {short(child_id)} is {child.status.value}: it can wait for nothing more"
            )
        circle = find_cycle(child_id, parent_id, parents_of=lambda one: links.parents_of(tx, one))
        if circle is not None:
            path = " after ".join(short(one) for one in circle)
            raise Conflict(f"that would have job {short(child_id)} wait for itself: {path}")
        status = links.link(tx, child_id, parent_id, dependency_type)
        if status is DependencyStatus.FAILED:
            raise Conflict(f"job {short(parent_id)} was {held[parent_id].status.value} already")
        caller.record(tx, [dependency_changes.linked(child, parent_id, dependency_type)])
        return status


def _lock_both(tx: Transaction, caller: Caller, child_id: UUID, parent_id: UUID) -> ScheduledJob:
    found = schedules.lock(tx, caller.organization_id, [child_id, parent_id])
    for schedule_id in (child_id, parent_id):
        if schedule_id not in found:
            raise NotFound(f"there is no schedule {short(schedule_id)}")
        if found[schedule_id].deleted_at is not None:
            raise NotFound(f"{found[schedule_id].name} is deleted; it can be restored")
    return found[child_id]


def _take_time_away(tx: Transaction, child: ScheduledJob) -> Entry | None:
    known = queues.ids_by_name(tx, child.organization_id)
    queue = next(name for name, queue_id in known.items() if queue_id == child.queue_id)
    old = draft_of(child, queue)
    new = replace(old, schedule_type=ScheduleType.CHAINED, schedule_expression="")
    return schedule_changes.edit(tx, child, old, new, queue_id=child.queue_id)


def _find(tx: Transaction, child_id: UUID, parent_id: UUID) -> DependencyRow:
    found = store.find(tx, child_id, parent_id)
    if found is None:
        raise AssertionError(f"the dependency of {child_id} on {parent_id} was written and is gone")
    return found
