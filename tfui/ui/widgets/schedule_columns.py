"""The columns of the schedule list, and which of them fit.

As the list gets narrower the least needed go first; state, name, next and last never go, and the
name takes what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Column(StrEnum):
    """A column, by the word in its heading."""

    STATUS = "st"
    NAME = "name"
    SCHEDULE = "schedule"
    ZONE = "zone"
    NEXT = "next"
    LAST = "last"
    DURATION = "dur"
    RUNS = "runs"
    QUEUE = "queue"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Place:
    """A column with its left edge and its width, in cells."""

    column: Column
    left: int
    width: int


GUTTER = 2  # the mark's bar and the cursor's arrow
GAP = 2

_ORDER = tuple(Column)
_WIDTHS = {
    Column.STATUS: 1,
    Column.NAME: 15,
    Column.SCHEDULE: 12,
    Column.ZONE: 10,
    Column.NEXT: 9,
    Column.LAST: 4,
    Column.DURATION: 5,
    Column.RUNS: 6,
    Column.QUEUE: 10,
    Column.COMMAND: 24,
}
_ALWAYS = (Column.STATUS, Column.NAME, Column.NEXT, Column.LAST)
_WHEN_THERE_IS_ROOM = (
    Column.SCHEDULE,
    Column.RUNS,
    Column.DURATION,
    Column.ZONE,
    Column.QUEUE,
    Column.COMMAND,
)
"""The most needed first."""
_GROWS = (
    (Column.NAME, 18),
    (Column.NEXT, 10),
    (Column.LAST, 7),
    (Column.SCHEDULE, 14),
    (Column.RUNS, 8),
    (Column.NAME, 24),
    (Column.RUNS, 12),
    (Column.NEXT, 16),
    (Column.SCHEDULE, 20),
    (Column.NEXT, 22),
    (Column.NAME, 40),
)
"""Who takes of the cells that are left, in turn, up to how many."""
_COMFORT = 8  # cells to spare before a column that is merely useful comes in


@lru_cache(maxsize=64)
def fitting(width: int) -> tuple[Place, ...]:
    """Choose columns and their places for a list of `width` cells."""
    widths = {column: _WIDTHS[column] for column in _ALWAYS}
    short = _needed(widths) - width
    widths[Column.NAME] = max(4, widths[Column.NAME] - max(0, short))
    for place, column in enumerate(_WHEN_THERE_IS_ROOM):
        comfort = _COMFORT * max(0, place - 1)
        if _needed(widths | {column: _WIDTHS[column]}) + comfort > width:
            break
        widths[column] = _WIDTHS[column]
    spare = max(0, width - _needed(widths))
    for column, most in _GROWS:
        if column in widths:
            more = min(spare, max(0, most - widths[column]))
            widths[column] += more
            spare -= more
    widths[Column.COMMAND if Column.COMMAND in widths else Column.NAME] += spare
    places = []
    left = GUTTER
    for column in _ORDER:
        if column in widths:
            places.append(Place(column, left, widths[column]))
            left += widths[column] + gap_after(column)
    return tuple(places)


def _needed(widths: dict[Column, int]) -> int:
    return GUTTER + sum(widths[column] + gap_after(column) for column in widths) - GAP + 1


def gap_after(column: Column) -> int:
    """Give the cells between a column and the next."""
    return 1 if column is Column.STATUS else GAP
