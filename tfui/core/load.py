"""Load: how much begins, runs and waits in each bucket of a grid.

Counted in the same way from a forecast's starts and from what really ran.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from tfui.core.forecast import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tfui.core.forecast import Grid

SHORTEST_GAP = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Peak:
    """The bucket in which most starts are due, the first of several."""

    at: int
    starts: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of whole buckets in which nothing starts and nothing runs."""

    begin: int
    end: int


def tally(grid: Grid, instants: Iterable[int]) -> list[int]:
    """Count instants by bucket; those outside the grid are left out."""
    counts = [0] * grid.count
    begin, width, count = grid.begin, grid.width, grid.count
    for instant in instants:
        place = (instant - begin) // width
        if 0 <= place < count:
            counts[place] += 1
    return counts


def most_at_once(grid: Grid, begins: Iterable[int], ends: Iterable[int]) -> list[int]:
    """Give, for each bucket, how many of the spans lie over one instant at most.

    A span excludes its end, so one that ends as another begins does not meet it.
    """
    last = grid.end
    events = [at * 2 + 1 for at in begins if at < last]
    events += [at * 2 for at in ends if at < last]
    events.sort()
    levels = list(accumulate((event & 1) * 2 - 1 for event in events))
    edges = [bisect_right(events, grid.at(place) * 2) for place in range(grid.count + 1)]
    # A bucket begins with the level that the one before it ended with.
    entered = [levels[edge - 1] if edge else 0 for edge in edges]
    return [
        max(level, max(levels[start:stop], default=0))
        for level, (start, stop) in zip(entered, pairwise(edges), strict=False)
    ]


def longest(grid: Grid, instants: Sequence[int], spans: Sequence[int]) -> list[int]:
    """Give the longest span that belongs to an instant of each bucket; 0 where there is none."""
    found = [0] * grid.count
    begin, width, count = grid.begin, grid.width, grid.count
    for instant, span in zip(instants, spans, strict=True):
        place = (instant - begin) // width
        if 0 <= place < count and span > found[place]:
            found[place] = span
    return found


def peak(grid: Grid, starts: Sequence[int]) -> Peak | None:
    """Find the busiest bucket; None when nothing starts."""
    most = max(starts, default=0)
    return Peak(grid.at(starts.index(most)), most) if most else None


def gaps(grid: Grid, starts: Sequence[int], running: Sequence[int]) -> tuple[Gap, ...]:
    """Find the idle stretches of ten minutes and more, the longest first."""
    found: list[Gap] = []
    begin: int | None = None
    for place in range(grid.count + 1):
        is_idle = place < grid.count and not starts[place] and not running[place]
        if is_idle and begin is None:
            begin = place
        elif not is_idle and begin is not None:
            found.append(Gap(grid.at(begin), grid.at(place)))
            begin = None
    long = [gap for gap in found if gap.end - gap.begin >= SHORTEST_GAP]
    return tuple(sorted(long, key=lambda gap: (gap.begin - gap.end, gap.begin)))
