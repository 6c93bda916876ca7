"""What the words on the graph's lines mean, in a line below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = (("ok", "its success"), ("end", "its end"), ("start", "its start"))
_TREE = "under what it starts after: on its success (ok), on its end, on its start"


class GraphLegend(Widget):
    """Draws it as the graph is drawn, in layers or as a tree; `is_layered` says which."""

    DEFAULT_CSS = "GraphLegend { height: 1; }"

    def __init__(self, is_layered: Callable[[], bool], *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._is_layered = is_layered
        self._ascii = ascii

    def render(self) -> Content:
        """Draw it."""
        if not self._is_layered():
            return Content.styled(_TREE, "$dim")
        told = [(f"{word} ", "bold $foreground", f"on {said} ") for word, said in _WORDS]
        told.append(("= " if self._ascii else "━ ", "bold $accent", "of the cursor"))
        return Content.assemble(
            ("after what is left of it: ", "$dim"),
            *(
                (
                    piece
                    for word, style, said in told
                    for piece in ((word, style), (said + " ", "$dim"))
                )
            ),
        )
