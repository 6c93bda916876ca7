"""The line above the footer: the verdict, and the key that helps at its right; a click leads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tfui.ui.plain import to_ascii

if TYPE_CHECKING:
    from tfui.ui.verdict import Verdict


class VerdictLine(Widget):
    """One line above the footer."""

    DEFAULT_CSS = "VerdictLine { height: 1; }"

    @dataclass
    class Followed(Message):
        """It was clicked: whoever did wants to see what it speaks of."""

        verdict: Verdict

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._verdict: Verdict | None = None

    def show(self, verdict: Verdict) -> None:
        """Say another sentence."""
        if verdict != self._verdict:
            self._verdict = verdict
            self.refresh()

    def on_click(self) -> None:
        """Lead to what is wrong."""
        if self._verdict is not None:
            self.post_message(self.Followed(self._verdict))

    def render(self) -> Content:
        """Draw the sentence, its hint at the right."""
        if self._verdict is None:
            return Content("")
        verdict, width = self._verdict, self.size.width
        glyph = "" if verdict.glyph is None else f"{verdict.glyph.drawn(ascii=self._ascii)} "
        hint = Content.styled(self._drawable(verdict.hint), "$dim")
        text = Content(self._drawable(f" {glyph}{verdict.text}"))
        text = text.truncate(max(0, width - hint.cell_length - 3), ellipsis=True)
        text = Content(self._drawable(text.plain))
        gap = max(1, width - text.cell_length - hint.cell_length - 1)
        return Content.assemble(text.stylize(f"${verdict.role}"), " " * gap, hint)

    def _drawable(self, text: str) -> str:
        return to_ascii(text) if self._ascii else text
