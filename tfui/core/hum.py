"""Hum: what fires so often that single starts say nothing. It is folded into a steady load.

A folded lane is counted by bucket and takes the share of a seat that its runs take on average;
nothing is said of the delay of its starts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tfui.core.forecast import MINUTE, Place, World
from tfui.core.states import Overlap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.core.forecast import Lane

MOST = 50_000
"""Starts that one walk plays through singly."""


@dataclass(frozen=True, slots=True)
class Hum:
    """A folded lane; its lane has no instants."""

    lane: Lane
    starts: Sequence[int]
    """By bucket."""
    seats: float
    """What it takes on average."""
    first: Sequence[int] = ()
    """Its first instants, which tell whether it is due again before a run has ended."""

    def alone(self, world: World) -> World:
        """Give a world of nothing but its first instants, if it is due again within a run."""
        if all(later - earlier >= self.lane.p50 for earlier, later in pairwise(self.first)):
            return World(lanes=(), places=(), seats=0, begin=world.begin)
        lane = replace(self.lane, nominal=self.first, due=self.first, after=(), is_chained=False)
        place = Place(key=lane.queue)
        return World(lanes=[lane], places=[place], seats=len(self.first), begin=world.begin)


def choose(counts: Sequence[int], span: int, *, most: int = MOST) -> set[int]:
    """Choose the places to fold, given how often each starts within `span`.

    All that start more than once a minute; then the most frequent, until `most` starts are left.
    """
    # Once a minute is once more than a span has minutes, where it begins or ends within one.
    folded = {place for place, count in enumerate(counts) if (count - 1) * MINUTE >= span}
    left = sum(counts) - sum(counts[place] for place in folded)
    for place in sorted(range(len(counts)), key=lambda place: (-counts[place], place)):
        if left <= most:
            break
        if place not in folded:
            folded.add(place)
            left -= counts[place]
    return folded


def seats_of(lane: Lane, count: int, span: int) -> float:
    """How many seats a lane takes that starts `count` times within `span` (Little's law)."""
    share = count * lane.p50 / span if span > 0 else 0.0
    return share if lane.overlap is Overlap.ALLOW else min(share, 1.0)


def room_for(world: World, hums: Sequence[Hum]) -> tuple[int, dict[UUID, int | None]]:
    """Give the seats, and each queue's concurrency, that the hum leaves to the others.

    One of each is left wherever there is one: the hum comes and goes, and others take their turn.
    """
    taken: dict[UUID, float] = {}
    for hum in hums:
        taken[hum.lane.queue] = taken.get(hum.lane.queue, 0.0) + hum.seats
    return _less(world.seats, sum(taken.values())), {
        place.key: None
        if place.concurrency is None
        else _less(place.concurrency, taken.get(place.key, 0.0))
        for place in world.places
    }


def _less(room: int, taken: float) -> int:
    return max(min(room, 1), room - round(taken))
