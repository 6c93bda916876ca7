"""What is to be known of a stretch as a whole: its peak, what will overlap, when it is quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

_MOST = 2  # lines
_GAP = "   "


class ForecastHead(Widget):
    """Phrases in as few lines as they need; one that does not fit begins the next line."""

    DEFAULT_CSS = "ForecastHead { height: auto; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._phrases: tuple[tuple[str, str], ...] = ()

    def say(self, phrases: Sequence[tuple[str, str]]) -> None:
        """Say others, each with its style."""
        if tuple(phrases) != self._phrases:
            self._phrases = tuple(phrases)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be as high as the lines are many."""
        return max(1, len(self._lines(width)))

    def render(self) -> Content:
        """Draw all lines."""
        return Content("\n").join(
            Content(_GAP).join(Content.styled(*phrase) for phrase in line)
            for line in self._lines(self.size.width)
        )

    def _lines(self, width: int) -> list[list[tuple[str, str]]]:
        """Part the phrases; what is left when the last line is full matters least, and is left out."""
        lines: list[list[tuple[str, str]]] = []
        left = 0
        for phrase in self._phrases:
            needed = cell_len(phrase[0]) + len(_GAP)
            if not lines or needed > left:
                if len(lines) == _MOST:
                    break
                lines.append([])
                left = width + len(_GAP)
            lines[-1].append(phrase)
            left -= needed
        return lines
