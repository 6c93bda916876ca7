"""The sample schedules of the demo: every one of them is good, and some of them soon run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.model.schedule import ScheduleQuery
from tfui.service import samples, schedules
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from tfui.clock import FrozenClock
    from tfui.store.connection import Store


def test_the_demo_begins_with_schedules_of_every_kind_and_something_to_see_at_once(
    sqlite_store: Store, clock: FrozenClock
) -> None:
    caller = local_caller(sqlite_store, clock, via="tui")

    samples.fill(caller)

    rows = schedules.rows(caller, schedules.ids(caller, ScheduleQuery()))
    soon = [
        row
        for row in rows
        if row.next_run_at is not None and row.next_run_at - clock.now() < timedelta(seconds=10)
    ]
    assert {row.schedule_type for row in rows} == {"once", "recurring", "cron", "chained"}
    assert {row.status for row in rows} == {"active", "paused"}
    assert len(soon) >= 2
