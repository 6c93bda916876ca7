"""What a draft would change: instants, company in its minute, waits, and a quieter minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.world import NOON, utc
from tfui.core.states import ScheduleStatus
from tfui.errors import Invalid, NotFound
from tfui.model.schedule import ScheduleDraft
from tfui.service import dependencies, queues, schedules
from tfui.service.whatif import whatif

if TYPE_CHECKING:
    from tests.service.desk import Desk

MINUTE = timedelta(minutes=1)


def _draft(expression: str, **more: Any) -> ScheduleDraft:
    values = {"name": "new", "schedule_type": "cron", "job_type": "noop", "payload": {}}
    return ScheduleDraft(schedule_expression=expression, **values | more)


def test_a_new_schedule_adds_its_instants(desk: Desk) -> None:
    found = whatif(desk.caller, _draft("30 2 * * *"))

    assert (found.change.added, found.change.removed) == (7, 0)
    assert found.change.first_added[0] == utc("2026-01-06 02:30")
    assert (found.others, found.wait, found.quieter) == (0, timedelta(0), None)


def test_an_edit_adds_and_takes_away(desk: Desk) -> None:
    schedule_id = desk.schedule(name="old", schedule_expression="30 2 * * 1-5")
    draft = replace(schedules.draft(desk.caller, schedule_id), schedule_expression="30 2 * * *")
    found = whatif(desk.caller, draft, schedule_id).change

    assert (found.added, found.removed) == (2, 0)
    assert found.first_added == (utc("2026-01-10 02:30"), utc("2026-01-11 02:30"))

    moved = whatif(desk.caller, replace(draft, schedule_expression="0 3 * * *"), schedule_id).change
    assert (moved.added, moved.removed) == (7, 5)
    assert moved.first_removed[0] == utc("2026-01-06 02:30")


def test_too_many_instants_are_only_counted(desk: Desk) -> None:
    found = whatif(desk.caller, _draft("* * * * * *")).change

    assert found.is_counted
    assert (found.added, found.removed, found.first_added) == (604_799, 0, ())


def test_company_in_its_minute_and_the_waits_it_makes_are_told(desk: Desk) -> None:
    queues.create(desk.caller, "narrow", concurrency=1)
    narrow = next(row.id for row in queues.listing(desk.caller) if row.name == "narrow")
    for name in ("a", "b"):
        desk.schedule(name=name, schedule_expression="30 2 * * *", queue_id=narrow)
    found = whatif(desk.caller, _draft("30 2 * * *", queue="narrow"))

    assert (found.others, found.others_at) == (2, utc("2026-01-06 02:30"))
    assert found.queue_wait_before == timedelta(seconds=5)  # what a run is taken to last
    assert found.queue_wait == timedelta(seconds=10)
    assert found.wait == timedelta(seconds=10)
    assert found.quieter is not None
    assert (found.quieter.minute, found.quieter.expression) == (29, "29 2 * * *")
    assert (found.quieter.others, found.quieter.others_now) == (0, 14)
    assert found.quieter.runs == 7


def test_a_draft_whose_runs_outlast_its_interval_is_told_so(desk: Desk) -> None:
    found = whatif(desk.caller, _draft("3s", schedule_type="recurring", overlap="skip"))
    assert found.clash is not None
    assert found.clash.count * 2 == found.clash.starts - found.clash.starts % 2
    assert found.clash.outcome.endswith(" skipped")

    assert whatif(desk.caller, _draft("6s", schedule_type="recurring")).clash is None


def test_the_stored_schedule_is_not_company_to_its_own_edit(desk: Desk) -> None:
    schedule_id = desk.schedule(name="old", schedule_expression="30 2 * * *")
    found = whatif(desk.caller, schedules.draft(desk.caller, schedule_id), schedule_id)

    assert (found.others, found.quieter) == (0, None)
    assert (found.change.added, found.change.removed) == (0, 0)


def test_a_quieter_minute_is_looked_for_on_the_schedules_own_clock(desk: Desk) -> None:
    desk.schedule(name="busy", schedule_expression="0 9 * * *", timezone="Asia/Kathmandu")
    found = whatif(desk.caller, _draft("0 9 * * *", timezone="Asia/Kathmandu"))

    assert found.quieter is not None
    assert found.quieter.expression == "1 9 * * *"


def test_what_shares_its_instant_with_another_is_not_moved(desk: Desk) -> None:
    schedule_id = desk.schedule(name="report", schedule_expression="30 2 * * *")
    parent = desk.schedule(name="backup", schedule_expression="30 2 * * *")
    draft = schedules.draft(desk.caller, schedule_id)
    assert whatif(desk.caller, draft, schedule_id).quieter is not None

    dependencies.add(desk.caller, schedule_id, parent)

    assert whatif(desk.caller, draft, schedule_id).quieter is None


def test_what_rests_or_never_runs_has_no_day(desk: Desk) -> None:
    schedule_id = desk.schedule(name="rests", status=ScheduleStatus.PAUSED, next_run_at=None)
    draft = schedules.draft(desk.caller, schedule_id)

    assert whatif(desk.caller, draft, schedule_id).day is None
    assert whatif(desk.caller, _draft("", schedule_type="chained")).day is None
    assert whatif(desk.caller, _draft("30 2 * * *", ends_at=NOON + MINUTE)).day is None


def test_what_cannot_be_read_is_refused(desk: Desk) -> None:
    for draft, field in (
        (_draft("61 * * * *"), "schedule_expression"),
        (_draft("* * * * *", queue="nowhere"), "queue"),
    ):
        with pytest.raises(Invalid) as caught:
            whatif(desk.caller, draft)
        assert set(caught.value.fields) == {field}
    with pytest.raises(NotFound):
        whatif(desk.caller, _draft("* * * * *"), UUID(int=7))


def test_a_run_far_ahead_is_looked_at_where_it_is(desk: Desk) -> None:
    desk.schedule(name="monthly", schedule_expression="30 2 1 * *")
    found = whatif(desk.caller, _draft("30 2 1 * *"))

    assert found.change.added == 0
    assert found.others_at == utc("2026-02-01 02:30")
