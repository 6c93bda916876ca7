"""Reasons: each word that the ledger may give for a run that was not made, given by an engine.

Overlap, pauses and limits have their own tests beside this; here is how the policies for missed runs
and the ways to miss them meet, and what an edit leaves behind.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.world import NOON
from tfui.service import schedules
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from tests.engine.stage import Stage
    from tfui.engine.engine import Engine

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

AWAY = 30 * HOUR + 30 * SECOND
"""Longer than the window of a day, and a moment past an hour."""

POLICIES = {
    # The newest occurrence is half a minute late, within the grace, so it is not missed by `skip`.
    "skip": ([30], {"MISSED": 29}),
    "latest": ([30], {"missed_deadline": 6, "coalesced": 23}),
    "earliest": ([7], {"missed_deadline": 6, "coalesced": 23}),
    "all": ([28, 29, 30], {"missed_deadline": 6, "missed_cap": 21}),
}


def reasons(stage: Stage) -> list[tuple[str, int]]:
    return [(part.reason, part[4]) for part in stage.ranges()]


def be_down(stage: Stage, engine: Engine) -> Engine:
    engine.close()
    stage.engines.remove(engine)
    stage.clock.advance(AWAY)
    return stage.engine()


def fall_asleep(stage: Stage, engine: Engine) -> Engine:
    stage.clock.sleep(AWAY)
    return engine


def be_set_forward(stage: Stage, engine: Engine) -> Engine:
    stage.clock.step(AWAY)
    return engine


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("go_away", "word"),
    [
        (be_down, "missed_down"),
        (fall_asleep, "missed_sleep"),
        (be_set_forward, "missed_clock_step"),
    ],
)
def test_whatever_is_missed_is_run_or_named_by_its_policy_and_its_cause(
    stage: Stage, policy: str, go_away: type, word: str
) -> None:
    schedule = stage.schedule(
        schedule_expression="0 * * * *",
        next_run_at=NOON + HOUR,
        on_missed=policy,
        max_catchup=3,
        overlap="buffer_all",
    )
    engine = stage.engine()
    stage.settle(engine)
    engine = go_away(stage, engine)
    stage.settle(engine)

    ran, skipped = POLICIES[policy]
    assert [NOON + number * HOUR for number in ran] == [job.nominal_at for job in stage.jobs()]
    assert {job.status for job in stage.jobs()} == {"succeeded"}
    assert dict(reasons(stage)) == {
        word if reason == "MISSED" else reason: count for reason, count in skipped.items()
    }
    assert stage.row(schedule).next_run_at == NOON + 31 * HOUR
    assert_the_law_holds(stage.store)


def test_missed_down_is_told_from_missed_sleep_when_both_happened(stage: Stage) -> None:
    stage.schedule(
        on_missed="skip", schedule_expression="*/10 * * * *", next_run_at=NOON + 10 * MINUTE
    )
    engine = stage.engine()
    stage.settle(engine)
    stage.clock.sleep(32 * MINUTE)
    stage.settle(engine)
    engine.close()
    stage.engines.remove(engine)
    stage.clock.advance(30 * MINUTE)
    stage.settle(stage.engine())

    assert reasons(stage) == [("missed_sleep", 3), ("missed_down", 3)]
    assert_the_law_holds(stage.store)


def test_nothing_is_missed_by_a_nap_shorter_than_the_grace(stage: Stage) -> None:
    stage.schedule(on_missed="skip")
    engine = stage.engine()
    stage.settle(engine)
    stage.clock.sleep(MINUTE + 50 * SECOND)
    stage.settle(engine)

    assert [job.nominal_at for job in stage.jobs()] == [NOON + MINUTE]
    assert reasons(stage) == []


def test_missed_deadline_is_what_is_older_than_the_schedules_own_window(stage: Stage) -> None:
    stage.schedule(on_missed="latest", catchup_window_seconds=600)
    stage.later(HOUR + 30 * SECOND, stage.engine())

    assert [job.nominal_at for job in stage.jobs()] == [NOON + HOUR]
    assert reasons(stage) == [("missed_deadline", 50), ("coalesced", 9)]
    assert_the_law_holds(stage.store)


def test_superseded_is_what_an_edit_found_due_and_not_planned(stage: Stage) -> None:
    schedule = stage.schedule()
    caller = local_caller(stage.store, stage.clock, via="cli")
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.clock.advance(5 * MINUTE)  # nobody plans meanwhile
    schedules.edit(caller, schedule, {"schedule_expression": "*/2 * * * *"})
    stage.later(2 * MINUTE, engine)

    assert [job.nominal_at for job in stage.jobs()] == [NOON + MINUTE, NOON + 8 * MINUTE]
    assert reasons(stage) == [("superseded", 5)]
    assert_the_law_holds(stage.store)


def test_skip_paused_ends_with_whoever_resumes(stage: Stage) -> None:
    schedule = stage.schedule()
    caller = local_caller(stage.store, stage.clock, via="cli")
    engine = stage.engine()
    stage.settle(engine)
    schedules.pause(caller, [schedule], note="holidays")
    stage.later(3 * DAY, engine)
    schedules.resume(caller, [schedule])
    stage.later(MINUTE, engine)

    (part,) = stage.ranges()
    assert (part.reason, part[4], part.detail) == ("skip_paused", 3 * 1440, "holidays")
    assert [job.nominal_at for job in stage.jobs()] == [NOON + 3 * DAY + MINUTE]
    assert_the_law_holds(stage.store)


def test_skip_window_is_what_was_missed_and_seen_only_after_the_end(stage: Stage) -> None:
    schedule = stage.schedule(schedule_expression="0 * * * *", ends_at=NOON + 2 * HOUR)
    stage.change(schedule, next_run_at=NOON + HOUR)
    stage.later(5 * HOUR, stage.engine())

    assert stage.jobs() == []
    assert reasons(stage) == [("skip_window", 2)]
    assert stage.row(schedule).status == "completed"
    assert_the_law_holds(stage.store)
