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
NAME_LEAST = 18
NAME_MOST = 44

_ORDER = tuple(Column)
_WIDTHS = {
    Column.STATUS: 1,
    Column.NAME: NAME_LEAST,
    Column.SCHEDULE: 14,
    Column.ZONE: 10,
    Column.NEXT: 10,
    Column.LAST: 7,
    Column.DURATION: 5,
    Column.RUNS: 8,
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
_GROWS = ((Column.RUNS, 12), (Column.SCHEDULE, 20), (Column.ZONE, 16))
"""Columns that take more once the name has enough."""


@lru_cache(maxsize=64)
def fitting(width: int) -> tuple[Place, ...]:
    """Choose columns and their places for a list of `width` cells."""
    widths = {column: _WIDTHS[column] for column in _ALWAYS}
    if width < _needed(widths):
        widths[Column.NAME] = max(4, NAME_LEAST - (_needed(widths) - width))
    for column in _WHEN_THERE_IS_ROOM:
        if _needed(widths | {column: _WIDTHS[column]}) > width:
            break
        widths[column] = _WIDTHS[column]
    spare = max(0, width - _needed(widths))
    spare = _grow(widths, Column.NAME, NAME_LEAST + 8, spare)
    for column, most in _GROWS:
        if column in widths:
            spare = _grow(widths, column, most, spare)
    last = Column.COMMAND if Column.COMMAND in widths else Column.NAME
    spare = _grow(widths, Column.NAME, NAME_MOST if last is Column.COMMAND else width, spare)
    if last is Column.COMMAND:
        widths[last] += spare
    places = []
    left = GUTTER
    for column in _ORDER:
        if column in widths:
            places.append(Place(column, left, widths[column]))
            left += widths[column] + GAP
    return tuple(places)


def _grow(widths: dict[Column, int], column: Column, most: int, spare: int) -> int:
    """Widen a column up to `most` out of `spare`; give what is left."""
    more = min(spare, max(0, most - widths[column]))
    widths[column] += more
    return spare - more


def _needed(widths: dict[Column, int]) -> int:
    return GUTTER + sum(widths.values()) + GAP * (len(widths) - 1) + 1
