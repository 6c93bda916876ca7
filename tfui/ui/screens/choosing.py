"""Asks for one of the names there are: typed, completed, or taken from the list below.

What stands beside a name is looked through as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tfui.ui.keys import closing
from tfui.ui.plain import plain
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_MOST = 200  # lines; more are reached by typing


class ChooseScreen(Dialog[str | None]):
    """Gives the name chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *closing(),
        Binding("down", "move(1)", "down", show=False, priority=True),
        Binding("up", "move(-1)", "up", show=False, priority=True),
    ]

    def __init__(self, title: str, names: Sequence[str], *, texts: Sequence[str] = ()) -> None:
        super().__init__()
        self._title = title
        self._names = names
        self._texts = texts or [""] * len(names)
        """What stands beside each name."""
        self._fitting: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out the field and the names."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            field = Input(
                id="choice",
                placeholder="type to search",
                compact=True,
                suggester=SuggestFromList(self._names, case_sensitive=False),
            )
            field.cursor_blink = False
            yield field
            names = OptionList(id="choices", compact=True)
            names.can_focus = False
            yield names
            yield Hint("⏎ take", "↑ ↓ choose")

    def on_mount(self) -> None:
        """Offer everything first."""
        self.query_one("#choice").focus()
        self._offer("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None and self._fitting:
            self.dismiss(self._fitting[at])

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._fitting[event.option_index])

    def action_move(self, by: int) -> None:
        """Choose another while the field keeps the keys."""
        names = self.query_one(OptionList)
        names.action_cursor_down() if by > 0 else names.action_cursor_up()

    def _offer(self, typed: str) -> None:
        words = typed.casefold().split()
        pairs = [
            (name, text)
            for name, text in zip(self._names, self._texts, strict=True)
            if all(word in f"{name} {text}".casefold() for word in words)
        ][:_MOST]
        self._fitting = [name for name, _ in pairs]
        names = self.query_one(OptionList)
        names.clear_options()
        width = max((len(name) for name, _ in pairs), default=0)
        names.add_options(
            [
                Option(Content.assemble(f"{plain(name):<{width}}", (f"   {plain(text)}", "$dim")))
                for name, text in pairs
            ]
        )
        names.highlighted = 0 if pairs else None
