"""Every action of the dashboard once, by its id; and the keys as Textual binds and people read them.

Bindings, the footer, the help screen and the palette are all made from this list, so none of them
can promise a key that another does not know. Ids are what a user's key map speaks of.
"""

from __future__ import annotations

from textual.binding import Binding

from tfui.ui.action import Action, Where
from tfui.ui.dialog_actions import DIALOG_ACTIONS
from tfui.ui.view_actions import VIEW_ACTIONS

__all__ = [
    "ACTIONS",
    "BY_ID",
    "FORM_KEYS",
    "Action",
    "Where",
    "bindings",
    "closing",
    "key_name",
    "spell",
]

ACTIONS: tuple[Action, ...] = (*VIEW_ACTIONS, *DIALOG_ACTIONS)
"""All actions, in the order the help shows those of a place."""

BY_ID = {action.id: action for action in ACTIONS}

FORM_KEYS = frozenset({"tab", "shift+tab", "up", "down", "left", "right"})
"""The only keys that may be bound without an action here: they go from field to field and from
button to button, as in every form there is, and stay Textual's own. So do enter on what has the
focus, what is typed into a field with the keys that edit it, and the letters that choose among the
options of one field, or among the places that a letter was just put on."""


def bindings(*places: Where) -> list[Binding]:
    """Make the Textual bindings for everything that can be done in `places`."""
    return [_binding(action, action.does) for action in ACTIONS if action.where in places]


def closing(*names: str) -> list[Binding]:
    """Make the bindings that close a dialog: the key for that, and those of the actions named.

    A key that opened a dialog closes it as well, also where something is typed in it.
    """
    others = [_binding(BY_ID[name], "close", priority=True) for name in names]
    return [*bindings(Where.DIALOG), *others]


def _binding(action: Action, does: str, *, priority: bool = False) -> Binding:
    return Binding(
        ",".join(action.keys),
        does,
        action.word,
        show=action.rank > 0,
        id=action.id,
        priority=action.priority or priority,
        key_display=key_name(action),
    )


_SYMBOLS = {
    "question_mark": "?",
    "slash": "/",
    "exclamation_mark": "!",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "left": "←",
    "right": "→",
    "underscore": "_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "enter": "⏎",
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
    "space": "space",
}
_ASCII = {"⏎": "enter", "↓": "down", "↑": "up", "←": "left", "→": "right", "½": "half"}


def key_name(action: Action, *, ascii: bool = False) -> str:  # noqa: A002  # the option's name
    """Write an action's first key as people read it: `^p`, `?`, `⏎`."""
    return spell(action.keys[0], ascii=ascii)


def spell(key: str, *, ascii: bool = False) -> str:  # noqa: A002  # the option's name
    """Write one of Textual's key names as people read it."""
    *modifiers, name = key.split("+")
    if key == "plus":
        modifiers, name = [], "plus"
    name = _SYMBOLS.get(name, name)
    if name.startswith("f") and name[1:].isdigit():
        name = name.upper()
    if ascii:
        name = _ASCII.get(name, name)
    return "".join("^" if part == "ctrl" else f"{part}-" for part in modifiers) + name
