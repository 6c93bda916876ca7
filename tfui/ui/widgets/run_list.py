"""A schedule's runs, newest first, and between them what did not run: no silent gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui import spans
from tfui.ui.history_words import HistoryWords, history_words
from tfui.ui.key_map import key_map_of
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tfui.clock import Clock
    from tfui.model.job import HistoryRow
    from tfui.ui.widgets.line_styles import Ground

_ROOMY = 60  # cells; below this lateness and attempt give their place to what happened


class RunList(LineList):
    """One line a run or a range of occurrences without one."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._rows: Sequence[HistoryRow] = ()
        self._zone: tzinfo | None = None
        self._has_seconds = False

    @property
    def cursor_row(self) -> HistoryRow | None:
        """The line under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def show(
        self, rows: Sequence[HistoryRow], zone: tzinfo | None, coming: datetime | None = None
    ) -> None:
        """Take a new reading; the cursor stays with its run. `coming` is when the next is planned."""
        at = self.cursor_row
        if self.cursor and at is not None:
            places = [number for number, row in enumerate(rows) if _same(row, at)]
            self.cursor = places[0] if places else self.cursor
        self._rows, self._zone = rows, zone
        self._has_seconds = any(row.nominal_at.second for row in rows)
        first = "" if coming is None else spans.moment(coming, zone, self._clock.now())
        self.absence = (
            "no run and no skip yet",
            f"first: {first}" if first else "none is planned",
            f"{key_map_of(self).name('run')} runs it now",
        )
        self.recount()

    def heading(self, width: int) -> str:
        """Name the columns that lines of `width` cells have."""
        names = ("planned", "planned", "late", "took", "try", "what happened")
        words = HistoryWords(" ", "dim", *names)
        return f"   {self._figures(words, width)}{words.reason}"

    def _figures(self, words: HistoryWords, width: int) -> str:
        is_roomy = width >= _ROOMY
        if not self._has_seconds:
            planned = f"{words.planned[:12]:<12}"
        else:
            planned = f"{words.planned:<15}" if is_roomy else f"{words.lately:<12}"
        if is_roomy:
            return f"  {planned}  {words.lag:>5}  {words.took:>5}  {words.tries:>4}  "
        return f"  {planned}  " if words.is_gap else f"  {planned}  {words.took:>5}  "

    def line_count(self) -> int:
        """How many runs and gaps there are."""
        return len(self._rows)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one run or gap."""
        words = history_words(self._rows[index], self._clock.now(), self._zone, ascii=self._ascii)
        figures = self._figures(words, width)
        if self._ascii:
            figures = to_ascii(figures)
        room = max(0, width - 3 - len(figures) - 1)
        reason = fit(words.reason if width >= _ROOMY else words.told(room), room)
        styles = self.styles_now
        is_trouble = words.role in {"st-fail", "st-skip"}
        arrow = ">" if self._ascii else "›"
        return Strip(
            [
                Segment(arrow if index == self.cursor else " ", styles.of("mark", ground)),
                Segment(f" {words.glyph}", styles.of(words.role, ground)),
                Segment(figures, styles.of("plain", ground)),
                Segment(reason, styles.of(words.role if is_trouble else "dim", ground)),
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))


def _same(one: HistoryRow, other: HistoryRow) -> bool:
    if one.job is not None and other.job is not None:
        return one.job.id == other.job.id
    return one.job is other.job and one.nominal_at == other.nominal_at
