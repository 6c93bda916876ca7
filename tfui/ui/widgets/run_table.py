"""The list of all runs: any number of them, drawn line by line, those that did not happen among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tfui.core.states import LIVE_JOBS
from tfui.ui import spans
from tfui.ui.history_words import history_words
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo
    from uuid import UUID

    from tfui.clock import Clock
    from tfui.model.run import RunRow
    from tfui.ui.widgets.line_styles import Ground
    from tfui.ui.widgets.schedule_rows import Order

_TOOK, _SECONDS, _TRIES, _LAG, _QUEUE = 58, 70, 84, 92, 104
"""Cells from which on duration, planned seconds, attempt, lateness and queue are shown."""
_ROOMY = 150  # cells from which on a long name takes nothing from the reason


@dataclass(frozen=True, slots=True)
class _Widths:
    """The cells of each column; 0 leaves it out."""

    planned: int
    schedule: int
    lag: int
    took: int
    tries: int
    queue: int


def _widths(width: int) -> _Widths:
    return _Widths(
        planned=15 if width >= _SECONDS else 12,
        schedule=max(10, min(22 if width < _ROOMY else 32, (width - 4) // 4)),
        lag=5 if width >= _LAG else 0,
        took=5 if width >= _TOOK else 0,
        tries=4 if width >= _TRIES else 0,
        queue=10 if width >= _QUEUE else 0,
    )


class RunTable(RowTable["RunRow"]):
    """Draws runs; the cursor stays with its run as new ones come in above it."""

    @dataclass
    class EndReached(Message):
        """The last line that was listed is seen: there may be older ones."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._zone: tzinfo | None = None
        self.marked: dict[UUID, RunRow] = {}
        """Runs whose logs are to be opened side by side, in the order in which they were marked."""

    def show(
        self,
        ids: Order,
        rows: Iterable[RunRow],
        cursor: int | None,
        zone: tzinfo | None,
        *,
        go: bool,
    ) -> None:
        """Take a new reading; `cursor` is where the cursor's run is now, and `go` that it be shown."""
        before, seen = self.cursor_id, self.cursor - self.scroll_offset.y
        is_at_top = self.cursor == 0 and self.scroll_offset.y == 0 and not go
        self._rows.replace(ids, rows)
        self._zone = zone
        # At the very top a person watches what comes in; elsewhere, the run that is looked at.
        if cursor is not None and not is_at_top:
            self.cursor = cursor
        self.recount()
        if not is_at_top:
            self._jump(self.cursor - seen)
            self.show_cursor()
        self.marked = {each: self._rows.of(each) or row for each, row in self.marked.items()}
        if self.cursor_id != before:
            self.post_message(self.Moved(self))

    def mark(self, row: RunRow) -> None:
        """Mark a run, or take its mark away."""
        if self.marked.pop(row.id, None) is None:
            self.marked[row.id] = row
        self.refresh()

    def unmark(self) -> None:
        """Take all marks away."""
        self.marked.clear()
        self.refresh()

    def tick(self) -> None:
        """Draw again the visible lines that change by themselves: those of live jobs."""
        top = self.scroll_offset.y
        for index in range(top, min(top + self.page_height, self.line_count())):
            row = self._rows.at(index)
            job = None if row is None else row.line.job
            if job is not None and job.status in LIVE_JOBS:
                self.refresh_line(index)

    def heading(self, width: int) -> str:
        """Name the columns that lines of `width` cells have."""
        cells = _widths(width)
        offset = spans.offset(self._clock.now().astimezone(self._zone))
        planned = f"planned {offset}" if cells.planned > 12 else "planned"
        return self._line(
            "    ", cells, planned, "schedule", "lag", "dur", "try", "queue", "what happened"
        )

    @staticmethod
    def _line(  # a line has this many cells
        begin: str,
        cells: _Widths,
        planned: str,
        schedule: str,
        lag: str,
        took: str,
        tries: str,
        queue: str,
        reason: str,
    ) -> str:
        late = f"  {lag:>{cells.lag}}" if cells.lag else ""
        late += f"  {took:>{cells.took}}" if cells.took else ""
        late += f"  {tries:>{cells.tries}}" if cells.tries else ""
        where = f"  {fit(queue, cells.queue)}" if cells.queue else ""
        return (
            f"{begin}  {planned[: cells.planned]:<{cells.planned}}  "
            f"{fit(schedule, cells.schedule)}{late}{where}  {reason}"
        )

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one line, or a placeholder while it is being read."""
        if index == self.line_count() - 1:
            self.post_message(self.EndReached())
        row, styles = self._rows.at(index), self.styles_now
        if row is None:
            self.call_later(self.report_missing)
            return Strip([Segment(fit("    …", width), styles.of("dim", ground))], width)
        words = history_words(row.line, self._clock.now(), self._zone, ascii=self._ascii)
        cells = _widths(width)
        planned = words.planned if cells.planned > 12 else words.lately
        line = self._line(
            "", cells, planned, "\0", words.lag, words.took, words.tries,
            row.queue or "", "",
        )  # fmt: skip
        before, after = line.split(fit("\0", cells.schedule), 1)
        name = fit(row.schedule or "no schedule", cells.schedule)
        if self._ascii:
            before, name, after = to_ascii(before), to_ascii(name), to_ascii(after)
        bar = ("#" if self._ascii else "▌") if row.id in self.marked else " "
        arrow = (">" if self._ascii else "›") if index == self.cursor else " "
        room = max(0, width - 4 - len(before) - cells.schedule - len(after) - 1)
        reason = fit(words.reason if cells.tries else words.told(room), room)
        is_trouble = words.role in {"st-fail", "st-skip", "st-retry"}
        return Strip(
            [
                Segment(f"{bar}{arrow} ", styles.of("mark", ground)),
                Segment(words.glyph, styles.of(words.role, ground)),
                Segment(before, styles.of("plain", ground)),
                Segment(name, styles.of("name", ground)),
                Segment(after, styles.of("dim", ground)),
                Segment(
                    to_ascii(reason) if self._ascii else reason,
                    styles.of(words.role if is_trouble else "dim", ground),
                ),
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))
