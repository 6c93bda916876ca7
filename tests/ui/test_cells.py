"""The words of a list's cells for schedules without a time of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.service.desk import Desk
from tests.ui import stage
from tests.ui.play import caller_of
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.core.health import Condition
from tfui.model.schedule import ScheduleQuery
from tfui.service import dependencies, schedules
from tfui.ui.history_words import HistoryWords
from tfui.ui.widgets.schedule_cells import after_words, cells, next_words
from tfui.ui.widgets.schedule_columns import Column, fitting

if TYPE_CHECKING:
    from tfui.store.connection import Store


def test_a_chained_schedule_says_what_it_comes_after_and_that_it_waits(
    sqlite_store: Store, clock: FrozenClock
) -> None:
    desk = Desk(sqlite_store, clock)
    billing, report = (desk.schedule(name=name, next_run_at=None) for name in ("billing", "report"))
    dependencies.add(desk.caller, report, billing, chained=True)
    (row,) = schedules.rows(desk.viewer, [report])
    places = fitting(120)
    said = dict(
        zip((place.column for place in places), cells(row, places, NOON, ascii=False), strict=True)
    )

    assert said[Column.SCHEDULE][0][0].rstrip() == "after billing"
    assert said[Column.NEXT][0][0].rstrip() == "waits"

    dependencies.remove(desk.caller, report, billing)
    (row,) = schedules.rows(desk.viewer, [report])
    assert next_words(row, Condition.OK, NOON) == ("—", "dim")


@pytest.mark.parametrize(
    ("names", "width", "said"),
    [
        ((), 20, "by hand"),
        (("billing",), 20, "after billing"),
        (("billing", "risk", "mail"), 20, "after billing +2"),
        (("a-very-long-name", "risk"), 12, "after a-… +1"),
    ],
)
def test_several_parents_are_counted_in_the_room_there_is(
    names: tuple[str, ...], width: int, said: str
) -> None:
    assert after_words(names, width) == said


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (22, "try 2/3, next in 00:08"),
        (16, "try 2/3 in 00:08"),
        (13, "try 2/3 00:08"),
        (9, "2/3 00:08"),
    ],
)
def test_a_retry_says_when_it_comes_in_the_room_there_is(
    sqlite_store: Store, width: int, said: str
) -> None:
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    stage.fill(sqlite_store, caller.organization_id)
    query = ScheduleQuery(conditions=frozenset({Condition.RETRYING}))
    (row,) = schedules.page(caller, query, limit=2).jobs

    assert next_words(row, Condition.RETRYING, stage.MONDAY, width) == (said, "st-retry")


@pytest.mark.parametrize(
    ("reason", "said"), [("exit 69", "exit 69, try 2/3"), ("", "try 2/3")], ids=["failed", "ok"]
)
def test_a_later_attempt_is_told_beside_what_happened_if_anything(reason: str, said: str) -> None:
    words = HistoryWords("✓", "st-ok", "", "", "", "", "2/3", reason)

    assert words.told(20) == said
