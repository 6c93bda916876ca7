"""Pruning: old jobs go, the newest failures and the ledger's sums stay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, NOON, new_id
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job
from tfui.model.journal import Journal
from tfui.model.node import Node
from tfui.store import journal, nodes, pruning
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from uuid import UUID

    from tests.engine.stage import Stage

MINUTE = timedelta(minutes=1)
KEEP_THREE = Retention(jobs_per_schedule=3, failures_per_schedule=1)


def prune(stage: Stage, retention: Retention, *, limit: int = pruning.PORTION) -> Pruned:
    total = Pruned()
    now = stage.clock.now()
    with stage.store.reading() as tx:
        crowd = pruning.crowded(tx, retention, now=now)
    for schedule_id in crowd.schedules:
        gone = Pruned(jobs=limit)
        while gone.jobs == limit:
            with stage.store.writing(by=ADA, now=now) as tx:
                gone = pruning.prune_schedule(tx, schedule_id, retention, now=now, limit=limit)
            total.add(gone)
    return total


def run(stage: Stage, minutes: int) -> None:
    engine = stage.engine()
    for _ in range(minutes):
        stage.later(MINUTE, engine)


def counts(stage: Stage) -> list[tuple[str, int]]:
    return [(part.reason, part[4]) for part in stage.ranges()]


def test_jobs_beyond_the_number_kept_become_one_range(stage: Stage) -> None:
    stage.schedule()
    run(stage, 10)
    pruned = prune(stage, KEEP_THREE, limit=2)

    assert (pruned.jobs, pruned.attempts) == (7, 7)
    assert len(stage.jobs()) == 3
    assert counts(stage) == [("ran", 7)]
    assert_the_law_holds(stage.store)


def test_the_newest_failures_stay_and_part_the_ranges(stage: Stage) -> None:
    schedule = stage.schedule(max_attempts=1, payload={"outcome": "failed"})
    run(stage, 3)
    stage.change(schedule, payload={})
    run(stage, 5)
    prune(stage, KEEP_THREE)

    assert [job.status for job in stage.jobs()] == ["failed", *["succeeded"] * 3]
    assert counts(stage) == [("ran", 2), ("ran", 2)]
    assert_the_law_holds(stage.store)


def test_a_skip_between_pruned_jobs_stays_between_them(stage: Stage) -> None:
    schedule = stage.schedule()
    run(stage, 2)
    stage.change(
        schedule,
        status="paused",
        paused_until=stage.clock.now() + timedelta(minutes=2, seconds=30),
    )
    run(stage, 7)
    prune(stage, Retention(jobs_per_schedule=1))

    assert counts(stage) == [("ran", 2), ("skip_paused", 2), ("ran", 4)]
    assert_the_law_holds(stage.store)


def test_old_jobs_go_and_the_newest_of_a_schedule_stays(stage: Stage) -> None:
    stage.schedule()
    run(stage, 3)
    stage.clock.advance(timedelta(days=91))

    assert prune(stage, Retention()).jobs == 2
    assert len(stage.jobs()) == 1
    assert_the_law_holds(stage.store)


def test_pruned_in_several_rounds_the_range_grows(stage: Stage) -> None:
    stage.schedule()
    for _ in range(3):
        run(stage, 4)
        prune(stage, KEEP_THREE)

    assert counts(stage) == [("ran", 9)]
    assert_the_law_holds(stage.store)


def test_jobs_that_have_not_ended_are_never_pruned(stage: Stage) -> None:
    stage.schedule(overlap="allow")
    engine = stage.engine(work=False)
    for _ in range(6):
        stage.later(MINUTE, engine)

    assert prune(stage, KEEP_THREE).jobs == 0


def test_old_journal_entries_and_dead_nodes_go(stage: Stage) -> None:
    with stage.store.writing(by=ADA, now=NOON) as tx:
        entry = journal.Entry(
            verb="schedule.created", subject_type="schedule", subject_id=new_id(), subject="s"
        )
        journal.append(tx, stage.organization_id, [entry])
        nodes.enter(
            tx,
            new_id(),
            host="h",
            pid=1,
            kind="app",
            seats=1,
            version="1",
            figures={},
            now=NOON,
        )
    now = stage.clock.advance(timedelta(days=401))
    with stage.store.writing(by=ADA, now=now) as tx:
        pruned = pruning.prune_others(tx, Retention(), now=now)

    assert (pruned.journal, pruned.nodes) == (1, 1)
    with stage.store.reading() as tx:
        for model in (Journal, Node, Attempt, Job):
            assert tx.connection.execute(table_of(model).select()).all() == []


def test_the_look_goes_on_where_it_ended(stage: Stage) -> None:
    schedules = sorted(stage.schedule() for _ in range(5))
    run(stage, 2)
    kept = Retention(jobs_per_schedule=1)
    looks: list[list[UUID]] = []
    after = None
    with stage.store.reading() as tx:
        while not looks or after is not None:
            crowd = pruning.crowded(tx, kept, now=NOON, after=after, schedules=2)
            looks.append(crowd.schedules)
            after = crowd.after

    assert looks == [schedules[:2], schedules[2:4], schedules[4:]]


def test_schedules_with_as_many_jobs_as_are_kept_are_no_crowd(stage: Stage) -> None:
    stage.schedule()
    run(stage, 3)

    with stage.store.reading() as tx:
        assert pruning.crowded(tx, KEEP_THREE, now=stage.clock.now()).schedules == []
