"""Overlap: what happens when an occurrence is due while the job before it still lives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, NOON, eventually
from tfui.core.identifiers import short
from tfui.errors import Conflict
from tfui.store import firing

if TYPE_CHECKING:
    from tests.engine.stage import Stage
    from tfui.engine.engine import Engine

MINUTE = timedelta(minutes=1)


def turn(stage: Stage, engine: Engine, span: timedelta = MINUTE) -> None:
    """Let time pass and turn once, whatever runs."""
    stage.clock.advance(span)
    engine.wake()
    engine.turn()
    engine.turn()


def begin(stage: Stage, **changes: object) -> Engine:
    """Have a schedule whose first job runs on until the stage lets go."""
    stage.schedule(payload={"hold": True}, **changes)
    engine = stage.engine()
    turn(stage, engine)
    eventually(lambda: len(stage.puppet.orders) == 1)
    return engine


def release(stage: Stage, engine: Engine) -> None:
    stage.puppet.gate.set()
    stage.settle(engine)


def test_skip_leaves_it_out_and_names_the_job_in_the_way(stage: Stage) -> None:
    engine = begin(stage, overlap="skip")
    for _ in range(3):
        turn(stage, engine)
    release(stage, engine)

    (job,) = stage.jobs()
    (part,) = stage.ranges()
    assert ("skip_overlap", 3, f"job {short(job.id)} was running") == (
        part.reason,
        part[4],
        part.detail,
    )
    assert_the_law_holds(stage.store)


def test_buffer_one_keeps_one_waiting_and_skips_the_others(stage: Stage) -> None:
    engine = begin(stage, overlap="buffer_one")
    for _ in range(3):
        turn(stage, engine)
    waiting = [(job.status, job.wait_reason) for job in stage.jobs()]
    release(stage, engine)

    assert waiting == [("running", None), ("blocked", "overlap")]
    assert [job.status for job in stage.jobs()] == ["succeeded", "succeeded"]
    assert [part[4] for part in stage.ranges()] == [2]
    assert_the_law_holds(stage.store)


def test_buffer_all_runs_them_in_order_one_at_a_time(stage: Stage) -> None:
    engine = begin(stage, overlap="buffer_all")
    for _ in range(3):
        turn(stage, engine)
    release(stage, engine)

    assert [job.status for job in stage.jobs()] == ["succeeded"] * 4
    assert [order.nominal_at for order in stage.puppet.orders] == [
        NOON + number * MINUTE for number in range(1, 5)
    ]
    assert_the_law_holds(stage.store)


def test_cancel_running_ends_the_old_job_and_runs_the_new(stage: Stage) -> None:
    engine = begin(stage, overlap="cancel_running")
    turn(stage, engine)
    stage.settle(engine)

    assert [job.status for job in stage.jobs()] == ["cancelled", "succeeded"]
    assert stage.jobs()[0].cancelled_by == "engine"
    assert_the_law_holds(stage.store)


def test_allow_runs_them_side_by_side(stage: Stage) -> None:
    engine = begin(stage, overlap="allow")
    turn(stage, engine)
    eventually(lambda: len(stage.puppet.orders) == 2)
    running = [job.status for job in stage.jobs()]
    release(stage, engine)

    assert running == ["running", "running"]
    assert_the_law_holds(stage.store)


def test_a_manual_run_goes_through_the_same_gate(stage: Stage) -> None:
    engine = begin(stage, overlap="skip")
    schedule = stage.row(stage.jobs()[0].scheduled_job_id)

    with (
        pytest.raises(Conflict, match=f"its job {short(stage.jobs()[0].id)} is still running"),
        stage.store.writing(by=ADA, now=stage.clock.now()) as tx,
    ):
        firing.fire_now(tx, schedule)
    release(stage, engine)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        job_id = firing.fire_now(tx, schedule)
    stage.settle(engine)

    made = {job.id: (job.kind, job.status) for job in stage.jobs()}
    assert made[job_id] == ("manual", "succeeded")
    assert stage.row(schedule.id).runs_count == 1
    assert_the_law_holds(stage.store)


def test_two_manual_runs_in_one_instant_are_two_jobs(stage: Stage) -> None:
    schedule = stage.row(stage.schedule(overlap="allow"))
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        made = {firing.fire_now(tx, schedule), firing.fire_now(tx, schedule)}

    assert made == {job.id for job in stage.jobs()}
    assert len(made) == 2
