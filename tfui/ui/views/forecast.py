"""View 2, the forecast: the coming load against the seats, a lane a schedule, and the real past before it.

It coordinates: which stretch is read, where the cursor goes, and what the keys do with its cell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tfui import settings
from tfui.ui import forecast_reading, forecast_starts, forecast_words
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain, to_ascii
from tfui.ui.reading import Reader
from tfui.ui.spans import ZoneChoice
from tfui.ui.styles import sheet
from tfui.ui.views.forecast_time import ForecastTime
from tfui.ui.widgets.absence import Absence
from tfui.ui.widgets.forecast_cell import CellPane
from tfui.ui.widgets.forecast_grid import ForecastGrid
from tfui.ui.widgets.forecast_head import ForecastHead
from tfui.ui.widgets.forecast_legend import ForecastLegend
from tfui.ui.widgets.forecast_starts import StartList

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.ui.forecast_reading import Look
    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.widgets.line_list import LineList

_REST = 5.0  # seconds between two readings that only news asks for: one may take half a second


class ForecastView(ForecastTime):
    """Coordinates head, grid and the starts of a cell."""

    DEFAULT_CSS: ClassVar[str] = sheet("forecast")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.FORECAST,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._is_resting = False
        self._is_stale = False
        self._reader: Reader[Look] = Reader(
            self, "forecast", then=self._take, failed=self._say_trouble
        )

    def compose(self) -> ComposeResult:
        """Lay out the frame of the grid with its legend, and below it the cell."""
        ascii_only = self.options.ascii
        with Vertical(id="forecast-pane") as pane:
            pane.border_title = "Forecast"
            yield Static("", id="forecast-title", markup=False)
            yield ForecastHead(id="forecast-head")
            yield Static("", id="forecast-axis", markup=False)
            yield ForecastGrid(ascii=ascii_only, id="forecast-grid")
            yield Absence(id="forecast-empty")
            yield ForecastLegend(ascii=ascii_only, id="forecast-legend")
        yield CellPane(ascii=ascii_only, id="forecast-cell-pane")

    @property
    def starts(self) -> StartList:
        """The list of what starts in a cell."""
        return self.pane.starts

    @property
    def pane(self) -> CellPane:
        """What tells of the cell under the cursor."""
        return self.query_one(CellPane)

    @property
    def zone(self) -> tzinfo | None:
        """One clock for all lanes: UTC when that is chosen, else the machine's."""
        zones = self.office.zones
        return zones.of("UTC") if zones.choice is ZoneChoice.UTC else zones.local

    # Reading

    def reread(self) -> None:
        """Read anew, at once or when the last reading has become a little older."""
        if not self._is_resting or self.look is None:
            self.read()
            return
        self._is_stale = True
        self._take(self.look)  # on another clock, perhaps

    def read(self) -> None:
        """Read the stretch that is to be shown."""
        if not self.office.is_open or not self.is_mounted or self.grid.size.width < 20:
            return
        self._is_resting, self._is_stale = True, False
        self.set_timer(_REST, self._rested)
        window = self.stretch.settle(self.office.clock.now(), self.grid.room)
        caller = self.office.caller
        self._reader.ask(lambda: forecast_reading.read(caller, window))

    def _rested(self) -> None:
        self._is_resting = False
        if self._is_stale and self.display:
            self.read()

    def _take(self, look: Look) -> None:
        if look.window != self.stretch.window:
            return  # another stretch was asked for meanwhile, and is on its way
        self.look = look
        self._show_whether_empty(look)
        with self.app.batch_update():
            self.grid.show(look, self.zone)
            self._show_head(look)
            self._show_cell()
        self.refresh_bindings()

    def _show_whether_empty(self, look: Look) -> None:
        is_empty = not look.forecast.lanes
        if self.grid.display != is_empty:
            return
        has_keys = self.has_focus_within or self.screen.focused is None
        for part in (self.grid, self.pane, self.query_one(ForecastLegend)):
            part.display = not is_empty
        self.query_one(Absence).display = is_empty
        if has_keys:
            self.focus_content()

    def _say_trouble(self, trouble: TfuiError) -> None:
        self.query_one(ForecastHead).say([(self._drawn(plain(str(trouble))), "$text-error")])

    @property
    def is_at_rest(self) -> bool:
        """Whether the stretch that was asked for is shown."""
        return not self._reader.is_busy

    def tick(self, now: datetime) -> None:
        """Go on with the time, a cell at a time."""
        if not self._reader.is_busy and self.stretch.is_behind(now, self.grid.room):
            self.read()

    @on(ForecastGrid.Resized)
    def _resized(self, event: ForecastGrid.Resized) -> None:
        event.stop()
        self.stretch.resize(self.office.clock.now(), self.grid.room)
        self.read()

    # Showing

    def _show_head(self, look: Look) -> None:
        title = self._drawn(forecast_words.title(look, self.zone))
        self.query_one("#forecast-pane").border_title = Content(f"Forecast  {title}")
        phrases = forecast_words.phrases(look, self.zone)
        self.query_one(ForecastHead).say([(self._drawn(said), style) for said, style in phrases])
        is_empty = not look.forecast.lanes
        axis = "" if is_empty else self.grid.axis_line(self.grid.size.width)
        for part, text, style in (("title", title, "bold"), ("axis", axis, "$dim")):
            self.query_one(f"#forecast-{part}", Static).update(Content.styled(text, style))
        if is_empty:
            may_write = self.permits.why_not_write() is None
            self.query_one(Absence).say(*forecast_words.nothing(may_write=may_write))

    def _show_cell(self) -> None:
        """Say in words what the cursor is on, and list what starts there."""
        look = self.look
        if look is not None and look.forecast.lanes:
            self.pane.show(look, self.grid, self.zone, lists=self._lists)

    @property
    def _lists(self) -> bool:
        """Whether what starts in the cell is to be seen."""
        return self.has_class("-open") or self.starts.display

    def _drawn(self, text: str) -> str:
        return to_ascii(text) if self.options.ascii else text

    @on(ForecastGrid.Moved, "#forecast-grid")
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self._show_cell()
        self.refresh_bindings()

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the grid, or to what stands in its place."""
        (self.grid if self.grid.display else self.query_one(Absence)).focus()

    def show_target(self, target: object) -> None:
        """Do nothing: the grid has every schedule."""

    @property
    def can_close(self) -> bool:
        """Whether the list of starts is open."""
        return self.has_class("-open")

    def close_one(self) -> bool:
        """Close the list of starts."""
        if not self.can_close:
            return False
        self.remove_class("-open")
        self.grid.focus()
        return True

    def action_open(self) -> None:
        """List what starts in the cell; from there, open the run or the schedule."""
        look, line = self.look, self.starts.line
        if not self.has_class("-open"):
            self.add_class("-open")
            self._show_cell()
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

    # Acts

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
