"""The forecast's grid: a line of load, then a line a schedule, and a cursor that is one cell.

Lines are laid out when they are first seen, so a thousand schedules cost no more than a screenful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from tfui.ui import forecast_cells, keys
from tfui.ui.forecast_cells import NOW, Cell
from tfui.ui.forecast_window import axis
from tfui.ui.keys import Where
from tfui.ui.plain import fit
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.line_styles import Ground

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from textual import events
    from textual.binding import BindingType

    from tfui.ui.forecast_reading import Look

_REVERSED = Style(reverse=True, bold=True)
_HOLES = {"█": "!"}
_LOAD = 0
"""The first line is the load of all; the lanes come after it."""


_LEAST_NAME, _MOST_NAME = 15, 30
_AROUND = 4  # the mark before the name, and the gaps on either side of it


class ForecastGrid(LineList):
    """Draws a look; reports where the cursor goes and when it leaves the window."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Where.MOVING, Where.CELLS)]

    @dataclass
    class Left(Message):
        """The cursor was moved out of the window, to its `aim`."""

        columns: int

    @dataclass
    class Resized(Message):
        """There is another number of cells."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self.column = 0
        self.aim: datetime | None = None
        """The instant that the cursor goes to with the next look; None: it stays at its own."""
        self._ascii = ascii
        self._look: Look | None = None
        self._zone: tzinfo | None = None
        self._cells: dict[int, tuple[Cell, ...]] = {}

    @property
    def room(self) -> int:
        """How many cells of time there is room for."""
        return max(14, self.scrollable_content_region.width - _LEAST_NAME - _AROUND)

    @property
    def name_width(self) -> int:
        """How many cells a name has: what the cells of time leave, within bounds."""
        columns = 0 if self._look is None else self._look.window.columns
        left = self.scrollable_content_region.width - _AROUND - columns
        return max(_LEAST_NAME, min(left, _MOST_NAME))

    @property
    def lane(self) -> int | None:
        """The lane under the cursor; None on the line of load."""
        if self._look is None or self.cursor == _LOAD:
            return None
        return self._look.lanes[self.cursor - 1]

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor; None on the line of load."""
        lane = self.lane
        return None if lane is None else self.cells(lane)[self.column]

    def cells(self, lane: int) -> tuple[Cell, ...]:
        """Give a lane's cells, laid out when they are first asked for."""
        found = self._cells.get(lane)
        if found is None:
            if self._look is None:
                return ()
            found = self._cells[lane] = forecast_cells.cells(self._look, lane)
        return found

    def show(self, look: Look, zone: tzinfo | None) -> None:
        """Show another look; the cursor stays with its schedule and its instant."""
        before, lane = self._look, self.lane
        known = None if before is None or lane is None else before.forecast.lanes[lane].id
        if self.aim is None:
            self.aim = look.forecast.now if before is None else before.window.at(self.column)
        self.column = max(0, min(look.window.column(self.aim), look.window.columns - 1))
        self.aim = None
        self._look, self._zone = look, zone
        self._cells.clear()
        ids = [look.forecast.lanes[each].id for each in look.lanes]
        if known in ids:
            self.cursor = ids.index(known) + 1
        self.recount()
        self.show_cursor()

    def put_at(self, column: int) -> None:
        """Put the cursor on a cell of its line."""
        if self._look is not None:
            self.column = max(0, min(column, self._look.window.columns - 1))
            self.refresh_line(self.cursor)
            self.post_message(self.Moved(self))

    def line_count(self) -> int:
        """Count the line of load, and the lanes."""
        return 0 if self._look is None else len(self._look.lanes) + 1

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw the line of load, or a lane."""
        look = self._look
        if look is None:
            return Strip.blank(width)
        names = self.name_width
        arrow = (">" if self._ascii else "›") if ground is not Ground.BARE else " "
        styles = self.styles_now
        head = [Segment(f"{arrow} ", styles.of("mark", ground))]
        if index == _LOAD:
            word = fit(f"load / {look.forecast.seats} seats", names)
            head.append(Segment(word, styles.of("dim", ground)))
            drawn = [
                forecast_cells.height(level, look.forecast.seats, ascii=self._ascii)
                for level in look.levels
            ]
        else:
            lane = look.lanes[index - 1]
            name = fit(look.forecast.lanes[lane].name, names)
            head.append(Segment(name, styles.of("name", ground)))
            found = self.cells(lane)
            hums = forecast_cells.hums(look, found, lane)
            drawn = [cell.drawn(hums=hums, ascii=self._ascii) for cell in found]
        head.append(Segment("  ", styles.of("plain", ground)))
        line = Strip([*head, *self._pieces(drawn, index, ground)])
        return line.adjust_cell_length(width, styles.of("plain", ground))

    def _pieces(self, drawn: list[tuple[str, str]], index: int, ground: Ground) -> list[Segment]:
        """Make segments of the cells, with the line of now and the cursor in them."""
        look, styles = self._look, self.styles_now
        now = -1 if look is None else look.window.column(look.forecast.now)
        pieces = []
        for column, (shape, role) in enumerate(drawn):
            if column == now and shape == " ":
                shape, role = NOW.drawn(ascii=self._ascii), NOW.role  # noqa: PLW2901  # drawn in its place
            style = styles.of(role, ground)
            if index == self.cursor and column == self.column:
                style += _REVERSED
                shape = _HOLES.get(shape, shape)  # noqa: PLW2901  # a full block turned over is nothing
            pieces.append(Segment(shape, style))
        return pieces

    def action_left(self) -> None:
        """Go one cell back in time."""
        self._step(-1)

    def action_right(self) -> None:
        """Go one cell on."""
        self._step(1)

    def _step(self, columns: int) -> None:
        look = self._look
        if look is None:
            return
        column = self.column + columns
        if 0 <= column < look.window.columns:
            self.put_at(column)
        else:
            self.aim = look.window.at(column)
            self.post_message(self.Left(columns))

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked cell; a double click lists what starts in it."""
        offset = event.get_content_offset(self)
        look = self._look
        if offset is not None and look is not None:
            column = offset.x - self.name_width - _AROUND
            if 0 <= column < look.window.columns:
                self.put_at(column)
        super().on_click(event)
        self.refresh_line(self.cursor)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Have another number of cells read."""
        self.show_cursor()
        self.post_message(self.Resized())

    def axis_line(self, width: int) -> str:
        """Write the labels over the cells."""
        if self._look is None:
            return ""
        line = [" "] * max(width, self._look.window.columns + 60)
        left = self.name_width + _AROUND
        for column, label in axis(self._look.window, self._zone):
            line[left + column : left + column + len(label)] = label
        return "".join(line)[:width]
