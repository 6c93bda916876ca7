"""What stands in place of a list, a grid or a graph with nothing in it: why, and which keys lead on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = "bold $footer-key-foreground"


class Absence(Static, can_focus=True):
    """A sentence in the middle of the place; it takes the keys that the list would."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__("", id=id, markup=False)

    def say(self, sentence: str, about: str, keys: Iterable[tuple[str, str]]) -> None:
        """Say that there is nothing, what would be here, and what each action's key does."""
        name = key_map_of(self).name
        ways = (Content.assemble((name(action), KEY), f" {does}") for action, does in keys)
        explained = (f"\n{about}", "$dim") if about else ""
        self.update(
            Content.assemble((sentence, "bold"), explained, "\n\n", Content("    ").join(ways))
        )

    def say_trouble(self, trouble: str) -> None:
        """Say why nothing could be read."""
        self.update(Content.styled(plain(trouble), "$st-fail"))
