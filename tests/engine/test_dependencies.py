"""Schedules that come after others: whose job waits for whose, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.engine.stage import Stage
from tests.world import ADA, NOON
from tfui.core.identifiers import short
from tfui.core.states import DependencyStatus, DependencyType, JobKind, JobStatus, ScheduleType
from tfui.model.columns import table_of
from tfui.model.dependency import After, JobDependency
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import dependencies, firing

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.runners.order import JobOrder, Outcome, Sink, Stop
    from tfui.store.connection import Store
    from tfui.store.kept import AnyRow

MINUTE = timedelta(minutes=1)
SEQUENTIAL, PARALLEL, CONDITIONAL = DependencyType


def after(
    stage: Stage,
    child: UUID,
    parent: UUID,
    kind: DependencyType = SEQUENTIAL,
    **more: Any,
) -> None:
    """Have one schedule come after another, as a service would."""
    is_chained = stage.row(child).schedule_type == ScheduleType.CHAINED
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        wanted = After(parent_id=parent, dependency_type=kind, **more)
        dependencies.add(tx, child, wanted, is_chained=is_chained)


def chained(stage: Stage, **changes: Any) -> UUID:
    """Insert a schedule without a time of its own."""
    trigger = {
        "schedule_type": ScheduleType.CHAINED,
        "schedule_expression": "",
        "next_run_at": None,
    }
    return stage.schedule(**trigger | changes)


def links(stage: Stage) -> list[AnyRow]:
    with stage.store.reading() as tx:
        return list(tx.connection.execute(table_of(JobDependency).select()).all())


def statuses(stage: Stage, schedule: UUID) -> list[str]:
    return [job.status for job in stage.jobs(schedule)]


def reasons(stage: Stage, schedule: UUID) -> list[str]:
    return [found.reason for found in stage.ranges(schedule)]


class TestAtTheSameInstant:
    @pytest.mark.parametrize("is_child_first", [True, False])
    def test_the_child_waits_until_the_parent_has_ended(
        self, stage: Stage, is_child_first: bool
    ) -> None:
        if is_child_first:  # whichever the planner happens to read first
            child, parent = stage.schedule(name="c"), stage.schedule(name="p")
        else:
            parent, child = stage.schedule(name="p"), stage.schedule(name="c")
        stage.change(parent, payload={"hold": True})
        after(stage, child, parent)
        engine = stage.engine()
        stage.clock.advance(MINUTE)
        engine.turn()

        (job,) = stage.jobs(child)
        assert (job.status, job.wait_reason) == ("blocked", "dependency")
        assert [link.status for link in links(stage)] == [DependencyStatus.PENDING]

        stage.puppet.gate.set()
        stage.settle(engine)

        assert statuses(stage, child) == [JobStatus.SUCCEEDED]
        assert [link.status for link in links(stage)] == [DependencyStatus.RESOLVED]
        assert [order.schedule for order in stage.puppet.orders] == ["p", "c"]
        assert_the_law_holds(stage.store)

    @pytest.mark.parametrize(
        ("kind", "outcome", "becomes"),
        [
            (SEQUENTIAL, "succeeded", "succeeded"),
            (SEQUENTIAL, "failed", "succeeded"),
            (PARALLEL, "failed", "succeeded"),
            (CONDITIONAL, "succeeded", "succeeded"),
            (CONDITIONAL, "failed", "skip_dependency"),
        ],
    )
    def test_what_the_parent_came_to_decides(
        self, stage: Stage, kind: DependencyType, outcome: str, becomes: str
    ) -> None:
        parent = stage.schedule(name="p", payload={"outcome": outcome}, max_attempts=1)
        child = stage.schedule(name="c")
        after(stage, child, parent, kind)
        engine = stage.engine()
        stage.later(MINUTE)

        assert statuses(stage, child) + reasons(stage, child) == [becomes]
        assert stage.row(child).job_id == next((job.id for job in stage.jobs(child)), None)
        assert_the_law_holds(stage.store)
        assert engine.figures.trouble is None

    def test_a_parallel_child_runs_beside_its_parent(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", payload={"hold": True})
        child = stage.schedule(name="c", payload={"hold": True})
        after(stage, child, parent, PARALLEL)
        engine = stage.engine()
        stage.clock.advance(MINUTE)
        engine.turn()
        engine.wake()
        engine.turn()

        assert statuses(stage, child) == statuses(stage, parent) == [JobStatus.RUNNING]
        stage.puppet.gate.set()
        stage.settle(engine)

    def test_a_failed_parent_is_named_in_the_ledger(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", payload={"outcome": "failed"}, max_attempts=1)
        child, grandchild = stage.schedule(name="c"), stage.schedule(name="g")
        after(stage, child, parent, CONDITIONAL)
        after(stage, grandchild, child, SEQUENTIAL)
        stage.engine()
        stage.later(MINUTE)

        (failed,) = stage.jobs(parent)
        (skipped,) = stage.ranges(child)
        (too,) = stage.ranges(grandchild)
        assert skipped.detail == f"job {short(failed.id)} of p failed"
        assert too.detail == "c has no job of this instant: skip_dependency"
        assert stage.jobs(child) == stage.jobs(grandchild) == []
        assert_the_law_holds(stage.store)

    def test_a_parent_without_a_job_then_skips_the_child(self, stage: Stage) -> None:
        paused = stage.schedule(name="p")
        stage.change(paused, status="paused", paused_at=NOON, next_run_at=None)
        hourly = stage.schedule(
            name="h", schedule_expression="0 * * * *", next_run_at=NOON + timedelta(hours=1)
        )
        children = [stage.schedule(name="a"), stage.schedule(name="b")]
        after(stage, children[0], paused)
        after(stage, children[1], hourly)
        stage.engine()
        stage.later(MINUTE)

        details = [stage.ranges(child)[0].detail for child in children]
        assert details == [
            "p has no job of this instant: it is paused",
            "h has no job of this instant",
        ]
        assert_the_law_holds(stage.store)

    def test_two_parents_must_both_let_it_go(self, stage: Stage) -> None:
        quick = stage.schedule(name="q")
        slow = stage.schedule(name="s", payload={"hold": True})
        child = stage.schedule(name="c")
        after(stage, child, quick)
        after(stage, child, slow)
        engine = stage.engine()
        stage.clock.advance(MINUTE)
        engine.turn()
        engine.pause_for_ring(1)
        engine.turn()
        engine.turn()

        assert statuses(stage, quick) == [JobStatus.SUCCEEDED]
        assert statuses(stage, child) == [JobStatus.BLOCKED]
        stage.puppet.gate.set()
        stage.settle(engine)
        assert statuses(stage, child) == [JobStatus.SUCCEEDED]

    def test_a_missed_run_that_catches_up_waits_for_its_parents_catching_up(
        self, stage: Stage
    ) -> None:
        parent = stage.schedule(name="p", on_missed="all", overlap="allow", max_catchup=3)
        child = stage.schedule(name="c", on_missed="all", overlap="buffer_all", max_catchup=3)
        after(stage, child, parent)
        stage.engine()
        stage.later(timedelta(minutes=10))

        assert statuses(stage, child) == statuses(stage, parent) == [JobStatus.SUCCEEDED] * 3
        order = [(found.schedule, found.nominal_at) for found in stage.puppet.orders]
        for nominal in {at for _, at in order}:
            assert order.index(("p", nominal)) < order.index(("c", nominal))
        assert_the_law_holds(stage.store)

    def test_cancelling_the_parent_ends_what_needed_its_success(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", overlap="cancel_running")
        child = stage.schedule(name="c", overlap="allow")
        after(stage, child, parent, CONDITIONAL)
        engine = stage.engine(work=False)
        stage.clock.advance(MINUTE)
        engine.turn()
        stage.clock.advance(MINUTE)
        engine.turn()

        assert statuses(stage, parent) == [JobStatus.CANCELLED, JobStatus.QUEUED]
        assert reasons(stage, child) == ["skip_dependency"]
        assert statuses(stage, child) == [JobStatus.BLOCKED]
        assert_the_law_holds(stage.store)


class TestWithinAWindow:
    def test_the_newest_job_within_it_counts(self, stage: Stage) -> None:
        parent = stage.schedule(
            name="p", schedule_expression="0 * * * *", next_run_at=NOON + timedelta(hours=1)
        )
        at = NOON + timedelta(minutes=70)
        child = stage.schedule(name="c", schedule_expression="10 * * * *", next_run_at=at)
        other = stage.schedule(name="o", schedule_expression="10 * * * *", next_run_at=at)
        after(stage, child, parent, CONDITIONAL, window_seconds=900)
        after(stage, other, parent, CONDITIONAL, window_seconds=300)
        stage.change(child, cursor_at=NOON + MINUTE * 10, effective_at=NOON + MINUTE * 10)
        stage.change(other, cursor_at=NOON + MINUTE * 10, effective_at=NOON + MINUTE * 10)
        stage.engine()
        stage.later(timedelta(hours=1))
        stage.later(timedelta(minutes=10))

        assert statuses(stage, child) == [JobStatus.SUCCEEDED]
        assert stage.ranges(other)[0].detail == "p has no job within 300 s before"
        assert_the_law_holds(stage.store)


class TestChained:
    @pytest.mark.parametrize(
        ("kind", "outcome", "fires"),
        [
            (SEQUENTIAL, "failed", True),
            (CONDITIONAL, "failed", False),
            (CONDITIONAL, "succeeded", True),
            (PARALLEL, "failed", True),
        ],
    )
    def test_it_fires_when_its_parent_reaches_the_state(
        self, stage: Stage, kind: DependencyType, outcome: str, fires: bool
    ) -> None:
        parent = stage.schedule(name="p", payload={"outcome": outcome}, max_attempts=1)
        child = chained(stage, name="c")
        after(stage, child, parent, kind)
        stage.engine()
        stage.later(MINUTE)

        (job,) = stage.jobs(child)
        assert (job.kind, job.nominal_at) == (JobKind.CHAINED, NOON + MINUTE)
        assert job.status == (JobStatus.SUCCEEDED if fires else JobStatus.CANCELLED)
        why = f"skip_dependency: job {short(stage.jobs(parent)[0].id)} of p failed"
        assert job.error == (None if fires else why)
        assert stage.row(child).runs_count == int(fires)
        assert stage.row(child).status == "active"
        assert_the_law_holds(stage.store)

    def test_a_chain_of_three_follows_a_run_by_hand_too(self, stage: Stage) -> None:
        first, second, third = (
            stage.schedule(name="1", next_run_at=NOON + timedelta(days=1)),
            chained(stage, name="2"),
            chained(stage, name="3"),
        )
        after(stage, second, first, CONDITIONAL)
        after(stage, third, second, CONDITIONAL)
        with stage.store.writing(by=ADA, now=NOON) as tx:
            firing.fire_now(tx, stage.row(first))
        engine = stage.engine()
        stage.settle(engine)

        assert [order.schedule for order in stage.puppet.orders] == ["1", "2", "3"]
        assert {job.nominal_at for job in stage.jobs()} == {NOON}

    def test_a_retry_fires_it_once(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", payload={"outcome": "failed"}, max_attempts=2)
        child = chained(stage, name="c")
        after(stage, child, parent, PARALLEL)
        stage.engine()
        stage.later(MINUTE)
        stage.later(timedelta(seconds=15))

        assert stage.jobs(parent)[0].attempt == 2
        assert len(stage.jobs(child)) == 1

    def test_what_its_pause_or_overlap_forbids_is_on_record(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", overlap="allow")
        busy, paused = chained(stage, name="b"), chained(stage, name="z")
        stage.change(paused, status="paused", paused_at=NOON)
        after(stage, busy, parent)
        after(stage, paused, parent)
        with stage.store.writing(by=ADA, now=NOON) as tx:
            live = firing.fire_now(tx, stage.row(busy))
        stage.engine(work=False)
        stage.later(MINUTE)
        with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
            firing.cancel_live(tx, parent, by="ada")

        errors = [job.error for job in stage.jobs() if job.kind == JobKind.CHAINED]
        assert sorted(errors) == sorted(
            [
                f"skip_overlap: b is not run: its job {short(live)} is still queued",
                "skip_paused: z was paused",
            ]
        )

    def test_two_parents_that_end_together_fire_it_once(self, stage: Stage) -> None:
        child = chained(stage, name="c", overlap="cancel_running")
        parents = [stage.schedule(name=name) for name in "pq"]
        for parent in parents:
            after(stage, child, parent)
        engine = stage.engine(work=False)
        stage.clock.advance(MINUTE)
        engine.turn()
        with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
            jobs = [stage.jobs(parent)[0].id for parent in parents]
            table = table_of(Job)
            tx.connection.execute(
                table.update().where(table.c.id.in_(jobs)).values(status="failed")
            )
            firing.follow(tx, jobs)

        assert statuses(stage, child) == [JobStatus.QUEUED]

    def test_it_completes_after_so_many_runs(self, stage: Stage) -> None:
        parent = stage.schedule(name="p")
        child = chained(stage, name="c", max_runs=2)
        after(stage, child, parent)
        stage.engine()
        for _ in range(3):
            stage.later(MINUTE)

        assert len(stage.jobs(child)) == 2
        assert stage.row(child).status == "completed"


class TestWithOverlap:
    def test_a_buffered_job_waits_for_its_own_schedule_first_and_then_for_its_parent(
        self, stage: Stage
    ) -> None:
        parent = stage.schedule(name="p", overlap="allow", payload={"hold": True})
        child = stage.schedule(name="c", overlap="buffer_all")
        after(stage, child, parent)
        engine = stage.engine(seats=4)
        for _ in range(2):
            stage.clock.advance(MINUTE)
            engine.turn()

        assert [job.wait_reason for job in stage.jobs(child)] == ["dependency", "overlap"]
        stage.puppet.gate.set()
        stage.settle(engine)
        assert statuses(stage, child) == [JobStatus.SUCCEEDED] * 2
        assert_the_law_holds(stage.store)

    def test_what_is_skipped_lets_the_next_one_go(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", payload={"outcome": "failed"}, max_attempts=1)
        child = stage.schedule(name="c", overlap="buffer_all")
        after(stage, child, parent, CONDITIONAL)
        planner = stage.engine(work=False)
        stage.clock.advance(MINUTE)
        planner.turn()
        with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
            by_hand = firing.fire_now(tx, stage.row(child))
        assert {job.wait_reason for job in stage.jobs(child)} == {"dependency", "overlap"}
        worker = stage.engine(plan=False)
        stage.settle(worker)

        (job,) = stage.jobs(child)
        assert (job.id, job.status) == (by_hand, JobStatus.SUCCEEDED)
        assert reasons(stage, child) == ["skip_dependency"]
        assert stage.row(child).runs_count == 0
        assert_the_law_holds(stage.store)


class TestSeveralEngines:
    def test_a_parent_planned_elsewhere_at_this_moment_is_waited_for(
        self, store: Store, clock: FrozenClock
    ) -> None:
        """Only Postgres has two writers at once; on SQLite the second waits for the first."""
        stage = Stage(store, clock)
        parent, child = stage.schedule(name="p"), stage.schedule(name="c")
        after(stage, child, parent)
        engine = stage.engine()
        stage.clock.advance(MINUTE)
        if store.path is None:
            table = table_of(ScheduledJob)
            with store.writing(by=ADA, now=clock.now()) as tx:
                query = table.select().where(table.c.id == parent)
                tx.connection.execute(tx.dialect.hold_rows(query))
                engine.turn()
                assert stage.jobs() == []
                assert stage.ranges() == []
        stage.later(timedelta(milliseconds=20))

        assert statuses(stage, parent) == statuses(stage, child) == [JobStatus.SUCCEEDED]
        stage.clear()

    def test_many_children_follow_one_parent_in_one_transaction(self, stage: Stage) -> None:
        parent = stage.schedule(name="p", payload={"outcome": "failed"}, max_attempts=1)
        children = [stage.schedule(name=f"c{number}") for number in range(12)]
        for number, child in enumerate(children):
            after(stage, child, parent, CONDITIONAL if number % 2 else SEQUENTIAL)
        for _ in range(2):
            stage.engine()
        stage.later(MINUTE)
        stage.later(timedelta(seconds=1))

        ended = [statuses(stage, child) + reasons(stage, child) for child in children]
        assert ended == [["succeeded"], ["skip_dependency"]] * 6
        assert_the_law_holds(stage.store)


def test_a_draining_engine_runs_what_follows_at_once(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    first, waiting, last = stage.schedule(name="1"), stage.schedule(name="2"), chained(stage)
    after(stage, waiting, first)
    after(stage, last, waiting, CONDITIONAL)
    stage.clock.advance(MINUTE)
    engine = stage.unopened_engine()
    puppet, run = stage.puppet, stage.puppet.run

    def slowly(order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        stage.clock.advance(timedelta(seconds=1))
        return run(order, sink, stop)

    puppet.run = slowly  # type: ignore[method-assign]  # each job takes a second
    engine.drain()

    assert [order.schedule for order in puppet.orders][:2] == ["1", "2"]
    assert {job.status for job in stage.jobs()} == {JobStatus.SUCCEEDED}
    assert len(stage.jobs()) == 3
