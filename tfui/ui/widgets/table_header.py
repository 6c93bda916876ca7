"""The heading of the schedule list: column names, the sorted one marked; a click sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tfui.ui.widgets.schedule_columns import GUTTER, Column, fitting

if TYPE_CHECKING:
    from textual import events

SORTS: dict[Column, str] = {
    Column.STATUS: "status",
    Column.NAME: "name",
    Column.SCHEDULE: "type",
    Column.NEXT: "next",
    Column.LAST: "last",
    Column.RUNS: "runs",
    Column.QUEUE: "queue",
}
"""What a click on a heading sorts by, in the words of `ScheduleSort`."""


class TableHeader(Widget):
    """One line of headings above the list."""

    DEFAULT_CSS = "TableHeader { height: 1; }"

    @dataclass
    class Clicked(Message):
        """A heading was clicked."""

        sort: str

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._sort = "status"
        self._descending = False

    def show(self, sort: str, *, descending: bool) -> None:
        """Mark the sorted column."""
        if (sort, descending) != (self._sort, self._descending):
            self._sort, self._descending = sort, descending
            self.refresh()

    def render(self) -> Content:
        """Draw the headings over their columns."""
        arrow = ("v" if self._ascii else "▾") if self._descending else ("^" if self._ascii else "▴")
        parts: list[str | tuple[str, str]] = [" " * GUTTER]
        at = GUTTER
        # One cell goes to the list's scroll bar whether or not it is there now.
        for place in fitting(self.size.width - 1):
            is_sorted = SORTS.get(place.column) == self._sort
            # Its signs need no heading, and a word of two cells would run into the next.
            word = "" if place.column is Column.STATUS else str(place.column)
            if is_sorted and 0 < len(word) < place.width:
                word += arrow
            elif is_sorted:
                word = arrow.rjust(place.width)
            text = word[: place.width + 1].ljust(place.width)
            parts.append(" " * (place.left - at))
            parts.append((text, "$accent bold" if is_sorted else "$dim"))
            at = place.left + len(text)
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Sort by the column that was clicked."""
        for place in fitting(self.size.width - 1):
            if place.left <= event.x < place.left + place.width + 1 and place.column in SORTS:
                self.post_message(self.Clicked(SORTS[place.column]))
