"""Reading how things stand when much has run: summary, pulse, one schedule whole, its history.

Each is read in turns from a store with few ended jobs and from one with many. One JSON line:
milliseconds, and the ratio of many to few, which would be 1 if history cost nothing.
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.benchmarks import measure
from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.clock import FrozenClock
from tfui.service import jobs, schedules
from tfui.service.caller import Caller, local_caller

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tfui.store.connection import Store

SCHEDULES = 1000

_MINUTE = 60_000_000  # microseconds
_FILL = text("""
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :each)
    INSERT INTO job (id, organization_id, queue_id, scheduled_job_id, nominal_at, kind, job_type,
        payload, priority, status, attempt, max_attempts, available_at, fence, created_at,
        started_at, finished_at, exit_code)
    SELECT randomblob(16), organization_id, queue_id, id, created_at + n * :minute,
        'scheduled', 'noop', '{}', 0, CASE n % 50 WHEN 0 THEN 'failed' ELSE 'succeeded' END, 1, 3,
        created_at + n * :minute, 1, created_at + n * :minute, created_at + n * :minute,
        created_at + n * :minute + 1000000, 0
    FROM scheduled_job, number
""")


def fill(store: Store, each: int) -> UUID:
    """Store schedules with ended jobs; give one schedule's id."""
    with store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        made = [a_schedule(tx, organization_id) for _ in range(SCHEDULES)]
        tx.connection.execute(_FILL, {"each": each, "minute": _MINUTE})
    return made[SCHEDULES // 2]


def readings(caller: Caller, schedule_id: UUID) -> dict[str, Callable[[], object]]:
    """Give what is read, by name."""
    return {
        "summary": lambda: schedules.summary(caller),
        "pulse": lambda: schedules.pulse(caller),
        "detail": lambda: schedules.detail(caller, schedule_id),
        "history": lambda: jobs.history(caller, schedule_id),
        "jobs": lambda: jobs.listing(caller),
    }


def timed(read: Callable[[], object]) -> Callable[[], float]:
    """Give the milliseconds that a reading takes."""

    def run() -> float:
        began = time.perf_counter()
        read()
        return (time.perf_counter() - began) * 1000

    return run


def main() -> None:
    """Fill two stores, read in turns, print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    sides: dict[str, Callable[[], float]] = {}
    with ExitStack() as open_:
        folder = open_.enter_context(measure.folder())
        for size, each in (("few", 12), ("many", asked.jobs // SCHEDULES)):
            store = open_.enter_context(measure.a_store(folder / f"{size}.db"))
            schedule_id = fill(store, each)
            caller = local_caller(store, FrozenClock(NOON), via="cli")
            for name, read in readings(caller, schedule_id).items():
                sides[f"{name}, {size}"] = timed(read)
        figures = measure.interleaved(sides, asked.rounds)
    names = [name.removesuffix(", many") for name in figures if name.endswith(", many")]
    measure.report(
        "history",
        {"jobs": asked.jobs, "schedules": SCHEDULES, "rounds": asked.rounds},
        ["sqlalchemy"],
        milliseconds={name: measure.spread(values) for name, values in figures.items()},
        many_to_few={
            name: measure.spread(
                [
                    many / few
                    for many, few in zip(
                        figures[f"{name}, many"], figures[f"{name}, few"], strict=True
                    )
                ],
            )
            for name in names
        },
    )


if __name__ == "__main__":
    main()
