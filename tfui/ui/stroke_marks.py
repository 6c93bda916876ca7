"""Characters for the arms of a cell: light, heavy, and their twins in ASCII."""

from __future__ import annotations

_LIGHT = " ╵╷│─┘┐┤─└┌├─┴┬┼"
_HEAVY = " ╹╻┃━┛┓┫━┗┏┣━┻┳╋"
_ASCII = " |||-++|-++|-+++"
_HEAVY_ASCII = " ###=###=###=###"
"""By UP 1, DOWN 2, LEFT 4 and RIGHT 8, added; a level end is drawn whole."""

GUIDES = {False: ("│  ", "   ", "├─ ", "└─ "), True: ("|  ", "   ", "|- ", "`- ")}
"""Of a tree, by whether in ASCII: passing by, nothing, a branch with more below, and the last."""


def mark(arms: int, *, heavy: bool, ascii: bool) -> str:  # noqa: A002  # the option's name
    """Draw a cell's arms."""
    if ascii:
        return (_HEAVY_ASCII if heavy else _ASCII)[arms]
    return (_HEAVY if heavy else _LIGHT)[arms]
