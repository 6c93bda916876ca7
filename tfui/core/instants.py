"""A trigger's instants by the thousand: in whole microseconds, or only counted by the buckets of a grid.

Spans include their beginning and exclude their end, as buckets do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tfui.core.cron import Cron
from tfui.core.forecast import SECOND
from tfui.core.load import tally
from tfui.core.recurring import Recurring
from tfui.core.zone import EPOCH

if TYPE_CHECKING:
    from tfui.core.forecast import Grid
    from tfui.core.trigger import Trigger

_MICROSECOND = timedelta(microseconds=1)
_DEAR = 4
"""How many steps from one instant to the next cost as much as to count a bucket of a cron trigger."""


def micros(instant: datetime) -> int:
    """Give an instant in whole microseconds since 1970 UTC."""
    return (instant - EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    """Give microseconds since 1970 as an aware instant in UTC."""
    return EPOCH + timedelta(microseconds=at)


def between(trigger: Trigger, begin: int, end: int) -> list[int]:
    """Give the instants in `[begin, end)`, ascending."""
    first = trigger.next_micros(begin - 1)
    if first is None or first >= end:
        return []
    if isinstance(trigger, Recurring):
        return list(range(first, end, trigger.period // _MICROSECOND))
    found = [first]
    if isinstance(trigger, Cron):
        step, at, last = trigger.next_epoch, first // SECOND, -(-end // SECOND)
        while (following := step(at)) is not None and following < last:
            found.append(following * SECOND)
            at = following
    return found


def count(trigger: Trigger, begin: int, end: int) -> int:
    """Count the instants in `[begin, end)` without visiting them."""
    if begin >= end:
        return 0
    return trigger.count(instant(begin) - _MICROSECOND, instant(end) - _MICROSECOND)


def by_bucket(trigger: Trigger, grid: Grid, begin: int, end: int, *, expected: int) -> list[int]:
    """Count the instants in `[begin, end)` by bucket; `expected` of them decide which way is shorter."""
    if expected < grid.count * _DEAR:
        return tally(grid, between(trigger, begin, end))
    edges = [min(max(grid.at(place), begin), end) for place in range(grid.count + 1)]
    return [count(trigger, start, stop) for start, stop in pairwise(edges)]
