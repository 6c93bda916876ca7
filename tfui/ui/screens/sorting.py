"""The menu of columns to sort by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tfui.ui.filters import SORTS
from tfui.ui.key_map import key_map_of
from tfui.ui.styles import DIALOGS
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

_WORDS = {
    "status": ("s", "worst first"),
    "name": ("n", "by name"),
    "next": ("x", "soonest first"),
    "last": ("l", "longest ago first"),
    "runs": ("r", "by number of runs"),
    "queue": ("q", "by queue"),
    "type": ("t", "once, recurring, cron"),
    "priority": ("p", "by priority"),
    "created": ("c", "by age"),
}


class SortScreen(ModalScreen[str | None]):
    """Gives the chosen sort, or None."""

    CSS_PATH: ClassVar = DIALOGS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "back", show=False),
    ]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """Lay out the menu."""
        with Vertical(classes="dialog -menu"):
            yield Static("Sort by", classes="dialog-title")
            yield OptionList(
                *(
                    Option(
                        Content.assemble(
                            (f"{_WORDS[sort][0]:>3}", "bold $footer-key-foreground"),
                            f"  {sort:<10}",
                            (_WORDS[sort][1], "$dim"),
                        ),
                        id=sort,
                    )
                    for sort in SORTS
                ),
                compact=True,
            )
            flip = key_map_of(self).name("sort.flip")
            yield Hint(f"⏎ take   ↑ ↓ choose   esc back\n{flip} turns the order over, in the list")

    def on_mount(self) -> None:
        """Begin on the present sort."""
        options = self.query_one(OptionList)
        options.highlighted = SORTS.index(self._current)
        options.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """Take the sort whose letter was typed."""
        for sort, (key, _) in _WORDS.items():
            if event.key == key:
                event.stop()
                self.dismiss(sort)

    def action_close(self) -> None:
        """Leave the order as it is."""
        self.dismiss(None)
