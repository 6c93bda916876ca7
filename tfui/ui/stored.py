"""A schedule as it was read for editing, and a later version of it saved as one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.errors import Invalid
from tfui.ui.merging import Version
from tfui.ui.screens import editor_saving

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.schedule import ScheduleRow
    from tfui.service.caller import Caller


@dataclass(frozen=True, slots=True)
class Stored:
    """A schedule as it was when the editing began."""

    schedule_id: UUID
    revision: int
    version: Version

    def save(self, caller: Caller, wanted: Version) -> ScheduleRow | None:
        """Save what differs; None when nothing does. Raises Invalid, and Conflict when it is older."""
        draft, parents = wanted.draft, wanted.parents
        if wanted == self.version:
            return None
        verdict = editor_saving.check(caller, draft, self.schedule_id, parents)
        if verdict.problems:
            raise Invalid(verdict.problems)
        return editor_saving.save(
            caller,
            draft,
            base=self.version.draft,
            schedule_id=self.schedule_id,
            revision=self.revision,
            parents=(self.version.parents, parents),
        )


def stored(caller: Caller, schedule_id: UUID) -> Stored:
    """Read a schedule for editing. Raises NotFound."""
    from tfui.service import schedules

    # Before the draft: a change that comes in between is a conflict then, and not overwritten.
    rows = schedules.rows(caller, [schedule_id])
    version = whole(caller, schedule_id)
    return Stored(schedule_id, rows[0].revision, version)


def whole(caller: Caller, schedule_id: UUID) -> Version:
    """Read a schedule and what it comes after. Raises NotFound."""
    from tfui.service import parents, schedules

    return Version(schedules.draft(caller, schedule_id), parents.listed(caller, schedule_id))
