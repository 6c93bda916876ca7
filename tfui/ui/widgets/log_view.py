"""A run's output as it comes: the last ten thousand lines, following the end unless told to stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tfui.ui import keys
from tfui.ui.keys import Where
from tfui.ui.log_lines import LogLine, LogReader
from tfui.ui.log_window import LogWindow, broken
from tfui.ui.plain import to_ascii
from tfui.ui.widgets.line_styles import LineStyles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from rich.text import Text
    from textual import events
    from textual.binding import BindingType

    from tfui.ui.log_reading import LogLook

_CONTEXT = 3  # lines seen above one that was gone to
_KEPT_STRIPS = 512


class LogView(ScrollView, can_focus=True):
    """Draws the output of one run; only the rows that are seen are ever made."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Where.MOVING, Where.LOG)]
    DEFAULT_CSS = "LogView { overflow-x: hidden; scrollbar-size-vertical: 1; }"

    @dataclass
    class Beyond(Message):
        """A line is to be seen that is not held; whoever can read the log may put it here."""

        log: LogView
        line: int

        @property
        def control(self) -> LogView:
            """The log."""
            return self.log

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.window = LogWindow()
        self._reader = LogReader()
        self._line_styles: LineStyles | None = None
        self._strips: dict[tuple[int, int], Strip] = {}
        self._needle = ""
        self._zone: tzinfo | None = None
        self.prefix: tuple[str, str] = ("", "plain")
        """A text before every line, and its role."""
        self.has_times = False
        self.follows = True
        self.wraps = False
        self._height = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was printed."""
        return not self.window.total and not self.window.pending

    # What there is to draw

    def show(self, log: LogLook) -> None:
        """Take what was printed since the last look; another run begins anew."""
        if log.is_new:
            self.begin()
        if log.is_new or log.chunks:
            lines = list(self._reader.read(log.chunks))
            self.take(lines, self._reader.pending())

    def begin(self) -> None:
        """Forget everything: another run follows."""
        self.window = LogWindow()
        self._reader = LogReader()
        self.follows = True

    def take(self, lines: Iterable[LogLine], pending: list[LogLine]) -> None:
        """Take lines that were printed since, and those that are still being written."""
        before = self.window.first
        self.window.append(lines, pending)
        lost = self.window.first - before
        self._relay()
        if lost and not self.follows:
            self._jump(self.scroll_offset.y - lost)

    def put(self, first: int, lines: Iterable[LogLine], line: int) -> None:
        """Hold another part of the log, with `line` in view."""
        self.window.put(first, lines)
        self.follows = False
        self._relay()
        self.go_to(line)

    def go_to(self, line: int) -> None:
        """Bring a line into view, or ask for it."""
        if not self.window.holds(line):
            self.post_message(self.Beyond(self, line))
            return
        row = self.window.row_of(line, self._row_width)
        top = self.scroll_offset.y
        if not top <= row < top + self.size.height:
            self._jump(row - _CONTEXT)
        self._redraw()

    def highlight(self, needle: str) -> None:
        """Show where a text stands; nothing for none."""
        self._needle = needle.casefold()
        self._redraw()

    def show_times(self, zone: tzinfo | None, *, on: bool) -> None:
        """Put before each line when it was printed."""
        self.has_times, self._zone = on, zone
        self._relay()

    # Drawing

    @property
    def _text_width(self) -> int:
        before = len(self.prefix[0]) + (9 if self.has_times else 0)
        return max(10, self.scrollable_content_region.width - before)

    @property
    def _row_width(self) -> int | None:
        return self._text_width if self.wraps else None

    def _relay(self) -> None:
        self._redraw()
        self.virtual_size = Size(0, self.window.height(self._row_width))
        if self.follows:
            self._to_end()
            self.call_after_refresh(self._stay_at_end)

    def _stay_at_end(self) -> None:
        if self.follows:
            self._to_end()
            # A bar that has only just appeared may have been drawn before the place was known.
            self.vertical_scrollbar.position = self.scroll_y
            self.vertical_scrollbar.refresh()

    def _to_end(self) -> None:
        # Before it has a height there is no end to be at, and following would be taken for left.
        if self.size.height:
            self.scroll_end(animate=False, immediate=True, force=True)

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw anew under a changed stylesheet."""
        super().notify_style_update()
        self._line_styles = None
        self._strips.clear()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Break lines anew, and stay at the end where it is followed."""
        self._height = self.size.height
        self._relay()

    def render_line(self, y: int) -> Strip:
        """Draw one visible row."""
        row = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if row >= self.window.height(self._row_width):
            return Strip([]).adjust_cell_length(width, self._styles.of("plain"))
        place = self.window.at_row(row, self._row_width)
        strip = self._strips.get(place)
        if strip is None:
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[place] = self._strip(*place)
        return strip.adjust_cell_length(width, self._styles.of("plain"))

    @property
    def _styles(self) -> LineStyles:
        if self._line_styles is None:
            self._line_styles = LineStyles(self)
        return self._line_styles

    def _strip(self, number: int, row: int) -> Strip:
        line = self.window.line(number)
        if line is None:
            return Strip([])
        before = self._before(line, row)
        role = {"stderr": "st-skip", "note": "dim"}.get(line.stream, "plain")
        under = self._styles.of(role)
        text, width = self._marked(line), self._text_width
        is_cut = not self.wraps and text.cell_len > width
        if self.wraps:
            pieces = broken(text.plain, width)
            start, end = pieces[min(row, len(pieces) - 1)]
            text = text[start:end]
        segments = [
            Segment(segment.text, under + (segment.style or Style.null()))
            for segment in text.render(self.app.console)
            if segment.text and segment.text != "\n"
        ]
        if is_cut:
            kept = Segment.adjust_line_length(segments, width - 1)
            arrow = ">" if self.app.has_class("-ascii") else "›"
            return Strip([*before, *kept, Segment(arrow, self._styles.of("mark"))])
        return Strip([*before, *Segment.adjust_line_length(segments, width, pad=False)])

    def _before(self, line: LogLine, row: int) -> list[Segment]:
        """Draw what stands before a line: whose it is, and when it was printed."""
        prefix, role = self.prefix
        found = [Segment(prefix, self._styles.of(role))] if prefix else []
        if self.has_times:
            is_first = row == 0 and line.at is not None
            clock = (
                f"{line.at.astimezone(self._zone):%H:%M:%S} " if is_first and line.at else " " * 9
            )
            found.append(Segment(clock, self._styles.of("dim")))
        return found

    def _marked(self, line: LogLine) -> Text:
        """Give a line's text with the highlighted places turned over."""
        text = line.text.copy()
        if line.stream == "note" and self.app.has_class("-ascii"):
            text.plain = to_ascii(text.plain)
        needle, plain = self._needle, line.text.plain.casefold()
        if needle and len(plain) == len(line.text.plain):
            place = plain.find(needle)
            while place >= 0:
                text.stylize(Style(reverse=True, bold=True), place, place + len(needle))
                place = plain.find(needle, place + len(needle))
        return text

    # Moving

    def action_follow(self) -> None:
        """Follow the end, or stand still."""
        self.follows = not self.follows
        if self.follows:
            self.action_last()
        self.notify("Following the log" if self.follows else "Standing still", timeout=2)

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        top, _ = self.window.at_row(self.scroll_offset.y, self._row_width)
        self.wraps = not self.wraps
        self._relay()
        if not self.follows:
            self._jump(self.window.row_of(top, self._row_width))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stop following when a person scrolls up; follow again from the end."""
        super().watch_scroll_y(old_value, new_value)
        is_low = new_value >= self.max_scroll_y
        if is_low and self.window.is_at_end:
            self.follows = True
        elif self.size.height == self._height:
            # Not while it is being given another height: nobody scrolled then.
            self.follows = False
        if new_value <= 0 < self.window.first and old_value > new_value:
            self.post_message(self.Beyond(self, self.window.first - 1))
        elif is_low and not self.window.is_at_end and new_value > old_value:
            self.post_message(self.Beyond(self, self.window.end))

    def _jump(self, y: int) -> None:
        self.scroll_to(y=max(0, y), animate=False, immediate=True, force=True)

    def _by(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False, immediate=True, force=True)

    def action_cursor_down(self) -> None:
        """Scroll one line down."""
        self._by(1)

    def action_cursor_up(self) -> None:
        """Scroll one line up."""
        self._by(-1)

    def action_first(self) -> None:
        """Scroll to the beginning of the whole log."""
        if self.window.first:
            self.post_message(self.Beyond(self, 0))
        else:
            self.scroll_home(animate=False, immediate=True, force=True)

    def action_last(self) -> None:
        """Scroll to the end and follow it."""
        if not self.window.is_at_end:
            self.post_message(self.Beyond(self, self.window.total - 1))
        else:
            self._to_end()

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
