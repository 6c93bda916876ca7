"""Asks for a whole number, or none: how many at once, how many a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tfui.ui.keys import closing
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


@dataclass(frozen=True, slots=True)
class Number:
    """What was given; None where the field was emptied."""

    value: int | None


class NumberScreen(Dialog[Number | None]):
    """Gives a Number, or None when nothing is to change."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing()]

    def __init__(self, title: str, *, value: int | None, most: int, means: str, none: str) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._most = most
        self._means = means
        """What a number means, after it."""
        self._none = none
        """What an empty field means."""

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            text = "" if self._value is None else str(self._value)
            field = Input(text, id="number", placeholder=self._none, compact=True, max_length=9)
            field.cursor_blink = False
            yield field
            yield Static("", id="number-meaning", markup=False)
            yield Hint("⏎ set")

    def on_mount(self) -> None:
        """Say what is there means."""
        self._say()

    @on(Input.Changed)
    def _say(self) -> None:
        number, problem = self._read()
        said = Content.styled(problem, "$st-fail")
        if not problem:
            means = self._none if number is None else f"{number:,} {self._means}"
            said = Content.styled(means, "$st-ok")
        self.query_one("#number-meaning", Static).update(said)

    @on(Input.Submitted)
    def _submit(self) -> None:
        number, problem = self._read()
        if not problem:
            self.dismiss(Number(number))

    def _read(self) -> tuple[int | None, str]:
        """Read the field; give the number, or what is wrong."""
        text = self.query_one("#number", Input).value.strip()
        if not text:
            return None, ""
        if text.isascii() and text.isdigit() and 1 <= int(text) <= self._most:
            return int(text), ""
        return None, f"✗ not a whole number from 1 to {self._most:,}; empty for none"
