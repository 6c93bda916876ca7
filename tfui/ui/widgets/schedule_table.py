"""The list of schedules: any number of them, drawn line by line, each with its live countdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from tfui.ui.marks import Marks
from tfui.ui.plain import fit
from tfui.ui.widgets.line_styles import Ground
from tfui.ui.widgets.row_table import RowTable
from tfui.ui.widgets.schedule_cells import cells
from tfui.ui.widgets.schedule_columns import fitting, gap_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

    from tfui.clock import Clock
    from tfui.model.schedule import ScheduleRow
    from tfui.ui.widgets.schedule_cells import Cell
    from tfui.ui.widgets.schedule_columns import Place
    from tfui.ui.widgets.schedule_rows import Order

_KEPT_STRIPS = 512


class ScheduleTable(RowTable["ScheduleRow"]):
    """Draws schedules; the cursor stays with its schedule however the list is sorted anew."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._strips: dict[object, Strip] = {}
        self._said: dict[int, tuple[Cell, ...]] = {}
        """What each line said when it was drawn or told last, until the next reading."""
        self._said_width = 0
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
        drawn = self._drawn()
        self._rows.replace(ids, rows)
        self.is_loaded = True
        if cursor is not None:
            self.cursor = cursor
        # Most readings bring no news, and to draw a page costs more than to read it.
        if self._drawn() != drawn:
            self._said.clear()
            self.recount()
            if not self.scroll_offset.y <= self.cursor < self.scroll_offset.y + self.page_height:
                self._jump(self.cursor - seen)
        if self.cursor_id != before:
            self.post_message(self.Moved(self))

    def _drawn(self) -> object:
        """Give all that the list's picture is made of, but for the time; equal answers look equal."""
        top, count = self.scroll_offset.y, self.line_count()
        seen = range(top, min(top + self.page_height, count))
        return count, self.cursor, [self._rows.at(index) for index in seen]

    def put(self, rows: Iterable[ScheduleRow]) -> None:
        """Take rows that were missed."""
        self._said.clear()
        super().put(rows)

    def restyled(self) -> None:
        """Forget the drawn lines."""
        super().restyled()
        self._strips.clear()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002  # Textual passes it
        """Choose the columns anew and keep the cursor in view."""
        self._strips.clear()
        self.show_cursor()

    def tick(self) -> None:
        """Draw again the visible cells whose words have changed with the time."""
        now, places = self._clock.now(), self._fitting(self.scrollable_content_region.width)
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.page_height
        before, self._said = self._said, {}
        others: list[Region] = []
        # What has not been drawn since it was read is about to be.
        for index in sorted(before):
            row = self._rows.at(index) if top <= index < bottom else None
            if row is not None:
                self._said[index] = said = cells(
                    row, places, now, ascii=self._ascii, said=before[index]
                )
                if said != before[index]:
                    others.append(_difference(index - top, places, before[index], said))
        if others:
            self.refresh(*others)

    def _fitting(self, width: int) -> tuple[Place, ...]:
        """Give the columns for `width` cells; what was said for another width is forgotten."""
        if width != self._said_width:
            self._said_width = width
            self._said.clear()
        return fitting(width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines straight from the strips kept here: it has no border or padding to draw around."""
        width, background = self.size.width, self.background_colors[1]
        bare = self.styles_now.of("plain")  # beside the lines, where the scroll bar would be
        lines = [self.render_line(y).adjust_cell_length(width, bare) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            lines = [line.apply_filter(line_filter, background) for line in lines]
        left, right = crop.column_span
        return lines if (left, right) == (0, width) else [line.crop(left, right) for line in lines]

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw a schedule's line, or a placeholder while it is being read."""
        row = self._rows.at(index)
        if row is None:
            self.call_later(self.report_missing)
            text = fit("    …", width)
            return Strip([Segment(text, self.styles_now.of("dim", ground))], width)
        places = self._fitting(width)
        said = self._said.get(index)
        if said is None:
            said = self._said[index] = cells(row, places, self._clock.now(), ascii=self._ascii)
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
        styles, places = self.styles_now, fitting(width)
        arrow = (">" if self._ascii else "›") if ground is not Ground.BARE else " "
        mark = ("#" if self._ascii else "▌") if is_marked else " "
        on = styles.on(ground)
        segments, bare = [Segment(f"{arrow}{mark}", on["mark"])], on["plain"]
        for cell, place in zip(said, places, strict=True):
            segments.extend(Segment(text, on[role]) for text, role in cell)
            segments.append(Segment(" " * gap_after(place.column), bare))
        last = places[-1]
        taken = last.left + last.width + gap_after(last.column)
        strip = Strip(segments, taken)  # told, as measuring it would cost more than making it
        return strip if taken == width else strip.adjust_cell_length(width, bare)


def _difference(
    y: int, places: Sequence[Place], before: Sequence[Cell], said: Sequence[Cell]
) -> Region:
    """Give the part of a line from the first to the last cell that says something else."""
    others = [place for place, one, new in zip(places, before, said, strict=True) if one != new]
    left, last = others[0].left, others[-1]
    return Region(left, y, last.left + last.width - left, 1)
