"""View 2, the forecast: the coming load against the seats, a lane a schedule, and the real past before it.

It coordinates: which stretch is read, where the cursor goes, and what the keys do with its cell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.content import Content
from textual.widgets import Static

from tfui import settings
from tfui.ui import forecast_reading, forecast_starts, forecast_window, forecast_words
from tfui.ui.keys import Where, bindings
from tfui.ui.plain import plain, to_ascii
from tfui.ui.reading import Reader
from tfui.ui.spans import ZoneChoice
from tfui.ui.styles import sheet
from tfui.ui.views.view import View
from tfui.ui.widgets.forecast_grid import ForecastGrid
from tfui.ui.widgets.forecast_starts import StartList

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.errors import TfuiError
    from tfui.ui.forecast_reading import Look
    from tfui.ui.forecast_window import Window
    from tfui.ui.keys import Action
    from tfui.ui.office import Office
    from tfui.ui.options import Options
    from tfui.ui.widgets.line_list import LineList

_DAY = timedelta(hours=24)
_REST = 5.0  # seconds between two readings that only news asks for: one may take half a second


class Nothing(Static, can_focus=True):
    """What stands in the grid's place when there is nothing to forecast; it takes the keys."""


class ForecastView(View):
    """Coordinates head, grid and the starts of a cell."""

    DEFAULT_CSS: ClassVar[str] = sheet("forecast")
    SCOPED_CSS: ClassVar[bool] = False
    PLACES = (Where.FORECAST,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*PLACES)]

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__(office, options)
        self._span = _DAY
        self._window: Window | None = None
        self._is_following = True
        """Whether the stretch goes on with the time."""
        self._look: Look | None = None
        self._is_resting = False
        self._is_stale = False
        self._quiet = -1
        self._reader: Reader[Look] = Reader(
            self, "forecast", then=self._take, failed=self._say_trouble
        )

    def compose(self) -> ComposeResult:
        """Lay out head, axis, grid, the cell's words and its starts."""
        for part in ("title", "peak", "quiet", "axis"):
            yield Static("", id=f"forecast-{part}", markup=False)
        yield ForecastGrid(ascii=self.options.ascii, id="forecast-grid")
        yield Nothing("", id="forecast-empty", markup=False)
        yield Static("", id="forecast-cell", markup=False)
        yield StartList(ascii=self.options.ascii, id="forecast-starts")

    @property
    def grid(self) -> ForecastGrid:
        """The grid."""
        return self.query_one(ForecastGrid)

    @property
    def starts(self) -> StartList:
        """The list of what starts in a cell."""
        return self.query_one(StartList)

    @property
    def zone(self) -> tzinfo | None:
        """One clock for all lanes: UTC when that is chosen, else the machine's."""
        zones = self.office.zones
        return zones.of("UTC") if zones.choice is ZoneChoice.UTC else zones.local

    # Reading

    def reread(self) -> None:
        """Read anew, at once or when the last reading has become a little older."""
        if not self._is_resting or self._look is None:
            self._read()
            return
        self._is_stale = True
        self._take(self._look)  # on another clock, perhaps

    def _read(self) -> None:
        if not self.office.is_open or not self.is_mounted or self.grid.size.width < 20:
            return
        self._is_resting, self._is_stale = True, False
        self.set_timer(_REST, self._rested)
        if self._window is None or self._is_following:
            now = self.office.clock.now()
            self._window = forecast_window.around_now(now, self._span, self.grid.room)
        caller, window = self.office.caller, self._window
        self._reader.ask(lambda: forecast_reading.read(caller, window))

    def _rested(self) -> None:
        self._is_resting = False
        if self._is_stale and self.display:
            self._read()

    def _take(self, look: Look) -> None:
        if look.window != self._window:
            return  # another stretch was asked for meanwhile, and is on its way
        self._look = look
        is_empty = not look.forecast.lanes
        if self.grid.display == is_empty:
            has_keys = self.has_focus_within or self.screen.focused is None
            self.grid.display, self.query_one(Nothing).display = not is_empty, is_empty
            if has_keys:
                self.focus_content()
        with self.app.batch_update():
            self.grid.show(look, self.zone)
            self._show_head(look)
            self._show_cell()
            if self.has_class("-open"):
                self._list()
        self.refresh_bindings()

    def _say_trouble(self, trouble: TfuiError) -> None:
        self._say("title", (plain(str(trouble)), "$text-error"))

    @property
    def is_at_rest(self) -> bool:
        """Whether the stretch that was asked for is shown."""
        return not self._reader.is_busy

    def tick(self, now: datetime) -> None:
        """Go on with the time, a cell at a time."""
        window = self._window
        if self._is_following and window is not None and not self._reader.is_busy:
            due = forecast_window.around_now(now, self._span, self.grid.room)
            if due.begin != window.begin:
                self._read()

    @on(ForecastGrid.Resized)
    def _resized(self, event: ForecastGrid.Resized) -> None:
        event.stop()
        window = self._window
        if window is not None and not self._is_following:
            now, room = self.office.clock.now(), self.grid.room
            self._window = forecast_window.around(window.begin, 0, self._span, room, now)
        self._read()

    # Showing

    def _show_head(self, look: Look) -> None:
        zone = self.zone
        self._say(
            "title",
            (forecast_words.title(look, zone), "bold"),
        )
        assumptions = forecast_words.assumptions(look)
        if not look.forecast.lanes:
            for part in ("peak", "axis", "cell"):
                self._say(part)
            self._say("quiet", (assumptions, "$dim"))
            self._say("empty", *_nothing(may_write=self.permits.why_not_write() is None))
            return
        peak, is_hot = forecast_words.peak(look, zone)
        meeting = plain(forecast_words.overlaps(look))
        self._say("peak", (peak, "$st-late" if is_hot else ""), (f"   {meeting}", "$st-skip"))
        rest = [each for each in (forecast_words.quiet(look, zone), assumptions) if each]
        self._say("quiet", ("   ".join(rest), "$dim"))
        self._say("axis", (self.grid.axis_line(self.grid.size.width), "$dim"))

    def _show_cell(self) -> None:
        """Say in words what the cursor is on."""
        look, grid = self._look, self.grid
        if look is None or not look.forecast.lanes:
            return
        at = forecast_words.of_cell(look, grid.column, self.zone)
        lane, cell = grid.lane, grid.cell
        if lane is None or cell is None:
            name, seats = "all", look.forecast.seats
            is_past = look.window.at(grid.column + 1) <= look.forecast.now
            said = forecast_words.of_level(look.levels[grid.column], seats, is_past=is_past)
        else:
            row = look.forecast.lanes[lane]
            name = f"{row.name} · {row.schedule_expression or 'after others'}"
            said = forecast_words.of_lane(cell)
        self._say("cell", (f" {at}  ", "$accent"), (f"{plain(name)}  ", "bold"), (said, ""))

    def _say(self, part: str, *pieces: tuple[str, str]) -> None:
        """Write texts, each with its style, into one of the lines."""
        if self.options.ascii:
            pieces = tuple((to_ascii(text), style) for text, style in pieces)
        self.query_one(f"#forecast-{part}", Static).update(Content.assemble(*pieces))

    def _list(self) -> None:
        """List what starts in the cell under the cursor."""
        look, grid = self._look, self.grid
        if look is not None:
            lanes = look.lanes if grid.lane is None else (grid.lane,)
            self.starts.show(look, forecast_starts.lines(look, grid.column, lanes), self.zone)

    @on(ForecastGrid.Moved, "#forecast-grid")
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self._show_cell()
        if self.has_class("-open"):
            self._list()
        self.refresh_bindings()

    # Going about

    def focus_content(self) -> None:
        """Give the keys to the grid, or to what stands in its place."""
        (self.grid if self.grid.display else self.query_one(Nothing)).focus()

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
        look, line = self._look, self.starts.line
        if not self.has_class("-open"):
            self.add_class("-open")
            self._list()
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
        look = self._look
        if look is None:
            return
        line = self.starts.line if self.has_class("-open") else None
        if line is not None:
            self.post_message(self.Inspect(look.forecast.lanes[line.lane].id, line.at))
        elif (lane := self.grid.lane) is not None:
            first = next(iter(forecast_starts.lines(look, self.grid.column, (lane,))), None)
            at = None if first is None else first.at
            self.post_message(self.Inspect(look.forecast.lanes[lane].id, at))

    # Time

    def action_zoom(self, steps: int) -> None:
        """Show a shorter stretch, or (negative) a longer one, around the cursor."""
        span = forecast_window.zoomed(self._span, steps)
        window = self._window
        if span == self._span or window is None:
            return
        self._span = span
        grid, now = self.grid, self.office.clock.now()
        if self._is_following and window.column(now) == grid.column:
            grid.aim = now
        else:
            share, at = grid.column / window.columns, window.at(grid.column)
            self._is_following = False
            self._window = forecast_window.around(at, share, span, grid.room, now)
        self._read()

    def action_pan(self, thirds: int) -> None:
        """Go a third of the stretch back or on."""
        window = self._window
        if window is not None:
            self._is_following = False
            columns = thirds * max(1, window.columns // 3)
            self._window = window.moved(columns, self.office.clock.now())
            self.grid.aim = self._window.at(self.grid.column)
            self._read()

    @on(ForecastGrid.Left)
    def _left(self, event: ForecastGrid.Left) -> None:
        event.stop()
        aim = self.grid.aim
        self.action_pan(event.columns)
        self.grid.aim = aim

    def action_now(self) -> None:
        """Go to the present and go on with it."""
        self._is_following = True
        self.grid.aim = self.office.clock.now()
        self._read()

    def action_peak(self) -> None:
        """Put the cursor on the busiest time."""
        if self._look is not None and self._look.peak is not None:
            self.grid.put_at(self._look.window.column(self._look.peak.at))

    def action_quiet(self) -> None:
        """Put the cursor on the next longest quiet time."""
        look = self._look
        if look is not None and look.quiet:
            self._quiet = (self._quiet + 1) % len(look.quiet)
            gap = look.quiet[self._quiet]
            self.grid.put_at(look.window.column(gap.begin + (gap.end - gap.begin) / 2))

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
            self._read()

    @property
    def _instant(self) -> datetime | None:
        """Where the cell under the cursor begins."""
        return None if self._look is None else self._look.window.at(self.grid.column)

    def why_not(self, action: Action) -> str | None:
        """Say why an action cannot be done now."""
        look = self._look
        if action.id == "forecast.inspect" and look is not None and self.grid.lane is None:
            return (
                None if self.has_class("-open") and self.starts.line else "no schedule is selected"
            )
        if action.id == "forecast.add" and look is not None:
            at = self._instant
            if at is not None and at + look.window.cell <= look.forecast.now:
                return "that time has passed"
        return super().why_not(action)


def _nothing(*, may_write: bool) -> list[tuple[str, str]]:
    """Say that there is nothing to forecast, and what to do about it."""
    key = "bold $footer-key-foreground"
    pieces = [("Nothing is scheduled, so nothing is coming\n\n", "bold")]
    if may_write:
        pieces += [("a", key), (" add one    ", "")]
    return [*pieces, ("1", key), (" schedules", "")]
