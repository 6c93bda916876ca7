"""The queues, a line each: how many run and wait, why, the last hour, and what may still start."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui import queue_words
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.column_names import ColumnNames
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from tfui.model.backlog import QueueStanding
    from tfui.ui.widgets.line_styles import Ground

_STATE, _LEAST = 8, 7  # cells: `⊝ paused`, and the words `running` and `waiting`


class _Widths(NamedTuple):
    """The cells of the columns; 0 leaves one out."""

    name: int
    runs: int
    waiting: int
    hour: int
    why: int


class QueueList(LineList):
    """The cursor stays with its queue over a new reading."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._rows: Sequence[QueueStanding] = ()
        self.depths: Mapping[UUID, Sequence[int]] = {}

    @property
    def chosen(self) -> QueueStanding | None:
        """The queue under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def show(self, rows: Sequence[QueueStanding]) -> None:
        """Take a new reading."""
        before = self.chosen
        widths = self._widths(self.size.width)
        self._rows = rows
        ids = [row.queue.id for row in rows]
        if before is not None and before.queue.id in ids:
            self.cursor = ids.index(before.queue.id)
        self.recount()
        self.post_message(self.Moved(self))
        if widths != self._widths(self.size.width) and self.parent is not None:
            self.parent.query_one(ColumnNames).refresh()

    def show_depths(self, depths: Mapping[UUID, Sequence[int]]) -> None:
        """Take the last hour of every queue."""
        self.depths = depths
        self.refresh()

    def line_count(self) -> int:
        """How many queues there are."""
        return len(self._rows)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one queue's line."""
        arrow = (">" if self._ascii else "›") if index == self.cursor else " "
        styles = self.styles_now
        return Strip(
            [
                Segment(to_ascii(text) if self._ascii else text, styles.of(role, ground))
                for text, role in ((f"{arrow} ", "mark"), *self._cells(self._rows[index], width))
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))

    def _cells(self, row: QueueStanding, width: int) -> Iterator[tuple[str, str]]:
        queue, cells = row.queue, self._widths(width)
        state = queue_words.standing(queue)
        waiting = queue.queued
        yield fit(queue.name, cells.name) + "  ", "name"
        shape = f"{state.drawn(ascii=self._ascii)} {state.word}"
        yield fit(shape, _STATE) + "  ", state.role
        yield fit(queue_words.at_once_words(queue), cells.runs, right=True) + "  ", "plain"
        yield fit(f"{waiting:,}", cells.waiting, right=True) + "  ", "plain" if waiting else "dim"
        if cells.hour:
            depths = self.depths.get(queue.id, ())
            drawn = queue_words.sparkline(depths, cells.hour, ascii=self._ascii)
            yield fit(drawn, cells.hour) + "  ", "spark"
        said = queue_words.waits_words(row.waits) or queue_words.limits_words(queue)
        yield fit(said, cells.why), "st-wait" if row.waits else "dim"

    def _widths(self, width: int) -> _Widths:
        """Give name and figures what they need, and share the rest among the hour and the reasons."""
        queues = [row.queue for row in self._rows]
        runs = max((len(queue_words.at_once_words(queue)) for queue in queues), default=0)
        waiting = max((len(f"{queue.queued:,}") for queue in queues), default=0)
        runs, waiting = max(_LEAST, runs), max(_LEAST, waiting)
        left = width - 2 - _STATE - runs - waiting - 8
        longest = max((len(queue.name) for queue in queues), default=0)
        name = max(8, min(longest, left // 3))
        hour = 0 if left < 36 else min(30, max(9, (left - name - 2) // 3))
        return _Widths(name, runs, waiting, hour, max(0, left - name - (hour + 2 if hour else 0)))

    def heading(self, width: int) -> str:
        """Name the columns that lines of `width` cells have."""
        cells = self._widths(width)
        return (
            f"  {fit('queue', cells.name)}  {fit('state', _STATE)}  "
            f"{fit('running', cells.runs, right=True)}  {fit('waiting', cells.waiting, right=True)}  "
            f"{fit('last hour', cells.hour) + '  ' if cells.hour else ''}{fit('waits for', cells.why)}"
        )
