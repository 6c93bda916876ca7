"""Label and value lines with a hanging indent: how the detail tells what is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size


@dataclass(frozen=True, slots=True)
class Fact:
    """One label and what it is; a fact without a label continues or heads others."""

    label: str
    value: Content
    label_style: str = "$dim"


BLANK = Fact("", Content(""))
"""An empty line between groups."""


def lay_out(facts: Sequence[Fact], width: int) -> list[Content]:
    """Give the lines, values wrapped beside their labels."""
    column = max((len(fact.label) for fact in facts), default=0) + 2
    lines: list[Content] = []
    for fact in facts:
        wrapped = fact.value.wrap(max(10, width - column), overflow="fold") or [Content("")]
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

    def show(self, facts: Sequence[Fact]) -> None:
        """Tell other facts."""
        if tuple(facts) != self._facts:
            is_other_height = len(facts) != len(self._facts) or not self.size.width
            if not is_other_height:
                before = len(lay_out(self._facts, self.size.width))
                is_other_height = before != len(lay_out(facts, self.size.width))
            self._facts = tuple(facts)
            self.refresh(layout=is_other_height)

    def render(self) -> Content:
        """Draw all lines."""
        return Content("\n").join(lay_out(self._facts, self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be as high as the lines are many."""
        return max(1, len(lay_out(self._facts, width)))
