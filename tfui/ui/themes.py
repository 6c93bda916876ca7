"""The dashboard's own themes, and the variables that every other theme gets instead.

The stylesheets and widgets know colours only by the names here. Each text of the two own themes has a
contrast of at least 4.5 on every ground, and ok, failed, late and running look different also to eyes
that tell red from green badly: tests hold both.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="tfui-dark",
    primary="#7aa2f7",
    secondary="#9d8cf0",
    accent="#5fd0e0",
    warning="#f0c060",
    error="#ff7b78",
    success="#8fdcae",
    foreground="#d6dce8",
    background="#10141b",
    surface="#161b24",
    panel="#1d2430",
    dark=True,
    variables={
        "dim": "#9aa6b9",
        "line": "#2c3646",
        "cursor": "#203760",
        "cursor-away": "#232c3a",
        "bar": "#1a212d",
        "bar-lit": "#2a3547",
        "spark": "#5f9a78",
        "st-ok": "#8fdcae",
        "st-fail": "#ff7b78",
        "st-run": "#82b4ff",
        "st-retry": "#f0c060",
        "st-wait": "#66d3e3",
        "st-blocked": "#d8a4f5",
        "st-paused": "#cdb27a",
        "st-off": "#9aa6b9",
        "st-skip": "#f4a76c",
        "st-late": "#ffa64d",
        "footer-key-foreground": "#7fd6e6",
        "input-cursor-background": "#d6dce8",
        "input-selection-background": "#3a5a8f",
        "scrollbar": "#2c3646",
        "scrollbar-hover": "#3a475c",
        "scrollbar-active": "#5fd0e0",
        "scrollbar-background": "#10141b",
        "scrollbar-background-hover": "#10141b",
        "scrollbar-background-active": "#10141b",
        "scrollbar-corner-color": "#10141b",
    },
)

LIGHT = Theme(
    name="tfui-light",
    primary="#2257b8",
    secondary="#6a45c2",
    accent="#006874",
    warning="#835600",
    error="#980a20",
    success="#146b4f",
    foreground="#232a35",
    background="#fbfaf7",
    surface="#f3f2ee",
    panel="#e9e8e3",
    dark=False,
    variables={
        "dim": "#535d6c",
        "line": "#cfcdc5",
        "cursor": "#cfe0fb",
        "cursor-away": "#e6e8ea",
        "bar": "#ecebe6",
        "bar-lit": "#dcdbd4",
        "spark": "#4a8468",
        "st-ok": "#146b4f",
        "st-fail": "#980a20",
        "st-run": "#1d52b0",
        "st-retry": "#7a5000",
        "st-wait": "#00616e",
        "st-blocked": "#7a35a8",
        "st-paused": "#6b5420",
        "st-off": "#535d6c",
        "st-skip": "#994400",
        "st-late": "#9e4200",
        "footer-key-foreground": "#00616e",
        "input-cursor-background": "#232a35",
        "input-selection-background": "#b8d2fa",
        "scrollbar": "#cfcdc5",
        "scrollbar-hover": "#b5b3aa",
        "scrollbar-active": "#006874",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
    },
)

OWN = (DARK, LIGHT)

_OTHER_LIGHT = {"ansi-dark": "ansi-light", "ansi-light": "ansi-dark"}


def names() -> list[str]:
    """Give the name of every theme that can be chosen, our own first."""
    return [theme.name for theme in OWN] + sorted(BUILTIN_THEMES)


def opposite(theme: Theme) -> str:
    """Give the light theme to a dark one, and the dark one to a light one; ansi stays ansi."""
    return _OTHER_LIGHT.get(theme.name) or (LIGHT.name if theme.dark else DARK.name)


ANSI = {
    "dim": "ansi_bright_black",
    "line": "ansi_bright_black",
    "cursor": "ansi_blue",
    "cursor-away": "ansi_bright_black",
    "bar": "ansi_default",
    "bar-lit": "ansi_default",
    "spark": "ansi_green",
    "st-ok": "ansi_green",
    "st-fail": "ansi_red",
    "st-run": "ansi_blue",
    "st-retry": "ansi_yellow",
    "st-wait": "ansi_cyan",
    "st-blocked": "ansi_magenta",
    "st-paused": "ansi_yellow",
    "st-off": "ansi_bright_black",
    "st-skip": "ansi_bright_yellow",
    "st-late": "ansi_bright_red",
}
"""The user's own sixteen colours, for themes that keep them."""


def variables_for(theme: Theme) -> dict[str, str]:
    """Give the values of our variables under a theme that does not define them itself."""
    if theme.ansi:
        return ANSI
    mine = LIGHT if not theme.dark else DARK
    chosen = {
        name: value
        for name, value in mine.variables.items()
        if name.startswith(("st-", "dim", "spark"))
    }
    return chosen | {
        "line": theme.panel or theme.primary,
        "cursor": mine.variables["cursor"],
        "cursor-away": mine.variables["cursor-away"],
        "bar": theme.surface or mine.variables["bar"],
        "bar-lit": theme.panel or mine.variables["bar-lit"],
    }
