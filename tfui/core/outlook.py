"""An outlook: a world played through, and what follows for its buckets, queues and lanes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING

from tfui.core import load
from tfui.core.forecast import OVERLAPPING, Fate
from tfui.core.hum import room_for
from tfui.core.walk import NOT_BEGUN, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from tfui.core.forecast import Grid, World
    from tfui.core.hum import Hum
    from tfui.core.load import Gap, Peak
    from tfui.core.walk import Starts


_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Load:
    """What is due, by bucket: in a queue, or altogether."""

    starts: list[int]
    delay: list[int]
    """How long the one waits longest that is due in the bucket, when runs take their p50."""
    worst_delay: list[int]
    """The same when they take their p95; not less."""
    held: list[int]
    """How many of the starts have nothing that lets them begin."""


@dataclass(frozen=True, slots=True)
class OverlapAhead:
    """A lane that is due while its previous job is live."""

    lane: int
    starts: int
    """All starts of the lane."""
    first: int
    """When the first of them is due."""
    fates: Mapping[Fate, int]
    """What becomes of how many, the most frequent first."""

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(self.fates.values())


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a world comes to. Every start that is due within the grid is in exactly one bucket."""

    grid: Grid
    starts: Starts
    rows: list[list[int]]
    """Each lane's rows of `starts` that are due within the grid; none of what is live or folded."""
    total: Load
    queues: dict[UUID, Load]
    running: list[int]
    """Seats taken at once at most, by bucket."""
    waiting: list[int]
    """Jobs that wait at once at most, by bucket."""
    steady: float
    """The seats that hum asks for, which `running` has in it, rounded up; it may be more than there are."""
    peak: Peak | None
    gaps: tuple[Gap, ...]
    """The idle stretches but for hum, the longest first."""
    overlaps: tuple[OverlapAhead, ...]
    """The most frequent first."""


def predict(
    world: World, grid: Grid, folded: Sequence[Hum] = (), *, with_worst: bool = True
) -> Outlook:
    """Play a world through, with its p50 and with its p95.

    Without the second, which is half the work, `worst_delay` is the same as `delay`.
    """
    seats, concurrency = room_for(world, folded)
    places = [replace(one, concurrency=concurrency[one.key]) for one in world.places]
    left = replace(world, seats=seats, places=places)
    starts = walk(left)
    worst = walk(left, pessimistic=True) if with_worst else starts
    steady = sum(hum.seats for hum in folded)
    queues = _by_queue(world, grid, starts, worst, folded)
    total = _together(grid, queues.values())
    rows = _by_lane(world, grid, starts)
    running, waiting = _levels(grid, starts)
    single = load.tally(grid, starts.due[starts.standing :])
    return Outlook(
        grid=grid,
        starts=starts,
        rows=rows,
        total=total,
        queues=queues,
        running=[min(level + ceil(steady - _ROUNDING), world.seats) for level in running],
        waiting=waiting,
        steady=steady,
        peak=load.peak(grid, total.starts),
        gaps=load.gaps(grid, single, running),
        overlaps=_overlaps(world, starts, rows, folded),
    )


def _by_queue(
    world: World, grid: Grid, starts: Starts, worst: Starts, folded: Sequence[Hum]
) -> dict[UUID, Load]:
    usual, bad = _waits(world, starts), _waits(world, worst)
    steady: dict[UUID, list[Sequence[int]]] = {}
    for hum in folded:
        steady.setdefault(hum.lane.queue, []).append(hum.starts)
    found = {}
    for place in world.places:
        waits = usual[place.key]
        counted = load.tally(grid, waits.due)
        delay = load.longest(grid, waits.begun_due, waits.delay)
        # Longer runs also make more overlaps, which are skipped and wait for nothing.
        worst_delay = load.longest(grid, bad[place.key].begun_due, bad[place.key].delay)
        found[place.key] = Load(
            starts=[
                sum(column) for column in zip(counted, *steady.get(place.key, ()), strict=True)
            ],
            delay=delay,
            worst_delay=[max(both) for both in zip(delay, worst_delay, strict=True)],
            held=load.tally(grid, waits.held_due),
        )
    return found


@dataclass(slots=True)
class _Waits:
    due: list[int] = field(default_factory=list)
    begun_due: list[int] = field(default_factory=list)
    delay: list[int] = field(default_factory=list)
    held_due: list[int] = field(default_factory=list)


def _waits(world: World, starts: Starts) -> dict[UUID, _Waits]:
    """Sort the starts, without what was live, by queue."""
    found = {place.key: _Waits() for place in world.places}
    of_lane = [found[lane.queue] for lane in world.lanes]
    for row in range(starts.standing, len(starts.lane)):
        waits, due, fate = of_lane[starts.lane[row]], starts.due[row], starts.fate[row]
        waits.due.append(due)
        if starts.begin[row] != NOT_BEGUN:
            waits.begun_due.append(due)
            waits.delay.append(starts.begin[row] - due)
        elif fate is Fate.HELD:
            waits.held_due.append(due)
    return found


def _together(grid: Grid, queues: Iterable[Load]) -> Load:
    none = [0] * grid.count
    every = list(queues)

    def merged(columns: list[list[int]], how: Callable[[Iterable[int]], int]) -> list[int]:
        return [how(column) for column in zip(none, *columns, strict=True)]

    return Load(
        starts=merged([one.starts for one in every], sum),
        delay=merged([one.delay for one in every], max),
        worst_delay=merged([one.worst_delay for one in every], max),
        held=merged([one.held for one in every], sum),
    )


def _levels(grid: Grid, starts: Starts) -> tuple[list[int], list[int]]:
    """Give how many run, and how many wait, at once at most in each bucket."""
    begun = [row for row, begin in enumerate(starts.begin) if begin != NOT_BEGUN]
    running = load.most_at_once(
        grid, [starts.begin[row] for row in begun], [starts.end[row] for row in begun]
    )
    late = [row for row in begun if starts.begin[row] > starts.due[row]]
    held = [due for due, fate in zip(starts.due, starts.fate, strict=True) if fate is Fate.HELD]
    waiting = load.most_at_once(
        grid, [starts.due[row] for row in late] + held, [starts.begin[row] for row in late]
    )
    return running, waiting


def _by_lane(world: World, grid: Grid, starts: Starts) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in world.lanes]
    for row in range(starts.standing, len(starts.lane)):
        if grid.begin <= starts.due[row] < grid.end:
            found[starts.lane[row]].append(row)
    for rows in found:
        rows.sort(key=starts.due.__getitem__)
    return found


def _overlaps(
    world: World, starts: Starts, rows: Sequence[Sequence[int]], folded: Sequence[Hum]
) -> tuple[OverlapAhead, ...]:
    found = [_meeting(lane, starts, its, len(its)) for lane, its in enumerate(rows)]
    place_of = {lane.key: place for place, lane in enumerate(world.lanes)}
    for hum in folded:
        alone = walk(hum.alone(world))
        its = range(len(alone.lane))
        found.append(_meeting(place_of[hum.lane.key], alone, its, sum(hum.starts)))
    return tuple(
        sorted(
            (one for one in found if one is not None),
            key=lambda one: (-one.count, one.first, one.lane),
        )
    )


def _meeting(lane: int, starts: Starts, rows: Sequence[int], count: int) -> OverlapAhead | None:
    """Count the starts that meet their lane's previous job; `rows` stand for `count` of them."""
    meeting = [row for row in rows if starts.fate[row] in OVERLAPPING]
    if not meeting:
        return None
    fates = Counter(starts.fate[row] for row in meeting)
    return OverlapAhead(
        lane,
        count,
        min(starts.due[row] for row in meeting),
        {fate: max(1, number * count // len(rows)) for fate, number in fates.most_common()},
    )
