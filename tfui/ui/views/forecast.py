"""View 2, the forecast: the coming load against the seats, a lane a schedule, and the real past before it.

It coordinates: which stretch is read, where the cursor goes, and what the keys do with its cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tfui.ui import forecast_reading, forecast_words
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain, to_ascii
from tfui.ui.reading import Reader
from tfui.ui.spans import ZoneChoice
from tfui.ui.styles import sheet
from tfui.ui.views.forecast_actions import ForecastActions
from tfui.ui.widgets.absence import Absence
from tfui.ui.widgets.forecast_cell import CellPane
from tfui.ui.widgets.forecast_grid import ForecastGrid
from tfui.ui.widgets.forecast_head import ForecastHead
from tfui.ui.widgets.forecast_legend import ForecastLegend

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.ui.forecast_reading import Look
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.widgets.line_list import LineList

_REST = 5.0  # seconds between two readings that only news asks for: one may take half a second


class ForecastView(ForecastActions):
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
            self.show_cell()
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

    def show_cell(self) -> None:
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
        self.show_cell()
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
