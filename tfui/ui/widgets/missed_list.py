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

_LEAST_NAME = 14  # cells; when a window ends is said in short before names are cut shorter
_REASON = 22  # `the machine was asleep`, the commonest, whole


class MissedList(LineList):
    """Draws missed runs by schedule; marks stay with their schedules over a new reading."""

    def __init__(self, zones: Zones, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._zones = zones
        self._ascii = ascii
        self.rows: Sequence[MissedRow] = ()
        self._marks: set[UUID] = set()
        self._count = 0
        """Cells that the longest count takes."""
        self._laid: dict[int, tuple[list[str], int]] = {}
        """From when to when, as laid out for a width."""

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
        self._count = max((len(_times(row)) for row in rows), default=0)
        self._laid.clear()
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
        windows, left = self._windows(width)
        name = max(8, left - max(_REASON, left * 2 // 5))
        cells = [
            (f"{bar}{arrow} ", "mark"),
            (fit(row.schedule, name), "name"),
            (f" {_times(row):>{self._count}}", "st-skip"),
            (f"  {windows[index]}  ", "plain"),
            (fit(reasons_words(row.reasons), max(0, left - name)), "dim"),
        ]
        return Strip(
            [
                Segment(to_ascii(text) if self._ascii else text, styles.of(role, ground))
                for text, role in cells
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))

    def _windows(self, width: int) -> tuple[list[str], int]:
        """Say for every line from when to when, as wide as each other, and the cells left beside."""
        if width in self._laid:
            return self._laid[width]
        for is_short in (False, True):
            said = [
                window_words(row, self._zones.of(row.timezone), is_short=is_short)
                for row in self.rows
            ]
            longest = max(map(len, said))
            left = width - 3 - 1 - self._count - longest - 4
            if left >= _LEAST_NAME + _REASON:
                break
        self._laid[width] = [words.ljust(longest) for words in said], left
        return self._laid[width]


def _times(row: MissedRow) -> str:
    return f"{row.count:,}×"
