"""One planner turn with more and more schedules stored, the same number due each time.

One JSON line: milliseconds a turn at each size, and each size's ratio to the smallest.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks import measure
from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.clock import FrozenClock
from tfui.engine.engine import Engine
from tfui.model.columns import to_microseconds
from tfui.runners.catalog import Catalog
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


HOUR = 3_600_000_000


def fill(path: Path, schedules: int, due: int) -> None:
    """Store hourly schedules; `due` of them are due at the same second of each coming hour."""
    with measure.a_store(path) as store, store.writing(by=ADA, now=NOON) as tx:
        a_schedule(tx, an_organization(tx), schedule_type="recurring", schedule_expression="1h")
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(scheduled_job)")]
    first = to_microseconds(NOON) + HOUR
    made = {
        "id": "CAST(printf('%016d', n) AS BLOB)",
        "name": "printf('copy %d', n)",
        "next_run_at": f"CASE WHEN n <= {due} THEN {first} ELSE {first} + 1000 * HOUR + n * 1000 END",
        "anchor_at": str(first - HOUR),
        "cursor_at": str(first - HOUR),
        "effective_at": str(first - HOUR),
    }
    values = ", ".join(made.get(name, name) for name in columns).replace("HOUR", str(HOUR))
    database.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {schedules})"
        f" INSERT INTO scheduled_job ({', '.join(columns)}) SELECT {values} FROM numbers"
        f" CROSS JOIN (SELECT * FROM scheduled_job)",
    )
    database.execute("UPDATE scheduled_job SET status = 'paused' WHERE name NOT LIKE 'copy %'")
    database.execute("UPDATE scheduled_job SET overlap = 'allow'")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def turner(store: Store, due: int) -> Callable[[], float]:
    """Give something that lets an hour pass and times the turn that plans what is due then."""
    clock = FrozenClock(NOON)
    engine = Engine(store, Catalog(), clock, work=False)

    def turn() -> float:
        before = engine.figures.planned
        clock.advance(timedelta(hours=1))
        began = time.perf_counter()
        engine.turn()
        seconds = time.perf_counter() - began
        if engine.figures.planned - before != due:
            raise RuntimeError(f"{engine.figures.planned - before} of {due} were planned")
        return seconds * 1000

    return turn


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--due", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with measure.folder() as folder:
        stores = {}
        for size in options.sizes:
            fill(folder / f"{size}.db", size, options.due)
            stores[size] = Store(str(folder / f"{size}.db"))
        figures = measure.interleaved(
            {str(size): turner(store, options.due) for size, store in stores.items()},
            options.rounds,
        )
        for store in stores.values():
            store.close()
    smallest = figures[str(options.sizes[0])]
    measure.report(
        "scale",
        {"due": options.due, "rounds": options.rounds},
        ["sqlalchemy"],
        milliseconds={size: measure.spread(values) for size, values in figures.items()},
        ratio_to_smallest={
            size: measure.spread(
                [here / there for here, there in zip(values, smallest, strict=True)]
            )
            for size, values in figures.items()
        },
    )


if __name__ == "__main__":
    main()
