"""Schedules behind the caller's door: every verb, its refusals, its journal and its ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.world import ADA, NOON, new_id, utc
from tfui.core.rights import Role
from tfui.core.states import OnMissed, ScheduleStatus, SkipReason
from tfui.errors import Conflict, Forbidden, Invalid, NotFound
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob, ScheduleDraft, ScheduleQuery, ScheduleSort
from tfui.service import journal, ledger, queues, schedules
from tfui.service.caller import Caller, local_caller

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.model.schedule import ScheduleRow
    from tfui.store.connection import Store

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def caller(store: Store, clock: FrozenClock) -> Caller:
    return replace(local_caller(store, clock, via="cli"), name="ada")


def a_draft(name: str = "backup", **changes: Any) -> ScheduleDraft:
    blank = ScheduleDraft(
        name=name,
        schedule_type="cron",
        schedule_expression="*/5 * * * *",
        job_type="noop",
        payload={},
    )
    return replace(blank, **changes)


def add(caller: Caller, name: str = "backup", **changes: Any) -> ScheduleRow:
    return schedules.create(caller, a_draft(name, **changes))


def now_of(caller: Caller, schedule_id: UUID) -> ScheduleRow:
    (row,) = schedules.rows(caller, [schedule_id])
    return row


def whole(caller: Caller, schedule_id: UUID) -> ScheduledJob:
    return schedules.detail(caller, schedule_id).schedule


def put(caller: Caller, schedule_id: UUID, **columns: Any) -> None:
    """Change columns as an engine would."""
    table = table_of(ScheduledJob)
    with caller.store.writing(by=ADA, now=caller.now()) as tx:
        tx.connection.execute(table.update().where(table.c.id == schedule_id).values(**columns))


def verbs(caller: Caller) -> list[str]:
    return [entry.verb for entry in reversed(journal.entries(caller))]


# Creating


def test_a_new_schedule_is_in_force_from_now_on(caller: Caller) -> None:
    row = add(caller)

    schedule = whole(caller, row.id)
    assert (row.status, row.next_run_at) == (ScheduleStatus.ACTIVE, NOON + 5 * MINUTE)
    assert {schedule.anchor_at, schedule.effective_at, schedule.cursor_at} == {NOON}
    assert (row.revision, schedule.created_by) == (1, caller.user_id)


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("cron", "@daily", OnMissed.LATEST),
        ("once", "30m", OnMissed.LATEST),
        ("recurring", "90s", OnMissed.SKIP),
    ],
)
def test_what_is_missed_is_treated_by_the_kind_of_trigger(
    caller: Caller,
    kind: str,
    expression: str,
    expected: OnMissed,
) -> None:
    row = add(caller, schedule_type=kind, schedule_expression=expression)

    assert schedules.draft(caller, row.id).on_missed is expected


def test_a_grid_counts_from_its_start(caller: Caller) -> None:
    start = NOON + timedelta(minutes=7)
    row = add(caller, schedule_type="recurring", schedule_expression="1h", starts_at=start)

    assert row.next_run_at == start
    assert schedules.upcoming(caller, row.id, count=3) == [start, start + HOUR, start + 2 * HOUR]


def test_what_goes_in_comes_out(caller: Caller) -> None:
    queues.create(caller, "nightly")
    asked = a_draft(
        schedule_expression="H 2 * * *",
        timezone="Europe/Berlin",
        queue="nightly",
        priority=9,
        max_attempts=7,
        max_runs=50,
        starts_at=NOON + HOUR,
        ends_at=NOON + timedelta(days=30),
        on_missed="all",
        catchup_window=timedelta(hours=2),
        max_catchup=5,
        overlap="buffer_one",
        jitter=timedelta(seconds=90),
        timeout=timedelta(seconds=1.5),
        retry_base=timedelta(seconds=2),
        retry_factor=1.5,
        retry_cap=timedelta(minutes=3),
        retry_on=[1, 75],
        no_retry_on=[2],
        pause_after_failures=4,
        metadata={"tags": ["a"], "owner": {"name": "Ada"}},
    )
    row = schedules.create(caller, asked)

    assert schedules.draft(caller, row.id) == asked


def test_a_name_is_taken_once_and_free_again_after_deletion(caller: Caller) -> None:
    row = add(caller)
    with pytest.raises(Conflict, match="another schedule is called 'backup'"):
        add(caller)

    schedules.delete(caller, [row.id])
    assert add(caller).name == "backup"


def test_a_bad_draft_is_refused_whole_and_leaves_nothing(caller: Caller) -> None:
    with pytest.raises(Invalid) as refused:
        add(caller, priority=10, queue="nowhere", schedule_expression="61 * * * *")

    assert set(refused.value.fields) == {"priority", "queue", "schedule_expression"}
    assert (schedules.names(caller), verbs(caller)) == ([], [])


def test_checking_tells_a_taken_name_beside_the_rest(caller: Caller) -> None:
    row = add(caller)

    found = schedules.check(caller, a_draft(priority=10))
    assert set(found) == {"name", "priority"}
    assert schedules.check(caller, a_draft(), schedule_id=row.id) == {}
    assert schedules.check(caller, a_draft("free")) == {}


def test_warnings_are_sentences_and_none_for_what_cannot_be_read(caller: Caller) -> None:
    assert schedules.warnings(caller, a_draft(schedule_expression="* 2 * * *"))
    assert schedules.warnings(caller, a_draft(schedule_expression="nonsense")) == []


# Editing


def test_an_edit_changes_what_it_names_and_is_on_record(caller: Caller) -> None:
    row = add(caller, timeout=timedelta(seconds=30))
    edited = schedules.edit(caller, row.id, {"timeout": None, "priority": 4}, revision=1)

    assert (edited.revision, edited.priority) == (2, 4)
    entry = journal.entries(caller)[0]
    assert (entry.verb, entry.by, entry.via) == ("schedule.edited", "ada", "cli")
    assert entry.before == {"priority": 0, "timeout": "30s"}
    assert entry.after == {"priority": 4, "timeout": None}


def test_an_edit_that_changes_nothing_is_not_on_record(caller: Caller) -> None:
    row = add(caller)

    assert schedules.edit(caller, row.id, {"priority": 0}).revision == 1
    assert verbs(caller) == ["schedule.created"]


def test_an_older_revision_is_refused_and_told_who_was_quicker(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller)
    clock.advance(MINUTE)
    olga = replace(caller, name="olga", via="tui")
    schedules.edit(olga, row.id, {"priority": 1}, revision=1)

    said = "backup was changed by olga through the tui at 2026-01-05 12:01:00 UTC"
    with pytest.raises(Conflict, match=said):
        schedules.edit(caller, row.id, {"priority": 2}, revision=1)
    assert now_of(caller, row.id).priority == 1


def test_a_new_trigger_counts_from_now_and_the_old_ones_leftovers_are_superseded(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller, schedule_expression="* * * * *")
    clock.advance(timedelta(minutes=3, seconds=30))
    edited = schedules.edit(caller, row.id, {"schedule_expression": "*/10 * * * *"})

    assert edited.next_run_at == NOON + 10 * MINUTE
    assert whole(caller, row.id).effective_at == clock.now()
    total = ledger.total(caller, row.id)
    assert total.skipped == {SkipReason.SUPERSEDED: 3}
    assert total.holds


def test_a_rename_moves_neither_the_time_nor_the_hash(caller: Caller) -> None:
    row = add(caller, schedule_expression="H H * * *")
    renamed = schedules.edit(caller, row.id, {"name": "nightly-backup"})

    assert renamed.next_run_at == row.next_run_at
    assert whole(caller, row.id).effective_at == NOON


def test_a_rename_to_a_taken_name_is_refused(caller: Caller) -> None:
    add(caller, "first")
    second = add(caller, "second")

    with pytest.raises(Conflict, match="another schedule is called 'first'"):
        schedules.edit(caller, second.id, {"name": "first"})


def test_a_finished_schedule_goes_on_when_an_edit_gives_it_something(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller, max_runs=2)
    put(caller, row.id, status="completed", runs_count=2, next_run_at=None)
    clock.advance(HOUR)

    assert schedules.edit(caller, row.id, {"priority": 3}).status is ScheduleStatus.COMPLETED
    edited = schedules.edit(caller, row.id, {"max_runs": 3})
    assert (edited.status, edited.next_run_at) == (ScheduleStatus.ACTIVE, clock.now() + 5 * MINUTE)
    assert ledger.total(caller, row.id).holds


def test_a_limit_that_is_reached_already_completes(caller: Caller) -> None:
    row = add(caller, max_runs=5)
    put(caller, row.id, runs_count=3)
    edited = schedules.edit(caller, row.id, {"max_runs": 3})

    assert (edited.status, edited.next_run_at) == (ScheduleStatus.COMPLETED, None)
    assert journal.entries(caller)[0].after == {"max_runs": 3, "status": "completed"}


def test_a_nearer_end_keeps_what_is_due_before_it(caller: Caller, clock: FrozenClock) -> None:
    row = add(caller)
    clock.advance(6 * MINUTE)
    edited = schedules.edit(caller, row.id, {"ends_at": NOON + HOUR})

    assert edited.next_run_at == NOON + 5 * MINUTE, "due and not planned yet"
    assert len(schedules.upcoming(caller, row.id, count=100)) == 11


def test_an_unknown_field_and_a_schedule_that_is_gone_are_refused(caller: Caller) -> None:
    row = add(caller)
    with pytest.raises(Invalid, match="no such field"):
        schedules.edit(caller, row.id, {"prio": 1})

    schedules.delete(caller, [row.id])
    with pytest.raises(NotFound, match="backup is deleted"):
        schedules.edit(caller, row.id, {"priority": 1})
    with pytest.raises(NotFound, match="no schedule"):
        schedules.edit(caller, new_id(), {"priority": 1})


def test_after_a_clock_set_back_nothing_is_planned_twice(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller, schedule_expression="* * * * *")
    put(caller, row.id, cursor_at=NOON + 10 * MINUTE, next_run_at=NOON + 11 * MINUTE)
    clock.step(-HOUR)
    edited = schedules.edit(caller, row.id, {"schedule_expression": "* 0-23 * * *"})

    assert edited.next_run_at == NOON + 11 * MINUTE


# Pausing and resuming


def test_a_pause_is_told_with_its_note_and_end(caller: Caller, clock: FrozenClock) -> None:
    row = add(caller)
    (paused,) = schedules.pause(caller, [row.id], note="vendor outage", until=NOON + HOUR)

    assert (paused.status, paused.pause_note) == (ScheduleStatus.PAUSED, "vendor outage")
    assert (paused.paused_until, paused.next_run_at) == (NOON + HOUR, NOON + HOUR + 5 * MINUTE)
    assert schedules.upcoming(caller, row.id, count=1) == [NOON + HOUR + 5 * MINUTE]
    clock.advance(MINUTE)
    schedules.pause(caller, [row.id])
    assert verbs(caller) == ["schedule.created", "schedule.paused"], "nothing was new"


def test_pausing_again_gives_the_new_note_and_keeps_the_beginning(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="vendor outage", until=NOON + HOUR)
    clock.advance(MINUTE)
    (again,) = schedules.pause(replace(caller, name="olga"), [row.id], note="for good")

    assert (again.pause_note, again.paused_until, again.next_run_at) == ("for good", None, None)
    schedule = whole(caller, row.id)
    assert (schedule.paused_at, schedule.paused_by) == (NOON, "olga")


def test_what_falls_into_a_pause_is_skipped_with_its_note(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="vendor outage")
    clock.advance(HOUR + MINUTE)
    (resumed,) = schedules.resume(caller, [row.id])

    assert (resumed.status, resumed.next_run_at) == (
        ScheduleStatus.ACTIVE,
        NOON + HOUR + 5 * MINUTE,
    )
    total = ledger.total(caller, row.id)
    assert total.skipped == {SkipReason.SKIP_PAUSED: 12}
    assert [found.detail for found in total.ranges] == ["vendor outage"]
    assert total.holds


def test_resuming_what_runs_changes_nothing(caller: Caller) -> None:
    row = add(caller)
    schedules.resume(caller, [row.id])

    assert verbs(caller) == ["schedule.created"]


def test_a_failed_schedule_is_resumed_with_its_counts_at_zero(caller: Caller) -> None:
    row = add(caller)
    put(
        caller,
        row.id,
        status="failed",
        status_note="no such queue",
        creation_failures=5,
        consecutive_failures=3,
    )
    schedules.resume(caller, [row.id])

    schedule = whole(caller, row.id)
    assert (schedule.status, schedule.status_note) == (ScheduleStatus.ACTIVE, None)
    assert (schedule.creation_failures, schedule.consecutive_failures) == (0, 0)


def test_a_finished_schedule_is_neither_paused_nor_resumed(caller: Caller) -> None:
    row = add(caller)
    put(caller, row.id, status="completed", next_run_at=None)

    with pytest.raises(Conflict, match="nothing left to run"):
        schedules.pause(caller, [row.id])
    with pytest.raises(Conflict, match="nothing left to run"):
        schedules.resume(caller, [row.id])


def test_a_pause_over_a_once_completes_it_on_resuming(caller: Caller, clock: FrozenClock) -> None:
    row = add(caller, schedule_type="once", schedule_expression="30m")
    schedules.pause(caller, [row.id])
    clock.advance(HOUR)
    (resumed,) = schedules.resume(caller, [row.id])

    assert resumed.status is ScheduleStatus.COMPLETED
    assert ledger.total(caller, row.id).skipped == {SkipReason.SKIP_PAUSED: 1}


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"until": NOON}, "until"), ({"note": "a\nb"}, "note"), ({"note": "x" * 501}, "note")],
)
def test_a_pause_that_cannot_be_meant_is_refused(
    caller: Caller,
    asked: dict[str, Any],
    field: str,
) -> None:
    row = add(caller)

    with pytest.raises(Invalid) as refused:
        schedules.pause(caller, [row.id], **asked)
    assert set(refused.value.fields) == {field}


def test_many_are_changed_all_or_none_and_as_one_act(caller: Caller) -> None:
    rows = [add(caller, f"s-{number}") for number in range(5)]
    with pytest.raises(NotFound):
        schedules.pause(caller, [*(row.id for row in rows), new_id()])
    assert schedules.summary(caller).paused == 0

    paused = schedules.pause(caller, [row.id for row in reversed(rows)])
    assert [row.name for row in paused] == ["s-4", "s-3", "s-2", "s-1", "s-0"]
    assert len({entry.batch_id for entry in journal.entries(caller, limit=5)}) == 1


# Deleting, restoring, running


def test_a_deleted_schedule_is_out_of_sight_and_can_be_restored(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller)
    clock.advance(6 * MINUTE)
    (deleted,) = schedules.delete(caller, [row.id])
    schedules.delete(caller, [row.id])

    assert (deleted.deleted_at, deleted.next_run_at) == (clock.now(), None)
    assert list(schedules.ids(caller, ScheduleQuery())) == []
    assert list(schedules.ids(caller, ScheduleQuery(deleted=True))) == [row.id]
    clock.advance(HOUR)
    (restored,) = schedules.restore(caller, [row.id])
    assert (restored.deleted_at, restored.next_run_at) == (None, clock.now() + 4 * MINUTE)
    assert verbs(caller) == ["schedule.created", "schedule.deleted", "schedule.restored"]
    total = ledger.total(caller, row.id)
    assert total.skipped == {SkipReason.SUPERSEDED: 1}
    assert total.holds


def test_a_schedule_whose_name_was_taken_meanwhile_is_not_restored(caller: Caller) -> None:
    row = add(caller)
    schedules.delete(caller, [row.id])
    add(caller)

    with pytest.raises(Conflict, match="another schedule is called 'backup'"):
        schedules.restore(caller, [row.id])


def test_what_was_paused_stays_paused_when_restored(caller: Caller) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="why")
    schedules.delete(caller, [row.id])
    (restored,) = schedules.restore(caller, [row.id])

    assert (restored.status, restored.pause_note) == (ScheduleStatus.PAUSED, "why")


def test_a_run_by_hand_is_made_also_while_paused_and_is_on_record(caller: Caller) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id])
    job_id = schedules.run_now(caller, row.id)

    live = now_of(caller, row.id).live
    assert live is not None
    assert live.job_id == job_id
    assert journal.entries(caller)[0].after == {"job_id": str(job_id)}
    with pytest.raises(Conflict, match="still queued"):
        schedules.run_now(caller, row.id)


# Rights, finding, listing


def test_a_viewer_may_look_and_nothing_else(caller: Caller) -> None:
    row = add(caller)
    victor = replace(caller, name="victor", role=Role.VIEWER)

    assert schedules.names(victor) == ["backup"]
    assert schedules.detail(victor, row.id).row.id == row.id
    for act in (
        lambda: schedules.create(victor, a_draft("x")),
        lambda: schedules.edit(victor, row.id, {"priority": 1}),
        lambda: schedules.pause(victor, [row.id]),
        lambda: schedules.resume(victor, [row.id]),
        lambda: schedules.delete(victor, [row.id]),
        lambda: schedules.restore(victor, [row.id]),
        lambda: schedules.run_now(victor, row.id),
        lambda: journal.undo(victor),
    ):
        with pytest.raises(Forbidden, match="victor is a viewer and lacks the right"):
            act()


def test_another_organizations_schedules_are_not_there(caller: Caller) -> None:
    row = add(caller)
    stranger = replace(caller, organization_id=new_id())

    assert schedules.rows(stranger, [row.id]) == []
    for act in (
        lambda: schedules.detail(stranger, row.id),
        lambda: schedules.draft(stranger, row.id),
        lambda: schedules.find(stranger, "backup"),
        lambda: schedules.pause(stranger, [row.id]),
        lambda: schedules.run_now(stranger, row.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_page_tells_how_many_there_are(caller: Caller) -> None:
    for number in range(7):
        add(caller, f"s-{number}")
    query = ScheduleQuery(sort=ScheduleSort.NAME)

    found = schedules.page(caller, query, page=3, limit=3)
    assert ([row.name for row in found.jobs], found.total, found.pages) == (["s-6"], 7, 3)
    assert schedules.page(caller, query, page=9).jobs == ()
    with pytest.raises(Invalid) as refused:
        schedules.page(caller, query, page=0, limit=0)
    assert set(refused.value.fields) == {"page", "limit"}


def test_upcoming_ends_with_the_window_and_with_the_last_run_allowed(caller: Caller) -> None:
    windowed = add(caller, "windowed", ends_at=NOON + 10 * MINUTE)
    limited = add(caller, "limited", max_runs=3)
    resting = add(caller, "resting")
    schedules.pause(caller, [resting.id])

    assert schedules.upcoming(caller, windowed.id) == [NOON + 5 * MINUTE, NOON + 10 * MINUTE]
    assert len(schedules.upcoming(caller, limited.id)) == 3
    assert schedules.upcoming(caller, resting.id) == []


def test_a_relative_once_counts_from_its_creation(caller: Caller) -> None:
    row = add(caller, schedule_type="once", schedule_expression="30m")

    assert schedules.upcoming(caller, row.id) == [utc("2026-01-05 12:30")]


def test_a_once_duration_that_is_edited_counts_from_the_edit(
    caller: Caller, clock: FrozenClock
) -> None:
    """Whoever turns 30m into 1h two days later means an hour from now."""
    made = schedules.create(caller, a_draft(schedule_type="once", schedule_expression="30m"))
    clock.advance(timedelta(days=2))

    edited = schedules.edit(caller, made.id, {"schedule_expression": "1h"})

    assert edited.next_run_at == clock.now() + timedelta(hours=1)
