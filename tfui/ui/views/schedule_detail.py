"""The detail beside or over the list: what is read for it, its tabs, and the room it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tfui.ui import detail_reading
from tfui.ui.log_reading import NO_LOG, LogLook, same_job
from tfui.ui.views.view import View
from tfui.ui.widgets.detail_pane import DetailPane
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from textual.timer import Timer

    from tfui.model.job import JobRow
    from tfui.ui.detail_reading import DetailLook
    from tfui.ui.live import Live
    from tfui.ui.office import Office
    from tfui.ui.options import Options

_SETTLE = 0.06  # seconds a cursor rests before its detail is read


class ScheduleDetail(View):
    """The part of the schedules' view that is about the one under the cursor."""

    def __init__(self, office: Office, options: Options, live: Live) -> None:
        super().__init__(office, options)
        self._live = live
        self._log: LogLook = NO_LOG
        self._job_id: UUID | None = None
        self._detail_id: UUID | None = None
        self._settling: Timer | None = None

    async def furnish(self) -> None:
        """Make what the first frame did not need."""
        await self.detail.furnish()

    @property
    def table(self) -> ScheduleTable:
        """The list, whose cursor the detail follows."""
        return self.query_one(ScheduleTable)

    @property
    def detail(self) -> DetailPane:
        """The pane."""
        return self.query_one(DetailPane)

    @property
    def instant(self) -> datetime | None:
        """The planned instant under the detail's cursor."""
        return self.detail.instant

    @property
    def job(self) -> JobRow | None:
        """The job under the cursor of the Runs tab."""
        return self.detail.job

    @property
    def is_at_rest(self) -> bool:
        """Whether no cursor has moved a moment ago; the shell knows of the readings."""
        return self._settling is None

    def wanted_detail(self) -> detail_reading.Wanted | None:
        """Say what of the detail is to be read; None when it is not seen, or soon another."""
        schedule_id = self.table.cursor_id
        if schedule_id is None or self.detail.size.width == 0 or self._settling is not None:
            return None
        if schedule_id != self._detail_id:
            self._detail_id, self._job_id, self._log = schedule_id, None, NO_LOG
        return detail_reading.Wanted(
            schedule_id=schedule_id, job_id=self._job_id, log=self._log, tab=self.detail.tab
        )

    def take_detail(self, look: DetailLook | None) -> None:
        """Show a new reading of the detail; None when the schedule is gone."""
        if look is None:
            self.detail.clear()
        elif look.detail.row.id == self.table.cursor_id:
            self._log = same_job(look.log)
            self.detail.show(look, self.office.zones.of(look.detail.row.timezone))

    def settle(self) -> None:
        """Read the detail as soon as the cursor rests."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLE, self._settled)

    def _settled(self) -> None:
        self._settling = None
        self._live.read_detail()

    @on(ScheduleTable.Chosen, "#schedules")
    def action_open(self) -> None:
        """Open the detail, or the run or schedule under its cursor."""
        if self.detail.is_on_a_line:
            self.detail.open_line()
        elif self.table.cursor_id is not None:
            self.add_class("-open")
            self.call_after_refresh(self._live.read_detail)
            self.call_after_refresh(self.detail.focus_content)

    def action_zoom(self) -> None:
        """Give the focused pane all the room, or take it back."""
        self.set_class(self.detail.has_focus_within, "-zoom-detail")
        self.toggle_class("-zoomed")
        self.call_after_refresh(self._live.read)

    def open_tab(self, tab: str) -> None:
        """Bring a tab of the detail to the front, the detail before the list where it lies over it."""
        self.detail.open_tab(tab, focus=False)
        self.add_class("-open")
        self.call_after_refresh(self.detail.focus_content)

    def action_tab(self, by: int) -> None:
        """Bring another tab of the detail to the front."""
        self.detail.turn(by)

    @on(LineList.Moved, "#runs")
    def _run_passed(self, event: LineList.Moved) -> None:
        event.stop()
        self.refresh_bindings()

    @on(DetailPane.RunPicked)
    def _run_picked(self, event: DetailPane.RunPicked) -> None:
        self._job_id, self._log = event.job_id, NO_LOG
        self._live.read_detail()

    @on(DetailPane.TabOpened)
    def _tab_opened(self) -> None:
        self._live.read_detail()

    @on(DetailPane.SchedulePicked)
    def _schedule_picked(self, event: DetailPane.SchedulePicked) -> None:
        self.show_target(event.schedule_id)
