"""Forecasting: a walk through a day of 100,000 starts, and what the dashboard reads for 1,000 schedules.

The walk runs in turns with the bare minimum of any such walk, a heap that the same starts and ends go
through. One JSON line: milliseconds, and the walk's ratio to the heap.
"""

from __future__ import annotations

import argparse
import random
from contextlib import ExitStack
from datetime import timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING
from uuid import UUID

from tests.benchmarks import measure
from tests.benchmarks.history import timed
from tests.world import ADA, NOON, a_schedule
from tfui.clock import FrozenClock
from tfui.core.forecast import MINUTE, SECOND, Lane, Place, World
from tfui.core.walk import walk
from tfui.model.schedule import ScheduleDraft
from tfui.service import forecast
from tfui.service.caller import Caller, local_caller
from tfui.service.whatif import whatif

if TYPE_CHECKING:
    from collections.abc import Callable

LANES, STARTS = 200, 500
SCHEDULES = 1000

_QUEUES = [UUID(int=number) for number in range(1, 6)]
_DAY = 24 * 60
_EXPRESSIONS = (
    "*/5 * * * *",
    "0 * * * *",
    "*/10 * * * *",
    "30 2 * * *",
    "15 */2 * * *",
    "*/15 8-18 * * mon-fri",
    "0 0 * * *",
    "7 * * * *",
    "*/30 * * * *",
    "0 6 * * 1",
)


def a_day() -> World:
    """Make 200 schedules with 500 starts each, in five queues, two of them narrow, on 16 seats."""
    chance = random.Random(1)  # the same day every time, and no secret
    lanes = []
    for number in range(LANES):
        first = chance.randrange(60)
        nominal = [(first + each * _DAY // STARTS) * MINUTE for each in range(STARTS)]
        lasts = chance.randrange(1, 20) * SECOND
        lanes.append(
            Lane(
                key=UUID(int=1000 + number),
                queue=_QUEUES[number % len(_QUEUES)],
                p50=lasts,
                p95=2 * lasts,
                nominal=nominal,
                due=nominal,
                priority=number % 10,
            )
        )
    places = [
        Place(key=key, concurrency=4 if place > 2 else None) for place, key in enumerate(_QUEUES)
    ]
    return World(lanes=lanes, places=places, seats=16, begin=0)


def bare(world: World) -> Callable[[], object]:
    """Give the least that any walk does: each start into a heap, and out again when it ends."""
    events = sorted((at, lane.p50) for lane in world.lanes for at in lane.nominal)

    def run() -> None:
        ends: list[int] = []
        for at, lasts in events:
            while ends and ends[0] <= at:
                heappop(ends)
            heappush(ends, at + lasts)

    return run


def a_store(stack: ExitStack) -> Caller:
    """Fill a store with schedules of ten kinds."""
    folder = stack.enter_context(measure.folder())
    store = stack.enter_context(measure.a_store(folder / "tfui.db"))
    caller = local_caller(store, FrozenClock(NOON), via="cli")
    with store.writing(by=ADA, now=NOON) as tx:
        for number in range(SCHEDULES):
            expression = _EXPRESSIONS[number % len(_EXPRESSIONS)]
            a_schedule(tx, caller.organization_id, schedule_expression=expression)
    return caller


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with ExitStack() as stack:
        world, caller = a_day(), a_store(stack)
        draft = ScheduleDraft(
            name="new",
            schedule_type="cron",
            schedule_expression="30 2 * * *",
            job_type="noop",
            payload={},
        )
        figures = measure.interleaved(
            {
                "walk": timed(lambda: walk(world)),
                "bare heap": timed(bare(world)),
                "day of 1,000 schedules": timed(
                    lambda: forecast.outlook(caller, begin=NOON, end=NOON + timedelta(days=1))
                ),
                "what if": timed(lambda: whatif(caller, draft)),
            },
            asked.rounds,
        )
    measure.report(
        "forecast",
        {"starts": LANES * STARTS, "schedules": SCHEDULES, "rounds": asked.rounds},
        ["sqlalchemy"],
        milliseconds={name: measure.spread(values) for name, values in figures.items()},
        walk_over_bare_heap=measure.ratios(
            {"walk": figures["walk"], "bare heap": figures["bare heap"]}, "walk"
        ),
    )


if __name__ == "__main__":
    main()
