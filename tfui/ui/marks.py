"""Which schedules are marked: by id, so that marks survive sorting, filtering and news."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from tfui.ui.widgets.schedule_rows import Order


class Marks:
    """A set of schedules in the order they were marked in, and where the next range begins."""

    def __init__(self) -> None:
        self._marked: dict[UUID, None] = {}
        self._anchor: UUID | None = None

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, schedule_id: object) -> bool:
        return schedule_id in self._marked

    @property
    def ids(self) -> list[UUID]:
        """All that are marked, the first marked first."""
        return list(self._marked)

    def toggle(self, schedule_id: UUID) -> None:
        """Mark a schedule, or take its mark away; a range begins here."""
        self._anchor = schedule_id
        if schedule_id in self._marked:
            del self._marked[schedule_id]
        else:
            self._marked[schedule_id] = None

    def mark_range(self, ids: Order, here: int) -> None:
        """Mark from where the last mark was set to line `here`; that line alone if it is not listed."""
        anchor = None if self._anchor is None else ids.place(self._anchor)
        first, last = sorted((here if anchor is None else anchor, here))
        self._add(ids[first : last + 1])
        self._anchor = ids[here]

    def mark_all(self, ids: Sequence[UUID]) -> None:
        """Mark all of a list; when they all are, take these marks away."""
        if all(one in self._marked for one in ids):
            for one in ids:
                del self._marked[one]
        else:
            self._add(ids)

    def clear(self) -> None:
        """Take every mark away."""
        self._marked.clear()
        self._anchor = None

    def _add(self, ids: Iterable[UUID]) -> None:
        self._marked.update(dict.fromkeys(ids))
