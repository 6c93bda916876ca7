"""The part of a log that is held: at most ten thousand lines, and where they stand in the whole.

Drawing asks for rows; how many rows a line takes depends on the width when lines are wrapped, and
is only counted then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import accumulate
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfui.ui.log_lines import LogLine

KEPT = 10_000
"""Lines remembered; all others are in the store."""


class LogWindow:
    """Lines `first` to `end` of a log of `total`, and the lines that are still being written."""

    def __init__(self) -> None:
        self.first = 0
        self.total = 0
        self.pending: list[LogLine] = []
        self._lines: deque[LogLine] = deque()
        self._ends: tuple[int, list[int]] | None = None

    @property
    def end(self) -> int:
        """The number of the line after the last that is held."""
        return self.first + len(self._lines)

    @property
    def is_at_end(self) -> bool:
        """Whether what is printed next belongs right after what is held."""
        return self.end == self.total

    def append(self, lines: Iterable[LogLine], pending: list[LogLine]) -> None:
        """Take what was printed since; what is too old, or has no place here, is only counted."""
        fresh = list(lines)
        if self.is_at_end:
            self._lines.extend(fresh)
            over = max(0, len(self._lines) - KEPT)
            for _ in range(over):
                self._lines.popleft()
            self.first += over
        self.total += len(fresh)
        self.pending = pending
        self._ends = None

    def put(self, first: int, lines: Iterable[LogLine]) -> None:
        """Hold another part of the log."""
        self.first, self._lines = first, deque(lines)
        self.total = max(self.total, self.end)
        self._ends = None

    def line(self, number: int) -> LogLine | None:
        """Give a line by its number in the whole log, or None when it is not held."""
        place = number - self.first
        if 0 <= place < len(self._lines):
            return self._lines[place]
        open_place = number - self.total
        if self.is_at_end and 0 <= open_place < len(self.pending):
            return self.pending[open_place]
        return None

    def holds(self, number: int) -> bool:
        """Whether a line is held."""
        return self.first <= number < self.end

    def height(self, width: int | None) -> int:
        """How many rows there are, at `width` cells a row; None: a line is a row."""
        count = len(self._lines) + (len(self.pending) if self.is_at_end else 0)
        return count if width is None or not count else self._row_ends(width)[-1]

    def at_row(self, row: int, width: int | None) -> tuple[int, int]:
        """Give the number of the line at a row, and which of its rows that is."""
        if width is None:
            return self.first + row, 0
        ends = self._row_ends(width)
        place = bisect_right(ends, row)
        return self.first + place, row - (ends[place - 1] if place else 0)

    def row_of(self, number: int, width: int | None) -> int:
        """Give the first row of a line that is held."""
        place = max(0, number - self.first)
        if width is None or not place:
            return place
        ends = self._row_ends(width)
        return ends[min(place, len(ends)) - 1]

    def _row_ends(self, width: int) -> list[int]:
        """Give, for each line, the row after its last; counted once for a width."""
        if self._ends is None or self._ends[0] != width:
            lines = (*self._lines, *(self.pending if self.is_at_end else ()))
            self._ends = (width, list(accumulate(_rows(line, width) for line in lines)))
        return self._ends[1]


def _rows(line: LogLine, width: int) -> int:
    text = line.text.plain
    if text.isascii():
        return max(1, -(-len(text) // width))
    if cell_len(text) <= width:
        return 1
    return len(broken(text, width))


def broken(text: str, width: int) -> list[tuple[int, int]]:
    """Give where a text is parted so that no piece is wider than `width` cells: (start, end) each."""
    pieces: list[tuple[int, int]] = []
    start = used = 0
    for place, character in enumerate(text):
        size = cell_len(character)
        if used + size > width and place > start:
            pieces.append((start, place))
            start, used = place, 0
        used += size
    return [*pieces, (start, len(text))]
