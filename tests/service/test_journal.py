"""The record of changes, and taking the last act back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.world import ADA, NOON, a_schedule
from tfui.core.states import ScheduleStatus, SkipReason
from tfui.errors import Conflict, Invalid, NotFound
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.model.journal_filter import JournalFilter
from tfui.model.schedule import ScheduledJob, ScheduleDraft
from tfui.service import journal, ledger, queues, schedules
from tfui.service.caller import Caller, local_caller
from tfui.store import journal as store_journal
from tfui.store import resumptions
from tfui.store.connection import Author

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.model.schedule import ScheduleRow
    from tfui.store.connection import Store

MINUTE = timedelta(minutes=1)


@pytest.fixture
def caller(store: Store, clock: FrozenClock) -> Caller:
    return replace(local_caller(store, clock, via="cli"), name="ada")


def add(caller: Caller, name: str = "backup", **changes: Any) -> ScheduleRow:
    draft = ScheduleDraft(
        name=name,
        schedule_type="cron",
        schedule_expression="* * * * *",
        job_type="noop",
        payload={},
    )
    return schedules.create(caller, replace(draft, **changes))


def row_of(caller: Caller, schedule_id: UUID) -> ScheduleRow:
    (row,) = schedules.rows(caller, [schedule_id])
    return row


def put(caller: Caller, schedule_id: UUID, **columns: Any) -> None:
    """Change columns as an engine would."""
    table = table_of(ScheduledJob)
    with caller.store.writing(by=ADA, now=caller.now()) as tx:
        tx.connection.execute(table.update().where(table.c.id == schedule_id).values(**columns))


def undone(caller: Caller) -> list[tuple[str, str]]:
    return [(entry.verb, entry.subject) for entry in journal.undo(caller).act]


def stops(caller: Caller) -> str:
    """Have an undo stop at what has had its effect; give what it says of that."""
    before = journal.ids(caller, JournalFilter(verb="passed_over"))
    with pytest.raises(Conflict, match=r"^nothing was taken back: you ") as refused:
        journal.undo(caller)
    newest = journal.entries(caller)[0]
    assert [newest.id, *before] == journal.ids(caller, JournalFilter(verb="passed_over"))
    return str(refused.value).removeprefix("nothing was taken back: you ")


def redone(caller: Caller) -> list[tuple[str, str]]:
    return [(entry.verb, entry.subject) for entry in journal.redo(caller).act]


def test_nothing_is_taken_back_when_nothing_was_done(caller: Caller) -> None:
    with pytest.raises(Conflict, match="nothing to take back"):
        journal.undo(caller)


def test_each_undo_goes_one_act_further_back(caller: Caller) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 3})
    schedules.pause(caller, [row.id])

    assert undone(caller) == [("schedule.paused", "backup")]
    assert row_of(caller, row.id).status is ScheduleStatus.ACTIVE
    assert undone(caller) == [("schedule.edited", "backup")]
    assert row_of(caller, row.id).priority == 0
    assert undone(caller) == [("schedule.created", "backup")]
    assert schedules.names(caller) == []
    with pytest.raises(Conflict, match="nothing to take back"):
        journal.undo(caller)


def test_what_was_undone_is_on_record_on_both_sides(caller: Caller) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="why")
    (old,) = journal.undo(replace(caller, via="tui")).act

    new, paused, _ = journal.entries(caller)
    assert (new.verb, new.via, new.undoes) == ("schedule.resumed", "tui", paused.id)
    assert paused.undone_by == old.undone_by == new.id


def test_a_new_act_after_an_undo_is_the_next_to_be_undone(caller: Caller) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 3})
    journal.undo(caller)
    schedules.edit(caller, row.id, {"max_attempts": 9})

    assert undone(caller) == [("schedule.edited", "backup")]
    assert undone(caller) == [("schedule.created", "backup")]


def test_an_edit_of_every_kind_of_field_is_taken_back(caller: Caller) -> None:
    queues.create(caller, "nightly")
    row = add(caller, timeout=timedelta(seconds=1.5), metadata={"tags": ["a"]})
    before = schedules.draft(caller, row.id)
    schedules.edit(
        caller,
        row.id,
        {
            "name": "renamed",
            "schedule_type": "recurring",
            "schedule_expression": "90s",
            "timezone": "Asia/Jakarta",
            "queue": "nightly",
            "job_type": "shell",
            "payload": {"command": "true"},
            "max_runs": 7,
            "starts_at": NOON + MINUTE,
            "ends_at": NOON + timedelta(days=9),
            "on_missed": "all",
            "jitter": timedelta(seconds=5),
            "timeout": None,
            "retry_on": [3],
            "retry_factor": 3,
            "metadata": {},
        },
    )
    journal.undo(caller)

    assert schedules.draft(caller, row.id) == before
    assert ledger.total(caller, row.id).holds


def test_an_act_upon_many_is_taken_back_whole(caller: Caller) -> None:
    ids = [add(caller, f"s-{number}").id for number in range(4)]
    schedules.pause(caller, [ids[0]], note="earlier")
    schedules.delete(caller, ids)

    turn = journal.undo(caller)
    assert turn.words == "deleted 4 schedules"
    assert schedules.names(caller) == ["s-0", "s-1", "s-2", "s-3"]
    assert row_of(caller, ids[0]).pause_note == "earlier"


def test_a_resume_taken_back_rests_as_before(caller: Caller, clock: FrozenClock) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="why", until=NOON + timedelta(hours=9))
    clock.advance(5 * MINUTE)
    schedules.resume(replace(caller, name="olga"), [row.id])
    clock.advance(5 * MINUTE)
    journal.undo(replace(caller, name="olga"))

    schedule = schedules.detail(caller, row.id).schedule
    assert (schedule.status, schedule.pause_note) == (ScheduleStatus.PAUSED, "why")
    assert (schedule.paused_at, schedule.paused_by) == (NOON, "ada")
    assert schedule.paused_until == NOON + timedelta(hours=9)
    clock.advance(5 * MINUTE)
    schedules.resume(caller, [row.id])
    assert ledger.total(caller, row.id).skipped == {SkipReason.SKIP_PAUSED: 15}
    assert ledger.total(caller, row.id).holds


def test_a_pause_taken_back_leaves_its_time_skipped(caller: Caller, clock: FrozenClock) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id])
    clock.advance(5 * MINUTE)
    journal.undo(caller)

    assert row_of(caller, row.id).next_run_at == NOON + 6 * MINUTE
    assert ledger.total(caller, row.id).skipped == {SkipReason.SKIP_PAUSED: 5}


def test_a_new_note_taken_back_gives_the_old_one(caller: Caller) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], note="first", until=NOON + MINUTE)
    schedules.pause(caller, [row.id], note="second")
    journal.undo(caller)

    found = row_of(caller, row.id)
    assert (found.status, found.pause_note, found.paused_until) == (
        ScheduleStatus.PAUSED,
        "first",
        NOON + MINUTE,
    )


def test_a_failure_comes_back_when_its_resuming_is_taken_back(caller: Caller) -> None:
    row = add(caller)
    put(caller, row.id, status="failed", status_note="no such queue")
    schedules.resume(caller, [row.id])
    journal.undo(caller)

    found = row_of(caller, row.id)
    assert (found.status, found.status_note) == (ScheduleStatus.FAILED, "no such queue")


def test_a_restored_schedule_is_deleted_again(caller: Caller) -> None:
    row = add(caller)
    schedules.delete(caller, [row.id])
    schedules.restore(caller, [row.id])
    journal.undo(caller)

    assert schedules.names(caller) == []


def test_what_an_engine_has_completed_since_is_passed_over(caller: Caller) -> None:
    add(caller, "older")
    row = add(caller)
    put(caller, row.id, status="failed")
    schedules.resume(caller, [row.id])
    put(caller, row.id, status="completed", next_run_at=None)
    olga = replace(caller, name="olga")

    with pytest.raises(Conflict, match="you have changed nothing that could be taken back"):
        journal.undo(olga)
    turn = journal.undo(caller)
    assert turn.words == "created backup"
    assert turn.left_words == "resumed backup (it is completed since)"
    assert undone(caller) == [("schedule.created", "older")]


def test_a_name_taken_meanwhile_stands_in_the_way(caller: Caller) -> None:
    row = add(caller)
    schedules.delete(caller, [row.id])
    with caller.store.writing(by=ADA, now=NOON) as tx:
        a_schedule(tx, caller.organization_id, name="backup")

    with pytest.raises(Conflict, match="another schedule is called 'backup'"):
        journal.undo(caller)
    assert len(schedules.names(caller)) == 1


def test_an_undo_stops_at_an_edit_whose_old_time_has_passed(
    caller: Caller, clock: FrozenClock
) -> None:
    olga = replace(caller, name="olga")
    row = add(olga, schedule_type="once", schedule_expression="2026-01-05 20:00")
    ending = add(olga, "ending", ends_at=NOON + 5 * MINUTE)
    schedules.edit(caller, ending.id, {"priority": 3})
    schedules.edit(caller, ending.id, {"ends_at": None})
    for time in ("13:00", "18:00"):
        schedules.edit(caller, row.id, {"schedule_expression": f"2026-01-05 {time}"})
    newest = journal.entries(caller)[0]
    clock.advance(timedelta(hours=2))

    assert stops(caller).endswith("; the next undo takes back: edited ending")
    turn = journal.undo(caller)
    assert turn.words == "edited ending"
    assert row_of(caller, ending.id).priority == 0
    assert turn.left_words == (
        "edited backup (its old time is over: 5 January 2026 13:00 +00:00 has passed); "
        "edited backup (it was edited since, at 2026-01-05 12:00 +00:00); "
        "edited ending (its old time is over: ends_at: this has passed already)"
    )
    with pytest.raises(Conflict, match=r"edited backup cannot be taken back: .* 13:00 .*passed"):
        journal.revert(caller, newest.id)


def test_an_undo_stops_at_a_run_and_says_so_when_nothing_else_is_left(caller: Caller) -> None:
    row = add(caller)
    schedules.run_now(caller, row.id)

    assert stops(caller) == (
        "started backup (what was done to a run stays done); "
        "the next undo takes back: created backup"
    )
    assert schedules.names(caller) == ["backup"]
    assert undone(caller) == [("schedule.created", "backup")]
    with pytest.raises(Conflict, match="you started backup, and what was done to a run stays done"):
        journal.undo(caller)


def test_changes_of_queues_are_taken_back(caller: Caller) -> None:
    queues.create(caller, "nightly", concurrency=2)
    queues.edit(caller, "nightly", concurrency=5)
    queues.pause(caller, "nightly", note="disk full", until=NOON + MINUTE)
    queues.resume(caller, "nightly")

    def nightly() -> tuple[int | None, str | None, object]:
        (row,) = [row for row in queues.listing(caller) if row.name == "nightly"]
        return row.concurrency, row.pause_note, row.paused_until

    assert undone(caller) == [("queue.resumed", "nightly")]
    assert nightly() == (5, "disk full", NOON + MINUTE)
    assert undone(caller) == [("queue.paused", "nightly")]
    assert undone(caller) == [("queue.edited", "nightly")]
    assert nightly() == (2, None, None)
    assert undone(caller) == [("queue.created", "nightly")]
    assert [row.name for row in queues.listing(caller)] == ["default"]
    newest = journal.entries(caller, limit=4)
    assert [entry.verb for entry in reversed(newest)] == [
        "queue.paused",
        "queue.resumed",
        "queue.edited",
        "queue.deleted",
    ]


def test_a_queue_that_was_used_is_not_taken_back(caller: Caller) -> None:
    queues.create(caller, "nightly")
    row = add(caller, queue="nightly")
    journal.undo(caller)

    assert schedules.detail(caller, row.id).queue == "nightly"
    with pytest.raises(Conflict, match=r"you created queue nightly \(it has been used since\)"):
        journal.undo(caller)
    with pytest.raises(
        Conflict, match="created queue nightly cannot be taken back: it has been used"
    ):
        journal.revert(caller, journal.entries(caller)[-1].id)


def test_an_undo_names_what_it_took_back_and_what_it_left(caller: Caller) -> None:
    ids = [add(caller, f"s-{number}").id for number in range(3)]
    schedules.pause(caller, ids)
    schedules.run_now(caller, ids[0])

    assert stops(caller).endswith("; the next undo takes back: paused 3 schedules")
    turn = journal.undo(caller)
    assert turn.words == "paused 3 schedules"
    assert turn.passed_words == "started s-0"
    assert redone(caller) == [("schedule.paused", f"s-{number}") for number in range(3)]
    assert journal.undo(caller).words == "paused 3 schedules"
    schedules.run_now(caller, ids[1])
    assert stops(caller).startswith("started s-1 (")


def test_nobody_undoes_what_another_did(caller: Caller) -> None:
    olga = replace(caller, name="olga")
    row = add(caller)
    schedules.pause(olga, [row.id])

    assert undone(olga) == [("schedule.paused", "backup")]
    with pytest.raises(Conflict, match=r"you have changed nothing.*; ada created backup, and"):
        journal.undo(olga)
    assert undone(caller) == [("schedule.created", "backup")]


def test_what_another_has_changed_since_is_not_deleted_by_undoing_its_making(
    caller: Caller,
) -> None:
    row = add(caller)
    olga = replace(caller, name="olga")
    schedules.edit(olga, row.id, {"priority": 3})

    with pytest.raises(Conflict, match=r"you created backup cannot.*: olga edited it since"):
        journal.undo(caller)
    journal.undo(olga)
    assert undone(caller) == [("schedule.created", "backup")]


def test_several_undos_and_several_redos_go_back_and_forth(caller: Caller) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 3})
    schedules.pause(caller, [row.id], note="why")
    acts = [("schedule.created", "backup"), ("schedule.edited", "backup")]
    acts.append(("schedule.paused", "backup"))

    for _ in range(2):
        assert [undone(caller)[0] for _ in acts] == acts[::-1]
        assert schedules.names(caller) == []
        assert [redone(caller)[0] for _ in acts] == acts
        found = row_of(caller, row.id)
        assert (found.status, found.priority, found.pause_note) == (
            ScheduleStatus.PAUSED,
            3,
            "why",
        )
    with pytest.raises(Conflict, match="nothing to do again"):
        journal.redo(caller)


def test_a_redo_is_a_new_entry_that_takes_the_undo_back(caller: Caller) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id])
    journal.undo(caller)
    journal.redo(replace(caller, via="tui"))

    new, undo, paused, _ = journal.entries(caller)
    assert (new.verb, new.via, new.undoes, new.undone_by) == (
        "schedule.paused",
        "tui",
        undo.id,
        None,
    )
    assert (undo.undoes, undo.undone_by, paused.undone_by) == (paused.id, new.id, undo.id)


def test_a_new_act_on_the_same_ends_the_redo_and_one_on_something_else_does_not(
    caller: Caller,
) -> None:
    a, b = add(caller, "a"), add(caller, "b")
    schedules.edit(caller, a.id, {"priority": 3})
    schedules.edit(caller, b.id, {"priority": 4})
    journal.undo(caller)
    journal.undo(caller)
    schedules.edit(caller, a.id, {"max_attempts": 9})

    assert redone(caller) == [("schedule.edited", "b")]
    said = "that you edited a is not done again: you edited a since you undid it"
    with pytest.raises(Conflict, match=said):
        journal.redo(caller)
    assert (row_of(caller, a.id).priority, row_of(caller, b.id).priority) == (0, 4)


def test_a_change_by_another_stands_in_the_way_of_a_redo(caller: Caller) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 3})
    journal.undo(caller)
    schedules.edit(replace(caller, name="olga"), row.id, {"priority": 8})

    with pytest.raises(
        Conflict,
        match=r"that you edited backup is not done again: priority changed since, by olga at 2026",
    ):
        journal.redo(caller)
    assert row_of(caller, row.id).priority == 8


def test_an_act_upon_many_is_done_again_whole(caller: Caller) -> None:
    ids = [add(caller, f"s-{number}").id for number in range(4)]
    schedules.delete(caller, ids)
    journal.undo(caller)

    assert journal.redo(caller).words == "deleted 4 schedules"
    assert schedules.names(caller) == []
    assert journal.undo(caller).words == "deleted 4 schedules"
    assert len(schedules.names(caller)) == 4


def test_queues_are_made_changed_and_taken_away_again(caller: Caller) -> None:
    queues.create(caller, "nightly", concurrency=2)
    queues.pause(caller, "nightly", note="disk full", until=NOON + MINUTE)
    for _ in range(2):
        journal.undo(caller)
        journal.undo(caller)
        assert [row.name for row in queues.listing(caller)] == ["default"]
        journal.redo(caller)
        journal.redo(caller)
    (row,) = [row for row in queues.listing(caller) if row.name == "nightly"]
    assert (row.concurrency, row.pause_note) == (2, "disk full")


def test_a_failure_that_an_undo_brought_back_is_resumed_again_by_redo(caller: Caller) -> None:
    row = add(caller)
    put(caller, row.id, status="failed", status_note="no such queue")
    schedules.resume(caller, [row.id])
    journal.undo(caller)

    assert redone(caller) == [("schedule.resumed", "backup")]
    assert row_of(caller, row.id).status is ScheduleStatus.ACTIVE


def test_a_pause_that_would_be_over_is_passed_over_by_redo(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller)
    queues.pause(caller, "default")
    schedules.pause(caller, [row.id], until=NOON + MINUTE)
    journal.undo(caller)
    clock.advance(2 * MINUTE)
    with pytest.raises(Conflict, match=r"paused backup is not done again: its pause would have"):
        journal.redo(caller)

    journal.undo(caller)
    add(caller, "other")
    turn = journal.redo(caller)
    assert turn.words == "paused queue default"
    assert turn.left_words == ""


def test_a_resume_whose_pause_would_be_over_is_passed_over(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller)
    queues.create(caller, "nightly")
    for until in (None, NOON + MINUTE):
        schedules.pause(caller, [row.id], note="n", until=until)
        queues.pause(caller, "nightly", until=until)
    schedules.resume(caller, [row.id])
    queues.resume(caller, "nightly")
    clock.advance(2 * MINUTE)

    turn = journal.undo(caller)
    over = "its pause would have ended already, at 2026-01-05 12:01 +00:00"
    since = "it was resumed since, at 2026-01-05 12:00 +00:00"
    assert turn.spent[0].words == f"resumed queue nightly ({over})"
    assert turn.spent[1].words == f"resumed backup ({over})"
    assert [one.why for one in turn.spent[2:]] == [since] * 4
    assert turn.words == "created queue nightly"


def test_a_pause_that_was_changed_and_would_be_over_by_now_ends(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller)
    olga = replace(caller, name="olga")
    schedules.pause(olga, [row.id], note="olga's", until=NOON + MINUTE)
    queues.pause(olga, "default", until=NOON + MINUTE)
    schedules.pause(caller, [row.id], note="longer")
    queues.pause(caller, "default", note="longer")
    clock.advance(2 * MINUTE)

    for _ in range(2):
        journal.undo(caller)
        journal.undo(caller)
        assert row_of(caller, row.id).status is ScheduleStatus.ACTIVE
        assert queues.listing(caller)[0].paused_at is None
        assert [turn.words for turn in (journal.redo(caller), journal.redo(caller))] == [
            "paused backup",
            "paused queue default",
        ]
        assert row_of(caller, row.id).pause_note == "longer"
        assert queues.listing(caller)[0].pause_note == "longer"


def test_redo_names_what_it_passes_over(caller: Caller, clock: FrozenClock) -> None:
    a, b = add(caller, "a"), add(caller, "b")
    schedules.edit(caller, a.id, {"priority": 3})
    schedules.pause(caller, [b.id], until=NOON + MINUTE)
    schedules.pause(caller, [b.id], note="longer")
    queues.pause(caller, "default")
    for _ in range(4):
        journal.undo(caller)
    clock.advance(2 * MINUTE)
    schedules.edit(caller, a.id, {"max_attempts": 9})

    turn = journal.redo(caller)
    assert turn.words == "paused queue default"
    assert [one.words for one in turn.spent] == [
        "edited a (you edited a since you undid it)",
        "paused b (its pause would have ended already, at 2026-01-05 12:01 +00:00)",
        "paused b (it was resumed since, at 2026-01-05 12:00 +00:00)",
    ]


def test_one_entry_is_reverted_by_whoever_names_it(caller: Caller) -> None:
    ids = [add(caller, f"s-{number}").id for number in range(3)]
    schedules.pause(caller, ids)
    olga = replace(caller, name="olga")
    last = journal.entries(caller)[0]

    assert journal.revert(olga, last.id).words == "paused s-2"
    assert row_of(caller, ids[2]).status is ScheduleStatus.ACTIVE
    with pytest.raises(Conflict, match="that ada paused s-2 was taken back already"):
        journal.revert(caller, last.id)
    with pytest.raises(NotFound):
        journal.revert(caller, 999)
    assert journal.undo(caller).words == "paused 2 schedules"
    assert journal.redo(olga).words == "paused s-2"


def test_a_reverted_entry_may_have_others_after_it_that_changed_other_fields(
    caller: Caller,
) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 3})
    first = journal.entries(caller)[0]
    schedules.edit(caller, row.id, {"max_attempts": 9})
    second = journal.entries(caller)[0]
    schedules.edit(caller, row.id, {"max_attempts": 5})

    journal.revert(caller, first.id)
    assert row_of(caller, row.id).priority == 0
    with pytest.raises(Conflict, match="max_attempts changed since"):
        journal.revert(caller, second.id)


def test_a_run_is_not_reverted(caller: Caller) -> None:
    schedules.run_now(caller, add(caller).id)

    with pytest.raises(Conflict, match="that ada started backup cannot be taken back"):
        journal.revert(caller, journal.entries(caller)[0].id)


def test_the_record_is_filtered_by_actor_verb_name_and_time(
    caller: Caller,
    clock: FrozenClock,
) -> None:
    row = add(caller)
    clock.advance(MINUTE)
    schedules.pause(replace(caller, name="olga", via="tui"), [row.id])
    add(caller, "100%_sure")

    def told(**chosen: Any) -> list[str]:
        found = journal.entries(caller, chosen=JournalFilter(**chosen))
        assert [entry.id for entry in found] == journal.ids(caller, JournalFilter(**chosen))
        return [f"{entry.by} {entry.verb}" for entry in found]

    assert told(actor="olga") == told(actor="tui") == told(actor="olga@tui")
    assert told(actor="olga@tui") == ["olga schedule.paused"]
    assert told(actor="olga@cli") == []
    assert told(verb="PAUSE") == ["olga schedule.paused"]
    assert told(named="%_") == ["ada schedule.created"]
    assert told(words=("back", "creat")) == ["ada schedule.created"]
    assert len(told(since=NOON + MINUTE)) == 2
    assert [entry.by for entry in journal.rows(caller, journal.ids(caller))] == [
        "ada",
        "olga",
        "ada",
    ]


def test_the_record_of_one_subject_is_found_by_its_names_and_its_id(caller: Caller) -> None:
    row = add(caller)
    add(caller, "other")
    schedules.edit(caller, row.id, {"name": "renamed"})
    expected = ["schedule.edited", "schedule.created"]

    for subject in (row.id, "renamed", str(row.id), row.id.hex[:31]):
        found = journal.entries(caller, subject=subject)
        assert [entry.verb for entry in found] == expected, subject
    assert [e.subject for e in journal.entries(caller, subject="backup")] == ["backup"]
    assert journal.entries(caller, subject="nobody") == []
    assert len(journal.entries(caller, limit=2)) == 2
    with pytest.raises(Invalid):
        journal.entries(caller, limit=0)


def test_the_chain_holds_over_acts_and_undos_and_shows_what_was_touched(
    store: Store,
    caller: Caller,
) -> None:
    row = add(caller, payload={"échelle": [1.0, 1e30, 10**20, None, True]})
    schedules.edit(caller, row.id, {"priority": 3})
    schedules.pause(caller, [row.id])
    journal.undo(caller)
    journal.redo(caller)

    assert journal.chain(caller) == (5, None)
    table = table_of(Journal)
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table.update().where(table.c.id == 2).values(by="mallory"))
    with store.reading() as tx:
        broken = store_journal.verify(tx)
    assert broken is not None
    assert broken.entry_id == 2


def engine_resumes(caller: Caller, clock: FrozenClock) -> None:
    """Let the pauses of a minute end by themselves."""
    clock.advance(2 * MINUTE)
    with caller.store.writing(by=Author(name="engine", via="engine"), now=clock.now()) as tx:
        resumptions.resume_schedules(tx, now=clock.now())
        resumptions.resume_queues(tx, now=clock.now())


def test_a_pause_that_ended_by_itself_is_passed_over_and_told(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller)
    schedules.edit(caller, row.id, {"priority": 7})
    schedules.pause(caller, [row.id], until=NOON + MINUTE)
    engine_resumes(caller, clock)

    turn = journal.undo(caller)
    assert turn.words == "edited backup"
    assert turn.left_words == "paused backup (it was resumed since, at 2026-01-05 12:02 +00:00)"
    assert row_of(caller, row.id).priority != 7
    assert journal.undo(caller).words == "created backup"
    with pytest.raises(Conflict, match="nothing to take back"):
        journal.undo(caller)


def test_what_of_an_act_has_not_ended_is_still_taken_back(
    caller: Caller, clock: FrozenClock
) -> None:
    ids = [add(caller, f"s-{number}").id for number in range(2)]
    schedules.pause(caller, ids, until=NOON + MINUTE)
    put(caller, ids[1], paused_until=None)
    engine_resumes(caller, clock)
    put(caller, ids[1], paused_until=NOON + MINUTE)

    turn = journal.undo(caller)
    assert turn.words == "paused s-1"
    assert "paused s-0 (it was resumed since" in turn.left_words
    assert row_of(caller, ids[1]).status is ScheduleStatus.ACTIVE


def test_a_pause_that_ended_still_refuses_when_another_has_changed_it_since(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller)
    schedules.pause(caller, [row.id], until=NOON + MINUTE)
    engine_resumes(caller, clock)
    schedules.pause(replace(caller, name="olga"), [row.id], note="mine")

    with pytest.raises(Conflict, match="changed since"):
        journal.undo(caller)


def test_an_undo_stops_at_an_edit_of_a_once_that_has_run(
    caller: Caller, clock: FrozenClock
) -> None:
    row = add(caller, schedule_type="once", schedule_expression="2026-01-05 13:00")
    schedules.edit(caller, row.id, {"schedule_expression": "2026-01-05 14:00"})
    clock.advance(timedelta(hours=3))
    put(caller, row.id, status="completed", next_run_at=None)

    assert stops(caller).endswith("; the next undo takes back: created backup")
    turn = journal.undo(caller)
    assert turn.words == "created backup"
    assert turn.left_words == (
        "edited backup (its old time is over: 5 January 2026 13:00 +00:00 has passed)"
    )


def test_a_queue_that_went_on_by_itself_is_passed_over(caller: Caller, clock: FrozenClock) -> None:
    queues.create(caller, "nightly")
    queues.pause(caller, "nightly", note="disk full", until=NOON + MINUTE)
    engine_resumes(caller, clock)

    turn = journal.undo(caller)
    assert turn.words == "created queue nightly"
    assert "paused queue nightly (it was resumed since" in turn.left_words
