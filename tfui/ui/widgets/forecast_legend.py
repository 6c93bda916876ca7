"""What the forecast's marks mean, in as many lines as a terminal of its width needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.core.states import JobStatus
from tfui.ui.forecast_cells import (
    BESIDE,
    BUSY,
    HELD,
    HUM,
    LATE,
    MAYBE,
    NOW,
    OVERLAPS,
    REPLACES,
    STARTS,
    TAKEN,
    WAITS,
)
from tfui.ui.glyphs import OF_JOB, SKIPPED, Glyph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from textual.geometry import Size

    Mark: TypeAlias = tuple[Glyph, str, str]
    Groups: TypeAlias = tuple[tuple[str, tuple[Mark, ...]], ...]

_STYLES = {"mark": "$accent", "plain": "$foreground"}
_SEVERAL = Glyph("3", "3", "", STARTS.role)
_MANY = Glyph("+", "+", "", STARTS.role)
_STARTS = (
    (STARTS, "start", "one start"),
    (_SEVERAL, "starts", "starts"),
    (_MANY, "", "ten or more"),
    (LATE, "waits", "waits for its turn"),
    (OVERLAPS, "skipped", "skipped"),
    (BESIDE, "side by side", "runs side by side"),
    (REPLACES, "cancels", "cancels the run before it"),
    (HELD, "held", "held up"),
)
"""Of what is to come: mark, what it means in short (empty: left out there), and at length."""
_LASTS = (
    (BUSY, "runs", "runs, as long as usual"),
    (MAYBE, "may still run", "may still run (p95)"),
    (HUM, "often", "starts all the time"),
)
_PAST = (
    (OF_JOB[JobStatus.SUCCEEDED], "ok", "succeeded"),
    (OF_JOB[JobStatus.FAILED], "failed", "failed"),
    (SKIPPED, "skipped", "skipped or missed"),
    (OF_JOB[JobStatus.CANCELLED], "cancelled", "cancelled"),
    (OF_JOB[JobStatus.RUNNING], "", "running"),
)
_LOAD = (
    (TAKEN, "taken", "seats taken"),
    (WAITS, "waits", "something waits long"),
    (NOW, "now", "now"),
)
_BROAD = ((("plan", (*_STARTS, *_LASTS)),), (("past", _PAST), ("load", _LOAD)))
_NARROW = ((("plan", _STARTS),), (("    ", _LASTS), ("load", _LOAD)), (("past", _PAST),))
_BROAD_FROM = 112  # cells, from which on all of the plan fits on one line


class ForecastLegend(Widget):
    """Draws the marks in their colours, and their words dim."""

    DEFAULT_CSS = "ForecastLegend { height: auto; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be as high as the lines are many."""
        return len(_lines(width))

    def render(self) -> Content:
        """Draw it, with as many words at length as there is room for."""
        width = self.size.width
        return Content("\n").join(self._line(groups, width) for groups in _lines(width))

    def _line(self, groups: Groups, width: int) -> Content:
        marks = [mark for _, marks in groups for mark in marks]
        words = {mark: mark[1] for mark in marks}
        line = self._drawn(groups, words)
        for mark in marks:
            longer = self._drawn(groups, words | {mark: mark[2]})
            if longer.cell_length <= width:
                words[mark], line = mark[2], longer
        return line

    def _drawn(self, groups: Groups, words: Mapping[Mark, str]) -> Content:
        drawn = []
        for name, marks in groups:
            drawn.append(Content.styled(name, "bold $dim"))
            drawn += (self._one(mark[0], words[mark]) for mark in marks if words[mark])
        return Content("  ").join(drawn)

    def _one(self, glyph: Glyph, word: str) -> Content:
        style = _STYLES.get(glyph.role, glyph.style)
        return Content.assemble((glyph.drawn(ascii=self._ascii), style), (f" {word}", "$dim"))


def _lines(width: int) -> tuple[Groups, ...]:
    return _BROAD if width >= _BROAD_FROM else _NARROW
