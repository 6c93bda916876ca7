"""The menus of the schedules' view: what can be done, what can be copied, and saved filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from tfui.ui import clipboard, copying
from tfui.ui.keys import ACTIONS, BY_ID, Where
from tfui.ui.plain import plain
from tfui.ui.screens.menu import Item, MenuScreen
from tfui.ui.views.schedule_marks import ScheduleMarks
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from tfui.service.caller import Caller
    from tfui.ui.keys import Action
    from tfui.ui.merging import Version

_NOT_IN_MENUS = frozenset({"filter", "menu", "mark", "open"})
"""Actions that make no sense when they are chosen from a list."""

_GROUPS = (
    ("run", "run.past", "cancel", "inspect"),
    ("edit", "edit.text", "duplicate", "move", "set.zone"),
    ("pause", "pause.until", "delete"),
    ("copy", "mark.range", "mark.all"),
    ("add", "import"),
)
"""What belongs together in the menu, in its order; everything else follows."""

_OF_MANY = frozenset({"run", "pause", "delete", "move", "set.zone", "mark.range", "mark.all"})
"""Actions that are about whatever is marked."""


class ScheduleMenus(ScheduleMarks):
    """Everything that is chosen from a list of lines."""

    def search(self, text: str) -> None:
        """Type a filter in a person's place."""
        raise NotImplementedError

    @on(LineList.Asked, "#schedules")
    def _asked(self, event: LineList.Asked) -> None:
        event.stop()
        self.action_menu()

    @work(group="dialog")
    async def action_menu(self) -> None:
        """Show what can be done, with its keys; what cannot says why."""
        items = []
        for action, is_last in _in_groups(many=bool(self.marks)):
            reason = self.why_not(action)
            words = f"{action.word.capitalize()}: {reason}" if reason else action.help
            items.append(Item(action.id, action.id, words, is_dead=bool(reason), is_last=is_last))
        chosen = await self.app.push_screen_wait(MenuScreen(self._about(), items))
        if chosen is not None:
            await self.app.run_action(BY_ID[chosen].does, self)

    def _about(self) -> str:
        if self.marks:
            return f"{len(self.marks):,} marked"
        return plain(self.row.name) if self.row is not None else "Schedules"

    @work(group="dialog")
    async def action_copy(self) -> None:
        """Choose what to copy of the schedule."""
        row = self.row
        if row is None:
            return
        found = await self.acts.ask(lambda caller: copying.texts(caller, row.id))
        if found is None:
            return
        title = f"Copy from {plain(row.name)}"
        chosen = await self.app.push_screen_wait(MenuScreen(title, copying.items(found)))
        if chosen is not None:
            by = await clipboard.copy(self.app, found[chosen])
            self.acts.say(f"Copied the {chosen} of {plain(row.name)}{by}")

    @work(group="act")
    async def action_duplicate(self) -> None:
        """Add a schedule that begins as this one."""
        row = self.row
        if row is None:
            return

        def read(caller: Caller) -> Version:
            from tfui.ui.stored import whole

            return whole(caller, row.id)

        found = await self.acts.ask(read)
        if found is None:
            return
        copy = replace(found.draft, name=f"{found.draft.name[:95]}-copy")
        if (schedule_id := await self.acts.add(copy, after=found.parents)) is not None:
            self.show_target(schedule_id)

    @work(group="dialog")
    async def action_saved_filters(self) -> None:
        """Choose one of the filters that are saved in config.toml."""
        from tfui.ui.screens.choosing import ChooseScreen

        saved = self.options.filters
        if not saved:
            self.acts.say("No filter is saved: name one under [filters] in config.toml")
            return
        asked = ChooseScreen("Saved filters", list(saved), texts=list(saved.values()))
        chosen = await self.app.push_screen_wait(asked)
        if chosen is not None:
            self.search(saved[chosen])


def _in_groups(*, many: bool) -> list[tuple[Action, bool]]:
    """Give the actions of the menu, and whether a group ends with each; `many`: those of marks."""
    offered = [
        action.id
        for action in ACTIONS
        if action.where is Where.SCHEDULES
        and action.id not in _NOT_IN_MENUS
        and (action.id in _OF_MANY or not many)
    ]
    named = {each for group in _GROUPS for each in group}
    groups = [*_GROUPS, tuple(each for each in offered if each not in named)]
    found = []
    for group in groups:
        here = [each for each in group if each in offered]
        found += [(BY_ID[each], each == here[-1]) for each in here]
    return found
