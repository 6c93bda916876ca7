"""What can be done right now, and why the rest cannot: for greyed keys and the palette's reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right, allows
from tfui.ui.keys import ACTIONS, Where

if TYPE_CHECKING:
    from tfui.model.schedule import ScheduleRow
    from tfui.ui.keys import Action
    from tfui.ui.office import Office

NEED_A_ROW = frozenset(
    {
        "open",
        "edit",
        "run",
        "run.past",
        "pause",
        "pause.until",
        "cancel",
        "delete",
        "mark",
        "move",
        "set.zone",
        "copy",
        "duplicate",
        "edit.text",
    }
)
"""Verbs on the schedule that is selected."""
_RIGHTS = {
    "run": Right.JOB_RUN,
    "run.past": Right.JOB_RUN,
    "cancel": Right.JOB_RUN,
    "run.retry": Right.JOB_RUN,
}
_BY_DOES = {(action.where, action.does): action for action in ACTIONS}


class Permits:
    """The rules of one view."""

    def __init__(self, office: Office, *, read_only: bool) -> None:
        self._office = office
        self._read_only = read_only

    @staticmethod
    def find(does: str, places: tuple[Where, ...]) -> Action | None:
        """Give the registry's action for a Textual action of one of `places`."""
        found = (_BY_DOES.get((where, does)) for where in places)
        return next((action for action in found if action is not None), None)

    def why_not(self, action: Action, row: ScheduleRow | None) -> str | None:
        """Say why `action` cannot be done on `row` now; None when it can."""
        if action.writes and (reason := self.why_not_write(_RIGHTS.get(action.id))):
            return reason
        if action.id in NEED_A_ROW and row is None:
            return "no schedule is selected"
        if action.id == "cancel" and row is not None and row.live is None:
            return "nothing is running or waiting"
        return None

    def why_not_write(self, right: Right | None = None) -> str | None:
        """Say why nothing may be changed; None when it may."""
        if self._read_only:
            return "the dashboard was started read-only"
        if not self._office.is_open:
            return "the store is not open"
        caller = self._office.caller
        if (reason := caller.why_read_only) is not None:
            return reason
        if not allows(caller.role, right or Right.SCHEDULED_JOB_WRITE):
            return f"a {caller.role.value} may not do this"
        return None
