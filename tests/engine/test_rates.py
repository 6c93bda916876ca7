"""Rate limits while engines work: never more than allowed in any minute, never less than possible."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.ledger import assert_the_law_holds
from tests.engine.stage import Stage
from tests.engine.test_law import a_fresh_file
from tests.world import ADA, NOON
from tfui.clock import FrozenClock
from tfui.core.states import JobKind
from tfui.model.columns import table_of
from tfui.model.queue import RateStart
from tfui.store import claims, firing, rates

if TYPE_CHECKING:
    from uuid import UUID

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def limit(stage: Stage, per_minute: int | None, job_type: str | None = "puppet") -> None:
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        rates.set_limit(tx, stage.organization_id, job_type, per_minute)


def fire(stage: Stage, schedule: UUID, count: int = 1) -> None:
    for _ in range(count):
        with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
            firing.fire_now(tx, stage.row(schedule), kind=JobKind.MANUAL)


def waits(stage: Stage) -> Counter[Any]:
    return Counter((job.status, job.wait_reason) for job in stage.jobs())


def test_what_is_over_the_limit_waits_and_starts_when_the_limit_clears(stage: Stage) -> None:
    schedule = stage.schedule(overlap="allow", next_run_at=None)
    limit(stage, 2)
    engine = stage.engine(seats=4)
    fire(stage, schedule)
    stage.settle(engine)
    stage.later(timedelta(seconds=10))
    fire(stage, schedule, 4)
    stage.settle(engine)

    assert waits(stage) == {("succeeded", None): 2, ("queued", "rate"): 3}
    assert engine.turn() <= timedelta(seconds=30)
    stage.later(timedelta(seconds=49.999999))
    assert waits(stage)["queued", "rate"] == 3
    stage.later(timedelta(microseconds=1))
    assert waits(stage)["queued", "rate"] == 2
    stage.later(timedelta(seconds=10))
    assert waits(stage)["queued", "rate"] == 1


def test_the_engine_rests_exactly_until_the_limit_clears(stage: Stage) -> None:
    schedule = stage.schedule(overlap="allow", next_run_at=None)
    limit(stage, 1)
    engine = stage.engine()
    fire(stage, schedule, 2)
    stage.settle(engine)
    stage.later(timedelta(seconds=57.5))
    stage.settle(engine)

    assert engine.turn() == timedelta(seconds=2.5)


def test_other_types_take_the_places_that_a_limited_one_leaves(stage: Stage) -> None:
    many = stage.schedule(name="many", overlap="allow", next_run_at=None, priority=9)
    other = stage.schedule(name="other", overlap="allow", next_run_at=None, job_type="noop")
    limit(stage, 1)
    engine = stage.engine(seats=2)
    fire(stage, many, 5)
    fire(stage, other, 3)
    stage.settle(engine)

    assert len([job for job in stage.jobs(other) if job.status == "succeeded"]) == 3
    assert len([job for job in stage.jobs(many) if job.wait_reason == "rate"]) == 4


def test_the_default_holds_for_each_type_by_itself_and_an_own_limit_overrides_it(
    stage: Stage,
) -> None:
    limited = stage.schedule(name="a", overlap="allow", next_run_at=None)
    free = stage.schedule(name="b", overlap="allow", next_run_at=None, job_type="noop")
    limit(stage, 1, None)
    limit(stage, 3, "noop")
    engine = stage.engine(seats=2)
    fire(stage, limited, 2)
    fire(stage, free, 4)
    stage.settle(engine)

    started = Counter(job.job_type for job in stage.jobs() if job.status == "succeeded")
    assert started == {"puppet": 1, "noop": 3}


def test_a_limit_that_is_lifted_holds_up_nothing_more(stage: Stage) -> None:
    schedule = stage.schedule(overlap="allow", next_run_at=None)
    limit(stage, 1)
    engine = stage.engine()
    fire(stage, schedule, 3)
    stage.settle(engine)
    limit(stage, None)
    stage.settle(engine)

    assert waits(stage) == {("succeeded", None): 3}


def test_what_a_limit_lets_start_again_says_that_it_waits_for_a_seat(stage: Stage) -> None:
    quick = stage.schedule(name="quick", overlap="allow", next_run_at=None, job_type="noop")
    slow = stage.schedule(
        name="slow", overlap="allow", next_run_at=None, priority=9, payload={"hold": True}
    )
    limit(stage, 2, "noop")
    fire(stage, quick, 6)
    stage.settle(stage.engine(seats=1))
    before = waits(stage)
    fire(stage, slow)
    engine = stage.engine(seats=1)  # one that does not know yet how short jobs are
    engine.turn()
    stage.clock.advance(MINUTE)
    engine.turn()

    assert before == {("succeeded", None): 2, ("queued", "rate"): 4}
    assert waits(stage)["queued", "concurrency"] == 2
    assert waits(stage)["queued", "rate"] == 2
    stage.puppet.gate.set()
    stage.settle(engine)
    assert waits(stage) == {("succeeded", None): 5, ("queued", "rate"): 2}


def test_planned_jobs_wait_too_and_are_told_so(stage: Stage) -> None:
    first, second = stage.schedule(name="a"), stage.schedule(name="b")
    limit(stage, 1)
    engine = stage.engine()
    stage.later(MINUTE)

    assert waits(stage) == {("succeeded", None): 1, ("queued", "rate"): 1}
    assert len(stage.jobs(first)) == len(stage.jobs(second)) == 1
    assert engine.figures.trouble is None
    assert_the_law_holds(stage.store)


def test_a_claim_that_never_began_gives_its_place_back(stage: Stage) -> None:
    schedule = stage.schedule(overlap="allow", next_run_at=None)
    limit(stage, 5)
    fire(stage, schedule, 1)
    engine = stage.engine()
    with stage.store.writing(by=ADA, now=NOON) as tx:
        taken = claims.claim(tx, engine.node_id, now=NOON, seats=1)
        claims.give_back(tx, taken, engine.node_id)
        left = tx.connection.execute(table_of(RateStart).select()).all()

    assert len(taken) == 1
    assert left == []


@settings(max_examples=15, deadline=None)
@given(
    per_minute=st.integers(1, 4),
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 45_000), st.integers(0, 1)),
        min_size=2,
        max_size=12,
    ),
)
def test_two_engines_start_as_many_as_allowed_and_not_one_more(
    per_minute: int, steps: list[tuple[int, int, int]]
) -> None:
    """Held against a plain simulation: each job starts at the first look at which a place is free."""
    with tempfile.TemporaryDirectory(prefix="tfui-rate-") as folder:
        store = a_fresh_file(Path(folder))
        stage = Stage(store, FrozenClock(NOON))
        schedule = stage.schedule(overlap="allow", next_run_at=None)
        limit(stage, per_minute)
        engines = [stage.engine(seats=8), stage.engine(seats=8)]
        started: list[datetime] = []
        waiting = 0
        for made, milliseconds, which in steps:
            stage.clock.advance(timedelta(milliseconds=milliseconds))
            now = stage.clock.now()
            fire(stage, schedule, made)
            stage.settle(engines[which])
            waiting += made
            place = per_minute - sum(at > now - MINUTE for at in started)
            started += [now] * min(place, waiting)
            waiting -= min(place, waiting)

            found = [job.started_at for job in stage.jobs() if job.status == "succeeded"]
            assert sorted(found) == started
            assert waits(stage)["queued", "rate"] == waiting
        stage.clear()
        store.close()


def test_shed_rate_is_what_comes_due_while_only_the_limit_keeps_its_predecessor(
    stage: Stage,
) -> None:
    limit(stage, 1)
    busy = stage.schedule(schedule_expression="0 0 1 1 *", next_run_at=NOON + 365 * DAY)
    engine = stage.engine()
    stage.later(59 * SECOND, engine)
    fire(stage, busy)
    stage.settle(engine)
    schedule = stage.schedule(
        schedule_type="recurring",
        schedule_expression="10s",
        next_run_at=NOON + MINUTE,
        anchor_at=NOON,
        effective_at=NOON + 59 * SECOND,
        cursor_at=NOON + 59 * SECOND,
    )
    for _ in range(4):
        stage.later(10 * SECOND, engine)

    (job,) = stage.jobs(schedule)
    (part,) = stage.ranges(schedule)
    assert (job.status, job.wait_reason, job.nominal_at) == ("queued", "rate", NOON + MINUTE)
    assert (part.reason, part[4]) == ("shed_rate", 3)
    assert_the_law_holds(stage.store)
