"""One schedule whole: overview, next runs, past runs, and the output of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tfui.ui.plain import plain
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from datetime import datetime, tzinfo
    from uuid import UUID

    from textual.app import ComposeResult

    from tfui.clock import Clock
    from tfui.model.job import JobRow
    from tfui.ui.detail_reading import DetailLook
    from tfui.ui.widgets.detail_tabs import DetailTabs

TABS = ("overview", "next", "runs", "ledger", "deps", "log")


class DetailPane(Vertical):
    """Shows the schedule under the list's cursor. Empty until it is furnished."""

    @dataclass
    class RunPicked(Message):
        """A run was opened: its output is wanted."""

        job_id: UUID

    @dataclass
    class SchedulePicked(Message):
        """Another schedule was opened: it is to be shown."""

        schedule_id: UUID

    @dataclass
    class TabOpened(Message):
        """Another tab is in front: what it shows may not have been read."""

        tab: str

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._tabs: DetailTabs | None = None
        self._named = ""
        """The schedule in the title."""

    def compose(self) -> ComposeResult:
        """Lay out the tabs' names alone: the first frame waits for nothing else."""
        yield TabStrip(TABS, ascii=self._ascii, id="tabs")

    @property
    def tab(self) -> str:
        """Which tab is in front."""
        return self.query_one(TabStrip).current

    async def furnish(self) -> None:
        """Make what is behind the tabs."""
        from tfui.ui.widgets.detail_tabs import DetailTabs

        tabs = DetailTabs(self._clock, ascii=self._ascii, id="tab-content")
        await self.mount(tabs)
        self._tabs = tabs

    def show(self, look: DetailLook, zone: tzinfo | None) -> None:
        """Take a new reading."""
        name = plain(look.detail.row.name)
        if name != self._named:  # a title, even the same, draws the whole pane anew
            self._named = name
            self.border_title = Content(name)
        if self._tabs is not None:
            self._tabs.show(look, zone)

    def clear(self) -> None:
        """Show nothing: there is no schedule under the cursor."""
        self.border_title = self._named = ""
        if self._tabs is not None:
            self._tabs.clear()

    def tick(self) -> None:
        """Tell what is in front anew as time goes by."""
        if self._tabs is not None and self.display:
            self._tabs.tick()

    def open_tab(self, tab: str, *, focus: bool = True) -> None:
        """Bring a tab to the front."""
        if self._tabs is None:
            return
        self.query_one(TabStrip).show(tab)
        self._tabs.open(tab)
        if focus:
            self.focus_content()
        self.post_message(self.TabOpened(tab))

    def turn(self, by: int) -> None:
        """Bring the next or previous tab to the front."""
        has_focus = self.has_focus_within
        self.open_tab(self.query_one(TabStrip).neighbour(by), focus=has_focus)

    def focus_content(self) -> None:
        """Give the keys to what is behind the tab in front."""
        if self._tabs is not None:
            self._tabs.keyed().focus()

    @on(TabStrip.Picked)
    def _tab_picked(self, event: TabStrip.Picked) -> None:
        event.stop()
        self.open_tab(event.tab)

    @on(LineList.Chosen)
    def _line_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.open_line()

    @property
    def is_on_a_line(self) -> bool:
        """Whether the keys go to a list of runs or schedules."""
        return self._tabs is not None and isinstance(self.screen.focused, self._tabs.lists)

    @property
    def can_open(self) -> bool:
        """Whether the line under the keys leads somewhere; what did not run has no output."""
        if self._tabs is not None and self._tabs.run_list.has_focus:
            return self.job is not None
        return self.is_on_a_line

    @property
    def instant(self) -> datetime | None:
        """The planned instant under the cursor, when the keys go to the list of runs."""
        if self._tabs is None or not self._tabs.run_list.has_focus:
            return None
        row = self._tabs.run_list.cursor_row
        return None if row is None else row.nominal_at

    @property
    def job(self) -> JobRow | None:
        """The job under the cursor, when the keys go to the list of runs."""
        if self._tabs is None or not self._tabs.run_list.has_focus:
            return None
        row = self._tabs.run_list.cursor_row
        return None if row is None else row.job

    def open_line(self) -> None:
        """Show the output of the run, or go to the schedule, under the cursor."""
        if self._tabs is None:
            return
        if self.tab == "deps":
            neighbour = self._tabs.dependency_list.cursor_row
            if neighbour is not None:
                self.post_message(self.SchedulePicked(neighbour.row.id))
            return
        row = self._tabs.run_list.cursor_row
        if row is not None and row.job is not None:
            self.post_message(self.RunPicked(row.job.id))
            self.open_tab("log")
