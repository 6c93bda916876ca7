"""Missed runs: listed, run, waived and brought back, and the ledger's law through all of it."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.service.desk import at_once
from tests.world import ADA, NOON, utc
from tfui.core.finding import Severity
from tfui.core.identifiers import short
from tfui.core.rights import Role
from tfui.core.states import JobKind, JobStatus, SkipReason
from tfui.errors import Conflict, Forbidden, Invalid, NotFound
from tfui.service import (
    dependencies,
    doctor_ledger,
    jobs,
    journal,
    ledger,
    missed,
    rates,
    schedules,
)
from tfui.store import accounting, pruning
from tfui.store.pruning import Retention

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.engine.stage import Stage
    from tfui.engine.engine import Engine
    from tfui.service.caller import Caller

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(stage: Stage) -> Caller:
    """Somebody who may do anything."""
    return stage.caller()


def asleep(stage: Stage, *, hours: int = 1, **changes: Any) -> UUID:
    """Make a minutely schedule that skips what it misses, and sleep through an hour."""
    schedule_id = stage.schedule(**{"name": "sync", "on_missed": "skip", **changes})
    engine = stage.engine()
    stage.settle(engine)
    stage.clock.sleep(hours * HOUR + MINUTE / 2)
    stage.settle(engine)
    return schedule_id


def backfilled(stage: Stage, schedule_id: UUID) -> list[datetime]:
    return [job.nominal_at for job in stage.jobs(schedule_id) if job.kind == JobKind.BACKFILL]


def assert_all_is_accounted_for(stage: Stage) -> None:
    """Recount occurrence by occurrence, as the doctor does."""
    assert_the_law_holds(stage.store)
    with stage.store.reading() as tx:
        found = doctor_ledger.findings(tx, stage.organization_id)
    assert [one.text for one in found if one.severity is not Severity.OK] == []


def test_what_was_missed_is_listed_by_schedule_with_its_reason(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)

    (row,) = missed.listing(ada)
    assert (row.schedule_id, row.schedule, row.count) == (schedule_id, "sync", 59)
    assert (row.from_at, row.to_at) == (NOON + MINUTE, NOON + 59 * MINUTE)
    assert row.reasons == (SkipReason.MISSED_SLEEP,)
    tally = missed.tally(ada)
    assert (tally.schedules, tally.runs, tally.reason) == (1, 59, SkipReason.MISSED_SLEEP)


def test_nothing_missed_is_nothing(stage: Stage, ada: Caller) -> None:
    stage.schedule()

    assert missed.listing(ada) == []
    assert missed.tally(ada).runs == 0
    assert missed.run_latest(ada) == missed.run_all(ada) == missed.waive(ada) == []
    assert journal.entries(ada) == []


def test_what_was_missed_long_ago_is_only_found_when_asked_for(stage: Stage, ada: Caller) -> None:
    asleep(stage)
    stage.clock.advance(timedelta(days=8))

    assert missed.listing(ada) == []
    assert missed.tally(ada, since=NOON).runs == 59


def test_the_latest_runs_and_stands_for_the_others(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)
    (row,) = missed.run_latest(ada, [schedule_id])

    assert (len(row.job_ids), row.waived, row.left) == (1, 58, 0)
    assert backfilled(stage, schedule_id) == [NOON + 59 * MINUTE]
    assert missed.listing(ada) == []
    (kept,) = [one for one in stage.ranges(schedule_id) if one.waived_at]
    assert (kept.reason, kept.waived_by, kept.to_at) == (
        SkipReason.MISSED_SLEEP,
        "ada",
        NOON + 58 * MINUTE,
    )
    found = ledger.total(ada, schedule_id)
    assert (found.planned, found.ran, found.pending) == (60, 1, 1)
    assert found.skipped == {SkipReason.MISSED_SLEEP: 58}
    assert "waived by ada: the run of" in (found.ranges[0].detail or "")
    assert_all_is_accounted_for(stage)
    stage.settle(stage.engines[0])
    assert stage.jobs(schedule_id)[-2].status == JobStatus.SUCCEEDED
    assert ledger.total(ada, schedule_id).ran == 2


def test_all_run_one_after_the_other_as_many_as_one_catching_up_makes(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, max_catchup=5)
    (row,) = missed.run_all(ada)

    assert (len(row.job_ids), row.left) == (5, 54)
    assert row.why_left == "one catching up makes 5 at most (max_catchup)"
    wanted = [NOON + minute * MINUTE for minute in range(55, 60)]
    assert backfilled(stage, schedule_id) == wanted
    assert_all_is_accounted_for(stage)
    for _ in wanted:
        stage.settle(stage.engines[0])
    ran = [order.nominal_at for order in stage.puppet.orders[1:]]
    assert ran == wanted
    assert {job.status for job in stage.jobs(schedule_id)} == {JobStatus.SUCCEEDED}

    missed.run_all(ada)
    assert len(backfilled(stage, schedule_id)) == 10
    assert_all_is_accounted_for(stage)


def test_what_may_not_overlap_is_left_and_says_so(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)
    schedules.run_now(ada, schedule_id)

    (row,) = missed.run_all(ada, [schedule_id])
    assert (row.job_ids, row.left) == ((), 59)
    assert row.why_left == "a job of it is live, and it may not overlap"
    assert journal.entries(ada)[0].verb == "schedule.started"


def test_those_that_may_overlap_all_start_within_the_rate_limit(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage, overlap="allow", max_catchup=4)
    stage.clock.advance(MINUTE / 4)
    rates.set_limit(ada, "puppet", 2)
    missed.run_all(ada)
    stage.settle(stage.engines[0])

    made = [job for job in stage.jobs(schedule_id) if job.kind == JobKind.BACKFILL]
    assert [job.status for job in made].count(JobStatus.SUCCEEDED) == 2
    assert {job.wait_reason for job in made if job.status == JobStatus.QUEUED} == {"rate"}


def test_waived_runs_stay_in_the_ledger_and_undo_brings_them_back(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage)
    (row,) = missed.waive(ada, note="test laptop")

    assert row.waived == 59
    assert missed.listing(ada) == []
    found = ledger.total(ada, schedule_id)
    assert found.skipped == {SkipReason.MISSED_SLEEP: 59}
    assert (found.ranges[0].detail, found.ranges[0].waived_by) == (
        "waived by ada: test laptop",
        "ada",
    )
    assert journal.undo(ada).words == "waived sync"
    assert missed.tally(ada).runs == 59
    assert journal.redo(ada).words == "waived sync"
    assert missed.tally(ada).runs == 0
    assert_all_is_accounted_for(stage)


def held(stage: Stage, schedule_id: UUID) -> list[Any]:
    """Give the ranges without their ids, and what the schedule says of its newest run."""
    ranges = [tuple(row)[1:] for row in stage.ranges(schedule_id)]
    row = stage.row(schedule_id)
    return [ranges, row.job_id, row.last_run_at, [job.id for job in stage.jobs(schedule_id)]]


def test_making_up_for_missed_runs_is_taken_back_whole_and_done_again(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, max_catchup=5, overlap="buffer_all")
    olga = stage.caller("olga")
    before = held(stage, schedule_id)
    deals: list[Callable[[Caller], object]] = [
        missed.run_latest,
        missed.run_all,
        lambda caller: missed.backfill(caller, schedule_id, NOON + 20 * MINUTE),
    ]
    for deal in deals:
        stage.clock.advance(timedelta(seconds=1))
        deal(ada)
        entry = journal.entries(ada)[0]
        made = backfilled(stage, schedule_id)
        assert_all_is_accounted_for(stage)
        for _ in range(2):
            stage.clock.advance(timedelta(seconds=1))
            assert journal.undo(ada).words == "backfilled sync"
            assert held(stage, schedule_id) == before
            assert_all_is_accounted_for(stage)
            stage.clock.advance(timedelta(seconds=1))
            assert journal.redo(ada).words == "backfilled sync"
            assert backfilled(stage, schedule_id) == made
            assert_all_is_accounted_for(stage)
        turn = journal.revert(olga, journal.entries(ada)[0].id)
        assert [one.id for one in turn.act] == [entry.id]
        assert held(stage, schedule_id) == before
    assert journal.chain(ada)[1] is None


def test_what_was_taken_out_of_a_waived_range_goes_back_into_it(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage, overlap="allow")
    olga = stage.caller("olga")
    missed.waive(ada, note="asleep")
    waived = held(stage, schedule_id)
    stage.clock.advance(timedelta(seconds=1))
    for minute in (20, 21, 40):
        missed.backfill(olga, schedule_id, NOON + minute * MINUTE)
    for _ in range(3):
        journal.undo(olga)
    assert held(stage, schedule_id) == waived

    missed.backfill(olga, schedule_id, NOON + 20 * MINUTE)
    journal.undo(ada)
    journal.undo(olga)
    (whole,) = stage.ranges(schedule_id)
    assert (whole[4], whole.waived_at) == (59, None)
    assert_all_is_accounted_for(stage)


def test_runs_that_have_begun_stay_and_the_others_are_taken_back_and_done_again(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, max_catchup=6, overlap="buffer_all")
    engine = stage.engines[0]
    (row,) = missed.run_all(ada)
    jobs.cancel(stage.caller("olga"), [row.job_ids[2]])
    stage.change(schedule_id, payload={"hold": True})
    engine.wake()
    engine.turn()

    turn = journal.undo(ada)
    assert turn.words == "backfilled sync (took back 4 of the 6 runs; 2 have begun)"
    begun = [NOON + 54 * MINUTE, NOON + 56 * MINUTE]
    assert backfilled(stage, schedule_id) == begun
    assert missed.tally(ada).runs == 57
    assert_all_is_accounted_for(stage)
    assert journal.redo(ada).words == "backfilled sync"
    assert backfilled(stage, schedule_id) == last_minutes(6)
    assert_all_is_accounted_for(stage)
    assert journal.undo(ada).words == "backfilled sync"
    assert missed.tally(ada).runs == 57
    assert [kept[4] for kept in stage.ranges(schedule_id)] == [53, 1, 3]
    stage.puppet.gate.set()
    stage.settle(engine)
    assert_all_is_accounted_for(stage)


def test_the_others_are_taken_back_also_when_their_trigger_is_another_by_now(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, max_catchup=4, job_type="noop")
    olga = stage.caller("olga")
    (row,) = missed.run_all(ada)
    jobs.cancel(olga, [row.job_ids[1]])
    schedules.edit(olga, schedule_id, {"schedule_expression": "*/5 * * * *"})

    assert journal.undo(ada).partly == ("took back 3 of the 4 runs; 1 has begun",)
    assert missed.tally(ada).runs == 58
    assert_all_is_accounted_for(stage)
    with pytest.raises(Conflict, match="its trigger was changed since"):
        journal.redo(ada)


def last_minutes(count: int) -> list[datetime]:
    """Give the last minutes that `asleep` missed."""
    return [NOON + minute * MINUTE for minute in range(60 - count, 60)]


def test_an_undo_stops_at_runs_that_have_begun_and_the_next_goes_on(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, max_catchup=2)
    for priority in (1, 2, 3):
        schedules.edit(ada, schedule_id, {"priority": priority})

    def stops() -> str:
        priority = stage.row(schedule_id).priority
        with pytest.raises(Conflict, match=r"^nothing was taken back: you ") as refused:
            journal.undo(ada)
        assert stage.row(schedule_id).priority == priority
        _, _, told = str(refused.value).partition(": you ")
        turn = journal.undo(ada)
        assert turn.words == "edited sync"
        assert stage.row(schedule_id).priority == priority - 1
        return told

    (row,) = missed.run_all(ada)
    for _ in row.job_ids:
        stage.settle(stage.engines[0])
    following = "; the next undo takes back: edited sync"
    assert stops() == f"backfilled sync (its 2 runs have begun){following}"
    with pytest.raises(Conflict, match="backfilled sync cannot be taken back: its 2 runs have"):
        journal.revert(ada, row_of_backfill(ada))

    (row,) = missed.run_latest(ada)
    jobs.cancel(ada, row.job_ids)
    assert stops() == (
        f"cancelled job sync (what was done to a run stays done); "
        f"backfilled sync (its job {short(row.job_ids[0])} was cancelled since, and can be retried; "
        f"`tfui run sync --at TIME` still runs any of the 56 waived){following}"
    )
    assert journal.undo(ada).words == "edited sync"
    assert journal.redo(ada).words == "edited sync"
    assert_all_is_accounted_for(stage)


def row_of_backfill(ada: Caller) -> int:
    """Give the newest entry that tells of runs made up for."""
    return next(entry.id for entry in journal.entries(ada) if entry.verb == "schedule.backfilled")


def test_of_one_act_on_several_what_has_begun_is_told_once(stage: Stage, ada: Caller) -> None:
    first = asleep(stage)
    stage.schedule(name="later", on_missed="skip")
    stage.settle(stage.engines[0])
    stage.clock.sleep(HOUR)
    stage.settle(stage.engines[0])
    schedules.edit(ada, first, {"priority": 3})
    for row in missed.run_latest(ada):
        if row.schedule == "sync":
            jobs.cancel(stage.caller("olga"), row.job_ids)

    turn = journal.undo(ada)
    assert turn.words == "backfilled later"
    assert turn.left_words.startswith("backfilled sync (its job ")
    assert journal.undo(ada).words == "edited sync"
    assert_all_is_accounted_for(stage)


def test_what_waited_for_a_withdrawn_run_goes_on_or_ends_as_if_it_had_never_been(
    stage: Stage, ada: Caller
) -> None:
    schedule_id = asleep(stage, overlap="buffer_all")
    before = held(stage, schedule_id)[0]
    job_id = missed.backfill(ada, schedule_id, NOON + 20 * MINUTE)
    later_id = schedules.run_now(ada, schedule_id)
    child_id = schedules.run_now(ada, stage.schedule(name="child"))
    dependencies.link_jobs(ada, child_id, job_id)
    assert jobs.row(ada, later_id).status == JobStatus.BLOCKED

    with pytest.raises(Conflict, match=r"started 2 schedules .*; the next undo takes back: backf"):
        journal.undo(ada)
    assert jobs.row(ada, later_id).status == JobStatus.BLOCKED
    journal.undo(ada)
    assert held(stage, schedule_id)[0] == before
    assert stage.row(schedule_id).job_id == later_id
    assert jobs.row(ada, later_id).status == JobStatus.QUEUED
    child = jobs.row(ada, child_id)
    assert (child.status, child.error) == (
        JobStatus.CANCELLED,
        "skip_dependency: the backfill of sync it waited for was taken back",
    )
    assert_all_is_accounted_for(stage)


def test_a_waived_range_does_not_swallow_what_is_missed_later(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)
    # Nothing runs in between, so that the next ones go on where the waived ones end.
    last = accounting.next_run(stage.row(schedule_id), NOON + 59 * MINUTE)
    assert last == NOON + HOUR
    missed.waive(ada)
    stage.clock.sleep(HOUR)
    stage.settle(stage.engines[0])

    assert missed.tally(ada).runs == 59
    assert_all_is_accounted_for(stage)


def test_one_occurrence_is_made_up_for(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)
    missed.backfill(ada, schedule_id, utc("2026-01-05 12:20"))

    assert backfilled(stage, schedule_id) == [NOON + 20 * MINUTE]
    assert [(one.from_at, one.to_at, one[4]) for one in stage.ranges(schedule_id)] == [
        (NOON + MINUTE, NOON + 19 * MINUTE, 19),
        (NOON + 21 * MINUTE, NOON + 59 * MINUTE, 39),
    ]
    assert_all_is_accounted_for(stage)
    with pytest.raises(Conflict, match=r"has job [0-9a-f-]{18} for .* already; retry that one"):
        missed.backfill(ada, schedule_id, utc("2026-01-05 12:20"))
    with pytest.raises(Conflict, match="still to be planned"):
        missed.backfill(ada, schedule_id, utc("2026-01-05 15:00"))
    with pytest.raises(Conflict, match="has had its present trigger since"):
        missed.backfill(ada, schedule_id, utc("2026-01-05 11:00"))
    with pytest.raises(Invalid, match="not one of its times; the nearest is"):
        missed.backfill(ada, schedule_id, utc("2026-01-05 12:20:30"))


def test_pruned_backfills_keep_the_sums(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage, max_catchup=3)
    missed.run_all(ada)
    for _ in range(3):
        stage.settle(stage.engines[0])
    before = ledger.total(ada, schedule_id)
    stage.clock.advance(timedelta(days=100))
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        kept = Retention(jobs_per_schedule=0)
        pruning.prune_schedule(tx, schedule_id, kept, now=stage.clock.now())

    assert len(stage.jobs(schedule_id)) <= 2  # the newest by time, and the newest made
    after = ledger.total(ada, schedule_id, until=before.until)
    assert (after.planned, after.ran, after.skipped) == (
        before.planned,
        before.ran,
        before.skipped,
    )
    assert_all_is_accounted_for(stage)


def test_what_an_older_trigger_missed_can_only_be_waived(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage, job_type="noop")
    schedules.edit(ada, schedule_id, {"schedule_expression": "*/5 * * * *"})

    for verb in (missed.run_latest, missed.run_all):
        (row,) = verb(ada)
        assert (row.left, row.why_left) == (
            59,
            "its trigger was changed since, so they can only be waived",
        )
    missed.waive(ada)
    assert missed.listing(ada) == []


def test_two_who_deal_with_the_same_do_not_run_it_twice(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage, overlap="allow", max_catchup=100)
    olga = stage.caller("olga")
    one, other = at_once(
        lambda: missed.run_all(ada, [schedule_id]), lambda: missed.run_all(olga, [schedule_id])
    )

    assert sorted(len(row.job_ids) for row in (*one, *other)) == [0, 59]
    assert len(backfilled(stage, schedule_id)) == 59
    assert_all_is_accounted_for(stage)


def test_it_takes_the_rights_and_schedules_that_are_there(stage: Stage, ada: Caller) -> None:
    schedule_id = asleep(stage)
    viewer = replace(ada, role=Role.VIEWER)
    for verb in (missed.run_latest, missed.run_all, missed.waive):
        with pytest.raises(Forbidden):
            verb(viewer)
    with pytest.raises(Forbidden):
        missed.backfill(viewer, schedule_id, NOON + MINUTE)
    with pytest.raises(Invalid, match="note"):
        missed.waive(ada, note="a\nb")
    schedules.delete(ada, [schedule_id])
    assert missed.listing(ada) == []
    with pytest.raises(NotFound):
        missed.run_all(ada, [schedule_id])


def test_the_law_holds_whatever_is_dealt_with_in_whatever_order(stage: Stage, ada: Caller) -> None:
    chance = random.Random(20260105)
    ids = [
        stage.schedule(
            name=f"s{number}",
            schedule_expression=expression,
            on_missed=policy,
            overlap=overlap,
            max_catchup=4,
            timezone="Europe/Berlin",
            effective_at=NOON,
        )
        for number, (expression, policy, overlap) in enumerate(
            [
                ("* * * * *", "skip", "allow"),
                ("*/7 8-17 * * *", "all", "skip"),
                ("30 2 * * *", "latest", "buffer_all"),
                ("*/20 * * * * *", "skip", "cancel_running"),
            ],
        )
    ]
    for schedule_id in ids:
        stage.change(schedule_id, next_run_at=accounting.next_run(stage.row(schedule_id), NOON))
    engine = stage.engine()
    for _ in range(40):
        _something(stage, engine, ada, ids, chance)
        assert_all_is_accounted_for(stage)


def _something(
    stage: Stage, engine: Engine, ada: Caller, ids: list[UUID], chance: random.Random
) -> None:
    schedule_id = chance.choice(ids)
    match chance.randrange(7):
        case 0 | 1:
            stage.clock.sleep(timedelta(minutes=chance.randrange(1, 600)))
            stage.settle(engine)
        case 2:
            missed.run_latest(ada, [schedule_id], since=NOON)
        case 3:
            missed.run_all(ada, chance.choice([None, [schedule_id]]), since=NOON)
        case 4:
            missed.waive(ada, [schedule_id], since=NOON)
        case 5:
            with suppress(Conflict):
                chance.choice([journal.undo, journal.redo])(ada)
        case _:
            schedule = stage.row(schedule_id)
            at = NOON + (schedule.cursor_at - NOON) * chance.random()
            found = accounting.trigger_of(schedule).previous_before(at)
            with suppress(Conflict):
                missed.backfill(ada, schedule_id, found or NOON)
