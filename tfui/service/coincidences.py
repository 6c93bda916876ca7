"""Whether schedules that wait for others' runs will find any: told when they are saved or looked over.

Only those with a time of their own are judged, on both sides: a chained one runs when it is called.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.coincidence import Times, coincidence, warning
from tfui.core.rights import Right
from tfui.core.states import ScheduleType
from tfui.errors import Invalid
from tfui.service import drafts
from tfui.store import accounting, dependencies, schedules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from tfui.core.parent_text import Parent
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller


def warnings(caller: Caller, schedule_id: UUID) -> list[str]:
    """Say which dependencies of a stored schedule, on either side, have times that do not meet."""
    found = []
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        for row in dependencies.rows(tx, caller.organization_id, [schedule_id]):
            child = schedules.get(tx, caller.organization_id, row.child_id)
            parent = schedules.get(tx, caller.organization_id, row.parent_id)
            if child is not None and parent is not None:
                names = (row.child, row.parent)
                times = (_times(child), _times(parent))
                found.append(_judge(names, times, caller.now(), row.window_seconds))
    return [text for text in found if text is not None]


def draft_warnings(
    caller: Caller, draft: ScheduleDraft, schedule_id: UUID | None, wanted: Iterable[Parent]
) -> list[str]:
    """Say the same of a draft that is to come after others; what cannot be read is left out."""
    found = []
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        organization_id, now = caller.organization_id, caller.now()
        stored = None if schedule_id is None else schedules.get(tx, organization_id, schedule_id)
        child = _draft_times(draft, stored, now)
        for one in wanted:
            parent_id = schedules.id_of_name(tx, organization_id, one.name)
            parent = None if parent_id is None else schedules.get(tx, organization_id, parent_id)
            if parent is not None:
                names = (draft.name, one.name)
                found.append(_judge(names, (child, _times(parent)), now, one.window_seconds))
    return [text for text in found if text is not None]


def _judge(
    names: tuple[str, str],
    times: tuple[Times | None, Times | None],
    now: datetime,
    window_seconds: int | None,
) -> str | None:
    """Judge one dependency by the child's and the parent's names and times."""
    child, parent = times
    if child is None or parent is None:
        return None
    window = None if window_seconds is None else timedelta(seconds=window_seconds)
    return warning(*names, coincidence(child, parent, now=now, window=window), window=window)


def _times(schedule: ScheduledJob) -> Times | None:
    if schedule.schedule_type == ScheduleType.CHAINED:
        return None
    try:
        trigger = accounting.trigger_of(schedule)
    except Invalid:
        return None  # doctor and the schedule itself tell of it
    return Times(trigger, schedule.starts_at, schedule.ends_at)


def _draft_times(draft: ScheduleDraft, stored: ScheduledJob | None, now: datetime) -> Times | None:
    if draft.schedule_type == ScheduleType.CHAINED:
        return None
    anchor, seed = now, ""
    if stored is not None:
        created_at, seed = stored.created_at, str(stored.id)
        anchor = drafts.anchor_of(draft.schedule_type, created_at=created_at, now=now)
    try:
        trigger = drafts.trigger_of(draft, anchor_at=anchor, seed=seed)
    except Invalid:
        return None  # the check of the draft tells of it
    return Times(trigger, draft.starts_at, draft.ends_at)
