"""The long proofs: `python -m tests.soak [PART ...]` runs them and prints one line of JSON each.

They take minutes and stand outside the default run; `tests/acceptance/test_engine_faults.py` plays
short versions of the same.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.engine.test_law import TestTheLaw, TheLaw
from tests.soak import deaf, kills, troubles, year
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20260101


def one_engine(folder: Path) -> dict[str, Any]:
    """204 deaths: around and inside each of an engine's first 34 commits, twice."""
    dice = Random(SEED)
    doomed = kills.failpoints([*range(1, 35), *range(1, 35)], dice)
    return kills.campaign(folder, doomed, engines=1, schedules=25, dice=dice)


def every_duty(folder: Path) -> dict[str, Any]:
    """65 more: around some commits of each duty, and after each statement inside them."""
    dice = Random(SEED)
    return kills.campaign(folder, kills.of_duties(dice), engines=1, schedules=25, dice=dice)


def two_engines(folder: Path) -> dict[str, Any]:
    """60 deaths on one file, half of them at any moment."""
    dice = Random(SEED)
    return kills.campaign(
        folder, kills.failpoints(range(1, 61, 3), dice), engines=2, schedules=25, dice=dice
    )


def four_engines(folder: Path) -> dict[str, Any]:
    """60 more with four."""
    dice = Random(SEED)
    return kills.campaign(
        folder, kills.failpoints(range(1, 61, 3), dice), engines=4, schedules=25, dice=dice
    )


def one_on_postgres(folder: Path) -> dict[str, Any]:
    """99 deaths on a Postgres database, around and inside each of an engine's first 33 commits."""
    dice = Random(SEED)
    with postgres.server() as uri:
        return kills.campaign(
            folder,
            kills.failpoints(range(1, 34), dice),
            engines=1,
            schedules=25,
            dice=dice,
            url=postgres.create(uri, "soak"),
        )


def two_on_postgres(folder: Path) -> dict[str, Any]:
    """60 more with two engines on one Postgres database."""
    dice = Random(SEED)
    with postgres.server() as uri:
        return kills.campaign(
            folder,
            kills.failpoints(range(1, 61, 3), dice),
            engines=2,
            schedules=25,
            dice=dice,
            url=postgres.create(uri, "soak"),
        )


def deaf_on_postgres(folder: Path) -> dict[str, Any]:
    """Lost answers of a Postgres database."""
    with postgres.server() as uri:
        return deaf.answers_lost(folder, url=postgres.create(uri, "soak"))


def law(_folder: Path) -> dict[str, Any]:
    """The play of chance of the default run, ten times as long."""
    limits = settings(TestTheLaw.settings, max_examples=120, stateful_step_count=30)
    run_state_machine_as_test(TheLaw, settings=limits)
    return {"plays": limits.max_examples, "steps_each": limits.stateful_step_count}


def simulated_year(folder: Path) -> dict[str, Any]:
    """A year of two hundred schedules."""
    store = Store(str(folder / "tfui.db"))
    try:
        return year.play(store)
    finally:
        store.close()


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "stopped": troubles.stopped_beyond_its_lease,
    "disk": troubles.disk_full,
    "read-only": troubles.made_read_only,
    "deaf": deaf.answers_lost,
    "one": one_engine,
    "duties": every_duty,
    "two": two_engines,
    "four": four_engines,
    "postgres-one": one_on_postgres,
    "postgres-two": two_on_postgres,
    "postgres-deaf": deaf_on_postgres,
    "law": law,
    "year": simulated_year,
}


def main() -> None:
    """Run the parts that are named, or all; how far they are goes to standard error."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    logging.getLogger(year.__name__).setLevel(logging.INFO)
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory(prefix="tfui-soak-") as folder:
            try:
                figures = PARTS[name](Path(folder))
            except troubles.Unplayable as reason:
                figures = {"skipped": str(reason)}
        sys.stdout.write(json.dumps({"name": name, **figures}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
