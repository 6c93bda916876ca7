"""Reading the list of many schedules: every identifier in order, a keystroke of the filter, a page.

`prototype` is the least that any list needs: sqlite3 alone reading the ids by name from a table of
just ids and names, with an index for it. One JSON line: milliseconds, and tfui's ratio to it.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.benchmarks import measure
from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.clock import FrozenClock
from tfui.core.command import search_text
from tfui.model.columns import IdMaker, table_of
from tfui.model.schedule import ScheduledJob, ScheduleQuery, ScheduleSort
from tfui.service import schedules
from tfui.service.caller import Caller, local_caller

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tfui.store.connection import Store

_WORDS = ("billing", "report", "backup", "sync", "warehouse", "export", "cleanup", "mail", "audit")
_SCHEDULE = table_of(ScheduledJob)


def fill(store: Store, count: int) -> None:
    """Store schedules that differ in what a list sorts and searches by."""
    draw = random.Random(7)
    with store.writing(by=ADA, now=NOON) as tx:
        model = a_schedule(tx, an_organization(tx))
        row = tx.connection.execute(_SCHEDULE.select().where(_SCHEDULE.c.id == model)).mappings()
        kept = dict(row.one())
        rows = []
        for number, schedule_id in enumerate(IdMaker().make_many(NOON, count - 1)):
            name = (
                f"{draw.choice(_WORDS)}-{draw.choice(_WORDS)}-{draw.randrange(10**6):06}-{number}"
            )
            payload = {"command": f"/opt/bin/{draw.choice(_WORDS)} --day {number % 365}"}
            rows.append(
                kept
                | {
                    "id": schedule_id,
                    "name": name,
                    "payload": payload,
                    "job_type": "shell",
                    "search_text": search_text(
                        name, "* * * * *", job_type="shell", payload=payload, metadata={}
                    ),
                    "status": draw.choice(["active"] * 18 + ["paused", "completed"]),
                    "last_outcome": draw.choice([None, "failed"] + ["succeeded"] * 8),
                },
            )
        tx.connection.execute(_SCHEDULE.insert(), rows)


def prototype(path: Path, rows: list[tuple[str, str]]) -> Callable[[], float]:
    """Make the smallest table that can be listed by name, and give its reading."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE s (id TEXT PRIMARY KEY, name TEXT)")
    connection.execute("CREATE INDEX by_name ON s (name, id)")
    connection.executemany("INSERT INTO s VALUES (?, ?)", rows)
    connection.commit()

    def read() -> float:
        began = time.perf_counter()
        connection.execute("SELECT id FROM s ORDER BY name").fetchall()
        return (time.perf_counter() - began) * 1000

    return read


def reading(caller: Caller, query: ScheduleQuery) -> Callable[[], float]:
    """Give the time of reading all identifiers that match."""

    def read() -> float:
        began = time.perf_counter()
        schedules.ids(caller, query)
        return (time.perf_counter() - began) * 1000

    return read


def paging(caller: Caller) -> Callable[[], float]:
    """Give the time of reading a page of 128 rows."""
    wanted = schedules.ids(caller, ScheduleQuery())
    start = len(wanted) // 2

    def read() -> float:
        began = time.perf_counter()
        schedules.rows(caller, wanted[start : start + 128])
        return (time.perf_counter() - began) * 1000

    return read


def main() -> None:
    """Fill a store, read in turns, print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    query = ScheduleQuery()
    with measure.folder() as folder, measure.a_store(folder / "tfui.db") as store:
        fill(store, asked.schedules)
        caller = local_caller(store, FrozenClock(NOON), via="cli")
        with store.reading() as tx:
            names = tx.connection.execute(_SCHEDULE.select().with_only_columns(_SCHEDULE.c.name))
            rows = [(f"{number:032x}", name) for number, name in enumerate(names.scalars())]
        sides = {
            "prototype": prototype(folder / "prototype.db", rows),
            "by condition": reading(caller, query),
            "by name": reading(caller, replace(query, sort=ScheduleSort.NAME)),
            "by next run": reading(caller, replace(query, sort=ScheduleSort.NEXT)),
            "filter": reading(caller, replace(query, search="ware")),
            "filter, nothing found": reading(caller, replace(query, search="zzzz")),
            "page of 128": paging(caller),
        }
        figures = measure.interleaved(sides, asked.rounds)
    measure.report(
        "list_query",
        {"schedules": asked.schedules, "rounds": asked.rounds},
        ["sqlalchemy"],
        milliseconds={name: measure.spread(values) for name, values in figures.items()},
        load_to_prototype=measure.ratios(figures, "by condition")["prototype"],
    )


if __name__ == "__main__":
    main()
