"""One act on many schedules: whole, in one entry of the record each, and taken back at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.world import NOON, a_queue, a_schedule, cpu_seconds
from tfui.core.states import ScheduleStatus
from tfui.errors import Conflict, Forbidden, Invalid
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.service import bulk, dependencies, journal, schedules
from tfui.service.caller import Caller, local_caller
from tfui.store.connection import Author

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store


@pytest.fixture
def caller(store: Store, clock: FrozenClock) -> Caller:
    """The person at this machine."""
    return local_caller(store, clock, via="tui")


def _some(caller: Caller, count: int = 3, **changes: Any) -> list[UUID]:
    with caller.store.writing(by=Author(name="x", via="cli"), now=NOON) as tx:
        return [a_schedule(tx, caller.organization_id, **changes) for _ in range(count)]


def _statuses(caller: Caller, ids: list[UUID]) -> list[str]:
    return [row.status.value for row in schedules.rows(caller, ids)]


def _acts(caller: Caller) -> list[tuple[str, int]]:
    """Give the verbs and sizes of all acts."""
    entry = table_of(Journal).c
    with caller.store.reading() as tx:
        asked = select(entry.verb, func.count()).group_by(entry.batch_id, entry.verb)
        return [(verb, count) for verb, count in tx.connection.execute(asked)]


def test_a_pause_passes_over_what_is_done_and_is_one_act(caller: Caller) -> None:
    ids = _some(caller)
    done = _some(caller, 1, name="done", status=ScheduleStatus.COMPLETED, next_run_at=None)

    assert bulk.pause(caller, [*ids, *done]) == bulk.Done(3, ("done",))

    assert _statuses(caller, ids) == ["paused"] * 3
    assert _acts(caller) == [("schedule.paused", 3)]
    journal.undo(caller)
    assert _statuses(caller, [*ids, *done]) == ["active"] * 3 + ["completed"]


def test_a_resumption_and_a_deletion_are_one_act_each(caller: Caller) -> None:
    ids = _some(caller)
    bulk.pause(caller, ids)

    assert bulk.resume(caller, ids) == bulk.Done(3)
    assert len(schedules.delete(caller, ids)) == 3

    assert schedules.rows(caller, ids)[0].deleted_at is not None
    journal.undo(caller)
    journal.undo(caller)
    assert _statuses(caller, ids) == ["paused"] * 3


def test_schedules_are_moved_to_a_queue_and_back(caller: Caller) -> None:
    ids = _some(caller)
    with caller.store.writing(by=Author(name="x", via="cli"), now=NOON) as tx:
        a_queue(tx, caller.organization_id, name="nightly")

    assert bulk.move(caller, ids, "nightly") == bulk.Done(3)
    assert {row.queue for row in schedules.rows(caller, ids)} == {"nightly"}
    assert bulk.move(caller, ids, "nightly") == bulk.Done(0)
    journal.undo(caller)
    assert {row.queue for row in schedules.rows(caller, ids)} == {"default"}
    with pytest.raises(Invalid, match="no queue 'nowhere'"):
        bulk.move(caller, ids, "nowhere")


def test_a_zone_is_set_and_the_next_run_follows(caller: Caller) -> None:
    ids = _some(caller, schedule_expression="0 9 * * *")

    assert bulk.set_zone(caller, ids, "Europe/Berlin") == bulk.Done(3)

    rows = schedules.rows(caller, ids)
    assert {row.timezone for row in rows} == {"Europe/Berlin"}
    assert {f"{row.next_run_at:%H:%M}" for row in rows} == {"08:00"}
    with pytest.raises(Invalid):
        bulk.set_zone(caller, ids, "Mars/Olympus")


def test_runs_are_started_where_they_are_let_through(caller: Caller) -> None:
    ids = _some(caller, 2)

    assert bulk.run_now(caller, ids).count == 2


def test_what_is_gone_is_passed_over(caller: Caller) -> None:
    ids = _some(caller)
    schedules.delete(caller, ids[:1])

    assert bulk.pause(caller, ids) == bulk.Done(2)


def test_others_that_come_after_stand_in_the_way_of_a_deletion(caller: Caller) -> None:
    ids = _some(caller, 2)
    dependencies.add(caller, ids[1], ids[0])
    with pytest.raises(Conflict, match="comes after"):
        schedules.delete(caller, ids[:1])
    assert len(schedules.delete(caller, ids)) == 2


def test_who_may_only_look_is_refused(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        bulk.pause(replace(caller, is_barred=True), _some(caller))


def test_hundreds_take_a_moment_in_all(sqlite_store: Store, clock: FrozenClock) -> None:
    caller = local_caller(sqlite_store, clock, via="tui")
    ids = _some(caller, 300)
    seconds = cpu_seconds(lambda: bulk.pause(caller, ids))

    assert _statuses(caller, ids) == ["paused"] * 300
    assert seconds < 0.6
