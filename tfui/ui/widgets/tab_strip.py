"""Tabs in one line: the chosen one is lit and underlined; a click chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class TabStrip(Widget):
    """A row of tabs, by name."""

    DEFAULT_CSS = "TabStrip { height: 1; }"

    @dataclass
    class Picked(Message):
        """A tab was clicked."""

        tab: str

    def __init__(self, tabs: Sequence[str], *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self._bar = " | " if ascii else " │ "
        self.current = self._tabs[0]

    def show(self, tab: str) -> None:
        """Light another tab."""
        self.current = tab
        self.refresh()

    def neighbour(self, by: int) -> str:
        """Give the tab `by` places on, going round."""
        return self._tabs[(self._tabs.index(self.current) + by) % len(self._tabs)]

    def render(self) -> Content:
        """Draw the row, closer together where it has no room."""
        names = [self._one(tab) for tab in self._tabs]
        row = Content.styled(self._bar, "$line").join(names)
        close = Content.styled(self._bar.strip(), "$line")
        return row if row.cell_length <= self.size.width else close.join(names)

    def _one(self, tab: str) -> Content:
        style = "bold underline $accent" if tab == self.current else "$dim"
        return Content.styled(tab.capitalize(), style).stylize(Style.from_meta({"picks": tab}))

    def on_click(self, event: events.Click) -> None:
        """Choose a tab that was clicked."""
        picked = event.style.meta.get("picks")
        if picked is not None:
            self.post_message(self.Picked(picked))
