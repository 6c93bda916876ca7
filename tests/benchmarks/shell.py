"""What the `shell` job type costs above starting the same processes by hand.

N times `true` under /bin/sh with as many seats (threads) on both sides, in turns, so that the
machine's moods fall on both. The bare side discards output; the runner captures both streams,
watches for a stop and a timeout and reads a payload. One JSON line: jobs/s and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID

from tfui.runners.capture import OutputBuffer
from tfui.runners.catalog import Catalog
from tfui.runners.order import JobOrder, Stop

if TYPE_CHECKING:
    from collections.abc import Callable


def bare() -> None:
    """Start one command as a few lines of Python would."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    process.wait()


def through_the_runner() -> None:
    """Carry the same command out as an engine's seat does."""
    order = JobOrder(
        job_id=UUID(int=1),
        job_type="shell",
        payload={"command": "true"},
        attempt=1,
        fence=1,
        schedule="bench",
        occurrence_key="1",
        nominal_at=datetime(2030, 1, 1, tzinfo=UTC),
        timeout=timedelta(minutes=1),
        environment={"TFUI_OCCURRENCE_KEY": "1", "TFUI_ATTEMPT": "1"},
    )
    buffer = OutputBuffer(lambda: datetime.now(UTC))
    outcome = CATALOG.runner("shell").run(order, buffer, Stop(threading.Event()))
    if outcome.exit_code != 0:
        raise RuntimeError(outcome.error)
    buffer.drain()


def jobs_per_second(job: Callable[[], None], *, jobs: int, seats: int) -> float:
    """Do `jobs` of them on `seats` threads; give the rate."""
    numbers = count()

    def sit() -> None:
        while next(numbers) < jobs:
            job()

    threads = [threading.Thread(target=sit) for _ in range(seats)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return jobs / (time.perf_counter() - begun)


def spread(values: list[float]) -> dict[str, float]:
    """Give min, median and max."""
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=400)
    parser.add_argument("--seats", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    bare_rates, runner_rates = [], []
    for job in (bare, through_the_runner):
        jobs_per_second(job, jobs=20, seats=options.seats)
    for _ in range(options.rounds):
        bare_rates.append(jobs_per_second(bare, jobs=options.jobs, seats=options.seats))
        runner_rates.append(
            jobs_per_second(through_the_runner, jobs=options.jobs, seats=options.seats)
        )
    ratios = [runner / plain for runner, plain in zip(runner_rates, bare_rates, strict=True)]
    json.dump(
        {
            "name": "shell",
            "inputs": {"jobs": options.jobs, "seats": options.seats, "rounds": options.rounds},
            "versions": {"python": platform.python_version(), "cores": os.cpu_count()},
            "popen_per_second": spread(bare_rates),
            "runner_per_second": spread(runner_rates),
            "ratio": spread(ratios),
        },
        sys.stdout,
    )
    print()


CATALOG = Catalog()

if __name__ == "__main__":
    main()
