"""Explanations over real rows: what the engine did, asked about afterwards and meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.engine.stage import Stage
from tests.world import ADA, NOON, utc
from tfui.core.identifiers import short
from tfui.core.states import Overlap
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.model.queue import Queue
from tfui.service import ledger
from tfui.service import schedules as verbs
from tfui.service.caller import local_caller
from tfui.store import firing, journal, schedules

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.core.explanation import Explanation
    from tfui.store.connection import Store

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def explain(stage: Stage, schedule: UUID, at: datetime | None = None) -> Explanation:
    """Ask why."""
    return ledger.explain(local_caller(stage.store, stage.clock, via="cli"), schedule, at=at)


def test_a_run_is_explained_by_its_job(stage: Stage) -> None:
    schedule = stage.schedule(name="backup")
    stage.later(MINUTE, stage.engine())

    found = explain(stage, schedule, utc("2026-01-05 12:01"))

    assert found.verdict.startswith("backup ran on time and succeeded")
    assert [step.title for step in found.steps if step.ok is False] == []


def test_a_failed_run_shows_its_attempts(stage: Stage) -> None:
    schedule = stage.schedule(
        name="backup",
        payload={"outcome": "failed", "exit_code": 3},
        max_attempts=2,
        retry_base_seconds=1.0,
        overlap=Overlap.ALLOW,
    )
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.later(5 * SECOND, engine)

    found = explain(stage, schedule, utc("2026-01-05 12:01"))

    assert "failed: it went wrong (exit code 3) (attempt 2 of 2)" in found.verdict
    assert [step.title for step in found.steps if step.title.startswith("Attempt")] == [
        "Attempt 1",
        "Attempt 2",
    ]


def test_an_outage_is_explained_by_its_range(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", on_missed="skip")
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.later(HOUR, engine)

    found = explain(stage, schedule, utc("2026-01-05 12:30"))

    assert found.verdict.startswith("backup did not run, because ")
    assert any("the same holds for" in step.text for step in found.steps)


def test_an_overlap_is_explained_by_the_job_that_ran_then(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", payload={"hold": True})
    engine = stage.engine()
    for _ in range(2):
        stage.clock.advance(MINUTE)
        engine.turn()

    found = explain(stage, schedule, utc("2026-01-05 12:02"))
    (running,) = stage.jobs(schedule)

    assert found.verdict.startswith("backup did not run, because the run before it had not ended")
    assert any(short(running.id) in step.text for step in found.steps if step.title == "Overlap")


def test_a_pause_is_explained_by_the_journal(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", status="paused", next_run_at=None)
    stage.clock.advance(MINUTE)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        entry = journal.Entry(
            verb="schedule.paused",
            subject_type="schedule",
            subject_id=schedule,
            subject="backup",
            after={"status": "paused", "pause_note": "disk swap"},
        )
        journal.append(tx, stage.organization_id, [entry])
    stage.clock.advance(5 * MINUTE)

    found = explain(stage, schedule, utc("2026-01-05 12:03"))

    (step,) = [step for step in found.steps if step.title == "Pause"]
    assert "paused by ada at 2026-01-05 12:01 +00:00 (disk swap)" in step.text
    assert "it will count as skipped when resumed" in found.verdict


def test_a_time_before_an_edit_is_explained_by_the_trigger_of_then(stage: Stage) -> None:
    ada = local_caller(stage.store, stage.clock, via="cli")
    schedule, engine = stage.schedule(name="backup"), stage.engine()
    for expression in ("0 3 * * *", "*/10 * * * *"):
        stage.later(MINUTE, engine)
        stage.clock.advance(30 * SECOND)
        verbs.edit(ada, schedule, {"schedule_expression": expression, "timezone": "Europe/Oslo"})
    stage.later(HOUR, engine)
    was = (
        "Its schedule was then another (Every minute, UTC), changed at 2026-01-05 12:01:30 +00:00."
    )

    ran = explain(stage, schedule, utc("2026-01-05 12:01")).verdict
    assert ran.startswith("backup ran on time and succeeded")
    assert ran.endswith(was)
    between = explain(stage, schedule, utc("2026-01-05 12:01:20")).verdict
    assert "backup was not meant for 2026-01-05 12:01:20 +00:00: second 20" in between
    assert "At the nearest time, 2026-01-05 12:01 +00:00, it ran on time" in between
    other = explain(stage, schedule, utc("2026-01-05 12:02"))
    assert other.verdict == (
        "backup was not meant for 2026-01-05 13:02 +01:00: minute 2 is not in 0; hour 13 is not "
        "in 3. Its schedule was then another (At 03:00, Europe/Oslo), changed at "
        "2026-01-05 13:03 +01:00."
    )
    assert "changed at 2026-01-05 13:03 +01:00 by" in other.steps[0].text
    now = explain(stage, schedule, utc("2026-01-05 12:10")).verdict
    assert "was then" not in now

    entries = table_of(Journal)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(entries.delete().where(entries.c.id == 1))
    pruned = explain(stage, schedule, utc("2026-01-05 12:01"))
    assert pruned.verdict.startswith("backup ran on time and succeeded")
    assert "the journal does not tell what it was before" in pruned.steps[0].text


def test_a_time_before_a_restoration_is_explained_by_the_same_trigger(stage: Stage) -> None:
    ada = local_caller(stage.store, stage.clock, via="cli")
    schedule, engine = stage.schedule(name="backup"), stage.engine()
    stage.later(MINUTE, engine)
    verbs.delete(ada, [schedule])
    stage.clock.advance(HOUR)
    verbs.restore(ada, [schedule])

    ran = explain(stage, schedule, utc("2026-01-05 12:01")).verdict
    assert ran == "backup ran on time and succeeded in 0 seconds."
    gone = explain(stage, schedule, utc("2026-01-05 12:30")).verdict
    assert gone == "backup does not run: it was deleted at 2026-01-05 12:01 +00:00."


def test_a_wrong_time_is_explained_field_by_field(stage: Stage) -> None:
    schedule = stage.schedule(
        name="backup",
        schedule_expression="*/15 8-18 * * MON-FRI",
        next_run_at=utc("2026-01-05 12:15"),
    )

    found = explain(stage, schedule, utc("2026-01-04 20:10"))

    assert [step.title for step in found.steps if step.ok is False] == [
        "Trigger",
        "minute",
        "hour",
        "day of week",
        "Window",
    ]


def test_the_nearest_time_is_one_that_the_schedule_had(stage: Stage) -> None:
    schedule = stage.schedule(
        name="backup", schedule_expression="0 * * * *", next_run_at=utc("2026-01-05 13:00")
    )

    found = explain(stage, schedule, NOON + MINUTE)

    assert "At the nearest time, 2026-01-05 13:00 +00:00, it will run" in found.verdict


def test_a_run_by_hand_is_told_of(stage: Stage) -> None:
    schedule = stage.schedule(
        name="backup",
        schedule_expression="0 0 * * *",
        next_run_at=utc("2026-01-06 00:00"),
    )
    engine = stage.engine()
    stage.clock.advance(10 * MINUTE)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        row = schedules.get(tx, stage.organization_id, schedule)
        assert row is not None
        firing.fire_now(tx, row)
    stage.settle(engine)

    found = explain(stage, schedule, utc("2026-01-05 12:10"))

    assert found.question == "Why did backup run at 2026-01-05 12:10 +00:00?"
    assert found.verdict.startswith(
        "backup was run by hand at 2026-01-05 12:10 +00:00: it ran on time and succeeded"
    )
    assert found.steps[0].title == "By hand"
    earlier = explain(stage, schedule, utc("2026-01-05 12:09:30"))
    assert "but at 2026-01-05 12:10 +00:00 (manual) it ran on time" in earlier.verdict


def test_a_run_by_hand_names_whoever_started_it(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", schedule_expression="0 0 1 1 *")
    verbs.run_now(stage.caller("olga"), schedule)

    found = explain(stage, schedule, NOON)

    assert found.question == "What became of the run of backup at 2026-01-05 12:00 +00:00?"
    assert "was run by hand by olga at 2026-01-05 12:00 +00:00: it waits" in found.verdict


def test_a_run_by_hand_is_not_lost_among_many_that_were_planned(stage: Stage) -> None:
    schedule = stage.schedule(
        name="busy",
        schedule_type="recurring",
        schedule_expression="1s",
        next_run_at=NOON + SECOND,
        overlap="allow",
        on_missed="all",
    )
    stage.later(50 * SECOND, stage.engine(work=False))
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        by_hand = firing.fire_now(tx, stage.row(schedule))

    found = explain(stage, schedule, stage.clock.now())

    (other,) = [step.text for step in found.steps if step.title == "Other run"]
    assert other.startswith(f"job {short(by_hand)}, run by hand")


def test_the_present_without_an_engine(stage: Stage) -> None:
    schedule = stage.schedule(name="backup")

    found = explain(stage, schedule)

    assert "will be due at 2026-01-05 12:01 +00:00, but no engine is running" in found.verdict


def test_the_present_of_an_idle_schedule(stage: Stage) -> None:
    schedule = stage.schedule(name="backup")
    stage.later(MINUTE, stage.engine())

    found = explain(stage, schedule)

    assert found.verdict == (
        "backup waits for its time: it runs in 1 minute, at 2026-01-05 12:02 +00:00."
    )
    assert found.clears_at == utc("2026-01-05 12:02")


def test_the_present_of_a_retry(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", payload={"outcome": "failed"}, max_attempts=3)
    stage.later(MINUTE, stage.engine())

    found = explain(stage, schedule)
    (job,) = stage.jobs(schedule)

    assert "it tries again (2/3) at" in found.verdict
    assert "attempt 1: it went wrong" in found.verdict
    assert found.clears_at == job.available_at


def test_the_present_of_a_full_queue(stage: Stage) -> None:
    with stage.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table_of(Queue).update().values(concurrency=1))
    first = stage.schedule(name="etl", payload={"hold": True}, priority=9)
    second = stage.schedule(name="backup")
    engine = stage.engine()
    stage.clock.advance(MINUTE)
    engine.turn()
    engine.turn()

    found = explain(stage, second)

    assert explain(stage, first).verdict.startswith("etl has been running")
    assert "the queue default has its one place taken by etl" in found.verdict


def test_a_job_that_waits_behind_a_running_one_is_listed_after_it(stage: Stage) -> None:
    schedule = stage.schedule(name="backup", payload={"hold": True}, overlap=Overlap.BUFFER_ONE)
    engine = stage.engine()
    for _ in range(2):
        stage.clock.advance(MINUTE)
        engine.turn()
    (waiting,) = [job for job in stage.jobs(schedule) if job.status == "blocked"]

    found = explain(stage, schedule)

    assert found.question == "What is backup doing?"
    assert any(short(waiting.id) in step.text for step in found.steps if step.title == "Job")


@pytest.mark.parametrize("at", [None, utc("2026-01-05 12:30")])
def test_an_explanation_takes_few_queries_and_each_has_its_index(
    sqlite_store: Store,
    clock: FrozenClock,
    at: datetime | None,
) -> None:
    stage = Stage(sqlite_store, clock)
    schedule = stage.schedule(status="paused")
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        row = schedules.get(tx, stage.organization_id, schedule)
        assert row is not None
        firing.fire_now(tx, row)
    ada = local_caller(sqlite_store, clock, via="cli")
    clock.advance(HOUR)
    with sqlite_store.reading() as tx:
        engine = tx.connection.engine
    asked: list[tuple[str, Any]] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, statement, parameters, _x, _m: asked.append((statement, parameters)),
    )

    ledger.explain(ada, schedule, at=at)

    queries = [one for one in asked if one[0].startswith("SELECT")]
    assert len(queries) <= 10
    with sqlite_store.reading() as tx:
        for statement, parameters in queries:
            rows = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            scanned = [str(row[3]) for row in rows if str(row[3]).startswith("SCAN")]
            # Small however much is stored: a week's engines, what runs just now, a thousand at most.
            small = ("node", "ix_job_leased", "anon_1", "CONSTANT")
            assert [line for line in scanned if not any(name in line for name in small)] == []
