"""What config.toml says about the dashboard, checked whole before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tfui.core import filtering
from tfui.errors import Invalid
from tfui.ui import key_map, themes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.settings import Placed
    from tfui.ui.key_map import KeyMap


@dataclass(frozen=True, slots=True)
class Preferences:
    """The tables of config.toml, read, and the theme."""

    key_map: KeyMap
    filters: Mapping[str, str]
    theme: str | None = None


def read(
    keys: Mapping[str, Placed], filters: Mapping[str, Placed], theme: Placed | None = None
) -> Preferences:
    """Read [keys], [filters] and the theme's name. Raises Invalid, which names each mistake's place."""
    found, problems = key_map.read(keys)
    for name, given in filters.items():
        _, mistake = filtering.parse_typed(given.text)
        if mistake is not None:
            problems[given.place] = f"the filter {name!r}: {mistake}"
    if theme is not None and theme.text not in themes.names():
        problems[theme.place] = _unknown_theme(theme.text)
    if problems:
        raise Invalid(problems)
    return Preferences(
        found,
        {name: given.text for name, given in filters.items()},
        None if theme is None else theme.text,
    )


def _unknown_theme(name: str) -> str:
    known = themes.names()
    close = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"there is no theme {name!r}; {hint}"
