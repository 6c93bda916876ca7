"""The stretch of time that the forecast shows: how far it is zoomed, where it begins, what its axis says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.zone import EPOCH

if TYPE_CHECKING:
    from datetime import tzinfo

_HOUR = timedelta(hours=1)
SPANS = (
    _HOUR,
    3 * _HOUR,
    6 * _HOUR,
    12 * _HOUR,
    24 * _HOUR,
    72 * _HOUR,
    168 * _HOUR,
)
"""What can be zoomed to."""

_CELLS = tuple(
    timedelta(minutes=each) for each in (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720)
)
_STEPS = tuple(timedelta(minutes=each) for each in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))
_APART = 7  # cells between two labels of the axis: one of them takes six
_BEFORE = 6  # of the stretch, one part in so many lies before now
FARTHEST = timedelta(days=14)
"""How far it can be moved from now."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of equal cells; it begins on a whole multiple of them."""

    begin: datetime
    span: timedelta
    cell: timedelta

    @property
    def columns(self) -> int:
        """How many cells it has."""
        return self.span // self.cell

    @property
    def end(self) -> datetime:
        """The end of its last cell."""
        return self.begin + self.span

    def at(self, column: int) -> datetime:
        """When a cell begins."""
        return self.begin + column * self.cell

    def column(self, instant: datetime) -> int:
        """Give the cell that an instant lies in, also beyond either end."""
        return (instant - self.begin) // self.cell

    def moved(self, columns: int, now: datetime) -> Window:
        """Give the stretch so many cells later, but not too far from now."""
        begin = self.begin + columns * self.cell
        latest = _floor(now + FARTHEST - self.span, self.cell)
        earliest = _floor(now - FARTHEST, self.cell) + self.cell
        return replace(self, begin=max(earliest, min(begin, latest)))


def around_now(now: datetime, span: timedelta, room: int) -> Window:
    """Give the stretch with a little of the past before now, in as many cells as there is room for."""
    cell = _cell(span, room)
    return Window(_floor(now - span / _BEFORE, cell), span, cell)


def around(instant: datetime, share: float, span: timedelta, room: int, now: datetime) -> Window:
    """Give the stretch in which `instant` lies at this share of the width."""
    cell = _cell(span, room)
    window = Window(_floor(instant - span * share, cell), span, cell)
    return window.moved(0, now)


def zoomed(span: timedelta, steps: int) -> timedelta:
    """Give the span so many steps shorter (or, negative, longer), as far as there are any."""
    place = SPANS.index(span) - steps
    return SPANS[max(0, min(place, len(SPANS) - 1))]


def axis(window: Window, zone: tzinfo | None) -> list[tuple[int, str]]:
    """Give the labels with the cells they begin at: a day at its beginning, else the clock."""
    step = next((each for each in _STEPS if each // window.cell >= _APART), _STEPS[-1])
    found: list[tuple[int, str]] = []
    for column in range(window.columns):
        wall = window.at(column).astimezone(zone)
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        past = wall.replace(tzinfo=None) - midnight
        if past % step >= window.cell or (found and column - found[-1][0] < _APART):
            continue
        is_day = step >= timedelta(days=1) or past < window.cell
        label = f"{wall:%a %d}" if is_day else f"{wall:%H:%M}"
        if column + len(label) <= window.columns:
            found.append((column, label))
    return found


def _cell(span: timedelta, room: int) -> timedelta:
    return next((cell for cell in _CELLS if span // cell <= max(room, 14)), _CELLS[-1])


def _floor(instant: datetime, size: timedelta) -> datetime:
    return EPOCH + (instant - EPOCH) // size * size
