"""What the list is asked for: search, segment and order, before the service's own shapes are imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core import filtering
from tfui.ui.segments import CONDITIONS, Segment

if TYPE_CHECKING:
    from tfui.model.schedule import ScheduleQuery

SORTS = ("status", "name", "next", "last", "runs", "queue", "type", "priority", "created")
"""The words of `ScheduleSort`, in the order the menu offers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A way to look at the list."""

    search: str = ""
    """In the filter language; a term that cannot be read asks for nothing."""
    segment: Segment = Segment.ALL
    sort: str = "status"
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether it may leave anything out."""
        return bool(self.search.strip()) or self.segment is not Segment.ALL

    def query(self) -> ScheduleQuery:
        """Give it as the service reads it; imports the model, so only in threads."""
        from tfui.model.schedule import ScheduleQuery, ScheduleSort

        return ScheduleQuery(
            criteria=filtering.parse_typed(self.search)[0],
            conditions=CONDITIONS[self.segment],
            sort=ScheduleSort(self.sort),
            descending=self.descending,
        )
