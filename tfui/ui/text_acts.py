"""A schedule edited as text from the list: checked, and saved as one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.errors import Conflict
from tfui.ui.office import office_of
from tfui.ui.plain import plain
from tfui.ui.screens.text_editing import edit_version
from tfui.ui.stored import stored

if TYPE_CHECKING:
    from textual.widget import Widget

    from tfui.model.schedule import ScheduleRow
    from tfui.ui.acts import Acts
    from tfui.ui.merging import Version


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of a text that could be read."""

    wanted: Version
    saved: ScheduleRow | None
    """None when nothing was to be saved, or nothing could be."""
    is_behind: bool = False
    """Whether somebody else has saved meanwhile."""


class TextActs:
    """Edits as text; goes on in the editor's form where somebody saved meanwhile."""

    def __init__(self, owner: Widget, acts: Acts) -> None:
        self._owner = owner
        self._acts = acts

    async def edit(self, row: ScheduleRow) -> None:
        """Edit a schedule in $EDITOR; what was written is never lost to a conflict."""
        begun = await self._acts.ask(lambda caller: stored(caller, row.id))
        if begun is None:
            return
        app = self._owner.app
        caller = office_of(self._owner).caller

        def judge(wanted: Version) -> _Judged:
            try:
                return _Judged(wanted, begun.save(caller, wanted))
            except Conflict:
                return _Judged(wanted, None, is_behind=True)

        found = await edit_version(app, begun.version, judge=judge)
        if found is None:
            return
        if found.is_behind:
            await self._acts.go_on(row.id, begun.revision, begun.version, found.wanted)
        elif found.saved is None:
            self._acts.say("Nothing was changed")
        else:
            self._acts.tell_changed(f"Changed {plain(found.saved.name)}")
