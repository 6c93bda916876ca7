"""Carrying out jobs that do nothing, with a durable record of each: claimed, run, finished.

`tfui` is the whole engine with its seats and the `noop` job type: claims with leases, attempts,
outcomes, schedules noted. `huey` dequeues from SQLite, executes and stores each result; `bare` keeps
no result. `raw` claims and finishes the same rows in the same tables with sqlite3, a hundred in a
transaction. One JSON line: jobs/s, and tfui's ratio to each.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from huey import SqliteHuey

from tests.benchmarks import measure
from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.clock import FrozenClock, SystemClock
from tfui.engine.engine import Engine
from tfui.model.columns import IdMaker, to_microseconds
from tfui.runners.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.store.connection import Store


def fill(store: Store, jobs: int) -> None:
    """Store as many schedules, and plan one job of each."""
    with store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        for _ in range(jobs):
            a_schedule(tx, organization_id)
    Engine(store, Catalog(), FrozenClock(NOON + timedelta(minutes=1)), work=False).turn()


def tfui(template: Path, jobs: int) -> float:
    """Run them all with an engine."""
    with measure.folder() as folder:
        path = folder / "tfui.db"
        path.write_bytes(template.read_bytes())
        with measure.a_store(path) as store:
            engine = Engine(store, Catalog(), SystemClock(), seats=4, plan=False)
            began = time.perf_counter()
            done = engine.drain()
            seconds = time.perf_counter() - began
    if done.succeeded != jobs:
        raise RuntimeError(f"{done.succeeded} of {jobs} jobs succeeded")
    return jobs / seconds


def huey(jobs: int, *, is_bare: bool) -> float:
    """Enqueue tasks that do nothing, then dequeue and execute them all."""
    with measure.folder() as folder:
        queue = SqliteHuey(filename=str(folder / "huey.db"), fsync=False, store_none=not is_bare)

        @queue.task()  # type: ignore[untyped-decorator]  # huey is not typed
        def nothing() -> None:
            return None

        for _ in range(jobs):
            nothing()
        began = time.perf_counter()
        for _ in range(jobs):
            queue.execute(queue.dequeue())
        seconds = time.perf_counter() - began
        queue.storage.close()
    return jobs / seconds


def raw(template: Path, jobs: int) -> float:
    """Claim and finish the same rows by hand."""
    node = IdMaker().make(NOON).bytes
    now = to_microseconds(NOON + timedelta(minutes=1))
    with measure.folder() as folder:
        path = folder / "raw.db"
        path.write_bytes(template.read_bytes())
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -16000")  # as the store has it
        began = time.perf_counter()
        done = 0
        while done < jobs:
            database.execute("BEGIN IMMEDIATE")
            claimed = database.execute(
                "SELECT id, payload FROM job WHERE status = 'queued' AND available_at <= ?"
                " AND queue_id = (SELECT id FROM queue) ORDER BY priority DESC, available_at, id LIMIT 100",
                (now,),
            ).fetchall()
            database.executemany(
                "UPDATE job SET status = 'running', attempt = attempt + 1, fence = fence + 1,"
                " lease_owner = ?, lease_until = ?, started_at = ?, wait_reason = NULL WHERE id = ?",
                [(node, now, now, key) for key, _ in claimed],
            )
            database.execute("COMMIT")
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "UPDATE job SET status = 'succeeded', lease_owner = NULL, lease_until = NULL,"
                " finished_at = ? WHERE id = ? AND status = 'running'",
                [(now, key) for key, _ in claimed],
            )
            database.executemany(
                "INSERT INTO attempt (job_id, fence, number, node_id, started_at, finished_at, outcome)"
                " VALUES (?, 1, 1, ?, ?, ?, 'succeeded')",
                [(key, node, now, now) for key, _ in claimed],
            )
            database.executemany(
                "UPDATE scheduled_job SET last_outcome = 'succeeded'"
                " WHERE id = (SELECT scheduled_job_id FROM job WHERE id = ?)",
                [(key,) for key, _ in claimed],
            )
            database.execute("COMMIT")
            done += len(claimed)
        seconds = time.perf_counter() - began
        database.close()
    return jobs / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    jobs = options.jobs
    with measure.folder() as folder:
        template = folder / "template.db"
        with measure.a_store(template) as store:
            fill(store, jobs)
        sqlite3.connect(template).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        figures = measure.interleaved(
            {
                "tfui": lambda: tfui(template, jobs),
                "huey": lambda: huey(jobs, is_bare=False),
                "bare": lambda: huey(jobs, is_bare=True),
                "raw": lambda: raw(template, jobs),
            },
            options.rounds,
        )
    measure.report(
        "run",
        {"jobs": jobs, "seats": 4, "rounds": options.rounds},
        ["huey", "sqlalchemy"],
        per_second={side: measure.spread(values) for side, values in figures.items()},
        ratio=measure.ratios(figures, "tfui"),
    )


if __name__ == "__main__":
    main()
