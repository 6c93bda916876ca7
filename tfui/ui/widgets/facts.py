"""Label and value lines with a hanging indent: how the detail tells what is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
from textual.visual import Visual
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size
    from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Fact:
    """One label and what it is; a fact without a label continues or heads others."""

    label: str
    value: Content
    label_style: str = "$dim"
    aside: Content | None = None
    """What follows on the same line where there is room for it whole, and else on the next."""


BLANK = Fact("", Content(""))
"""An empty line between groups."""


def lay_out(facts: Sequence[Fact], width: int) -> list[Content]:
    """Give the lines, values wrapped beside their labels."""
    column = max((len(fact.label) for fact in facts), default=0) + 2
    lines: list[Content] = []
    room = max(10, width - column)
    for fact in facts:
        wrapped = fact.value.wrap(room, overflow="fold") or [Content("")]
        if fact.aside is not None and wrapped[-1].cell_length + 2 + fact.aside.cell_length <= room:
            wrapped[-1] = Content.assemble(wrapped[-1], "  ", fact.aside)
        elif fact.aside is not None:
            wrapped += fact.aside.wrap(room, overflow="fold")
        for number, line in enumerate(wrapped):
            label = fact.label if number == 0 else ""
            lines.append(Content.assemble((label.ljust(column), fact.label_style), line))
    return lines


class Facts(Widget):
    """Draws facts, as high as they need."""

    DEFAULT_CSS = "Facts { height: auto; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._facts: tuple[Fact, ...] = ()
        self._drawn: list[Content] = []
        """The lines as they were told last, for a width of `_drawn_width` cells."""
        self._drawn_width = 0

    def show(self, facts: Sequence[Fact]) -> None:
        """Tell other facts; only lines that say something else are drawn again."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        before, width = self._drawn, self.size.width
        lines = self._lay_out(width)
        if len(lines) != len(before) or not width:
            self.refresh(layout=True)
            return
        others = [y for y, line in enumerate(lines) if not line.is_same(before[y])]
        if others:
            self.refresh(*(Region(0, y, width, 1) for y in others))

    def render(self) -> Content:
        """Draw all lines."""
        return Content("\n").join(self._lay_out(self.size.width))

    def render_line(self, y: int) -> Strip:
        """Draw one line alone: most change by themselves, once a second."""
        width = self.size.width
        lines = self._drawn if self._drawn_width == width else self._lay_out(width)
        line = lines[y] if y < len(lines) else Content("")
        return Visual.to_strips(self, line, width, 1, self.visual_style)[0]

    def _lay_out(self, width: int) -> list[Content]:
        self._drawn, self._drawn_width = lay_out(self._facts, width), width
        return self._drawn

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be as high as the lines are many."""
        return max(1, len(lay_out(self._facts, width)))
