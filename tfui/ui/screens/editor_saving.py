"""What the editor asks of the service, in threads: checks, saves, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.states import ScheduleType
from tfui.errors import Invalid
from tfui.ui.widgets.editor_changes import changed_values
from tfui.ui.widgets.editor_spec import AFTER

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.parent_text import Parent
    from tfui.errors import Problem
    from tfui.model.schedule import ScheduleDraft, ScheduleRow
    from tfui.service.caller import Caller


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the service says about one draft."""

    draft: ScheduleDraft
    parents: tuple[Parent, ...]
    problems: dict[str, Problem]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What only the store and the machine know."""

    zones: tuple[str, ...]
    queues: tuple[str, ...]
    job_types: tuple[str, ...]
    created_at: datetime | None
    """What a changed grid without a start counts from; None for a new schedule."""
    anchor_at: datetime | None
    """What the stored rule counts from."""
    parents: tuple[Parent, ...]
    """What it comes after."""


def check(
    caller: Caller,
    draft: ScheduleDraft,
    schedule_id: UUID | None,
    wanted: tuple[Parent, ...],
) -> Verdict:
    """Ask for every bad field at once, and for what would fail on this machine."""
    from tfui.service import coincidences, parents, schedules

    problems = schedules.check(caller, draft, schedule_id=schedule_id)
    is_chained = draft.schedule_type == ScheduleType.CHAINED
    problem = parents.problem(caller, wanted, schedule_id=schedule_id, is_chained=is_chained)
    if problem is not None:
        problems[AFTER] = problem
    apart = coincidences.draft_warnings(caller, draft, schedule_id, wanted)
    return Verdict(draft, wanted, problems, (*apart, *_command_warning(draft)))


def save(
    caller: Caller,
    draft: ScheduleDraft,
    *,
    base: ScheduleDraft,
    schedule_id: UUID | None,
    revision: int | None,
    parents: tuple[tuple[Parent, ...], tuple[Parent, ...]],
) -> ScheduleRow:
    """Create the schedule, or edit what of it differs from `base`; `parents` are before and after."""
    from tfui.service import schedules
    from tfui.service.parents import ParentChange

    change = ParentChange.between(*parents)
    if schedule_id is None:
        return schedules.create(caller, draft, parents=change)
    return schedules.edit(
        caller, schedule_id, changed_values(base, draft), revision=revision, parents=change
    )


def read_background(caller: Caller, schedule_id: UUID | None) -> Background:
    """Collect names for completion, and when the schedule was made. Takes a moment: reads zone files."""
    from zoneinfo import available_timezones

    from tfui.runners.catalog import Catalog
    from tfui.service import parents, queues, schedules

    created_at = anchor_at = None
    comes_after: tuple[Parent, ...] = ()
    if schedule_id is not None:
        stored = schedules.detail(caller, schedule_id).schedule
        created_at, anchor_at = stored.created_at, stored.anchor_at
        comes_after = parents.listed(caller, schedule_id)
    return Background(
        tuple(sorted(available_timezones())),
        tuple(sorted(queue.name for queue in queues.listing(caller))),
        Catalog().names(),
        created_at,
        anchor_at,
        comes_after,
    )


def _command_warning(draft: ScheduleDraft) -> tuple[str, ...]:
    if draft.job_type != "shell":
        return ()
    from tfui.runners.shell import find_command_problem

    try:
        found = find_command_problem(draft.payload)
    except Invalid:
        return ()  # told beside its field
    return () if found is None else (found,)
