"""The line above the list: what it is filtered by, the status segments, and how many are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from tfui.ui.segments import SHOWN, Segment
from tfui.ui.widgets.filter_input import FilterInput

if TYPE_CHECKING:
    from enum import StrEnum

    from textual import events
    from textual.app import ComposeResult


class SegmentStrip(Widget):
    """The segments in a row; the chosen one is lit and bracketed."""

    DEFAULT_CSS = "SegmentStrip { width: auto; height: 1; }"

    @dataclass
    class Picked(Message):
        """A segment was clicked."""

        segment: StrEnum

    def __init__(self, offered: tuple[StrEnum, ...] = SHOWN, *, id: str = "segments") -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._offered = offered
        self.segment = offered[0]

    def show(self, segment: StrEnum) -> None:
        """Light another segment."""
        if segment is not self.segment:
            self.segment = segment
            self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the strip."""
        known = self.segment in self._offered
        offered = self._offered if known else (*self._offered, self.segment)
        return Content("").join(self._one(segment) for segment in offered)

    def _one(self, segment: StrEnum) -> Content:
        is_chosen = segment is self.segment
        words = Content.styled(
            f"[{segment}]" if is_chosen else f" {segment} ", "bold $accent" if is_chosen else "$dim"
        )
        return words.stylize(Style.from_meta({"picks": segment.value}))

    def on_click(self, event: events.Click) -> None:
        """Choose a segment that was clicked."""
        picked = event.style.meta.get("picks")
        if picked is not None:
            self.post_message(self.Picked(type(self.segment)(picked)))


class FilterBar(Horizontal):
    """Holds the filter's input, the segments and the count."""

    DEFAULT_CSS = "FilterBar { height: 1; }"

    _said: tuple[str, str, int] | None = None
    _width = 0

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("/", id="filter-mark", markup=False)
        yield FilterInput()
        yield SegmentStrip()
        yield Static("", id="filter-count", markup=False)

    def show(
        self,
        segment: Segment,
        *,
        shown: int | None,
        total: int | None,
        order: str,
        marked: int = 0,
    ) -> None:
        """Say which part is seen, in which order, and how many are marked, seen or not."""
        self.query_one(SegmentStrip).show(segment)
        count = "" if shown is None or total is None else _count(shown, max(shown, total))
        if (count, order, marked) != self._said:
            self._said = (count, order, marked)
            marks = (f"{marked:,} marked  ", "bold $accent") if marked else ""
            said = Content.assemble(marks, (count, "$dim"), "  ", (order, "$dim"))
            before, self._width = self._width, said.cell_length
            counter = self.query_one("#filter-count", Static)
            counter.update(said, layout=before != self._width)


def _count(shown: int, total: int) -> str:
    """Say how many of all, in as many cells whatever is shown: another width moves the whole line."""
    return f"{shown:>{len(f'{total:,}')},} of {total:,}"
