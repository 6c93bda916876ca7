"""Choosing which schedules are listed, and in which order: the filter, its segments and the sort."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from tfui.errors import TfuiError
from tfui.ui import list_reading, segments
from tfui.ui.filters import SORTS, Filter
from tfui.ui.segments import Segment
from tfui.ui.views.view import View
from tfui.ui.widgets.filter_bar import FilterBar, SegmentStrip
from tfui.ui.widgets.filter_input import FilterInput, FilterNote
from tfui.ui.widgets.table_header import TableHeader

if TYPE_CHECKING:
    from tfui.ui.state import Remembered


class ScheduleFiltering(View):
    """The keys and clicks that change what the list is asked for."""

    _choices: Remembered
    _filter: Filter
    elsewhere = 0
    """What the filter's text finds in other segments, where it finds nothing in this one."""

    def filter_by(self, choices: Remembered) -> None:
        """Begin with what was looked at last, in the order that was chosen."""
        self._choices = choices
        known = choices.segment in list(Segment)
        self._filter = Filter(
            search=choices.search,
            segment=Segment(choices.segment) if known else Segment.ALL,
            sort=choices.sort if choices.sort in SORTS else SORTS[0],
            descending=choices.descending,
        )

    def read_list(self) -> None:
        """Read the list anew, as it is asked for now."""
        raise NotImplementedError

    def show_filter(self, *, shown: int | None, total: int | None, marked: int) -> None:
        """Say in the bar which part of all is seen, and in which order."""
        arrow = "" if self.options.ascii else " ▾" if self._filter.descending else " ▴"
        self.query_one(FilterBar).show(
            self._filter.segment,
            shown=shown,
            total=total,
            marked=marked,
            order=f"{self._filter.sort}{arrow}",
        )

    def show_choices(self) -> None:
        """Put what was chosen last into the bar and the heading."""
        self._field.value = self._filter.search
        self.query_one(SegmentStrip).show(self._filter.segment)
        self.show_order()

    def show_order(self) -> None:
        """Mark the sorted column in the heading."""
        self.query_one(TableHeader).show(self._filter.sort, descending=self._filter.descending)

    def show_segment(self, segment: Segment) -> None:
        """List one part of all schedules."""
        self._look_by(replace(self._filter, segment=segment))

    def search(self, text: str) -> None:
        """Type a filter in a person's place."""
        self._field.value = text

    def clear_filter(self) -> None:
        """List everything."""
        self.search("")
        self._look_by(replace(self._filter, search="", segment=Segment.ALL))

    def _look_by(self, chosen: Filter) -> None:
        self._filter = chosen
        self._choices.sort, self._choices.descending = chosen.sort, chosen.descending
        self._choices.search, self._choices.segment = chosen.search, chosen.segment.value
        self.show_order()
        self.query_one(SegmentStrip).show(chosen.segment)
        self.read_list()

    @property
    def _field(self) -> FilterInput:
        return self.query_one(FilterInput)

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_note()
        self._look_by(replace(self._filter, search=event.value))

    @on(Input.Submitted, "#filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._field.problem is None:
            self.focus_content()

    def on_descendant_focus(self) -> None:
        """Learn what may be typed when the keys go to the filter."""
        if self._field.has_focus:
            self._learn_values()
        self._show_note()

    def on_descendant_blur(self) -> None:
        """Take the hints away when the keys go elsewhere."""
        self.call_after_refresh(self._show_note)

    def _show_note(self) -> None:
        self.query_one(FilterNote).show(self._field)

    @work(group="values", exclusive=True)
    async def _learn_values(self) -> None:
        try:
            known = await asyncio.to_thread(list_reading.values_in_use, self.office.caller)
        except TfuiError:
            return  # the banner says so; a filter can be typed without completions
        self._field.known = known
        self._show_note()

    @on(SegmentStrip.Picked)
    def _segment_picked(self, event: SegmentStrip.Picked) -> None:
        event.stop()
        self.show_segment(Segment(event.segment))

    @on(TableHeader.Clicked)
    def _heading_clicked(self, event: TableHeader.Clicked) -> None:
        same = event.sort == self._filter.sort
        self._look_by(
            replace(self._filter, sort=event.sort, descending=same and not self._filter.descending)
        )

    def action_filter(self) -> None:
        """Type a filter."""
        # At once, not after what was typed ahead: that belongs to the filter.
        self.screen.set_focus(self._field)

    def action_cycle_segment(self) -> None:
        """Show the next segment; all of them, where only others have what is looked for."""
        chosen = self._filter.segment
        self.show_segment(Segment.ALL if self.elsewhere else segments.following(chosen))

    @property
    def is_on_problems(self) -> bool:
        """Whether only problems are listed."""
        return self._filter.segment is Segment.PROBLEMS

    def action_problems(self) -> None:
        """Show only problems, or all again."""
        self.show_segment(Segment.ALL if self.is_on_problems else Segment.PROBLEMS)

    def action_flip(self) -> None:
        """Turn the order over."""
        self._look_by(replace(self._filter, descending=not self._filter.descending))

    @work(group="dialog")
    async def action_sort(self) -> None:
        """Choose the column to sort by."""
        from tfui.ui.screens.sorting import SortScreen

        sort = await self.app.push_screen_wait(SortScreen(self._filter.sort))
        if sort is not None:
            self._look_by(replace(self._filter, sort=sort, descending=False))
