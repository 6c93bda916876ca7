"""The top line: what runs and what is wrong, what comes next, and whether an engine is there.

Counts are buttons: a click filters the list. What does not fit gives way from the middle, the
engine's state never.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from tfui.core.health import Condition
from tfui.ui import spans
from tfui.ui.glyphs import OF_CONDITION
from tfui.ui.plain import fit, plain, to_ascii
from tfui.ui.segments import Segment

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events

    from tfui.model.schedule import Pulse
    from tfui.ui.engine_words import EngineWords


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the bar says at one moment."""

    pulse: Pulse | None
    engine: EngineWords
    zone: str
    now: datetime
    is_read_only: bool = False
    view: str = ""
    """The view in front, where no strip tells."""


class SummaryBar(Widget):
    """One line at the top."""

    DEFAULT_CSS = "SummaryBar { height: 1; }"

    @dataclass
    class Picked(Message):
        """A count was clicked."""

        segment: Segment

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._shown: Shown | None = None
        self._drawn: Content | None = None

    def show(self, shown: Shown) -> None:
        """Say something else, if it is something else."""
        self._shown = shown
        drawn = self._draw()
        if self._drawn is None or not drawn.is_same(self._drawn):
            self._drawn = drawn
            self.refresh()

    def render(self) -> Content:
        """Draw the line for the present width."""
        self._drawn = self._draw()
        return self._drawn

    def on_click(self, event: events.Click) -> None:
        """Filter the list by a count that was clicked."""
        picked = event.style.meta.get("picks")
        if picked is not None:
            self.post_message(self.Picked(Segment(picked)))

    def _draw(self) -> Content:
        if self._shown is None:
            return Content.styled(" tfui", "bold $accent")
        width = self.size.width
        is_short = width < 100
        left = self._left(self._shown, is_short=is_short)
        for is_brief in (False, True):
            right = self._right(self._shown, is_short=is_short, is_brief=is_brief)
            while left.cell_length + 2 + self._length(right) > width and len(right) > 2:
                right.pop(0)
            if left.cell_length + 2 + self._length(right) <= width:
                break
        if left.cell_length + 2 + self._length(right) > width and len(right) > 1:
            right.pop(0)
        if left.cell_length + 2 + self._length(right) > width:
            left = left.truncate(max(0, width - 2 - self._length(right)))
        gap = width - left.cell_length - self._length(right) - 1
        separator = Content.styled(" | " if self._ascii else " │ ", "$line")
        return Content.assemble(left, " " * max(1, gap), separator.join(right))

    @staticmethod
    def _length(parts: list[Content]) -> int:
        return sum(part.cell_length for part in parts) + 3 * max(0, len(parts) - 1)

    def _left(self, shown: Shown, *, is_short: bool) -> Content:
        title = shown.view if shown.view and self.screen.has_class("-low") else "tfui"
        parts: list[Content] = [Content.styled(f" {title} ", "bold $accent")]
        if shown.is_read_only:
            parts.append(Content.styled("READ-ONLY", "bold $st-late"))
        pulse = shown.pulse
        if pulse is None:
            return Content(" ").join(parts)
        counts = (
            (Condition.RUNNING, pulse.running, "run", "running", Segment.RUN),
            (Condition.FAILED, pulse.failing, "fail", "failing", Segment.FAIL),
            (Condition.LATE, pulse.late, "late", "late", Segment.LATE),
            (Condition.RETRYING, pulse.retrying, "", "", Segment.RUN),
            (Condition.PAUSED, pulse.summary.paused, "", "", Segment.OFF),
        )
        for condition, count, short, long, segment in counts:
            if count:
                glyph = OF_CONDITION[condition]
                text = f"{glyph.drawn(ascii=self._ascii)} {count} {short if is_short else long}".rstrip()
                parts.append(self._button(text, segment, glyph.style))
        on = f"{pulse.summary.active}/{pulse.summary.total} on"
        parts.append(self._button(on, Segment.ALL, "$dim"))
        return Content("  ").join(parts)

    def _button(self, text: str, segment: Segment, style: str) -> Content:
        click = Style.from_meta({"picks": segment.value})
        return Content(text).stylize(style).stylize(click)

    def _right(self, shown: Shown, *, is_short: bool, is_brief: bool) -> list[Content]:
        parts: list[Content] = []
        pulse, engine = shown.pulse, shown.engine
        if not is_short:
            parts.append(Content.styled(shown.zone, "$dim"))
        if pulse is not None and pulse.next_run_at is not None:
            wait = spans.countdown(pulse.next_run_at - shown.now)
            name = "" if is_short or is_brief else f"{fit(pulse.next_name or '', 18).rstrip()} "
            parts.append(
                Content.assemble(("next ", "$dim"), plain(name), ("in ", "$dim"), (wait, "bold"))
            )
        words = engine.short if is_short else engine.long
        parts.append(
            Content.styled(to_ascii(words) if self._ascii else words, f"bold ${engine.role}")
        )
        return parts
