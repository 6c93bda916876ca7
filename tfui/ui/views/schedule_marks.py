"""Marking schedules in the list, and what the keys do to all that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tfui.ui.bulk_acts import BulkActs
from tfui.ui.views.schedule_actions import ScheduleActions
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from tfui.ui.marks import Marks


class ScheduleMarks(ScheduleActions):
    """The acts again, on whatever is marked; on the one under the cursor where nothing is."""

    @property
    def table(self) -> ScheduleTable:
        """The list."""
        return self.query_one(ScheduleTable)

    @property
    def marks(self) -> Marks:
        """What is marked."""
        return self.table.marks

    @property
    def targets(self) -> list[UUID]:
        """What an act on many is about."""
        here = self.table.cursor_id
        return self.marks.ids or ([] if here is None else [here])

    def marks_changed(self) -> None:
        """Draw the marks and their number anew."""
        self.table.refresh()
        self.tick(self.office.clock.now())
        self.refresh_bindings()

    def action_mark(self) -> None:
        """Mark the schedule or take its mark away, and go one down."""
        if (here := self.table.cursor_id) is not None:
            self.marks.toggle(here)
            self.table.action_cursor_down()
            self.marks_changed()

    def action_mark_range(self) -> None:
        """Mark from the last mark to here."""
        if self.table.cursor_id is not None:
            self.marks.mark_range(self.table.ids, self.table.cursor)
            self.marks_changed()

    def action_mark_all(self) -> None:
        """Mark all that the filter lets through, or take these marks away."""
        if self.table.ids:
            self.marks.mark_all(self.table.ids[:])
            self.marks_changed()

    def clear_marks(self) -> None:
        """Take every mark away."""
        self.marks.clear()
        self.marks_changed()

    @property
    def _bulk(self) -> BulkActs:
        return BulkActs(self, self.acts)

    async def _finish(self, act: Awaitable[bool]) -> None:
        """Take the marks away once what they were set for is done."""
        if await act:
            self.clear_marks()

    @work(group="act")
    async def action_pause(self) -> None:
        """Pause or resume."""
        if self.marks:
            await self._finish(self._bulk.pause_or_resume(self.marks.ids))
        elif (row := self.row) is not None:
            await self.acts.pause_or_resume(row)

    @work(group="act")
    async def action_run_now(self) -> None:
        """Run now."""
        if self.marks:
            await self._finish(self._bulk.run_now(self.marks.ids))
        elif (row := self.row) is not None:
            await self.acts.run_now(row)

    @work(group="act")
    async def action_delete(self) -> None:
        """Delete."""
        if self.marks:
            await self._finish(self._bulk.delete(self.marks.ids))
        elif (row := self.row) is not None:
            await self.acts.delete(row)

    @work(group="act")
    async def action_move_queue(self) -> None:
        """Move to another queue."""
        if targets := self.targets:
            await self._finish(self._bulk.move(targets))

    @work(group="act")
    async def action_set_zone(self) -> None:
        """Set the time zone."""
        if targets := self.targets:
            await self._finish(self._bulk.set_zone(targets))
