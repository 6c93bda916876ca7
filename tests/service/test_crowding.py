"""Schedules that get in their own way: named once most of their latest runs were skipped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import new_id
from tfui.core.crowding import LATEST, MOST, crowded
from tfui.core.states import SkipReason
from tfui.service import crowding, schedules

if TYPE_CHECKING:
    from tests.engine.stage import Stage

OVERLAP, SLEEP = SkipReason.SKIP_OVERLAP, SkipReason.MISSED_SLEEP


@pytest.mark.parametrize(
    ("newest", "skipped"),
    [
        ([(None, 1), (OVERLAP, 9)], 9),
        ([(OVERLAP, 40)], LATEST),
        ([(None, 1), (OVERLAP, MOST), (None, 1), (None, 1), (None, 1)], MOST),
        ([(None, 1), (OVERLAP, MOST - 1), (SLEEP, 30)], None),
        ([(OVERLAP, 9)], None),
    ],
)
def test_it_takes_most_of_the_latest_and_enough_of_them(
    newest: list[tuple[SkipReason | None, int]], skipped: int | None
) -> None:
    found = crowded(new_id(), "backup", newest)

    assert (found and found.skipped) == skipped


def test_one_that_overlaps_itself_is_named_until_it_is_paused(stage: Stage) -> None:
    ada = stage.caller()
    schedule_id = stage.schedule(name="backup", payload={"hold": True})
    engine = stage.engine()
    for _ in range(LATEST):
        assert crowding.latest(ada) == []
        stage.clock.advance(timedelta(minutes=1))
        engine.wake()
        engine.turn()
    (found,) = crowding.latest(ada)
    assert (found.schedule_id, found.schedule, found.skipped) == (schedule_id, "backup", 9)
    schedules.pause(ada, [schedule_id])

    assert crowding.latest(ada) == []
