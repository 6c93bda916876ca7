"""What starts in the cell under the forecast's cursor, one line a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui.key_map import key_map_of
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from datetime import tzinfo

    from tfui.ui.forecast_reading import Look
    from tfui.ui.forecast_starts import StartLine
    from tfui.ui.widgets.line_styles import Ground


class StartList(LineList):
    """Lines of one cell."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._lines: list[StartLine] = []
        self._look: Look | None = None
        self._zone: tzinfo | None = None

    @property
    def line(self) -> StartLine | None:
        """The line under the cursor."""
        return self._lines[self.cursor] if self._lines else None

    def show(self, look: Look, lines: list[StartLine], zone: tzinfo | None) -> None:
        """Show the lines of a cell."""
        self._look, self._lines, self._zone = look, lines, zone
        name = key_map_of(self).name
        self.absence = (
            "nothing starts in this cell",
            f"{name('forecast.peak')} goes to the busiest time, {name('forecast.quiet')} to quiet ones",
        )
        self.recount()
        self.show_cursor()

    def line_count(self) -> int:
        """How many there are."""
        return len(self._lines)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one: when, how, what, and why."""
        if self._look is None:
            return Strip.blank(width)
        line, styles = self._lines[index], self.styles_now
        names = max(14, min(28, width // 4))
        arrow = (">" if self._ascii else "›") if index == self.cursor else " "
        name = self._look.forecast.lanes[line.lane].name
        pieces = [
            (f"{arrow} ", "mark"),
            (f"{line.at.astimezone(self._zone):%H:%M:%S}  ", "plain"),
            (f"{line.glyph.drawn(ascii=self._ascii)}  ", line.glyph.role),
            (f"{fit(name, names)}  ", "name"),
        ]
        used = sum(len(text) for text, _ in pieces[:-1]) + names + 2
        pieces.append((fit(line.words, max(0, width - used)), "plain"))
        strip = Strip(
            [
                Segment(to_ascii(text) if self._ascii else text, styles.of(role, ground))
                for text, role in pieces
            ]
        )
        return strip.adjust_cell_length(width, styles.of("plain", ground))
