"""What people complain of in other schedulers, one test each, through real engines on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.world import NOON, eventually, utc
from tfui.model.columns import table_of
from tfui.model.node import Node
from tfui.service import engines, ledger, schedules
from tfui.service.caller import local_caller
from tfui.store import accounting

if TYPE_CHECKING:
    from uuid import UUID

    from tests.engine.stage import Stage

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def from_now_on(stage: Stage, **changes: Any) -> UUID:
    """Insert a schedule whose trigger is in force since this instant, due when the trigger says."""
    now = stage.clock.now()
    schedule_id = stage.schedule(
        **{"anchor_at": now, "effective_at": now, "cursor_at": now, "created_at": now, **changes},
    )
    stage.change(schedule_id, next_run_at=accounting.next_run(stage.row(schedule_id), now))
    return schedule_id


def nominal(stage: Stage, schedule_id: UUID | None = None) -> list[datetime]:
    return [job.nominal_at for job in stage.jobs(schedule_id)]


def skipped(stage: Stage, schedule_id: UUID | None = None) -> list[tuple[str, int]]:
    return [(part.reason, part[4]) for part in stage.ranges(schedule_id)]


def go_to(stage: Stage, instant: datetime) -> None:
    """Let the time before the test's story pass; no engine has come yet."""
    stage.clock.advance(instant - stage.clock.now())


def test_nothing_is_lost_silently_while_the_machine_is_asleep(stage: Stage) -> None:
    backup = from_now_on(stage, schedule_expression="0 2 * * *", on_missed="latest")
    probe = from_now_on(stage, schedule_expression="*/10 * * * *", on_missed="skip")
    engine = stage.engine()
    stage.settle(engine)

    stage.clock.sleep(18 * HOUR + 5 * MINUTE)  # noon to 06:05; the backup was due at 02:00
    stage.settle(engine)

    assert nominal(stage, backup) == [utc("2026-01-06 02:00")]
    assert nominal(stage, probe) == []
    assert skipped(stage, probe) == [("missed_sleep", 6 * 18)]
    caller = local_caller(stage.store, stage.clock, via="cli")
    total = ledger.total(caller, probe)
    assert (total.planned, total.ran, dict(total.skipped)) == (108, 0, {"missed_sleep": 108})
    (node,) = engines.nodes(caller)
    assert node.figures["last_sleep"]["seconds"] == (18 * HOUR + 5 * MINUTE).total_seconds()
    assert_the_law_holds(stage.store)


def test_nothing_runs_twice_at_the_end_of_summer_time(stage: Stage) -> None:
    # Berlin's clocks go from 03:00 back to 02:00 on 25 October, at 01:00 UTC.
    go_to(stage, utc("2026-10-24 23:00"))
    fixed = from_now_on(stage, schedule_expression="30 2 * * *", timezone="Europe/Berlin")
    often = from_now_on(stage, schedule_expression="*/30 * * * *", timezone="Europe/Berlin")
    engine = stage.engine()

    for _ in range(8):
        stage.later(30 * MINUTE, engine)

    assert nominal(stage, fixed) == [utc("2026-10-25 00:30")]
    assert nominal(stage, often) == [
        utc("2026-10-24 23:00") + number * 30 * MINUTE for number in range(1, 9)
    ]
    assert_the_law_holds(stage.store)


def test_nothing_is_left_out_at_the_beginning_of_summer_time(stage: Stage) -> None:
    # 02:30 does not exist in Berlin on 29 March; its run comes as soon as the gap is over.
    go_to(stage, utc("2026-03-28 23:00"))
    fixed = from_now_on(stage, schedule_expression="30 2 * * *", timezone="Europe/Berlin")
    engine = stage.engine()

    for _ in range(60):
        stage.later(30 * MINUTE, engine)

    assert nominal(stage, fixed) == [utc("2026-03-29 01:00"), utc("2026-03-30 00:30")]
    assert_the_law_holds(stage.store)


def test_no_flood_comes_after_a_downtime(stage: Stage) -> None:
    often = from_now_on(stage, on_missed="latest")
    every = from_now_on(stage, on_missed="all", max_catchup=10)
    stage.settle(first := stage.engine())
    stage.engines.remove(first)
    first.close()

    stage.clock.advance(3 * DAY)
    stage.settle(stage.engine())

    assert nominal(stage, often) == [NOON + 3 * DAY]
    assert nominal(stage, every) == [
        NOON + 3 * DAY - number * MINUTE for number in range(9, -1, -1)
    ]
    # The window of a day leaves the first two days out; of the third, the newest ten run.
    assert skipped(stage, often) == [("missed_deadline", 2879), ("coalesced", 1440)]
    assert skipped(stage, every) == [("missed_deadline", 2879), ("missed_cap", 1431)]
    assert len(stage.puppet.orders) == 11
    assert_the_law_holds(stage.store)


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_a_stale_running_record_does_not_block_the_next_run(
    stage: Stage, max_attempts: int
) -> None:
    from_now_on(stage, payload={"hold": True}, max_attempts=max_attempts)
    vanished = stage.engine()
    stage.clock.advance(MINUTE)
    vanished.turn()
    eventually(lambda: len(stage.puppet.orders) == 1)
    stage.engines.remove(vanished)  # it neither settles nor renews nor signs off any more
    vanished._executor.close()
    stage.puppet.gate.set()
    assert [job.status for job in stage.jobs()] == ["running"]

    successor = stage.engine()
    for _ in range(4):
        stage.later(MINUTE, successor)

    first, *others = stage.jobs()
    assert first.status == ("failed" if max_attempts == 1 else "succeeded")
    assert next(one.outcome for one in stage.attempts() if one.job_id == first.id) == "lost"
    assert [job.status for job in others] == ["succeeded"] * len(others)
    assert others[-1].nominal_at == NOON + 5 * MINUTE
    assert len(others) + sum(count for _, count in skipped(stage)) == 4
    assert_the_law_holds(stage.store)


def test_the_next_run_that_is_shown_is_the_one_the_engine_makes(stage: Stage) -> None:
    caller = local_caller(stage.store, stage.clock, via="tui")
    schedule_id = from_now_on(stage, schedule_expression="*/7 * * * *")
    engine = stage.engine()

    def assert_the_next_is_made() -> None:
        (row,) = schedules.rows(caller, [schedule_id])
        upcoming = schedules.upcoming(caller, schedule_id, count=3)
        assert row.next_run_at == upcoming[0]
        before = len(stage.jobs(schedule_id))
        for wanted in upcoming:
            stage.later(wanted - stage.clock.now(), engine)
            stage.settle(engine)  # a turn that finds a pause over wants another at once
        assert nominal(stage, schedule_id)[before:] == upcoming

    assert_the_next_is_made()
    schedules.edit(caller, schedule_id, {"schedule_expression": "3 */2 * * *"})
    assert_the_next_is_made()
    schedules.edit(caller, schedule_id, {"timezone": "Asia/Kathmandu"})
    assert_the_next_is_made()
    schedules.pause(caller, [schedule_id], until=stage.clock.now() + 5 * HOUR)
    assert_the_next_is_made()
    schedules.pause(caller, [schedule_id])
    stage.later(DAY, engine)
    schedules.resume(caller, [schedule_id])
    assert_the_next_is_made()
    stage.clock.step(-HOUR)
    assert_the_next_is_made()
    assert_the_law_holds(stage.store)


def test_an_interval_does_not_drift(stage: Stage) -> None:
    schedule = from_now_on(
        stage, schedule_type="recurring", schedule_expression="90s", overlap="allow"
    )
    engine = stage.engine()

    for number in range(1, 41):  # always late, by up to eight seconds, and each run takes a second
        due = NOON + number * 90 * SECOND
        stage.later(due + (number * 37 % 80) * timedelta(milliseconds=100) - stage.clock.now())
        stage.clock.advance(SECOND)
    stage.settle(engine)

    assert nominal(stage, schedule) == [NOON + number * 90 * SECOND for number in range(1, 41)]
    assert stage.row(schedule).next_run_at == NOON + 41 * 90 * SECOND
    assert_the_law_holds(stage.store)


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_clock_that_is_set_back_fires_nothing_again(stage: Stage, is_restarted: bool) -> None:
    minutely = from_now_on(stage)
    interval = from_now_on(stage, schedule_type="recurring", schedule_expression="7m")
    engine = stage.engine()
    for _ in range(30):
        stage.later(MINUTE, engine)
    before = (nominal(stage, minutely), nominal(stage, interval))

    stage.clock.step(-2 * HOUR)
    if is_restarted:
        stage.engines.remove(engine)
        engine.close()
        engine = stage.engine()
    for _ in range(10):
        stage.later(12 * MINUTE, engine)

    assert (nominal(stage, minutely), nominal(stage, interval)) == before
    stage.later(MINUTE, engine)
    assert nominal(stage, minutely) == [*before[0], NOON + 31 * MINUTE]
    assert skipped(stage) == []
    assert_the_law_holds(stage.store)


def test_a_clock_that_is_set_forward_is_not_taken_for_a_downtime(stage: Stage) -> None:
    probe = from_now_on(stage, schedule_type="recurring", schedule_expression="5m")
    stage.change(probe, on_missed="skip")
    engine = stage.engine()
    stage.settle(engine)

    stage.clock.step(62 * MINUTE)
    stage.settle(engine)

    assert skipped(stage, probe) == [("missed_clock_step", 12)]
    nodes = table_of(Node)
    with stage.store.reading() as tx:
        assert tx.connection.execute(nodes.select()).one().stopped_at is None
    assert_the_law_holds(stage.store)
