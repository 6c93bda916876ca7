"""What the keys do with the cell under the forecast's cursor: list, open, explain, add there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from tfui import settings
from tfui.ui import forecast_starts
from tfui.ui.views.forecast_time import ForecastTime
from tfui.ui.widgets.forecast_cell import CellPane
from tfui.ui.widgets.forecast_starts import StartList

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.ui.forecast_reading import Look
    from tfui.ui.keys import Action
    from tfui.ui.widgets.line_list import LineList


class ForecastActions(ForecastTime):
    """The acts, each by its key; a view says what is shown."""

    @property
    def starts(self) -> StartList:
        """The list of what starts in a cell."""
        return self.pane.starts

    @property
    def pane(self) -> CellPane:
        """What tells of the cell under the cursor."""
        return self.query_one(CellPane)

    def show_cell(self) -> None:
        """Say in words what the cursor is on, and list what starts there."""
        raise NotImplementedError

    def action_open(self) -> None:
        """List what starts in the cell; from there, open the run or the schedule."""
        look, line = self.look, self.starts.line
        if not self.has_class("-open"):
            self.add_class("-open")
            self.show_cell()
            self.starts.move_to(0, report=False)
            self.call_after_refresh(self.starts.focus)
        elif look is not None and line is not None:
            self._go_to(look, line)

    def _go_to(self, look: Look, line: forecast_starts.StartLine) -> None:
        if line.job_id is not None:
            self.post_message(self.OpenJob(line.job_id))
        else:
            self.post_message(self.Reveal(look.forecast.lanes[line.lane].id))

    @on(StartList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.action_open()

    def action_inspect(self) -> None:
        """Say why the start under the cursor ran or did not; without one, what its schedule waits for."""
        look = self.look
        if look is None:
            return
        line = self.starts.line if self.has_class("-open") else None
        if line is not None:
            self.post_message(self.Inspect(look.forecast.lanes[line.lane].id, line.at))
        elif (lane := self.grid.lane) is not None:
            first = next(iter(forecast_starts.lines(look, self.grid.column, (lane,))), None)
            at = None if first is None else first.at
            self.post_message(self.Inspect(look.forecast.lanes[lane].id, at))

    @work(group="act")
    async def action_add(self) -> None:
        """Open the editor on a daily schedule at the time of the cell."""
        from tfui.ui.widgets.editor_sheet import EMPTY

        at = self._instant
        if at is None:
            return
        timezone = self.options.zone or settings.host_zone()
        wall = at.astimezone(self.office.zones.local)
        draft = replace(
            EMPTY, schedule_expression=f"{wall.minute} {wall.hour} * * *", timezone=timezone
        )
        if await self.acts.add(draft) is not None:
            self.read()

    @property
    def _instant(self) -> datetime | None:
        """Where the cell under the cursor begins."""
        return None if self.look is None else self.look.window.at(self.grid.column)

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now."""
        look = self.look
        if action.id == "forecast.inspect" and look is not None and self.grid.lane is None:
            return (
                None if self.has_class("-open") and self.starts.line else "no schedule is selected"
            )
        if action.id == "forecast.add" and look is not None:
            at = self._instant
            if at is not None and at + look.window.cell <= look.forecast.now:
                return "that time has passed"
        return super().why_not(action)
