"""A letter on every place that can have the keys: typing it goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from tfui.ui.keys import closing
from tfui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

_LETTERS = "asdfghjklqwertyuiop"


class JumpScreen(Dialog[None]):
    """Lies over a screen and gives the keys to one of its widgets."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing()]

    def __init__(self, targets: Sequence[Widget]) -> None:
        super().__init__()
        self._targets = dict(zip(_LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        """Put each letter where its place begins."""
        for letter, target in self._targets.items():
            label = Static(f" {letter} ", classes="jump-letter", markup=False)
            region = target.region
            label.absolute_offset = region.offset
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go where the letter stands."""
        event.stop()
        target = self._targets.get(event.key)
        self.dismiss(None)
        if target is not None:
            target.focus()
