"""Planning: what is due becomes exactly one job or a ledger entry, and the law holds after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, NOON, utc
from tfui.core import jitter
from tfui.model.columns import table_of
from tfui.model.queue import Queue
from tfui.store import planning

if TYPE_CHECKING:
    from tests.engine.stage import Stage

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def reasons(stage: Stage) -> list[tuple[str, int]]:
    return [(part.reason, part[4]) for part in stage.ranges()]


def test_a_due_schedule_runs_once_and_moves_on(stage: Stage) -> None:
    schedule = stage.schedule()
    engine = stage.engine()

    stage.later(MINUTE, engine)

    (job,) = stage.jobs(schedule)
    row = stage.row(schedule)
    assert ("succeeded", utc("2026-01-05 12:01")) == (job.status, job.nominal_at)
    assert (utc("2026-01-05 12:01"), utc("2026-01-05 12:02")) == (row.cursor_at, row.next_run_at)
    assert (1, job.id, "succeeded") == (row.runs_count, row.job_id, row.last_outcome)
    assert_the_law_holds(stage.store)


def test_nothing_is_planned_before_its_time(stage: Stage) -> None:
    stage.schedule()
    engine = stage.engine()

    stage.later(59 * SECOND, engine)

    assert stage.jobs() == []
    assert engine.turn() <= SECOND


def test_the_order_gives_the_runner_the_occurrence(stage: Stage) -> None:
    schedule = stage.schedule(name="nightly", payload={"print": "hello"}, timeout_seconds=5.5)
    stage.later(MINUTE, stage.engine())

    (order,) = stage.puppet.orders
    (job,) = stage.jobs()
    assert (job.id, "nightly", 1, 1) == (order.job_id, order.schedule, order.attempt, order.fence)
    assert timedelta(seconds=5.5) == order.timeout
    assert f"{schedule}/scheduled/2026-01-05T12:01:00+00:00" == order.occurrence_key
    assert order.occurrence_key == order.environment["TFUI_OCCURRENCE_KEY"]


def test_an_hour_away_runs_the_newest_and_accounts_for_the_rest(stage: Stage) -> None:
    schedule = stage.schedule(on_missed="latest")
    stage.later(HOUR, stage.engine())

    (job,) = stage.jobs(schedule)
    assert utc("2026-01-05 13:00") == job.nominal_at
    assert reasons(stage) == [("coalesced", 59)]
    assert_the_law_holds(stage.store)


def test_a_year_away_of_a_one_second_schedule_is_one_row(stage: Stage) -> None:
    stage.schedule(
        schedule_type="recurring",
        schedule_expression="1s",
        on_missed="skip",
        next_run_at=NOON + SECOND,
    )
    stage.later(timedelta(days=365), stage.engine())

    assert len(stage.jobs()) == 1
    assert reasons(stage) == [("missed_down", 365 * 86_400 - 61), ("coalesced", 60)]
    assert_the_law_holds(stage.store)


@pytest.mark.parametrize("away", ["sleep", "step"])
def test_what_a_sleep_or_a_stepped_clock_missed_says_so(stage: Stage, away: str) -> None:
    stage.schedule(
        schedule_type="recurring",
        schedule_expression="60s",
        on_missed="skip",
    )
    engine = stage.engine()
    stage.later(MINUTE, engine)

    getattr(stage.clock, away)(10 * MINUTE + 30 * SECOND)
    stage.settle(engine)

    reason = "missed_sleep" if away == "sleep" else "missed_clock_step"
    assert [(reason, 9)] == reasons(stage)
    assert len(stage.jobs()) == 2
    assert_the_law_holds(stage.store)


def test_a_clock_set_back_never_fires_anything_again(stage: Stage) -> None:
    stage.schedule()
    engine = stage.engine()
    stage.later(5 * MINUTE, engine)
    before = stage.jobs()

    stage.clock.step(-3 * MINUTE)
    stage.settle(engine)
    for _ in range(3):
        stage.later(MINUTE, engine)

    assert before == stage.jobs()
    assert_the_law_holds(stage.store)


def test_all_runs_everything_missed_one_after_the_other(stage: Stage) -> None:
    stage.schedule(on_missed="all", max_catchup=5)
    stage.later(HOUR, stage.engine())

    assert [job.status for job in stage.jobs()] == ["succeeded"] * 5
    assert reasons(stage) == [("missed_cap", 55)]
    assert_the_law_holds(stage.store)


def test_a_once_always_runs_and_is_completed(stage: Stage) -> None:
    schedule = stage.schedule(
        schedule_type="once",
        schedule_expression="30m",
        next_run_at=NOON + timedelta(minutes=30),
    )
    stage.later(timedelta(days=3), stage.engine())

    row = stage.row(schedule)
    assert [NOON + timedelta(minutes=30)] == [job.nominal_at for job in stage.jobs()]
    assert (row.status, row.next_run_at) == ("completed", None)
    assert_the_law_holds(stage.store)


def test_max_runs_completes_a_schedule_on_its_last_run(stage: Stage) -> None:
    schedule = stage.schedule(max_runs=2)
    engine = stage.engine()
    for _ in range(4):
        stage.later(MINUTE, engine)

    row = stage.row(schedule)
    assert (row.runs_count, row.status, row.next_run_at) == (2, "completed", None)
    assert len(stage.jobs()) == 2
    assert_the_law_holds(stage.store)


def test_runs_beyond_max_runs_are_accounted_for(stage: Stage) -> None:
    stage.schedule(max_runs=2, on_missed="all", overlap="allow")
    stage.later(5 * MINUTE, stage.engine())

    assert len(stage.jobs()) == 2
    assert reasons(stage) == [("skip_max_runs", 3)]
    assert_the_law_holds(stage.store)


def test_ends_at_is_the_last_instant_that_counts(stage: Stage) -> None:
    schedule = stage.schedule(ends_at=NOON + 2 * MINUTE)
    engine = stage.engine()
    for _ in range(4):
        stage.later(MINUTE, engine)

    assert len(stage.jobs()) == 2
    assert (stage.row(schedule).status, stage.row(schedule).next_run_at) == ("completed", None)
    assert_the_law_holds(stage.store)


def test_an_end_that_passed_while_away_bounds_the_backlog(stage: Stage) -> None:
    stage.schedule(ends_at=NOON + 10 * MINUTE)
    stage.later(HOUR, stage.engine())

    assert [(part.reason, part[4]) for part in stage.ranges()] == [("skip_window", 10)]
    assert stage.jobs() == []
    assert_the_law_holds(stage.store)


def test_jitter_moves_the_start_and_not_the_occurrence(stage: Stage) -> None:
    schedule = stage.schedule(jitter_seconds=40)
    engine = stage.engine()
    nominal = NOON + MINUTE
    offset = jitter.offset(schedule, nominal, timedelta(seconds=40))
    assert offset > timedelta(0)

    stage.later(MINUTE, engine)
    (waiting,) = stage.jobs()
    rest = engine.turn()
    stage.later(offset, engine)
    (done,) = stage.jobs()

    assert ("queued", "jitter", nominal + offset) == (
        waiting.status,
        waiting.wait_reason,
        waiting.available_at,
    )
    assert rest <= offset
    assert ("succeeded", nominal) == (done.status, done.nominal_at)


def test_a_pause_that_is_over_ends_and_is_one_range(stage: Stage) -> None:
    until = NOON + timedelta(minutes=10, seconds=30)
    schedule = stage.schedule(status="paused", paused_at=NOON, paused_until=until)
    engine = stage.engine()
    for _ in range(11):
        stage.later(MINUTE, engine)

    assert stage.row(schedule).status == "active"
    assert reasons(stage) == [("skip_paused", 10)]
    assert [job.nominal_at for job in stage.jobs()] == [NOON + 11 * MINUTE]
    assert_the_law_holds(stage.store)


def test_two_engines_never_make_two_jobs_of_one_occurrence(stage: Stage) -> None:
    for _ in range(20):
        stage.schedule()
    one, two = stage.engine(), stage.engine()
    for _ in range(3):
        stage.later(MINUTE, one, two)

    assert len(stage.jobs()) == 60
    assert len(stage.puppet.orders) == 60
    assert_the_law_holds(stage.store)


def test_a_schedule_that_cannot_be_read_fails_after_five_tries_and_stops_nobody(
    stage: Stage,
) -> None:
    bad = stage.schedule(name="bad", schedule_expression="61 * * * *")
    good = stage.schedule(name="good")
    engine = stage.engine()
    stage.later(MINUTE, engine)
    for _ in range(5):
        stage.later(2 * SECOND, engine)

    row = stage.row(bad)
    assert (row.status, row.creation_failures) == ("failed", 5)
    assert "could not be created 5 times in a row" in row.status_note
    assert [job.status for job in stage.jobs(good)] == ["succeeded"]


def test_a_deleted_or_paused_schedule_is_left_alone(stage: Stage) -> None:
    stage.schedule(deleted_at=NOON)
    stage.schedule(status="paused")
    stage.later(HOUR, stage.engine())

    assert stage.jobs() == []


def test_more_than_a_batch_due_at_once_is_planned_whole(sqlite_stage: Stage) -> None:
    schedules: list[Any] = [sqlite_stage.schedule() for _ in range(1201)]
    engine = sqlite_stage.engine(work=False)
    sqlite_stage.clock.advance(MINUTE)
    engine.turn()

    assert len(schedules) == engine.figures.planned == len(sqlite_stage.jobs())


def test_a_crowd_is_planned_a_part_each_turn_so_that_a_stop_is_heard_between(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tfui.engine.planner.BATCH", 2)
    monkeypatch.setattr("tfui.engine.planner.BATCHES", 2)
    for _ in range(7):
        sqlite_stage.schedule()
    engine = sqlite_stage.engine(work=False)
    sqlite_stage.clock.advance(MINUTE)

    assert (engine.turn(), engine.figures.planned) == (timedelta(0), 4)
    assert engine.turn() > timedelta(0)
    assert engine.figures.planned == 7


def test_a_crowd_is_drained_to_its_end_though_none_of_it_may_start(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tfui.engine.planner.BATCH", 2)
    monkeypatch.setattr("tfui.engine.planner.BATCHES", 1)
    for _ in range(5):
        sqlite_stage.schedule()
    with sqlite_stage.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table_of(Queue).update().values(paused_at=NOON))
    sqlite_stage.clock.advance(MINUTE)

    figures = sqlite_stage.unopened_engine().drain()

    assert (figures.planned, figures.started) == (5, 0)


def test_more_schedules_than_a_batch_that_cannot_be_planned_keep_nobody_from_stopping(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("a row that nobody can read")

    monkeypatch.setattr("tfui.engine.planner.BATCH", 2)
    for name in ("due", "due_one"):
        monkeypatch.setattr(planning, name, refuse)
    schedules = [sqlite_stage.schedule() for _ in range(3)]
    engine = sqlite_stage.engine()
    sqlite_stage.clock.advance(MINUTE)

    assert engine.turn() == timedelta(0)
    assert sorted(sqlite_stage.row(one).creation_failures for one in schedules) == [0, 1, 1]
    assert engine.turn() == SECOND
    assert [sqlite_stage.row(one).creation_failures for one in schedules] == [1, 1, 1]
    assert "could not be created" in caplog.text


def test_schedules_behind_a_batch_that_cannot_be_planned_are_planned_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tfui.engine.planner.BATCH", 2)
    for _ in range(5):
        stage.schedule(schedule_expression="61 * * * *", next_run_at=NOON + SECOND)
    behind = [stage.schedule(next_run_at=NOON + MINUTE) for _ in range(3)]
    engine = stage.engine(work=False)
    stage.clock.advance(MINUTE)

    engine.turn()

    assert [len(stage.jobs(one)) for one in behind] == [1, 1, 1]


def test_what_overlap_skips_uses_up_no_run(stage: Stage) -> None:
    """Six occurrences wait when the engine starts; one becomes a job, five meet it."""
    stage.schedule(schedule_expression="* * * * *", max_runs=3, grace_seconds=3600)
    engine = stage.engine()

    stage.later(6 * MINUTE, engine)

    assert reasons(stage) == [("skip_overlap", 5)]
