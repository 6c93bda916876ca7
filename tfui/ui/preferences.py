"""What config.toml says about the dashboard, checked whole before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core import filtering
from tfui.errors import Invalid
from tfui.ui import key_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.settings import Placed
    from tfui.ui.key_map import KeyMap


@dataclass(frozen=True, slots=True)
class Preferences:
    """The tables of config.toml, read."""

    key_map: KeyMap
    filters: Mapping[str, str]


def read(keys: Mapping[str, Placed], filters: Mapping[str, Placed]) -> Preferences:
    """Read [keys] and [filters]. Raises Invalid, which names each mistake by file and line."""
    found, problems = key_map.read(keys)
    for name, given in filters.items():
        _, mistake = filtering.parse_typed(given.text)
        if mistake is not None:
            problems[given.place] = f"the filter {name!r}: {mistake}"
    if problems:
        raise Invalid(problems)
    return Preferences(found, {name: given.text for name, given in filters.items()})
