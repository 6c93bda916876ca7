"""The line above the list of runs: what it is filtered by, the segments, the marks and the count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tfui.ui.run_filters import RunSegment
from tfui.ui.widgets.filter_bar import SegmentStrip

if TYPE_CHECKING:
    from textual.app import ComposeResult


class RunBar(Horizontal):
    """Holds the filter's input; what is typed and picked is told by those themselves."""

    DEFAULT_CSS = "RunBar { height: 1; }"

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("/", id="runs-mark", markup=False)
        field = Input(
            placeholder="filter by schedule, queue, type or error", compact=True, id="runs-filter"
        )
        field.cursor_blink = False
        yield field
        yield SegmentStrip(tuple(RunSegment), id="runs-segments")
        yield Static("", id="runs-count", markup=False)

    @property
    def field(self) -> Input:
        """What the filter is typed into."""
        return self.query_one(Input)

    def show_segment(self, segment: RunSegment) -> None:
        """Light a segment."""
        self.query_one(SegmentStrip).show(segment)

    def show_count(self, count: int, *, is_all: bool, marked: int) -> None:
        """Say how many are listed, whether there are older ones, and how many are marked."""
        marks = f"{marked} marked  " if marked else ""
        listed = f"{count:,}{'' if is_all else ' newest'}"
        self.query_one("#runs-count", Static).update(
            Content.assemble((marks, "$accent bold"), (listed, "$dim"))
        )
