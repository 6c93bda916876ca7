"""The line at the foot of a dialog that says which keys do what in it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tfui.ui.key_map import key_map_of
from tfui.ui.options import is_ascii
from tfui.ui.plain import to_ascii
from tfui.ui.widgets.absence import KEY


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
        """Write other keys, each with one word for what it does."""
        closing = f"{key_map_of(self).name('dialog.close')} {self._close}"
        told = Content("   ").join(self._one(part) for part in [*parts, closing])
        self.update(told + self._drawn(f"\n{self._note}") if self._note else told)

    def _one(self, part: str) -> Content:
        key, _, word = part.rpartition(" ")
        return Content.assemble((self._drawn(key), KEY), f" {self._drawn(word)}")

    def _drawn(self, text: str) -> str:
        return to_ascii(text) if is_ascii(self) else text
