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
from tfui.ui import absence_words, spans
from tfui.ui.glyphs import OF_CONDITION
from tfui.ui.plain import fit, plain, to_ascii
from tfui.ui.segments import Segment

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events

    from tfui.model.schedule import Pulse
    from tfui.ui.absence_words import Absence
    from tfui.ui.engine_words import EngineWords

_ENGINE = "view.engine"
_GAP = Content("  ")


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the bar says at one moment."""

    pulse: Pulse | None
    engine: EngineWords
    zone: str
    now: datetime
    is_read_only: bool = False
    view: str = ""
    """The view in front, which is named here where no strip tells."""
    paused_queues: tuple[str, ...] = ()
    clock_step: Absence | None = None
    """A step of the clock that is not long ago."""
    has_draft: bool = False
    """Whether unsaved work of the editor was left behind."""


class SummaryBar(Widget):
    """One line at the top."""

    DEFAULT_CSS = "SummaryBar { height: 1; }"

    @dataclass
    class Picked(Message):
        """A count was clicked."""

        segment: Segment

    class EngineAsked(Message):
        """The engine's state, a paused queue or a step of the clock was clicked."""

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
        if picked == _ENGINE:
            self.post_message(self.EngineAsked())
        elif picked is not None:
            self.post_message(self.Picked(Segment(picked)))

    def _draw(self) -> Content:
        if self._shown is None:
            return Content.styled(" tfui", "bold $accent")
        width = self.size.width
        is_short = width < 100
        said = self._left(self._shown, is_short=is_short)
        left = _GAP.join(said)
        for is_brief in (False, True):
            right = self._right(self._shown, is_short=is_short, is_brief=is_brief)
            while left.cell_length + 2 + self._length(right) > width and len(right) > 2:
                right.pop(0)
            if left.cell_length + 2 + self._length(right) <= width:
                break
        if left.cell_length + 2 + self._length(right) > width and len(right) > 1:
            right.pop(0)
        while left.cell_length + 2 + self._length(right) > width and len(said) > 1:
            said.pop()
            left = _GAP.join(said)
        gap = width - left.cell_length - self._length(right) - 1
        separator = Content.styled(" | " if self._ascii else " │ ", "$line")
        return Content.assemble(left, " " * max(1, gap), separator.join(right))

    @staticmethod
    def _length(parts: list[Content]) -> int:
        return sum(part.cell_length for part in parts) + 3 * max(0, len(parts) - 1)

    def _left(self, shown: Shown, *, is_short: bool) -> list[Content]:
        """Give what stands at the left, what may go first last."""
        title = shown.view if shown.view and self.screen.has_class("-low") else "tfui"
        parts: list[Content] = [Content.styled(f" {title} ", "bold $accent")]
        if shown.is_read_only:
            parts.append(Content.styled("READ-ONLY", "bold $st-late"))
        parts += self._standstills(shown, is_short=is_short)
        pulse = shown.pulse
        if pulse is None:
            return parts
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
        return parts

    def _standstills(self, shown: Shown, *, is_short: bool) -> list[Content]:
        """Say what holds up starts, or waits for a save, although nobody may be looking for it."""
        parts = []
        if shown.has_draft:
            text = "* draft" if is_short else "* unsaved draft"
            parts.append(Content.styled(text, "bold $st-late"))
        if shown.clock_step is not None:
            words = absence_words.step_words(shown.clock_step)
            text = "clock" if is_short else f"clock {words}"
            parts.append(self._button(f"! {text}", _ENGINE, "bold $st-late"))
        count = len(shown.paused_queues)
        if count:
            glyph = OF_CONDITION[Condition.PAUSED].drawn(ascii=self._ascii)
            named = fit(shown.paused_queues[0], 12).rstrip() if count == 1 else f"{count} queues"
            text = f"{count} queue" + "s" * (count > 1) if is_short else f"{named} paused"
            parts.append(self._button(f"{glyph} {text}", _ENGINE, "bold $st-late"))
        return parts

    @staticmethod
    def _button(text: str, picks: str, style: str) -> Content:
        return Content(text).stylize(style).stylize(Style.from_meta({"picks": str(picks)}))

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
        words = to_ascii(words) if self._ascii else words
        parts.append(self._button(words, _ENGINE, f"bold ${engine.role}"))
        return parts
