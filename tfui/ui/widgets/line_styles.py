"""Rich styles for line-drawing widgets, from the theme's variables.

Not from component classes: Textual styles each of those anew with every widget and every change of
a class, and twenty of them a list are a good part of the time to the first frame.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget

_BOLD = frozenset({"name", "mark", "st-fail", "st-run", "st-late"})
_VARIABLES = {
    "plain": "foreground",
    "name": "foreground",
    "off-name": "dim",
    "dim": "dim",
    "mark": "accent",
    "spark": "spark",
    "st-ok": "st-ok",
    "st-fail": "st-fail",
    "st-run": "st-run",
    "st-retry": "st-retry",
    "st-wait": "st-wait",
    "st-blocked": "st-blocked",
    "st-paused": "st-paused",
    "st-off": "st-off",
    "st-skip": "st-skip",
    "st-late": "st-late",
}
"""What a piece of a line may be, and the theme variable that colours it."""


class Ground(StrEnum):
    """What a line lies on; a theme variable but for the first."""

    BARE = "bare"
    CURSOR = "cursor"
    CURSOR_AWAY = "cursor-away"
    """The cursor of a list that has not the focus."""


class LineStyles:
    """The styles of one widget under the present theme; made anew when that changes."""

    def __init__(self, widget: Widget) -> None:
        variables = widget.app.theme_variables
        is_ansi = widget.app.current_theme.ansi
        bare = widget.rich_style.bgcolor
        self._styles: dict[Ground, dict[str, Style]] = {ground: {} for ground in Ground}
        for role, variable in _VARIABLES.items():
            text = Style(
                color=Color.parse(variables[variable]).rich_color, bold=role in _BOLD or None
            )
            self._styles[Ground.BARE][role] = text + Style(bgcolor=bare)
            for ground in (Ground.CURSOR, Ground.CURSOR_AWAY):
                if is_ansi:
                    # Sixteen unknown colours: only a plain reversal is sure to be readable.
                    under = Style(
                        reverse=True, bold=ground is Ground.CURSOR, dim=ground is not Ground.CURSOR
                    )
                    self._styles[ground][role] = under
                else:
                    under = Style(bgcolor=Color.parse(variables[ground]).rich_color)
                    self._styles[ground][role] = text + under

    def of(self, role: str, ground: Ground = Ground.BARE) -> Style:
        """Give the style of a role on a ground."""
        return self._styles[ground][role]

    def on(self, ground: Ground) -> Mapping[str, Style]:
        """Give the styles of all roles on a ground."""
        return self._styles[ground]
