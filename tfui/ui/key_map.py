"""The keys as a person has them: the registry's, with what config.toml changes, checked before drawing.

Everything that shows a key asks the key map of the app, so that help, footer, palette and sentences
follow a change. Which keys an action has by itself is in the registry alone.
"""

from __future__ import annotations

import string
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tfui.ui import keys
from tfui.ui.keys import ACTIONS, BY_ID, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.dom import DOMNode

    from tfui.settings import Placed
    from tfui.ui.keys import Action

_SPELLED = {
    "esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete",
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at",
    "hyphen_minus": "minus", "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
"""How people and Unicode call keys, and how Textual does."""

_NAMED = frozenset(
    ["enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown", "up", "down", "left", "right"]
) | {f"f{number}" for number in range(1, 25)}  # fmt: skip
_PUNCTUATION = frozenset(
    _SPELLED.get(name, name)
    for name in (
        unicodedata.name(character).lower().replace(" ", "_").replace("-", "_")
        for character in string.punctuation
    )
)
_MODIFIERS = ("ctrl", "alt", "shift")

_LISTS = frozenset({Where.TRIAGE, Where.DIFFERENCES})
_DIALOGS = _LISTS | {
    Where.DIALOG, Where.ASKED, Where.UNSAVED, Where.QUITTING, Where.WELCOME, Where.SORTING, Where.COPYING
}  # fmt: skip
_VIEWS = frozenset(Where) - _DIALOGS - {Where.EVERYWHERE, Where.VIEWS, Where.MOVING, Where.EDITOR}
_LIVE_WITH: dict[Where, frozenset[Where]] = {
    Where.EVERYWHERE: frozenset(Where) - _DIALOGS,
    Where.VIEWS: _VIEWS | {Where.MOVING},
    Where.MOVING: _VIEWS | _LISTS | {Where.DIALOG},
    Where.SCHEDULES: frozenset({Where.DETAIL}),
    Where.DIALOG: _DIALOGS,
}
"""Places whose keys are live at the same time; a log's keys come before the schedules' by focus."""


class KeyMap:
    """Which keys each action has."""

    def __init__(self, changes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.changes = dict(changes or {})
        """Keys of actions, by id, that do not have their own."""

    def keys(self, action: Action) -> tuple[str, ...]:
        """Give an action's keys, as Textual names them."""
        return self.changes.get(action.id, action.keys)

    def name(self, action: Action | str, *, ascii: bool = False) -> str:  # noqa: A002  # the option's name
        """Write the first key of an action, or of an action's id, as people read it."""
        found = BY_ID[action] if isinstance(action, str) else action
        return keys.spell(self.keys(found)[0], ascii=ascii)

    def for_textual(self) -> dict[str, str]:
        """Give the changes as Textual's own key map."""
        return {name: ",".join(chosen) for name, chosen in self.changes.items()}


def key_map_of(node: DOMNode) -> KeyMap:
    """Give the key map of the app that `node` lives in; the registry's own where there is none."""
    found = getattr(node.app, "key_map", None)
    return found if isinstance(found, KeyMap) else KeyMap()


def read(chosen: Mapping[str, Placed]) -> tuple[KeyMap, dict[str, str]]:
    """Read the [keys] of config.toml; give the map, and by its place what is wrong with each."""
    changes: dict[str, tuple[str, ...]] = {}
    problems: dict[str, str] = {}
    for name, given in chosen.items():
        if name not in BY_ID:
            problems[given.place] = _unknown(name)
            continue
        read_keys = [_key(text) for text in given.text.split()]
        wrong = [text for text, key in zip(given.text.split(), read_keys, strict=True) if not key]
        if wrong:
            problems[given.place] = f"there is no key {wrong[0]!r}; write it like F5, ctrl+x or U"
        else:
            changes[name] = tuple(key for key in read_keys if key)
    found = KeyMap(changes)
    for name in changes:
        if (clash := _clash(found, BY_ID[name])) is not None:
            problems[chosen[name].place] = clash
    return found, {
        each.place: problems[each.place] for each in chosen.values() if each.place in problems
    }


def _clash(found: KeyMap, action: Action) -> str | None:
    """Say which other action has a key of an action where both are live."""
    for other in ACTIONS:
        if other.id == action.id or not _are_together(action.where, other.where):
            continue
        for key in found.keys(action):
            is_meant = (
                key in action.keys and key in other.keys
            )  # one comes before the other by focus
            if key in found.keys(other) and not is_meant:
                return (
                    f"{keys.spell(key)} is the key of {other.id} already ({other.help}); "
                    f"give {action.id} or {other.id} another"
                )
    return None


def _are_together(one: Where, other: Where) -> bool:
    if one is other:
        return True
    return other in _LIVE_WITH.get(one, ()) or one in _LIVE_WITH.get(other, ())


def _unknown(name: str) -> str:
    close = get_close_matches(name, BY_ID, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "`?` lists what there is"
    return f"there is no action {name!r}; {hint}"


def _key(text: str) -> str | None:
    """Read a key as a person writes it; give Textual's name for it, or None."""
    if text.startswith("^") and len(text) > 1:
        text = f"ctrl+{text[1:]}"
    *modifiers, name = [text] if len(text) == 1 else text.replace("-", "+").split("+")
    if any(part.lower() not in _MODIFIERS for part in modifiers):
        return None
    if len(name) == 1:
        named = name if name.isalnum() else _spelled(unicodedata.name(name, ""))
    else:
        named = _spelled(name) if _spelled(name) in _NAMED | _PUNCTUATION else ""
    if not named or (modifiers and len(name) == 1 and name != name.lower()):
        return None
    return "+".join([*(part.lower() for part in modifiers), named])


def _spelled(name: str) -> str:
    named = name.lower().replace(" ", "_").replace("-", "_")
    return _SPELLED.get(named, named)
