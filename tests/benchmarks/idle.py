"""What the dashboard costs while nothing happens but forty countdowns that change every second.

A process on a pseudo-terminal of 120 by 50 for each side and round, in turns: `tfui` with its engine,
`no_engine` without. One JSON line: percent of one core, once everything has come to rest.
"""

from __future__ import annotations

import argparse
import os
import select
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.benchmarks import measure
from tests.benchmarks.first_frame import on_terminal, spent
from tests.benchmarks.lateness import recurring
from tests.world import ADA, a_schedule, an_organization

if TYPE_CHECKING:
    from pathlib import Path

COUNTDOWNS = 40
SETTLE = 5.0  # seconds until everything is imported, read and drawn


def fill(path: Path) -> None:
    """Store schedules that are due within the hour, but not while they are watched."""
    now = datetime.now(UTC)
    with measure.a_store(path) as store, store.writing(by=ADA, now=now) as tx:
        organization_id = an_organization(tx)
        for number in range(COUNTDOWNS):
            at = now + timedelta(minutes=20, seconds=37 * number)
            a_schedule(tx, organization_id, **recurring("1h", at))


def percent(path: Path, seconds: float, *options: str) -> float:
    """Run the dashboard, and give the share of one core that it takes at rest."""
    places = {"XDG_STATE_HOME": str(path.parent), "XDG_CONFIG_HOME": str(path.parent)}
    command = [sys.executable, "-m", "tfui", "--db", str(path), *options]
    environment = os.environ | places | {"TERM": "xterm-256color"}
    with on_terminal(command, environment, rows=50) as (process, terminal):

        def watch(until: float) -> int:
            written = 0
            while (left := until - time.monotonic()) > 0:
                if select.select([terminal], [], [], left)[0]:
                    written += len(os.read(terminal, 65_536))
            return written

        watch(time.monotonic() + SETTLE)
        before, begun = spent(process), time.monotonic()
        written = watch(begun + seconds)
        share = (spent(process) - before) / (time.monotonic() - begun) * 100
    if written < seconds * COUNTDOWNS:
        raise RuntimeError(f"only {written} bytes were drawn in {seconds} s: nothing counts down")
    return share


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with measure.folder() as folder:
        path = folder / "tfui.db"
        fill(path)
        sides = {"tfui": (), "no_engine": ("--no-engine",)}
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(options.rounds):
            for name, flags in sides.items():
                taken[name].append(percent(path, options.seconds, *flags))
    measure.report(
        "idle",
        {"countdowns": COUNTDOWNS, "seconds": options.seconds, "rounds": options.rounds},
        ["textual"],
        percent_of_a_core={name: measure.spread(values) for name, values in taken.items()},
    )


if __name__ == "__main__":
    main()
