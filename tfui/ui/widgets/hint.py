"""The line at the foot of a dialog that says which keys do what in it."""

from __future__ import annotations

from textual.widgets import Static

from tfui.ui.options import is_ascii
from tfui.ui.plain import to_ascii


class Hint(Static):
    """Keys and what they do, in ASCII where that is asked for."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__("", id=id, classes="dialog-hint", markup=False)
        self._text = text

    def on_mount(self) -> None:
        """Write it once the app is known."""
        self.say(self._text)

    def say(self, text: str) -> None:
        """Write another one."""
        self.update(to_ascii(text) if is_ascii(self) else text)
