"""What the `shell` job type costs above starting the same processes by hand.

N times `true` under /bin/sh with as many seats (threads) on each side, in turns, so that the
machine's moods fall on all. `popen` starts a process, discards its output and waits; `communicate`
captures both streams and has a timeout, as any scheduler must; the runner does that and can be
stopped at any moment besides. One JSON line: jobs/s, and the runner's ratio to each.
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


def popen() -> None:
    """Start one command as a few lines of Python would."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    process.wait()


def communicate() -> None:
    """Start one command and keep what it prints, within a minute."""
    subprocess.run(["/bin/sh", "-c", "true"], capture_output=True, check=True, timeout=60)


def runner() -> None:
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
    sides = (popen, runner, communicate)
    rates: dict[str, list[float]] = {side.__name__: [] for side in sides}
    for side in sides:
        jobs_per_second(side, jobs=20, seats=options.seats)
    for _ in range(options.rounds):
        for side in sides:
            rate = jobs_per_second(side, jobs=options.jobs, seats=options.seats)
            rates[side.__name__].append(rate)
    ratios = {
        peer: [ours / theirs for ours, theirs in zip(rates["runner"], rates[peer], strict=True)]
        for peer in ("popen", "communicate")
    }
    json.dump(
        {
            "name": "shell",
            "inputs": {"jobs": options.jobs, "seats": options.seats, "rounds": options.rounds},
            "versions": {"python": platform.python_version(), "cores": os.cpu_count()},
            "per_second": {side: spread(values) for side, values in rates.items()},
            "ratio": {peer: spread(values) for peer, values in ratios.items()},
        },
        sys.stdout,
    )
    print()


CATALOG = Catalog()

if __name__ == "__main__":
    main()
