"""The views by number and name in one line; the one in front is lit and underlined, a click opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from tfui.ui.key_map import key_map_of
from tfui.ui.views.registry import HOME, VIEWS

if TYPE_CHECKING:
    from textual import events

    from tfui.ui.views.registry import Entry


class ViewStrip(Widget):
    """A line below the summary, where the terminal is tall enough."""

    DEFAULT_CSS = "ViewStrip { height: 1; }"

    @dataclass
    class Picked(Message):
        """A view was clicked."""

        view: str

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.current = HOME

    def show(self, view: str) -> None:
        """Light another view."""
        self.current = view
        self.refresh()

    def render(self) -> Content:
        """Draw the line."""
        names = (self._one(entry) for entry in VIEWS)
        return Content.assemble(" ", Content("   ").join(names))

    def _one(self, entry: Entry) -> Content:
        is_current = entry.id == self.current
        key = "bold $accent" if is_current else "bold $footer-key-foreground"
        word = "bold underline $accent" if is_current else "$dim"
        name = Content.assemble((key_map_of(self).name(entry.action), key), " ", (entry.word, word))
        return name.stylize(Style.from_meta({"picks": entry.id}))

    def on_click(self, event: events.Click) -> None:
        """Open a view that was clicked."""
        picked = event.style.meta.get("picks")
        if picked is not None:
            self.post_message(self.Picked(picked))
