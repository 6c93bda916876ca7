"""The line at the foot of a dialog that says which keys do what in it."""

from __future__ import annotations

from textual.widgets import Static

from tfui.ui.key_map import key_map_of
from tfui.ui.options import is_ascii
from tfui.ui.plain import to_ascii


class Hint(Static):
    """Keys and what they do, in ASCII where that is asked for; the key that closes comes last."""

    def __init__(
        self,
        *parts: str,
        close: str = "back",
        note: str = "",
        id: str | None = None,  # noqa: A002  # Textual's name
    ) -> None:
        """`close` is what leaving the dialog is called; `note` has a line of its own."""
        super().__init__("", id=id, classes="dialog-hint", markup=False)
        self._parts = parts
        self._close = close
        self._note = note

    def on_mount(self) -> None:
        """Write it once the app is known."""
        self.say(*self._parts)

    def say(self, *parts: str) -> None:
        """Write other keys."""
        closing = f"{key_map_of(self).name('dialog.close')} {self._close}"
        text = "   ".join([*parts, closing]) + (f"\n{self._note}" if self._note else "")
        self.update(to_ascii(text) if is_ascii(self) else text)
