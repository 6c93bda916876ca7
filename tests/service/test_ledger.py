"""The ledger's sums: planned = ran + skipped + pending, over any window, whatever happened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.engine.stage import Stage
from tests.world import ADA, NOON, a_schedule, an_organization, new_id, utc
from tfui.core.states import SkipReason
from tfui.errors import NotFound
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job
from tfui.model.occurrence import Occurrence
from tfui.service import forecast, ledger, schedules
from tfui.service import jobs as jobs_
from tfui.service.caller import local_caller
from tfui.store import pruning
from tfui.store.pruning import Retention

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.service.caller import Caller
    from tfui.store.connection import Store

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ada(stage: Stage) -> Caller:
    """Somebody who asks."""
    return local_caller(stage.store, stage.clock, via="cli")


@pytest.fixture
def eventful(stage: Stage) -> UUID:
    """A minutely schedule that ran, slept through an hour, ran, and met its own long run."""
    schedule = stage.schedule()
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.later(HOUR, engine)
    stage.later(MINUTE, engine)
    stage.change(schedule, payload={"hold": True})
    stage.clock.advance(MINUTE)
    engine.turn()
    for _ in range(5):
        stage.clock.advance(MINUTE)
        engine.turn()
    return schedule


def test_words_of_another_version_are_counted_and_shown_as_they_are(
    stage: Stage, ada: Caller, eventful: UUID
) -> None:
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        ranges, jobs = table_of(Occurrence), table_of(Job)
        tx.connection.execute(ranges.update().values(reason="eaten"))
        tx.connection.execute(jobs.update().values(status="melted", kind="odd", wait_reason="moon"))
        tx.connection.execute(table_of(Attempt).update().values(outcome="evaporated"))
    stage.change(eventful, overlap="polka", on_missed="shrug", last_outcome="melted")

    found = ledger.total(ada, eventful)
    lines = jobs_.history(ada, eventful)
    detail = schedules.detail(ada, eventful).schedule

    assert found.skipped == {"eaten": 64}
    assert {row.reason for row in lines} >= {"eaten"}
    assert {row.job.status for row in lines if row.job is not None} == {"melted"}
    assert (detail.overlap, detail.on_missed) == ("polka", "shrug")
    why = ledger.explain(ada, eventful, at=NOON + HOUR)
    assert "because 'eaten' (not known to this version)" in why.verdict
    assert ledger.explain(ada, eventful, at=NOON + MINUTE).steps
    assert ledger.explain(ada, eventful).verdict
    forecast.outlook(ada, begin=NOON, end=NOON + 3 * HOUR)


def test_without_a_trigger_that_can_be_read_the_rows_say_what_was_planned(
    stage: Stage, ada: Caller, eventful: UUID
) -> None:
    whole = ledger.total(ada, eventful)
    stage.change(eventful, schedule_type="lunar")

    found = ledger.total(ada, eventful)

    assert found.holds
    assert (found.planned, found.ran, found.skipped) == (whole.planned, whole.ran, whole.skipped)
    assert found.unreadable == (
        "schedule_type: 'lunar' is not one of once, recurring, cron, chained"
    )


def test_what_ran_was_planned(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule()
    engine = stage.engine()
    for _ in range(3):
        stage.later(MINUTE, engine)

    found = ledger.total(ada, schedule)

    assert (
        found.planned,
        found.ran,
        found.pending,
        found.skipped,
        found.unplanned,
    ) == (3, 3, 0, {}, 0)
    assert found.holds
    assert (found.since, found.until) == (NOON, NOON + 3 * MINUTE)


def test_every_reason_is_counted_and_its_ranges_are_listed(ada: Caller, eventful: UUID) -> None:
    found = ledger.total(ada, eventful)

    assert found.holds
    assert (found.planned, found.ran, found.pending) == (68, 3, 1)
    assert found.skipped == {SkipReason.COALESCED: 59, SkipReason.SKIP_OVERLAP: 5}
    assert [one.reason for one in found.ranges] == [SkipReason.SKIP_OVERLAP, SkipReason.COALESCED]
    assert (utc("2026-01-05 12:02"), utc("2026-01-05 13:00")) == (
        found.ranges[1].from_at,
        found.ranges[1].to_at,
    )


def test_a_window_cuts_ranges_exactly(ada: Caller, eventful: UUID) -> None:
    """Two windows that meet at any instant add up to the whole, and each holds by itself."""
    whole = ledger.total(ada, eventful)
    for minutes in (0, 1, 2, 17, 60, 61, 62, 63, 65, 68):
        cut = NOON + minutes * MINUTE
        early = ledger.total(ada, eventful, until=cut)
        late = ledger.total(ada, eventful, since=cut)

        assert early.holds
        assert late.holds
        assert minutes == early.planned
        assert whole.planned == early.planned + late.planned
        assert whole.ran == early.ran + late.ran
        assert whole.skipped == {
            reason: early.skipped.get(reason, 0) + late.skipped.get(reason, 0)
            for reason in whole.skipped
        }


def test_a_window_inside_one_range_shows_its_part_of_it(ada: Caller, eventful: UUID) -> None:
    found = ledger.total(
        ada,
        eventful,
        since=utc("2026-01-05 12:10:30"),
        until=utc("2026-01-05 12:20:30"),
    )

    (part,) = found.ranges
    assert found.holds
    assert (found.planned, found.skipped) == (10, {SkipReason.COALESCED: 10})
    assert (utc("2026-01-05 12:11"), utc("2026-01-05 12:20"), 10) == (
        part.from_at,
        part.to_at,
        part.count,
    )


def test_what_is_due_while_no_engine_runs_is_said_apart(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule()
    stage.clock.advance(HOUR)

    found = ledger.total(ada, schedule)

    assert (found.planned, found.unplanned) == (0, 60)
    assert found.holds
    assert ledger.total(ada, schedule, until=NOON + 10 * MINUTE).unplanned == 10


def test_nothing_is_due_of_a_completed_schedule(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule(status="completed", next_run_at=None)
    stage.clock.advance(HOUR)

    assert ledger.total(ada, schedule).unplanned == 0


def test_before_the_present_trigger_the_rows_are_the_count(
    stage: Stage,
    ada: Caller,
    eventful: UUID,
) -> None:
    edited_at = stage.clock.now()
    stage.puppet.gate.set()
    stage.settle(stage.engines[0])
    stage.change(
        eventful,
        schedule_expression="*/10 * * * *",
        effective_at=edited_at,
        cursor_at=edited_at,
        next_run_at=utc("2026-01-05 13:10"),
    )
    stage.later(10 * MINUTE, stage.engines[0])

    whole = ledger.total(ada, eventful)
    present = ledger.total(ada, eventful, since=edited_at)

    assert whole.holds
    assert edited_at == whole.counted_since
    assert (whole.planned, whole.ran) == (69, 5)
    assert present.holds
    assert present.counted_since is None
    assert (present.planned, present.ran) == (1, 1)


def test_pruning_leaves_the_sums_as_they_were(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule()
    engine = stage.engine()
    for _ in range(6):
        stage.later(MINUTE, engine)
    before = ledger.total(ada, schedule)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        kept = Retention(jobs_per_schedule=2)
        done = pruning.prune_schedule(tx, schedule, kept, now=stage.clock.now())

    after = ledger.total(ada, schedule)

    assert done.jobs == 4
    assert len(stage.jobs(schedule)) == 2
    assert before == after


def test_a_job_that_went_missing_breaks_the_law(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule()
    stage.later(MINUTE, stage.engine())
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table_of(Job).delete())

    assert not ledger.total(ada, schedule).holds


def test_a_manual_run_is_not_in_the_ledger(stage: Stage, ada: Caller) -> None:
    schedule = stage.schedule()
    stage.later(MINUTE, stage.engine())
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table_of(Job).update().values(kind="manual"))

    assert ledger.total(ada, schedule).ran == 0


def test_another_organizations_schedule_is_not_found(stage: Stage, ada: Caller) -> None:
    with stage.store.writing(by=ADA, now=NOON) as tx:
        theirs = a_schedule(tx, an_organization(tx, name="theirs"))

    with pytest.raises(NotFound):
        ledger.total(ada, theirs)
    with pytest.raises(NotFound):
        ledger.explain(ada, theirs)


def test_only_the_newest_ranges_are_listed_and_the_rest_is_counted(
    stage: Stage,
    ada: Caller,
) -> None:
    many = ledger.RANGES + 50
    schedule = stage.schedule(cursor_at=NOON + many * MINUTE)
    with stage.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(
            table_of(Occurrence).insert(),
            [
                {
                    "id": new_id(),
                    "scheduled_job_id": schedule,
                    "from_at": NOON + number * MINUTE,
                    "to_at": NOON + number * MINUTE,
                    "count": 1,
                    "reason": "skip_overlap" if number % 2 else "missed_down",
                    "created_at": NOON,
                }
                for number in range(1, many + 1)
            ],
        )
    stage.clock.advance(many * MINUTE)

    found = ledger.total(ada, schedule)

    assert found.holds
    assert (len(found.ranges), found.ranges_left_out) == (ledger.RANGES, 50)
    assert NOON + many * MINUTE == found.ranges[0].from_at


def test_a_sum_takes_few_queries_and_each_has_its_index(
    sqlite_store: Store,
    clock: FrozenClock,
) -> None:
    stage = Stage(sqlite_store, clock)
    schedule = stage.schedule()
    ada = local_caller(sqlite_store, clock, via="cli")
    asked: list[tuple[str, Any]] = []
    with sqlite_store.reading() as tx:
        engine = tx.connection.engine
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, statement, parameters, _x, _m: asked.append((statement, parameters)),
    )

    ledger.total(ada, schedule, since=NOON - HOUR, until=NOON + HOUR)

    queries = [one for one in asked if one[0].startswith("SELECT")]
    assert len(queries) <= 7
    with sqlite_store.reading() as tx:
        for statement, parameters in queries:
            rows = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [str(row[3]) for row in rows]
            assert not [line for line in plan if line.startswith("SCAN") and "CONSTANT" not in line]
