"""The kills: engines that die at every failpoint around their commits, alone and side by side."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.soak import field
from tests.soak.failpoints import Failpoint
from tests.soak.nursery import Nursery
from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from random import Random

MOST_STATEMENTS = 9
DUTIES = {"planner": (1, 2, 3), "dispatcher": (1, 3), "executor": (1, 3), "rescuer": (1,)}


def failpoints(commits: Iterable[int], dice: Random) -> list[Failpoint]:
    """Give each of these commits its failpoints: before, after, and somewhere inside it; shuffled."""
    found = []
    for commit in commits:
        inside = Failpoint(commit, "statement", dice.randint(1, MOST_STATEMENTS))
        found += [Failpoint(commit, "before"), Failpoint(commit, "after"), inside]
    dice.shuffle(found)
    return found


def of_duties(dice: Random) -> list[Failpoint]:
    """Give the failpoints of every duty's own commits; inside them, after each of six statements."""
    found = []
    for duty, commits in DUTIES.items():
        for commit in commits:
            found += [Failpoint(commit, side, duty=duty) for side in ("before", "after")]
            found += [Failpoint(commit, "statement", number, duty) for number in range(1, 7)]
    dice.shuffle(found)
    # The rescuer has nothing to write before somebody has died.
    return [Failpoint(1, "after"), *found]


def campaign(
    folder: Path,
    doomed: Sequence[Failpoint],
    *,
    engines: int,
    schedules: int,
    dice: Random,
    url: str | None = None,
) -> dict[str, Any]:
    """Kill engines on a fresh store, let one finish, recount, and give the figures.

    The store is a file in `folder`, or the empty database of `url`; what engines print is in `folder`.
    Raises AssertionError when anything was lost, doubled, or carried out too often.
    """
    database, receipts = url or str(folder / "tfui.db"), folder / "receipts"
    store = Store(database)
    migrations.upgrade(store)
    nursery = Nursery(database, notes=folder)
    began = time.monotonic()
    try:
        caller = field.sow(store, receipts, count=schedules)
        if engines == 1:
            killed = nursery.see_die(doomed)
        else:
            killed = nursery.see_die_side_by_side(engines, doomed, dice)
        nursery.start()
        field.lie_fallow(caller)
        nursery.stop()
        found = field.recount(caller)
        carried_out = field.audit(store, receipts)

        assert nursery.log("ERROR") == []
        assert found.faults.total() == 0, found.faults
        assert field.complaints(caller) == []
    finally:
        for process in nursery.engines:
            nursery.kill(process)
        store.close()
    return {
        "engines": engines,
        "kills_survived": killed,
        "kills_at_failpoints": nursery.obituaries().total(),
        "places": dict(sorted(nursery.obituaries().items())),
        "seconds": round(time.monotonic() - began, 1),
        **found.figures(),
        **carried_out,
    }
