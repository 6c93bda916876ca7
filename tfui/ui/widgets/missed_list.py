"""What schedules have missed, a line each, to be marked and dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui.missed_words import reasons_words, window_words
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.missed import MissedRow
    from tfui.ui.widgets.line_styles import Ground
    from tfui.ui.zones import Zones

_COUNT, _WINDOW = 7, 27
_REASON = 22  # `the machine was asleep`, the commonest, whole


class MissedList(LineList):
    """Draws missed runs by schedule; marks stay with their schedules over a new reading."""

    def __init__(self, zones: Zones, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._zones = zones
        self._ascii = ascii
        self.rows: Sequence[MissedRow] = ()
        self._marks: set[UUID] = set()

    @property
    def chosen(self) -> list[UUID]:
        """The marked schedules, or the one under the cursor."""
        marked = [row.schedule_id for row in self.rows if row.schedule_id in self._marks]
        return marked or [row.schedule_id for row in self.rows[self.cursor : self.cursor + 1]]

    @property
    def is_marked(self) -> bool:
        """Whether any schedule is marked."""
        return bool(self._marks)

    def show(self, rows: Sequence[MissedRow]) -> None:
        """Take a new reading."""
        self.rows = rows
        self._marks &= {row.schedule_id for row in rows}
        self.recount()

    def mark(self) -> None:
        """Mark the schedule under the cursor, or take its mark away; go one down."""
        if self.rows:
            self._marks ^= {self.rows[self.cursor].schedule_id}
            self.refresh_line(self.cursor)
            self.move_to(self.cursor + 1)

    def line_count(self) -> int:
        """How many schedules have missed something."""
        return len(self.rows)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one schedule's line."""
        row, styles = self.rows[index], self.styles_now
        has_mark = row.schedule_id in self._marks
        bar = ("*" if self._ascii else "▌") if has_mark else " "
        arrow = (">" if self._ascii else "›") if index == self.cursor else " "
        zone = self._zones.of(row.timezone)
        left = width - 3 - _COUNT - _WINDOW - 4
        name = max(8, left - max(_REASON, left * 2 // 5))
        cells = [
            (f"{bar}{arrow} ", "mark"),
            (fit(row.schedule, name), "name"),
            (fit(f"{row.count:,}×", _COUNT, right=True), "st-skip"),
            ("  " + fit(window_words(row, zone), _WINDOW) + "  ", "plain"),
            (fit(reasons_words(row.reasons), max(0, left - name)), "dim"),
        ]
        return Strip(
            [
                Segment(to_ascii(text) if self._ascii else text, styles.of(role, ground))
                for text, role in cells
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))
