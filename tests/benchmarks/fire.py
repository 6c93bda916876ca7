"""Firing many schedules that are due at once: a job row for each, every schedule advanced, persisted.

`tfui` is one planner turn with everything on: ledger, misfire and overlap checks. `apscheduler` is
version 3 with its SQLAlchemy job store and jobs that do nothing; `huey` is its periodic tasks, whose
schedules are not persisted, enqueued in SQLite. `raw` selects, inserts and updates the same rows in
the same tables with sqlite3 and computes the next runs with our own trigger, a thousand in a
transaction. One JSON line: schedules/s, and tfui's ratio to each.
"""

from __future__ import annotations

import argparse
import logging
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from huey import SqliteHuey, crontab
from sqlalchemy import create_engine, event

from tests.benchmarks import measure
from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.clock import FrozenClock
from tfui.core import trigger
from tfui.engine.engine import Engine
from tfui.model.columns import IdMaker, to_microseconds
from tfui.runners.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.store.connection import Store

DUE = NOON + timedelta(hours=1)


def fill(store: Store, schedules: int) -> None:
    """Store schedules of sixty expressions, all due at one instant."""
    with store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        for number in range(schedules):
            a_schedule(
                tx,
                organization_id,
                schedule_expression=f"0,{number % 60} * * * *",
                payload={"command": "true"},
                cursor_at=DUE - timedelta(minutes=1),
                effective_at=DUE - timedelta(minutes=1),
                next_run_at=DUE,
            )


def tfui(template: Path, schedules: int) -> float:
    """Turn an engine that only plans."""
    with measure.folder() as folder:
        path = folder / "tfui.db"
        path.write_bytes(template.read_bytes())
        with measure.a_store(path) as store:
            engine = Engine(store, Catalog(), FrozenClock(DUE), work=False)
            began = time.perf_counter()
            while not engine.turn():
                pass  # it says that it is not done
            seconds = time.perf_counter() - began
            planned = engine.figures.planned
    if planned != schedules:
        raise RuntimeError(f"{planned} of {schedules} schedules were planned")
    return schedules / seconds


def raw(template: Path, schedules: int) -> float:
    """Write the same rows by hand."""
    due, ids = to_microseconds(DUE), IdMaker()
    with measure.folder() as folder:
        path = folder / "raw.db"
        path.write_bytes(template.read_bytes())
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -16000")  # as the store has it
        began = time.perf_counter()
        while True:
            database.execute("BEGIN IMMEDIATE")
            rows = database.execute(
                "SELECT id, schedule_expression FROM scheduled_job WHERE status = 'active'"
                " AND deleted_at IS NULL AND next_run_at <= ? LIMIT 1000",
                (due,),
            ).fetchall()
            if not rows:
                break
            made = [found.bytes for found in ids.make_many(DUE, len(rows))]
            following = [following_micros(text, due) for _, text in rows]
            database.executemany(
                "INSERT INTO job (id, organization_id, queue_id, scheduled_job_id, nominal_at, kind,"
                " job_type, payload, priority, status, attempt, max_attempts, available_at,"
                " wait_reason, fence, created_at)"
                " SELECT ?, organization_id, queue_id, id, ?, 'scheduled', job_type, payload,"
                " priority, 'queued', 0, max_attempts, ?, 'no_worker', 0, ?"
                " FROM scheduled_job WHERE id = ?",
                [(job, due, due, due, key) for job, (key, _) in zip(made, rows, strict=True)],
            )
            database.executemany(
                "UPDATE scheduled_job SET cursor_at = ?, next_run_at = ?, last_run_at = ?,"
                " runs_count = runs_count + 1, job_id = ? WHERE id = ?",
                [
                    (due, later, due, job, key)
                    for job, later, (key, _) in zip(made, following, rows, strict=True)
                ],
            )
            database.execute("COMMIT")
        seconds = time.perf_counter() - began
        database.close()
    return schedules / seconds


def following_micros(expression: str, micros: int) -> int:
    """Give the cron instant after `micros`."""
    rule = trigger.parse("cron", expression, anchor=DUE)
    if not isinstance(rule, trigger.Cron):
        raise TypeError(expression)
    return (rule.next_epoch(micros // 1_000_000) or 0) * 1_000_000


class Counting(BaseExecutor):  # type: ignore[misc]  # APScheduler is not typed
    """Takes jobs and does nothing: the peer pays for scheduling alone."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.left = wanted
        self.is_done = threading.Event()

    def _do_submit_job(self, job: object, _run_times: object) -> None:
        self.left -= 1
        self._run_job_success(job.id, [])  # type: ignore[attr-defined]
        if not self.left:
            self.is_done.set()


def nothing() -> None:
    """The job of every peer."""


def apscheduler(schedules: int) -> float:
    """Have APScheduler 3 fire jobs from SQLite until all have been submitted and updated."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with measure.folder() as folder:
        engine = create_engine(f"sqlite:///{folder / 'aps.db'}")

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")

        executor = Counting(schedules)
        scheduler = BackgroundScheduler(timezone=UTC)
        scheduler.add_jobstore(SQLAlchemyJobStore(engine=engine))
        scheduler.add_executor(executor)
        scheduler.start(paused=True)
        now = datetime.now(UTC)
        for number in range(schedules):
            scheduler.add_job(
                nothing,
                CronTrigger(minute=number % 60, timezone=UTC),
                next_run_time=now,
                misfire_grace_time=None,
                id=str(number),
            )
        began = time.perf_counter()
        scheduler.resume()
        executor.is_done.wait(600)
        seconds = time.perf_counter() - began
        scheduler.shutdown()
        engine.dispose()
    return schedules / seconds


def huey(schedules: int) -> float:
    """Have huey enqueue periodic tasks that are due."""
    with measure.folder() as folder:
        queue = SqliteHuey(filename=str(folder / "huey.db"), fsync=False)
        for number in range(schedules):
            rule = crontab(minute=f"0,{number % 60}")
            queue.periodic_task(rule, name=f"task{number}")(partial(nothing))
        began = time.perf_counter()
        for task in queue.read_periodic(DUE.replace(tzinfo=None)):
            queue.enqueue(task)
        seconds = time.perf_counter() - began
        if queue.pending_count() != schedules:
            raise RuntimeError("huey did not enqueue every task")
        queue.storage.close()
    return schedules / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--peers", type=int, default=2_000, help="schedules for APScheduler")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    count = options.schedules
    with measure.folder() as folder:
        template = folder / "template.db"
        with measure.a_store(template) as store:
            fill(store, count)
        sqlite3.connect(template).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        figures = measure.interleaved(
            {
                "tfui": lambda: tfui(template, count),
                "raw": lambda: raw(template, count),
                "huey": lambda: huey(count),
                "apscheduler": lambda: apscheduler(options.peers),
            },
            options.rounds,
        )
    measure.report(
        "fire",
        {"schedules": count, "apscheduler_schedules": options.peers, "rounds": options.rounds},
        ["huey", "apscheduler", "sqlalchemy"],
        per_second={side: measure.spread(values) for side, values in figures.items()},
        ratio=measure.ratios(figures, "tfui"),
    )


if __name__ == "__main__":
    main()
