"""Makers of small worlds for the tests of forecasts, in whole seconds, and a second way to play them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tfui.core.forecast import BEGINNING, NEVER, SECOND, Fate, Lane, Place, World
from tfui.core.overlap import BUFFER_LIMIT
from tfui.core.states import Overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.core.walk import Starts

QUEUE = UUID(int=1_000_000)
OTHER_QUEUE = UUID(int=1_000_001)


def a_lane(number: int, nominal: Sequence[int], *, lasts: int = 1, **changes: Any) -> Lane:
    """Make a lane that starts at these seconds and whose runs last so many."""
    micros = [at * SECOND for at in nominal]
    jitter = changes.pop("jitter", [0] * len(micros))
    values: dict[str, Any] = {
        "key": UUID(int=number),
        "queue": QUEUE,
        "p50": lasts * SECOND,
        "p95": lasts * SECOND,
        "nominal": micros,
        "due": [at + late * SECOND for at, late in zip(micros, jitter, strict=True)],
        "overlap": Overlap.ALLOW,
    }
    return Lane(**values | changes)


def a_world(*lanes: Lane, seats: int = 100, **changes: Any) -> World:
    """Make a world of two queues without limits."""
    values: dict[str, Any] = {
        "lanes": lanes,
        "places": [Place(key=QUEUE), Place(key=OTHER_QUEUE)],
        "seats": seats,
        "begin": 0,
    }
    return World(**values | changes)


def story(starts: Starts) -> list[tuple[int, int, int | None, Fate]]:
    """Tell every start as (lane, planned, begun, fate), in seconds, in the order of planning."""
    return sorted(
        (lane, nominal // SECOND, None if begin < 0 else begin // SECOND, fate)
        for lane, nominal, begin, fate in zip(
            starts.lane, starts.nominal, starts.begin, starts.fate, strict=True
        )
    )


@dataclass(slots=True)
class _Job:
    number: int
    lane: int
    nominal: int
    due: int
    fate: Fate
    is_buffered: bool = False
    begin: int | None = None
    end: int | None = None
    is_over: bool = False


@dataclass(slots=True)
class Clockwork:
    """The same rules second by second: slow, and simple enough to be believed."""

    world: World
    jobs: list[_Job] = field(default_factory=list)

    def run(self, seconds: int) -> list[tuple[int, int, int | None, Fate]]:
        """Play so many seconds; tell the story."""
        for now in range(seconds):
            for job in [one for one in self.jobs if one.end == now and not one.is_over]:
                self._end(job)
            for place, lane in enumerate(self.world.lanes):
                for nominal, due in zip(lane.nominal, lane.due, strict=True):
                    if nominal == now * SECOND:
                        self._plan(place, now, due // SECOND)
            self._fill(now)
        for job in self.jobs:
            if job.begin is None and job.fate in BEGINNING:
                job.fate = Fate.HELD
        return sorted((job.lane, job.nominal, job.begin, job.fate) for job in self.jobs)

    def _live(self, lane: int) -> list[_Job]:
        return [job for job in self.jobs if job.lane == lane and not job.is_over]

    def _end(self, job: _Job) -> None:
        job.is_over = True
        live = self._live(job.lane)
        if live and all(one.is_buffered for one in live):
            live[0].is_buffered = False

    def _plan(self, lane: int, now: int, due: int) -> None:
        policy, live = self.world.lanes[lane].overlap, self._live(lane)
        waiting = sum(job.is_buffered for job in live)
        job = _Job(len(self.jobs), lane, now, due, Fate.RUNS)
        if live and policy is Overlap.CANCEL_RUNNING:
            for one in live:
                one.is_over = True
                one.end = now
                if one.begin is None:
                    one.fate = Fate.CANCELLED
            job.fate = Fate.REPLACES
        elif live and policy is not Overlap.ALLOW:
            room = {Overlap.BUFFER_ONE: 1, Overlap.BUFFER_ALL: BUFFER_LIMIT}.get(policy, 0)
            job.is_buffered = waiting < room
            job.is_over = not job.is_buffered
            job.fate = Fate.BUFFERED if job.is_buffered else Fate.SKIP_OVERLAP
        elif live:
            job.fate = Fate.BESIDE
        self.jobs.append(job)

    def _fill(self, now: int) -> None:
        lanes = self.world.lanes
        waiting = [
            job
            for job in self.jobs
            if job.begin is None and not job.is_over and not job.is_buffered and job.due <= now
        ]
        waiting.sort(key=lambda job: (-lanes[job.lane].priority, job.due, job.number))
        for job in waiting:
            running = [one for one in self.jobs if one.begin is not None and not one.is_over]
            place = next(one for one in self.world.places if one.key == lanes[job.lane].queue)
            here = sum(lanes[one.lane].queue == place.key for one in running)
            has_room = place.concurrency is None or here < place.concurrency
            is_open = place.opens_at < NEVER and place.opens_at <= now * SECOND
            if len(running) < self.world.seats and has_room and is_open:
                job.begin = now
                job.end = now + lanes[job.lane].p50 // SECOND
