"""The cell under the forecast's cursor: which it is, what it shows in words, and what starts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tfui.ui import forecast_starts, forecast_words
from tfui.ui.plain import plain, to_ascii
from tfui.ui.widgets.forecast_starts import StartList

if TYPE_CHECKING:
    from datetime import tzinfo

    from textual.app import ComposeResult

    from tfui.ui.forecast_reading import Look
    from tfui.ui.widgets.forecast_grid import ForecastGrid


class CellPane(Vertical):
    """Its title says which cell, or a line where there is no frame; the list opens below."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the words over the list."""
        yield Static("", id="forecast-cell", markup=False)
        yield StartList(ascii=self._ascii, id="forecast-starts")

    @property
    def starts(self) -> StartList:
        """The list of what starts in the cell."""
        return self.query_one(StartList)

    def show(self, look: Look, grid: ForecastGrid, zone: tzinfo | None, *, lists: bool) -> None:
        """Tell of the cell under the cursor; list what starts there if that is to be seen."""
        at = forecast_words.of_cell(look, grid.column, zone)
        lane, cell = grid.lane, grid.cell
        if lane is None or cell is None:
            name, seats = "all", look.forecast.seats
            is_past = look.window.at(grid.column + 1) <= look.forecast.now
            said = forecast_words.of_level(look.levels[grid.column], seats, is_past=is_past)
        else:
            row = look.forecast.lanes[lane]
            name = f"{row.name} · {row.schedule_expression or 'after others'}"
            said = forecast_words.of_lane(cell)
        at, name, said = self._text(at), self._text(plain(name)), self._text(said)
        self.border_title = Content(f"{at}  {name}")
        is_framed = self.styles.border_left[0] not in {"", "none"}
        before = () if is_framed else ((f"{at}  ", "$accent"), (f"{name}\n", "bold"))
        self.query_one("#forecast-cell", Static).update(Content.assemble(*before, said))
        if lists:
            lanes = look.lanes if lane is None else (lane,)
            self.starts.show(look, forecast_starts.lines(look, grid.column, lanes), zone)

    def _text(self, text: str) -> str:
        return to_ascii(text) if self._ascii else text
