"""How late a tick of the dashboard comes while its own engine starts many jobs a second.

The real dashboard, headless at 120 by 36, in a process of its own for each side and round, in turns:
`none` has no engine, `noop` carries jobs out inside the engine, `shell` starts a process for each. A
task on the dashboard's loop wants to run every 10 ms; its lateness is what a key would have to wait.
One JSON line: milliseconds at the 50th, 95th and 99th percentile, and jobs per second that were done.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.benchmarks import measure
from tests.benchmarks.lateness import recurring
from tests.world import ADA, a_schedule, an_organization

if TYPE_CHECKING:
    from pathlib import Path

TICK = 0.01
WARM_UP = 3.0  # seconds from the first frame until ticks count: imports, the first readings
PATIENCE = 120.0  # seconds for what takes a few: start and end
SIDES = ("none", "noop", "shell")
_DONE = "SELECT count(*) FROM job WHERE status = 'succeeded'"


def fill(path: Path, rate: int, job_type: str) -> None:
    """Store schedules of which `rate` are due in each second, at even distances."""
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    payload = {"command": "true"} if job_type == "shell" else {}
    with measure.a_store(path) as store, store.writing(by=ADA, now=begin) as tx:
        organization_id = an_organization(tx)
        for number in range(rate):
            a_schedule(
                tx,
                organization_id,
                **recurring("1s", begin + timedelta(seconds=number / rate)),
                job_type=job_type,
                payload=payload,
            )


def percentiles(values: list[float]) -> dict[str, float]:
    """Give the 50th, 95th and 99th."""
    cuts = statistics.quantiles(values, n=100)
    return {f"p{place}": round(cuts[place - 1], 2) for place in (50, 95, 99)}


async def ticks(seconds: float) -> list[float]:
    """Tick for so long; give how late each tick came, in milliseconds."""
    late, due = [], time.perf_counter()
    end = due + seconds
    while due < end:
        due = max(due + TICK, time.perf_counter())
        await asyncio.sleep(due - time.perf_counter())
        late.append((time.perf_counter() - due) * 1000)
    return late


async def serve(path: str, side: str, seconds: float) -> dict[str, float]:
    """Open the dashboard, let it come to rest, and tick."""
    from sqlalchemy import text

    from tfui.assembly import dashboard
    from tfui.settings import Settings
    from tfui.store.connection import Store

    app = dashboard(Settings(db=path), engine=side != "none")
    store = Store(path)

    def done() -> int:
        with store.reading() as tx:
            return int(tx.connection.execute(text(_DONE)).scalar_one())

    async with app.run_test(size=(120, 36)):
        try:
            await asyncio.sleep(WARM_UP)
            before, begun = done(), time.perf_counter()
            late = await ticks(seconds)
            rate = (done() - before) / (time.perf_counter() - begun)
        finally:  # a living engine would keep the process
            app.office.stop_background("hand_back")
            await app.engine_ended()
    app.office.close()
    store.close()
    return percentiles(late) | {"jobs_per_second": round(rate, 1)}


def one(side: str, rate: int, seconds: float) -> dict[str, float]:
    """Measure one side in a process of its own."""
    with measure.folder() as folder:
        path = folder / "tfui.db"
        fill(path, rate, "shell" if side == "shell" else "noop")
        places = {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        command = [sys.executable, "-m", "tests.benchmarks.ui_load", "--side", side]
        done = subprocess.run(
            [*command, "--seconds", str(seconds), "--path", str(path)],
            env=os.environ | places | {"TEXTUAL_ANIMATIONS": "none"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=WARM_UP + seconds + PATIENCE,
        )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100, help="jobs due per second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--path", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(asyncio.run(serve(options.path, options.side, options.seconds))))
        return
    taken: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(options.rounds):
        for side in SIDES:
            taken[side].append(one(side, options.rate, options.seconds))
    measure.report(
        "ui_load",
        {"rate": options.rate, "seconds": options.seconds, "rounds": options.rounds},
        ["textual"],
        milliseconds={
            f"{side}_{place}": measure.spread([figures[place] for figures in rounds])
            for side, rounds in taken.items()
            for place in ("p50", "p95", "p99")
        },
        jobs_per_second={
            side: measure.spread([figures["jobs_per_second"] for figures in rounds])
            for side, rounds in taken.items()
        },
    )


if __name__ == "__main__":
    main()
