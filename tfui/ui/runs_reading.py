"""Reads the list of runs in one go, in a thread: all identifiers in order, and the rows that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tfui.ui.widgets.schedule_rows import page_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.run import RunRow
    from tfui.service.caller import Caller
    from tfui.ui.run_filters import RunFilter

FIRST_DEPTH = 5_000
"""Jobs that are listed at first; the list grows when a person comes to its end."""
DEEPER = 4
"""How many times as many are listed then."""


class Lines(tuple[UUID, ...]):
    """Identifiers of runs in list order."""

    __slots__ = ()

    def place(self, row_id: UUID) -> int | None:
        """Give where a run stands, or None."""
        try:
            return self.index(row_id)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which runs, and what of them is seen."""

    filter: RunFilter
    depth: int
    """About how many jobs to list."""
    cursor_id: UUID | None
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsLook:
    """The list at one moment."""

    filter: RunFilter
    ids: Lines
    is_all: bool
    """Whether there are no older ones."""
    rows: Sequence[RunRow]
    sought: UUID | None
    """The run that the cursor was to be on."""
    cursor: int | None
    """Where that is now; None when it is not in the list any more."""


def read(caller: Caller, wanted: Wanted) -> RunsLook:
    """Read the list. Raises Unavailable."""
    from tfui.service import runs

    order = runs.order(caller, wanted.filter.query(), limit=wanted.depth)
    ids = Lines(order.ids)
    cursor = None if wanted.cursor_id is None else ids.place(wanted.cursor_id)
    first, last = wanted.span
    if cursor is not None and not first <= cursor <= last:
        first, last = cursor - (last - first) // 2, cursor + (last - first) // 2
    return RunsLook(
        filter=wanted.filter,
        ids=ids,
        is_all=order.is_all,
        rows=runs.rows(caller, ids[page_span(first, last)]),
        sought=wanted.cursor_id,
        cursor=cursor,
    )


def rows(caller: Caller, ids: Sequence[UUID]) -> list[RunRow]:
    """Read rows that were missed. Raises Unavailable."""
    from tfui.service import runs

    return runs.rows(caller, ids)
