"""A dialog around a text that may be longer than it: moved by the keys that move in every list.

The keys work while a field of the dialog has them too, unless the field wants them itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.containers import VerticalScroll

from tfui.ui.keys import Where, bindings
from tfui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.binding import BindingType

T = TypeVar("T")


class ScrolledDialog(Dialog[T]):
    """Moves the one VerticalScroll there is in it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.MOVING)]

    def _move(self, lines: float) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _page(self) -> int:
        return self.query_one(VerticalScroll).size.height

    def action_cursor_down(self) -> None:
        """Go a line down."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Go a line up."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._move(self._page())

    def action_page_up(self) -> None:
        """Go a page up."""
        self._move(-self._page())

    def action_half_down(self) -> None:
        """Go half a page down."""
        self._move(self._page() // 2)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self._move(-(self._page() // 2))

    def action_first(self) -> None:
        """Go to the beginning."""
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_last(self) -> None:
        """Go to the end."""
        self.query_one(VerticalScroll).scroll_end(animate=False)
