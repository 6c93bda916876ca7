"""The schedules behind the list: all identifiers in order, and the rows near what is seen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from tfui.model.schedule import ScheduleRow

PAGE = 128  # rows read at once: three screens of a large terminal
KEPT = 64 * PAGE  # rows remembered; a few MB


class ScheduleRows:
    """Identifiers in list order and a bounded memory of their rows."""

    def __init__(self) -> None:
        self.ids: Sequence[UUID] = ()
        self._rows: OrderedDict[UUID, ScheduleRow] = OrderedDict()

    def replace(self, ids: Sequence[UUID], fresh: Iterable[ScheduleRow]) -> None:
        """Take a new order; every row not read with it is out of date and forgotten."""
        self.ids = ids
        self._rows.clear()
        self.put(fresh)

    def put(self, rows: Iterable[ScheduleRow]) -> None:
        """Remember rows, forgetting those not looked at for longest."""
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def at(self, index: int) -> ScheduleRow | None:
        """Give the row at a place in the list, or None while it has not been read."""
        return self._rows.get(self.ids[index])

    def of(self, schedule_id: UUID) -> ScheduleRow | None:
        """Give a row by its identifier, if it is remembered."""
        return self._rows.get(schedule_id)

    def missing(self, first: int, last: int) -> Sequence[UUID]:
        """Give the identifiers of whole pages from `first` to `last` that hold an unread row."""
        wanted: list[UUID] = []
        for page in range(max(0, first) // PAGE, max(0, last) // PAGE + 1):
            ids = self.ids[page * PAGE : (page + 1) * PAGE]
            if any(schedule_id not in self._rows for schedule_id in ids):
                wanted.extend(ids)
        return wanted


def page_span(first: int, last: int) -> slice:
    """Give the slice of whole pages that holds lines `first` to `last`."""
    return slice(max(0, first) // PAGE * PAGE, (max(0, last) // PAGE + 1) * PAGE)


def place_of(ids: Sequence[UUID], wanted: UUID | None, near: int) -> int | None:
    """Find where `wanted` is now, looking around its last place first; None when it is gone."""
    if wanted is None:
        return None
    around = ids[max(0, near - PAGE) : near + PAGE]
    if wanted in around:
        return max(0, near - PAGE) + around.index(wanted)
    try:
        return ids.index(wanted)
    except ValueError:
        return None
