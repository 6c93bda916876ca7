"""A menu of what can be done here: each line with its key; what cannot be done now says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tfui.ui.key_map import key_map_of
from tfui.ui.keys import BY_ID, closing
from tfui.ui.options import is_ascii
from tfui.ui.plain import plain, to_ascii
from tfui.ui.screens.dialog import Dialog
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType


_AROUND = 12
"""Lines of a dialog and of the screen that no item can have."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu."""

    gives: str
    action: str
    """The id of the action in the registry whose keys take it."""
    words: str
    beside: str = ""
    """What stands behind the words, dim: a value, or why it cannot be chosen."""
    is_dead: bool = False
    is_last: bool = False
    """Whether a group ends with it."""


class MenuScreen(Dialog[str | None]):
    """Gives what the chosen line gives, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing()]

    def __init__(self, title: str, items: Sequence[Item], *, at: str | None = None) -> None:
        """`at` is what the line gives on which to begin."""
        super().__init__()
        self._title = title
        self._items = items
        self._at = at

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield OptionList(*self._lines(), compact=True)
            yield Hint("⏎ take", "↑ ↓ choose", note=self.note())

    def note(self) -> str:
        """Give what stands under the keys: nothing."""
        return ""

    def on_mount(self) -> None:
        """Begin on the line asked for, or the first that can be chosen."""
        lines = self.query_one(OptionList)
        lines.focus()
        if self._at is not None:
            lines.highlighted = lines.get_option_index(self._at)

    def on_key(self, event: events.Key) -> None:
        """Take the line whose key was pressed, unless it only moves in the menu."""
        keys = key_map_of(self)
        for item in self._items:
            if (
                event.key in keys.keys(BY_ID[item.action])
                and event.key != "enter"
                and not item.is_dead
            ):
                event.stop()
                event.prevent_default()
                self.dismiss(item.gives)
                return

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._items[event.option_index].gives)

    def _lines(self) -> Iterator[Option | None]:
        """Give the lines, with a rule after each group where there is room for all of it."""
        has_room = len(self._items) + sum(each.is_last for each in self._items) + _AROUND
        for item in self._items:
            yield self._option(item)
            is_inner = item.is_last and item is not self._items[-1]
            if is_inner and has_room <= self.app.size.height and not is_ascii(self):
                yield None

    def _option(self, item: Item) -> Option:
        key = key_map_of(self).name(item.action, ascii=is_ascii(self))
        words = to_ascii(item.words) if is_ascii(self) else item.words
        style = "$dim" if item.is_dead else ""
        line = Content.assemble(
            (f"{key:>3}  ", "$dim" if item.is_dead else "bold $footer-key-foreground"),
            (plain(words), style),
            (f"  {plain(item.beside)}" if item.beside else "", "$dim"),
        )
        return Option(line, id=item.gives, disabled=item.is_dead)
