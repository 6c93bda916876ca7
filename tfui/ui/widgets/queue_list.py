"""The queues, a line each: how many run and wait, why, the last hour, and what may still start."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

_STATE, _RUNS, _WAITING = 9, 10, 8


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
        is_other_width = {row.queue.name for row in self._rows} != {row.queue.name for row in rows}
        self._rows = rows
        ids = [row.queue.id for row in rows]
        if before is not None and before.queue.id in ids:
            self.cursor = ids.index(before.queue.id)
        self.recount()
        self.post_message(self.Moved(self))
        if is_other_width and self.parent is not None:
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
        queue, (name, hour, why) = row.queue, self._widths(width)
        state = queue_words.standing(queue)
        waiting = queue.queued
        yield fit(queue.name, name) + " ", "name"
        shape = f"{state.drawn(ascii=self._ascii)} {state.word}"
        yield fit(shape, _STATE) + " ", state.role
        yield fit(queue_words.at_once_words(queue), _RUNS, right=True) + " ", "plain"
        yield fit(f"{waiting:,}", _WAITING, right=True) + "  ", "plain" if waiting else "dim"
        if hour:
            drawn = queue_words.sparkline(self.depths.get(queue.id, ()), hour, ascii=self._ascii)
            yield fit(drawn, hour) + "  ", "spark"
        said = queue_words.waits_words(row.waits) or queue_words.limits_words(queue)
        yield fit(said, why), "st-wait" if row.waits else "dim"

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Give the cells of the name, the last hour, and why jobs wait."""
        left = width - 2 - _STATE - _RUNS - _WAITING - 5
        longest = max((len(row.queue.name) for row in self._rows), default=0)
        name = max(8, min(longest, left // 3))
        hour = 0 if left < 36 else min(30, max(8, (left - name - 2) // 3))
        return name, hour, max(0, left - name - (hour + 2 if hour else 0))

    def heading(self, width: int) -> str:
        """Name the columns that lines of `width` cells have."""
        name, hour, why = self._widths(width)
        return (
            f"  {fit('queue', name)} {fit('state', _STATE)} {fit('running', _RUNS, right=True)} "
            f"{fit('waiting', _WAITING, right=True)}  "
            f"{fit('last hour', hour) + '  ' if hour else ''}{fit('waits for', why)}"
        )
