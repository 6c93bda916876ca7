"""What the forecast's marks mean, in two lines that fit beside each other on any terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.core.states import JobStatus
from tfui.ui.forecast_cells import (
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

    Mark: TypeAlias = tuple[Glyph, str, str]
    Groups: TypeAlias = tuple[tuple[str, tuple[Mark, ...]], ...]

_STYLES = {"mark": "$accent", "plain": "$foreground"}
_SEVERAL = Glyph("3", "3", "", STARTS.role)
_PLAN = (
    (STARTS, "start", "one start"),
    (_SEVERAL, "starts", "starts"),
    (LATE, "waits", "waits for a place"),
    (OVERLAPS, "skipped", "skipped"),
    (REPLACES, "", "cancels the run before it"),
    (HELD, "held", "held up"),
    (BUSY, "runs", "runs (p50)"),
    (MAYBE, "to p95", "at worst (p95)"),
    (HUM, "often", "often"),
)
"""Of what is to come: mark, what it means in short (empty: left out there), and at length."""
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


class ForecastLegend(Widget):
    """Draws the marks in their colours, and their words dim."""

    DEFAULT_CSS = "ForecastLegend { height: 2; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii

    def render(self) -> Content:
        """Draw it, with as many words at length as there is room for."""
        lines = ((("plan", _PLAN),), (("past", _PAST), ("load", _LOAD)))
        return Content("\n").join(self._line(groups, self.size.width) for groups in lines)

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
