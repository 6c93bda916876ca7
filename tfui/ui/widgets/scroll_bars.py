"""Scroll bars of ASCII characters: `#` where one is, `|` or `-` where one can go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender

if TYPE_CHECKING:
    from rich.color import Color

_WHOLE = [" "] * 8  # no parts of a cell


class AsciiScrollBar(ScrollBarRender):
    """Draws as Textual does, with characters in the place of filled cells."""

    VERTICAL_BARS: ClassVar[list[str]] = _WHOLE
    HORIZONTAL_BARS: ClassVar[list[str]] = _WHOLE

    @classmethod
    def render_bar(cls, *args: Any, **options: Any) -> Segments:  # noqa: ANN401  # Textual's, passed on
        """Draw one bar."""
        drawn = super().render_bar(*args, **options)
        back: Color = options["back_color"]
        bar: Color = options["bar_color"]
        track = "|" if options["vertical"] else "-"

        def in_ascii(segment: Segment) -> Segment:
            style = segment.style
            if style is None or not style.meta:
                return segment  # the end of a line, or nothing to scroll
            shape = "#" if style.reverse else track
            own = Style(color=bar, bgcolor=back, reverse=style.reverse, meta=style.meta)
            return Segment(shape * len(segment.text), own)

        return Segments(map(in_ascii, drawn.segments), new_lines=drawn.new_lines)


def draw_scroll_bars(*, ascii: bool) -> None:  # noqa: A002  # the option's name
    """Have all scroll bars of this process drawn in one alphabet; Textual keeps one for all apps."""
    ScrollBar.renderer = AsciiScrollBar if ascii else ScrollBarRender
