"""The third column of a wide screen: what starts next, what runs now, and who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.core.health import LATE_AFTER
from tfui.ui import glyphs, spans
from tfui.ui.journal_words import said
from tfui.ui.plain import fit, to_ascii
from tfui.ui.signs import condition_of
from tfui.ui.widgets.schedule_cells import next_words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduleRow
    from tfui.ui.list_reading import RailLook


class Rail(Widget):
    """Upcoming, active and activity, one below the other."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self.border_title = "Now"
        self._ascii = ascii
        self._look: RailLook | None = None
        self._now: datetime | None = None
        self._zone: tzinfo | None = None

    def show(self, look: RailLook | None, now: datetime, zone: tzinfo | None) -> None:
        """Take a new reading, or only a new time."""
        self._look, self._now, self._zone = look or self._look, now, zone
        if self.display:
            self.refresh()

    def render(self) -> Content:
        """Draw the three parts; the first two leave at least a third to the last."""
        if self._look is None or self._now is None:
            return Content("")
        width, height = self.size.width, self.size.height
        each = max(3, (height - 6) // 3)
        look = self._look
        lines = [
            *self._part("Upcoming", [self._coming(row, width) for row in look.upcoming[:each]]),
            *self._part("Active", [self._active(row, width) for row in look.active[:each]]),
        ]
        rest = max(2, height - len(lines) - 1)
        lines += self._part("Activity", [self._act(row, width) for row in look.activity[:rest]])
        return Content("\n").join(lines)

    @staticmethod
    def _part(title: str, lines: list[Content]) -> list[Content]:
        nothing = [Content.styled("nothing", "$dim")]
        return [Content.styled(title, "bold $accent"), *(lines or nothing), Content("")]

    def _coming(self, row: ScheduleRow, width: int) -> Content:
        assert self._now is not None  # noqa: S101  # nothing is drawn without a time
        if row.next_run_at is None:
            return Content(fit(row.name, width))
        clock = f"{row.next_run_at.astimezone(self._zone):%H:%M}"
        away = row.next_run_at - self._now
        is_late = away < -LATE_AFTER
        wait = f"late {spans.short(-away)}" if is_late else spans.countdown(away)
        name = fit(row.name, max(4, width - len(clock) - len(wait) - 3))
        return Content.assemble(
            (clock, "$dim"), " ", name, "  ", (wait, "$st-late" if is_late else "$st-wait")
        )

    def _active(self, row: ScheduleRow, width: int) -> Content:
        assert self._now is not None  # noqa: S101  # nothing is drawn without a time
        state = condition_of(row, self._now)
        glyph = glyphs.OF_CONDITION[state]
        words, _ = next_words(row, state, self._now, 16)
        name = fit(row.name, max(4, width - len(words) - 4))
        return Content.assemble(
            (f"{glyph.drawn(ascii=self._ascii)} ", glyph.style), name, "  ", (words, glyph.style)
        )

    def _act(self, row: JournalRow, width: int) -> Content:
        clock = f"{row.at.astimezone(self._zone):%H:%M}"
        text = fit(f"{row.by} {said(row)}", max(4, width - len(clock) - 1))
        return Content.assemble((clock, "$dim"), " ", to_ascii(text) if self._ascii else text)
