"""The engines, a line each: as many as there is room for, living ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.ui import node_words
from tfui.ui.plain import to_ascii

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.geometry import Size

    from tfui.model.node import NodeRow

MOST = 6


class NodeTable(Widget):
    """Draws engines under a heading, as high as they need."""

    DEFAULT_CSS = "NodeTable { height: auto; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._engines: Sequence[NodeRow] = ()
        self._now: datetime | None = None

    def show(self, nodes: Sequence[NodeRow], now: datetime) -> None:
        """Take a new reading, or a new moment."""
        is_other_height = min(len(nodes), MOST) != min(len(self._engines), MOST)
        self._engines, self._now = node_words.in_order(nodes), now
        self.refresh(layout=is_other_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be as high as the lines are many."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Draw all lines."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        if self._now is None:
            return [Content("")]  # nothing was read yet
        if not self._engines:
            return [
                Content.styled(
                    " no engine has ever served this store; tfui engine starts one", "$dim"
                )
            ]
        lines = [Content.styled(node_words.heading(width), "$dim")]
        shown = self._engines if len(self._engines) <= MOST else self._engines[: MOST - 1]
        for node in shown:
            head, rest = node_words.line(node, self._now, width, ascii=self._ascii)
            rest = to_ascii(rest) if self._ascii else rest
            role = "$foreground" if node.is_alive else "$dim"
            lines.append(Content.assemble((head, f"${node_words.state(node).role}"), (rest, role)))
        if len(shown) < len(self._engines):
            more = f" and {len(self._engines) - len(shown)} more that have stopped or fallen silent"
            lines.append(Content.styled(more, "$dim"))
        return lines
