"""A run's output as it comes: the last ten thousand lines, following the end unless told to stand."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tfui.ui import keys
from tfui.ui.keys import Where
from tfui.ui.log_lines import LogLine, LogReader
from tfui.ui.widgets.line_styles import LineStyles

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from tfui.ui.detail_reading import LogLook

KEPT = 10_000
"""Lines remembered; older ones are in the store."""


class LogView(ScrollView, can_focus=True):
    """Draws the output of one run."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Where.MOVING, Where.LOG)]
    DEFAULT_CSS = "LogView { overflow-x: hidden; scrollbar-size-vertical: 1; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self._lines: deque[LogLine] = deque(maxlen=KEPT)
        self._pending: list[LogLine] = []
        self._reader = LogReader()
        self._rows: list[list[Segment]] | None = None
        self._line_styles: LineStyles | None = None
        self.follows = True
        self.wraps = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was printed."""
        return not self._lines and not self._pending

    def show(self, log: LogLook) -> None:
        """Take what was printed since the last look; another run begins anew."""
        if log.is_new:
            self._lines.clear()
            self._reader = LogReader()
            self.follows = True
        elif not log.chunks:
            return
        self._lines.extend(self._reader.read(log.chunks))
        self._pending = self._reader.pending()
        self._relay()

    def _relay(self) -> None:
        self._rows = None
        self.virtual_size = Size(0, len(self._laid_out()))
        if self.follows:
            self.scroll_end(animate=False, immediate=True, force=True)
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw anew under a changed stylesheet."""
        super().notify_style_update()
        self._line_styles = self._rows = None

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Break lines anew."""
        self._relay()

    def render_line(self, y: int) -> Strip:
        """Draw one visible row."""
        width = self.scrollable_content_region.width
        rows = self._laid_out()
        index = self.scroll_offset.y + y
        segments = rows[index] if index < len(rows) else []
        return Strip(segments).adjust_cell_length(width, self._styles().of("plain"))

    def _styles(self) -> LineStyles:
        if self._line_styles is None:
            self._line_styles = LineStyles(self)
        return self._line_styles

    def _laid_out(self) -> list[list[Segment]]:
        if self._rows is None:
            width = max(10, self.scrollable_content_region.width)
            self._rows = [
                row for line in (*self._lines, *self._pending) for row in self._break(line, width)
            ]
        return self._rows

    def _break(self, line: LogLine, width: int) -> list[list[Segment]]:
        role = {"stderr": "st-skip", "note": "dim"}.get(line.stream, "plain")
        under = self._styles().of(role)
        segments = [
            Segment(segment.text, under + (segment.style or Style.null()))
            for segment in line.text.render(self.app.console)
            if segment.text and segment.text != "\n"
        ]
        if self.wraps:
            return [
                list(row)
                for row in Segment.split_and_crop_lines(
                    _broken(segments, width), width, pad=False, include_new_lines=False
                )
            ] or [[]]
        return [list(Segment.adjust_line_length(segments, width, pad=False))]

    def action_follow(self) -> None:
        """Follow the end, or stand still."""
        self.follows = not self.follows
        if self.follows:
            self.scroll_end(animate=False, immediate=True)
        self.notify("Following the log" if self.follows else "Standing still", timeout=2)

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        self.wraps = not self.wraps
        self._relay()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stop following when a person scrolls up; follow again from the end."""
        super().watch_scroll_y(old_value, new_value)
        self.follows = new_value >= self.max_scroll_y

    def _by(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False, immediate=True, force=True)

    def action_cursor_down(self) -> None:
        """Scroll one line down."""
        self._by(1)

    def action_cursor_up(self) -> None:
        """Scroll one line up."""
        self._by(-1)

    def action_first(self) -> None:
        """Scroll to the beginning."""
        self.scroll_home(animate=False, immediate=True, force=True)

    def action_last(self) -> None:
        """Scroll to the end and follow it."""
        self.scroll_end(animate=False, immediate=True, force=True)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self._by(self.size.height // 2)

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self._by(-(self.size.height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self._by(self.size.height)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self._by(-self.size.height)


def _broken(segments: list[Segment], width: int) -> list[Segment]:
    """Put a line feed wherever the next cell would be past `width`."""
    from rich.cells import get_character_cell_size

    found: list[Segment] = []
    used = 0
    for segment in segments:
        start = 0
        for place, character in enumerate(segment.text):
            size = get_character_cell_size(character)
            if used + size > width:
                found.extend((Segment(segment.text[start:place], segment.style), Segment("\n")))
                start, used = place, 0
            used += size
        found.append(Segment(segment.text[start:], segment.style))
    return found
