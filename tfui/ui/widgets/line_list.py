"""A list of lines with a cursor, drawn line by line: only what is seen is ever made.

Subclasses say how many lines there are and draw one; this moves, scrolls, clicks and reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tfui.ui import keys
from tfui.ui.keys import Where
from tfui.ui.plain import fit
from tfui.ui.widgets.line_styles import Ground, LineStyles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

_RIGHT = 3  # the mouse button


class LineList(ScrollView, can_focus=True):
    """Lines that can be walked through with keys and mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Where.MOVING)]
    DEFAULT_CSS = "LineList { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }"

    @dataclass
    class Moved(Message):
        """The cursor went to another line."""

        lines: LineList

        @property
        def control(self) -> LineList:
            """The list it happened in."""
            return self.lines

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is in the end matters."""
            return isinstance(message, LineList.Moved) and message.lines is self.lines

    @dataclass
    class Chosen(Message):
        """A line was opened, by double click or by Enter."""

        lines: LineList

        @property
        def control(self) -> LineList:
            """The list it happened in."""
            return self.lines

    @dataclass
    class Asked(Message):
        """A menu is wanted for a line, by a right click."""

        lines: LineList

        @property
        def control(self) -> LineList:
            """The list it happened in."""
            return self.lines

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """Textual's own lays the whole screen out whenever it changes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.cursor = 0
        self.absence: Sequence[str] = ()
        """What is said, line by line, when there are no lines."""
        self._line_styles: LineStyles | None = None

    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw line `index`, `width` cells wide."""
        raise NotImplementedError

    @property
    def styles_now(self) -> LineStyles:
        """The styles under the present theme."""
        if self._line_styles is None:
            self._line_styles = LineStyles(self)
        return self._line_styles

    def restyled(self) -> None:
        """Forget everything drawn: the theme or the width is another one."""
        self._line_styles = None

    def notify_style_update(self) -> None:
        """Draw anew under a changed stylesheet."""
        super().notify_style_update()
        self.restyled()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        count = self.line_count()
        if not count and y < len(self.absence):
            said = f" {self.absence[y]}"
            return Strip([Segment(fit(said, width), self.styles_now.of("dim"))], width)
        if index >= count:
            return Strip([Segment(" " * width, self.styles_now.of("plain"))], width)
        return self.draw(index, width, self.ground_of(index))

    def ground_of(self, index: int) -> Ground:
        """Say what line `index` lies on."""
        if index != self.cursor:
            return Ground.BARE
        return Ground.CURSOR if self.has_focus else Ground.CURSOR_AWAY

    def recount(self) -> None:
        """Take note of another number of lines."""
        count = self.line_count()
        self.virtual_size = Size(0, count)
        self.cursor = max(0, min(self.cursor, count - 1))
        self.refresh()

    def watch_virtual_size(self, size: Size) -> None:
        """Show or hide the scroll bar; only a list that is as high as its lines takes another place."""
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(size)

    def move_to(self, index: int, *, report: bool = True) -> None:
        """Put the cursor on line `index`, or the nearest there is, and bring it into view."""
        index = max(0, min(index, self.line_count() - 1))
        before, self.cursor = self.cursor, index
        self.show_cursor()
        if before != index:
            self.refresh_line(before)
            self.refresh_line(index)
            if report:
                self.post_message(self.Moved(self))

    def show_cursor(self) -> None:
        """Scroll no further than needed to see the cursor."""
        top, height = self.scroll_offset.y, self.page_height
        if self.cursor < top:
            self._jump(self.cursor)
        elif self.cursor >= top + height:
            self._jump(self.cursor - height + 1)

    def _jump(self, y: int) -> None:
        self.scroll_to(y=max(0, y), animate=False, immediate=True, force=True)

    @property
    def page_height(self) -> int:
        """Lines that are seen at once."""
        return max(1, self.scrollable_content_region.height)

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """Show the cursor as resting."""
        self.refresh_line(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Move to the clicked line; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None or self.scroll_offset.y + offset.y >= self.line_count():
            return
        self.move_to(self.scroll_offset.y + offset.y)
        if event.button == _RIGHT:
            self.post_message(self.Asked(self))
        elif event.chain == 2:
            self.post_message(self.Chosen(self))

    def action_cursor_down(self) -> None:
        """Go one down."""
        self.move_to(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go one up."""
        self.move_to(self.cursor - 1)

    def action_first(self) -> None:
        """Go to the first line."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self.move_to(self.line_count() - 1)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self._leap(self.page_height // 2)

    def action_half_up(self) -> None:
        """Go half a page up."""
        self._leap(-(self.page_height // 2))

    def action_page_down(self) -> None:
        """Go a page down."""
        self._leap(self.page_height)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._leap(-self.page_height)

    def _leap(self, lines: int) -> None:
        """Move cursor and view together, so that the cursor keeps its place on the screen."""
        most = max(0, self.line_count() - self.page_height)
        top = max(0, min(self.scroll_offset.y + lines, most))
        if top != self.scroll_offset.y:
            self._jump(top)
        self.move_to(self.cursor + lines)
