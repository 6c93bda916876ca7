"""What the keys do with the entry under the audit's cursor: take it back, or show what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tfui.ui.plain import plain
from tfui.ui.views.view import View
from tfui.ui.widgets.audit_list import AuditList

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.service.undoing import Turn
    from tfui.ui.keys import Action

_NEED_A_ROW = frozenset({"audit.open", "audit.revert", "audit.reveal"})


class AuditActions(View):
    """The acts, each by its key."""

    @property
    def entries(self) -> AuditList:
        """The list."""
        return self.query_one(AuditList)

    def action_reveal(self) -> None:
        """Show the schedule that the entry is about in the list of schedules."""
        row = self.entries.cursor_row
        if row is not None and row.subject_type == "schedule":
            self.post_message(self.Reveal(row.subject_id))

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now."""
        row = self.entries.cursor_row if self.is_mounted else None
        if action.id in _NEED_A_ROW and row is None:
            return "no entry is selected"
        if action.id == "audit.reveal" and row is not None and row.subject_type != "schedule":
            return f"it is about a {row.subject_type}"
        if action.id == "audit.revert" and row is not None:
            return super().why_not(action) or self.why_not_revert(row)
        return super().why_not(action)

    @staticmethod
    def why_not_revert(row: JournalRow) -> str | None:
        """Say why an entry cannot be taken back."""
        from tfui.service import taking_back

        if row.undone_by is not None:
            return f"entry #{row.undone_by} took it back already"
        if row.verb not in taking_back.VERBS:
            return "what has begun to run or ended stays as it is"
        return None

    @work(group="act")
    async def action_revert(self) -> None:
        """Take the entry under the cursor back, as a new entry."""
        from tfui.service import journal

        row = self.entries.cursor_row
        if row is None:
            return
        entry_id = row.id

        def revert(caller: Caller) -> Turn:
            return journal.revert(caller, entry_id)

        turn = await self.acts.perform(revert)
        if turn is not None:
            self.acts.say(f"Reverted: {plain(turn.words)}", undo=True)
