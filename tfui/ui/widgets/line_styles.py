"""Rich styles for line-drawing widgets, taken from the stylesheet's component classes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from textual.widget import Widget

ROLES = (
    "plain",
    "name",
    "off-name",
    "dim",
    "key",
    "head",
    "st-ok",
    "st-fail",
    "st-run",
    "st-retry",
    "st-wait",
    "st-blocked",
    "st-paused",
    "st-off",
    "st-skip",
    "st-late",
    "mark",
    "spark",
)
"""What a piece of a line may be; `line--ROLE` is its component class."""

COMPONENTS = frozenset(
    {f"line--{role}" for role in ROLES} | {"line--cursor", "line--cursor-away"},
)


class Ground(StrEnum):
    """What a line lies on."""

    BARE = "bare"
    CURSOR = "cursor"
    CURSOR_AWAY = "cursor-away"
    """The cursor of a list that has not the focus."""


class LineStyles:
    """The styles of one widget under the present theme; made anew when that changes."""

    def __init__(self, widget: Widget) -> None:
        is_ansi = widget.app.current_theme.ansi
        self._styles: dict[tuple[str, Ground], Style] = {}
        for role in ROLES:
            text = widget.get_component_rich_style(f"line--{role}", partial=True)
            self._styles[role, Ground.BARE] = text + Style(bgcolor=widget.rich_style.bgcolor)
            for ground in (Ground.CURSOR, Ground.CURSOR_AWAY):
                if is_ansi:
                    # Sixteen unknown colours: only a plain reversal is sure to be readable.
                    self._styles[role, ground] = Style(
                        reverse=True, bold=ground is Ground.CURSOR, dim=ground is not Ground.CURSOR
                    )
                else:
                    under = widget.get_component_rich_style(f"line--{ground}").bgcolor
                    self._styles[role, ground] = text + Style(bgcolor=under)

    def of(self, role: str, ground: Ground = Ground.BARE) -> Style:
        """Give the style of a role on a ground."""
        return self._styles[role, ground]
