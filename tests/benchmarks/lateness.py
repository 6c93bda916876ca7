"""How late jobs start, and what waiting costs, with many schedules stored and a few due each second.

Each side runs in a process of its own for some seconds: `tfui` with its engine and the `noop` job
type, `apscheduler` version 3 with its SQLAlchemy job store. Lateness is from the planned instant to
the first line of the job; CPU is the process's, of one core, while it serves. One JSON line for
each number stored.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import logging
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks import measure
from tests.world import ADA, a_schedule, an_organization
from tfui.clock import SystemClock
from tfui.core.states import AttemptOutcome
from tfui.engine.engine import Engine
from tfui.runners.catalog import Catalog
from tfui.runners.order import Outcome
from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS: list[float] = []
"""Milliseconds from the planned instant to the start, of each job."""


class Noting:
    """The job type `noting`: remembers when it was begun."""

    name = "noting"
    value = "lateness:Noting"

    def load(self) -> object:
        """Be one's own plug-in."""
        return self

    def validate(self, payload: Any) -> None:
        """Accept anything."""

    def run(self, order: Any, _sink: object, _stop: object) -> Outcome:
        """Note the moment."""
        STARTS.append((datetime.now(UTC) - order.nominal_at) / timedelta(milliseconds=1))
        return Outcome(AttemptOutcome.SUCCEEDED)


def note(planned: float) -> None:
    """The job of the peer; `planned` is its phase in a period of a second per schedule."""
    now = time.time()
    period = PERIOD
    late = (now - planned) % period
    STARTS.append(late * 1000)


PERIOD = 1.0
PATIENCE = 60.0
"""Seconds for what takes a few: an engine's end, the filling of a store."""


def serve_tfui(path: str, stored: int, rate: int, seconds: float) -> None:
    """Store schedules, of which `rate` are due in each second at even distances, and serve."""
    store = Store(path)
    migrations.upgrade(store)
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=_head_start(stored))
    with store.writing(by=ADA, now=begin) as tx:
        organization_id = an_organization(tx)
        for number in range(rate):
            at = begin + timedelta(seconds=number / rate)
            a_schedule(tx, organization_id, **recurring("1s", at), job_type="noting")
        for _ in range(100 - rate if stored < 100 else 1):
            a_schedule(tx, organization_id, **recurring("30d", begin + timedelta(days=1)))
    multiply(path, stored)
    with serving(Engine(store, Catalog(lambda: [Noting()]), SystemClock(), seats=4)):
        _report(begin, seconds)
    store.close()


@contextmanager
def serving(engine: Engine) -> Iterator[None]:
    """Run an engine meanwhile. Whatever goes wrong ends it: a live thread would keep the process."""
    thread = threading.Thread(target=engine.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        engine.stop()
        if not engine.wait_until_stopped(PATIENCE):
            faulthandler.dump_traceback(all_threads=True)
            raise RuntimeError(f"the engine did not stop within {PATIENCE} s")
        thread.join()


def serve_apscheduler(path: str, stored: int, rate: int, seconds: float) -> None:
    """Do the same with APScheduler 3."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.interval import IntervalTrigger
    from sqlalchemy import create_engine, event

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    database = create_engine(f"sqlite:///{path}")

    @event.listens_for(database, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(SQLAlchemyJobStore(engine=database))
    scheduler.start(paused=True)
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=_head_start(stored))
    for number in range(rate):
        at = begin + timedelta(seconds=number / rate)
        trigger = IntervalTrigger(seconds=1, start_date=at)
        scheduler.add_job(
            note, trigger, args=[at.timestamp()], id=f"r{number}", misfire_grace_time=60
        )
    far = IntervalTrigger(days=30, start_date=begin + timedelta(days=1))
    scheduler.add_job(note, far, args=[0.0], id="far")
    hand = sqlite3.connect(path)
    hand.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
        " INSERT INTO apscheduler_jobs (id, next_run_time, job_state)"
        " SELECT 'copy' || n, next_run_time + n, job_state FROM apscheduler_jobs, numbers"
        " WHERE id = 'far'",
        (stored,),
    )
    hand.commit()
    hand.close()
    scheduler.resume()
    try:
        _report(begin, seconds)
    finally:
        scheduler.shutdown()
    database.dispose()


def recurring(period: str, at: datetime) -> dict[str, Any]:
    """Give the columns of a schedule that runs every `period`, next at an instant."""
    before = at - timedelta(microseconds=1)
    return {
        "schedule_type": "recurring",
        "schedule_expression": period,
        "on_missed": "skip",
        "anchor_at": at,
        "effective_at": before,
        "cursor_at": before,
        "next_run_at": at,
    }


def multiply(path: str, stored: int) -> None:
    """Store so many copies of a schedule that runs every 30 days, each due a little later."""
    hand = sqlite3.connect(path)
    names = [row[1] for row in hand.execute("PRAGMA table_info(scheduled_job)")]
    made = {"id": "CAST(printf('%016d', n) AS BLOB)", "name": "printf('copy %d', n)"}
    made["next_run_at"] = "next_run_at + n * 1000"
    values = ", ".join(made.get(name, name) for name in names)
    hand.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
        f" INSERT INTO scheduled_job ({', '.join(names)}) SELECT {values} FROM numbers,"
        " (SELECT * FROM scheduled_job WHERE schedule_expression = '30d' LIMIT 1)",
        (stored,),
    )
    hand.commit()
    hand.close()


def _head_start(stored: int) -> float:
    return 4 + stored // 50_000


def _report(begin: datetime, seconds: float) -> None:
    """Wait for the span to pass and print what it came to."""
    settled = begin + timedelta(seconds=1)  # the first second warms caches up
    time.sleep(max(0.0, (settled - datetime.now(UTC)).total_seconds()))
    STARTS.clear()
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    late = sorted(STARTS)
    if not late:
        raise RuntimeError(f"nothing was started in {seconds} s")
    print(
        json.dumps(
            {
                "starts": len(late),
                "cpu_percent": 100 * used / seconds,
                "p50_ms": late[len(late) // 2],
                "p99_ms": late[len(late) * 99 // 100],
            },
        ),
        flush=True,
    )


def run(side: str, stored: int, rate: int, seconds: float) -> dict[str, float]:
    """Run one side in a process of its own."""
    with measure.folder() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.lateness", "--side", side]
        command += ["--stored", str(stored), "--rate", str(rate), "--seconds", str(seconds)]
        command += ["--file", str(folder / "bench.db")]
        done = subprocess.run(
            command,
            check=True,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            timeout=_head_start(stored) + seconds + 2 * PATIENCE,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compare(stored: int, rate: int, seconds: float, rounds: int) -> None:
    """Measure both sides in turns and print their line."""
    found: dict[str, list[dict[str, float]]] = {"tfui": [], "apscheduler": []}
    for _ in range(rounds):
        for side, rows in found.items():
            rows.append(run(side, stored, rate, seconds))
    names = ("cpu_percent", "p50_ms", "p99_ms")
    measure.report(
        "lateness",
        {
            "stored": stored,
            "per_second": rate,
            "seconds": seconds,
            "rounds": rounds,
        },
        ["apscheduler", "sqlalchemy"],
        **{
            side: {name: measure.spread([row[name] for row in rows]) for name in names}
            for side, rows in found.items()
        },
        ratio_to_apscheduler={
            name: measure.spread(
                [
                    ours[name] / theirs[name]
                    for ours, theirs in zip(found["tfui"], found["apscheduler"], strict=True)
                ],
            )
            for name in names
        },
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rate", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", choices=["tfui", "apscheduler"])
    parser.add_argument("--file")
    options = parser.parse_args()
    if options.side:
        serve = serve_tfui if options.side == "tfui" else serve_apscheduler
        serve(options.file, options.stored[0], options.rate, options.seconds)
        return
    for stored in options.stored:
        compare(stored, options.rate, options.seconds, options.rounds)


if __name__ == "__main__":
    main()
