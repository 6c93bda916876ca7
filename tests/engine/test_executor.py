"""Carrying out: attempts, retries, cancellation, output, and what comes back from whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, NOON, a_queue, eventually
from tfui.core.retry import RetryPolicy
from tfui.model.columns import table_of
from tfui.model.job import Job, Output
from tfui.model.journal import Journal
from tfui.model.queue import Queue
from tfui.store import claims, firing

if TYPE_CHECKING:
    from uuid import UUID

    from tests.engine.stage import Stage
    from tfui.engine.engine import Engine

MINUTE = timedelta(minutes=1)


def a_manual_job(stage: Stage, **changes: Any) -> UUID:
    """Have a schedule that is far from due, and run it by hand."""
    schedule = stage.schedule(**{"next_run_at": NOON + timedelta(days=9), **changes})
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        return firing.fire_now(tx, stage.row(schedule))


def begin(stage: Stage, **options: Any) -> Engine:
    """Turn a new engine once, and wait for the held jobs to have begun."""
    engine = stage.engine(**options)
    engine.turn()
    eventually(lambda: len(stage.puppet.orders) == engine.busy)
    return engine


def test_a_failure_is_retried_after_the_delay_that_can_be_shown(stage: Stage) -> None:
    job_id = a_manual_job(stage, payload={"outcome": "failed"}, max_attempts=2)
    engine = stage.engine()
    stage.settle(engine)
    (waiting,) = stage.jobs()
    delay = RetryPolicy(max_attempts=2).delay(job_id, 1)
    stage.later(delay - timedelta(milliseconds=1), engine)
    attempts_before = len(stage.attempts())
    stage.later(timedelta(milliseconds=1), engine)
    (ended,) = stage.jobs()

    assert ("queued", "retry", NOON + delay) == (
        waiting.status,
        waiting.wait_reason,
        waiting.available_at,
    )
    assert attempts_before == 1
    assert (ended.status, ended.attempt, ended.error) == ("failed", 2, "it went wrong")
    assert [(a.number, a.outcome) for a in stage.attempts()] == [(1, "failed"), (2, "failed")]
    assert (
        stage.row(ended.scheduled_job_id).consecutive_failures,
        stage.row(ended.scheduled_job_id).last_outcome,
    ) == (1, "failed")


def test_exit_codes_say_whether_another_attempt_is_worth_it(stage: Stage) -> None:
    refused = {"outcome": "failed", "exit_code": 2}
    other = {"outcome": "failed", "exit_code": 3}
    busy = {"outcome": "failed", "exit_code": 75}
    made = [
        a_manual_job(stage, payload=refused, no_retry_on=[2]),
        a_manual_job(stage, payload=other, retry_on=[75]),
        a_manual_job(stage, payload=busy, retry_on=[75]),
    ]
    stage.settle(stage.engine())

    statuses = {job.id: job.status for job in stage.jobs()}
    assert [statuses[job_id] for job_id in made] == ["failed", "failed", "queued"]


def test_enough_failures_in_a_row_pause_the_schedule_and_say_so(stage: Stage) -> None:
    schedule = stage.schedule(
        payload={"outcome": "failed"}, max_attempts=1, pause_after_failures=2, name="flaky"
    )
    engine = stage.engine()
    for _ in range(4):
        stage.later(MINUTE, engine)

    row = stage.row(schedule)
    assert (row.status, row.paused_by) == ("paused", "engine")
    assert row.pause_note == "failed 2 times in a row; the last: it went wrong"
    assert len(stage.jobs()) == 2
    with stage.store.reading() as tx:
        entries = tx.connection.execute(select(table_of(Journal))).all()
    assert [(e.verb, e.by, e.subject) for e in entries] == [("schedule.paused", "engine", "flaky")]
    assert_the_law_holds(stage.store)


def test_a_success_ends_the_row_of_failures(stage: Stage) -> None:
    schedule = stage.schedule(payload={"outcome": "failed"}, max_attempts=1)
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.change(schedule, payload={})
    stage.later(MINUTE, engine)

    row = stage.row(schedule)
    assert (row.last_outcome, row.consecutive_failures) == ("succeeded", 0)


def test_an_unknown_job_type_fails_its_job_with_a_hint(stage: Stage) -> None:
    a_manual_job(stage, job_type="shel", max_attempts=1)
    stage.settle(stage.engine())

    (job,) = stage.jobs()
    assert job.status == "failed"
    assert "there is no job type 'shel'" in job.error


def test_what_a_job_prints_is_kept_with_its_attempt(stage: Stage) -> None:
    job_id = a_manual_job(stage, payload={"print": "héllo\n"})
    stage.settle(stage.engine())

    with stage.store.reading() as tx:
        (chunk,) = tx.connection.execute(select(table_of(Output))).all()
    assert (job_id, 1, "stdout", "héllo\n") == (chunk.job_id, chunk.fence, chunk.stream, chunk.text)


def test_output_is_there_while_the_job_still_runs(stage: Stage) -> None:
    a_manual_job(stage, payload={"print": "so far", "hold": True})
    engine = begin(stage)

    def is_there() -> bool:
        engine.turn()
        with stage.store.reading() as tx:
            return tx.connection.execute(select(table_of(Output))).first() is not None

    eventually(is_there)
    assert [job.status for job in stage.jobs()] == ["running"]


def test_a_running_job_that_is_asked_to_cancel_ends_cancelled(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True})
    engine = begin(stage)
    (job,) = stage.jobs()
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        firing.cancel_live(tx, job.scheduled_job_id, by="ada")
    stage.settle(engine)

    (job,) = stage.jobs()
    assert (job.status, job.cancelled_by, job.attempt) == ("cancelled", "ada", 1)
    assert [attempt.outcome for attempt in stage.attempts()] == ["cancelled"]


def test_a_job_that_fails_after_it_was_asked_to_cancel_is_not_tried_again(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True, "outcome": "failed"})
    engine = begin(stage)
    (job,) = stage.jobs()
    table = table_of(Job)
    with stage.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table.update().values(cancel_requested_at=NOON))
    stage.puppet.gate.set()
    eventually(lambda: bool(engine.turn()) and engine.busy == 0)

    assert stage.jobs()[0].status == "cancelled"
    assert job.id == stage.jobs()[0].id


def test_higher_priority_goes_first_then_age(stage: Stage) -> None:
    first = a_manual_job(stage, priority=1)
    stage.clock.advance(timedelta(milliseconds=1))
    second = a_manual_job(stage, priority=1)
    urgent = a_manual_job(stage, priority=9)
    stage.settle(stage.engine(seats=1))

    assert [urgent, first, second] == [order.job_id for order in stage.puppet.orders]


def test_a_queue_runs_no_more_than_its_concurrency_over_all_engines(stage: Stage) -> None:
    with stage.store.writing(by=ADA, now=NOON) as tx:
        narrow = a_queue(tx, stage.organization_id, name="narrow", concurrency=1)
    for _ in range(3):
        a_manual_job(stage, payload={"hold": True}, queue_id=narrow)
    one = begin(stage)
    two = stage.engine()
    two.turn()

    assert (one.busy, two.busy) == (1, 0)
    assert sorted((job.wait_reason for job in stage.jobs()), key=lambda reason: reason is None) == [
        "concurrency",
        "concurrency",
        None,
    ]


def test_a_paused_queue_hands_out_nothing_and_its_jobs_say_why(stage: Stage) -> None:
    a_manual_job(stage)
    queues = table_of(Queue)
    with stage.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(queues.update().values(paused_at=NOON, paused_until=NOON + MINUTE))
    engine = stage.engine()
    stage.settle(engine)
    (waiting,) = stage.jobs()
    stage.later(MINUTE, engine)

    assert (waiting.status, waiting.wait_reason) == ("queued", "queue_paused")
    assert [job.status for job in stage.jobs()] == ["succeeded"]


def test_jobs_without_a_seat_say_so(stage: Stage) -> None:
    for _ in range(3):
        a_manual_job(stage, payload={"hold": True})
    begin(stage, seats=2)

    assert [job.wait_reason for job in stage.jobs()] == [None, None, "concurrency"]


def test_a_stopping_engine_hands_its_jobs_back_and_the_attempt_does_not_count(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True})
    engine = stage.engine()
    stage.clock.advance(MINUTE)
    engine.turn()
    eventually(lambda: len(stage.puppet.orders) == 1)
    engine.stop("hand_back")
    engine.wind_up()
    stage.puppet.gate.clear()
    stage.change(stage.jobs()[0].scheduled_job_id, payload={})
    (job,) = stage.jobs()

    assert (job.status, job.attempt, job.lease_owner) == ("queued", 0, None)
    assert [attempt.outcome for attempt in stage.attempts()] == ["handed_back"]


def test_a_job_that_was_lost_is_tried_again_and_the_late_result_is_a_note(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True})
    hung = begin(stage)
    rescuer = stage.engine(work=False)
    rescuer.turn()
    stage.clock.advance(claims.LEASE + timedelta(seconds=1))
    rescuer.turn()
    (lost,) = stage.jobs()
    stage.puppet.gate.set()
    eventually(lambda: bool(hung.turn()) and hung.busy == 0)

    (attempt,) = stage.attempts()
    assert (lost.status, lost.wait_reason, lost.attempt) == ("queued", "retry", 1)
    assert attempt.outcome == "lost"
    assert attempt.note == "reported too late: succeeded"


def test_leases_are_renewed_while_a_job_runs(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True})
    engine = begin(stage)
    other = stage.engine(work=False)
    for _ in range(10):
        stage.clock.advance(timedelta(seconds=20))
        engine.turn()
        other.turn()

    (job,) = stage.jobs()
    assert ("running", stage.clock.now() + claims.LEASE) == (job.status, job.lease_until)


def test_a_suspend_longer_than_the_lease_loses_nobodys_job(stage: Stage) -> None:
    a_manual_job(stage, payload={"hold": True})
    sleeper = begin(stage)
    neighbour = stage.engine(work=False)
    neighbour.turn()
    stage.clock.sleep(timedelta(hours=8))
    neighbour.turn()
    sleeper.turn()
    stage.puppet.gate.set()
    stage.settle(sleeper)

    assert [(job.status, job.attempt) for job in stage.jobs()] == [("succeeded", 1)]
