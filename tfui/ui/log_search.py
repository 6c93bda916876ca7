"""A search in a log: what is looked for, the lines that have it, and which of them is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui import log_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tfui.ui.log_lines import LogLine


class LogSearch:
    """Holds the matches of one text; it is read once, then followed as more is printed."""

    def __init__(self) -> None:
        self.needle = ""
        """Empty while nothing is looked for."""
        self._places: list[int] = []
        self._place = -1
        self._is_reading = False

    def begin(self, needle: str) -> None:
        """Look for another text, or for nothing."""
        self.needle, self._places, self._place = needle, [], -1
        self._is_reading = bool(needle)

    def found(self, places: Sequence[int], total: int) -> None:
        """Take the matches of the whole log, of which `total` lines have been seen."""
        # Lines that came meanwhile are in both, or in one of them.
        self._places = sorted({*self._places, *(place for place in places if place < total)})
        self._is_reading = False

    def follow(self, lines: Iterable[LogLine], begins_at: int) -> None:
        """Take the matches of lines that were printed since, numbered from `begins_at`."""
        if self.needle:
            self._places += (
                number
                for number, line in enumerate(lines, begins_at)
                if log_reading.holds(line, self.needle)
            )

    def step(self, by: int) -> int | None:
        """Go so many matches on, round the ends, and give its line."""
        if not self._places:
            return None
        self._place = (self._place + by) % len(self._places)
        return self._places[self._place]

    def newest(self) -> int | None:
        """Go to the last match and give its line."""
        self._place = 0
        return self.step(-1)

    def words(self) -> str:
        """Say which match is shown: `match 2/14`."""
        if not self.needle:
            return ""
        if self._is_reading:
            return "searching …"
        at = f"{self._place + 1}/" if self._places else ""
        return f"match {at}{len(self._places)}"
