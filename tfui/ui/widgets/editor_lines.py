"""A text that knows how many lines it has, so that only another number of them moves the screen."""

from __future__ import annotations

import textwrap

from textual.content import Content
from textual.widgets import Static

from tfui.ui.options import is_ascii
from tfui.ui.twins import in_ascii


class Lines(Static):
    """Text whose lines are already cut to the width. Arranging a screen anew is what costs."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(markup=False, id=id, classes=classes)
        self._drawn = Content("")
        self._is_faded = False

    def draw(self, content: Content) -> None:
        """Show `content`, or its twin in ASCII."""
        if is_ascii(self):
            content = in_ascii(content)
        if content == self._drawn and content.spans == self._drawn.spans:
            return
        is_as_high = content.plain.count("\n") == self._drawn.plain.count("\n")
        self._drawn = content
        self._put(layout=not is_as_high)

    def fade(self, *, is_faded: bool) -> None:
        """Take all emphasis away, or give it back; faded text can still be read."""
        if is_faded != self._is_faded:
            self._is_faded = is_faded
            self._put(layout=False)

    def _put(self, *, layout: bool) -> None:
        faded = Content.styled(self._drawn.plain, "$dim")
        self.update(faded if self._is_faded else self._drawn, layout=layout)


def hanging(head: str, text: str, width: int, style: str) -> Content:
    """Wrap a text so that its lines stand under each other behind `head`, dimmed without a style."""
    room = max(width - len(head), 12)
    lines = textwrap.wrap(text[:2000], room) or [""]
    body = f"\n{' ' * len(head)}".join(lines)
    return Content.assemble((head, style or "$dim"), (body, style))
