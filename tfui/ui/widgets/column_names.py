"""The names of a list's columns, in one line above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable


class ColumnNames(Widget):
    """Draws the names; `heading` gives them for lines of so many cells."""

    DEFAULT_CSS = "ColumnNames { height: 1; }"

    def __init__(self, heading: Callable[[int], str], *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._heading = heading

    def render(self) -> Content:
        """Draw the names over their columns."""
        # One cell goes to the list's scroll bar whether or not it is there now.
        return Content.styled(self._heading(self.size.width - 1), "$dim")
