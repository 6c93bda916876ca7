"""The menu of columns to sort by."""

from __future__ import annotations

from tfui.ui.filters import SORTS
from tfui.ui.key_map import key_map_of
from tfui.ui.keys import BY_ID
from tfui.ui.screens.menu import Item, MenuScreen


class SortScreen(MenuScreen):
    """Gives the chosen sort, or None; begins on the present one."""

    def __init__(self, current: str) -> None:
        lines = [
            Item(sort, f"sort.{sort}", f"{sort:<10}", _words(f"sort.{sort}")) for sort in SORTS
        ]
        super().__init__("Sort by", lines, at=current)

    def note(self) -> str:
        """Say how the order is turned over."""
        return f"{key_map_of(self).name('sort.flip')} turns the order over, in the list"


def _words(name: str) -> str:
    said = BY_ID[name].help
    return said[0].lower() + said[1:]
