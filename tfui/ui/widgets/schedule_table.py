"""The list of schedules: any number of them, drawn line by line, each with its live countdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui.marks import Marks
from tfui.ui.plain import fit
from tfui.ui.widgets.line_styles import Ground
from tfui.ui.widgets.row_table import RowTable
from tfui.ui.widgets.schedule_cells import cells
from tfui.ui.widgets.schedule_columns import fitting, gap_after

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events

    from tfui.clock import Clock
    from tfui.model.schedule import ScheduleRow
    from tfui.ui.widgets.schedule_cells import Cell
    from tfui.ui.widgets.schedule_rows import Order

_KEPT_STRIPS = 512


class ScheduleTable(RowTable["ScheduleRow"]):
    """Draws schedules; the cursor stays with its schedule however the list is sorted anew."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._strips: dict[object, Strip] = {}
        self._drawn: dict[int, tuple[Cell, ...]] = {}
        self.is_loaded = False
        self.marks = Marks()

    @property
    def ids(self) -> Order:
        """All schedules of the list, in order."""
        return self._rows.ids

    def show(self, ids: Order, rows: Iterable[ScheduleRow], cursor: int | None) -> None:
        """Take a new reading of the list; `cursor` is where the cursor's schedule is now, if it is."""
        before = self.cursor_id
        seen = self.cursor - self.scroll_offset.y
        self._rows.replace(ids, rows)
        self._drawn.clear()
        self.is_loaded = True
        if cursor is not None:
            self.cursor = cursor
        self.recount()
        if not self.scroll_offset.y <= self.cursor < self.scroll_offset.y + self.page_height:
            self._jump(self.cursor - seen)
        if self.cursor_id != before:
            self.post_message(self.Moved(self))

    def restyled(self) -> None:
        """Forget the drawn lines."""
        super().restyled()
        self._strips.clear()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Choose the columns anew and keep the cursor in view."""
        self._strips.clear()
        self._drawn.clear()
        self.show_cursor()

    def tick(self) -> None:
        """Draw again the visible lines whose words have changed with the time."""
        now, places = self._clock.now(), fitting(self.scrollable_content_region.width)
        top = self.scroll_offset.y
        for index in range(top, min(top + self.page_height, self.line_count())):
            row = self._rows.at(index)
            if row is not None:
                said = cells(row, places, now, ascii=self._ascii)
                if self._drawn.get(index) != said:
                    self.refresh_line(index)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw a schedule's line, or a placeholder while it is being read."""
        row = self._rows.at(index)
        if row is None:
            self.call_later(self.report_missing)
            text = fit("    …", width)
            return Strip([Segment(text, self.styles_now.of("dim", ground))], width)
        said = cells(row, fitting(width), self._clock.now(), ascii=self._ascii)
        self._drawn[index] = said
        is_marked = row.id in self.marks
        key = (said, ground, width, is_marked)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[key] = self._strip(said, width, ground, is_marked=is_marked)
        return strip

    def _strip(
        self, said: tuple[Cell, ...], width: int, ground: Ground, *, is_marked: bool
    ) -> Strip:
        styles = self.styles_now
        arrow = (">" if self._ascii else "›") if ground is not Ground.BARE else " "
        mark = ("#" if self._ascii else "▌") if is_marked else " "
        segments = [Segment(f"{arrow}{mark}", styles.of("mark", ground))]
        bare = styles.of("plain", ground)
        for cell, place in zip(said, fitting(width), strict=True):
            segments.extend(Segment(text, styles.of(role, ground)) for text, role in cell)
            segments.append(Segment(" " * gap_after(place.column), bare))
        return Strip(segments).adjust_cell_length(width, styles.of("plain", ground))
