"""What an engine costs while nothing is due: many schedules stored, none of them for a day.

An engine alone, in a process of its own each round. One JSON line: percent of one core, and how
often a second the process was woken, once it has come to rest.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks import measure
from tests.benchmarks.lateness import PATIENCE, multiply, recurring, serving
from tests.world import ADA, a_schedule, an_organization
from tfui.clock import SystemClock
from tfui.engine.engine import Engine
from tfui.runners.catalog import Catalog
from tfui.store.connection import Store

SETTLE = 3.0  # seconds until everything is imported and looked at once


def fill(path: Path, stored: int) -> None:
    """Store schedules that are due tomorrow."""
    now = datetime.now(UTC)
    with measure.a_store(path) as store, store.writing(by=ADA, now=now) as tx:
        tomorrow = now + timedelta(days=1)
        a_schedule(tx, an_organization(tx), **recurring("30d", tomorrow))
    multiply(str(path), stored - 1)


def serve(path: str, seconds: float) -> dict[str, float]:
    """Run an engine, and say what it took while it had nothing to do."""
    store = Store(path)
    with serving(Engine(store, Catalog(), SystemClock(), seats=4)):
        time.sleep(SETTLE)
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        time.sleep(seconds)
        after, span = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - begun
    store.close()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    woken = after.ru_nvcsw - before.ru_nvcsw
    return {"percent_of_a_core": used / span * 100, "woken_per_second": woken / span}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file:
        print(json.dumps(serve(options.file, options.seconds)))
        return
    command = [sys.executable, "-m", "tests.benchmarks.rest", "--seconds", str(options.seconds)]
    rounds: list[dict[str, float]] = []
    with measure.folder() as folder:
        path = folder / "tfui.db"
        fill(path, options.stored)
        for _ in range(options.rounds):
            done = subprocess.run(
                [*command, "--file", str(path)],
                check=True,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                timeout=options.seconds + PATIENCE,
            )
            rounds.append(json.loads(done.stdout))
    measure.report(
        "rest",
        {"stored": options.stored, "seconds": options.seconds, "rounds": options.rounds},
        ["sqlalchemy"],
        **{name: measure.spread([one[name] for one in rounds]) for name in rounds[0]},
    )


if __name__ == "__main__":
    main()
