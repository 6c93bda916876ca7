"""Dependencies behind the caller's door: said, refused, taken back, and what deletion asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tfui.core.identifiers import short
from tfui.core.states import (
    AttemptOutcome,
    DependencyStatus,
    DependencyType,
    JobStatus,
    ScheduleStatus,
    ScheduleType,
    SkipReason,
)
from tfui.errors import Conflict, Forbidden, Invalid, NotFound
from tfui.model.dependency import After
from tfui.model.occurrence import Beside
from tfui.model.schedule import ScheduleDraft
from tfui.service import dependencies, jobs, journal, ledger, schedules

if TYPE_CHECKING:
    from uuid import UUID

    from tests.service.desk import Desk
    from tfui.store.claims import Claim

SEQUENTIAL, PARALLEL, CONDITIONAL = DependencyType
SUCCEEDED, FAILED = AttemptOutcome.SUCCEEDED, AttemptOutcome.FAILED


def three(desk: Desk) -> tuple[UUID, UUID, UUID]:
    a, b, c = (desk.schedule(name=name, next_run_at=None) for name in "abc")
    return a, b, c


def told(desk: Desk) -> list[tuple[str, str, str, int | None, bool]]:
    return [
        (row.child, row.parent, row.dependency_type.value, row.window_seconds, row.is_chained)
        for row in dependencies.listing(desk.viewer)
    ]


def test_it_is_said_listed_and_taken_away(desk: Desk) -> None:
    a, b, c = three(desk)
    dependencies.add(desk.operator, b, a, dependency_type=CONDITIONAL, window=timedelta(hours=1))
    dependencies.add(desk.operator, c, b)

    assert told(desk) == [
        ("b", "a", "conditional", 3600, False),
        ("c", "b", "sequential", None, False),
    ]
    assert [row.child for row in dependencies.listing(desk.viewer, c)] == ["c"]

    dependencies.remove(desk.operator, b, a)
    assert told(desk) == [("c", "b", "sequential", None, False)]
    with pytest.raises(NotFound, match="b does not come after a"):
        dependencies.remove(desk.operator, b, a)


def test_saying_it_again_changes_it(desk: Desk) -> None:
    a, b, _ = three(desk)
    dependencies.add(desk.caller, b, a)
    dependencies.add(desk.caller, b, a, dependency_type=PARALLEL)

    assert told(desk) == [("b", "a", "parallel", None, False)]
    journal.undo(desk.caller)
    assert told(desk) == [("b", "a", "sequential", None, False)]
    journal.undo(desk.caller)
    assert told(desk) == []


def test_a_circle_is_refused_with_its_path(desk: Desk) -> None:
    a, b, c = three(desk)
    dependencies.add(desk.caller, b, a)
    dependencies.add(desk.caller, c, b)

    with pytest.raises(Conflict, match="wait for itself: a after c after b after a"):
        dependencies.add(desk.caller, a, c)
    with pytest.raises(Conflict, match="a after a"):
        dependencies.add(desk.caller, a, a)
    assert len(told(desk)) == 2


def test_it_takes_the_right_to_write_and_schedules_that_are_there(desk: Desk) -> None:
    a, b, c = three(desk)
    desk.delete(c)

    with pytest.raises(Forbidden):
        dependencies.add(desk.viewer, b, a)
    with pytest.raises(NotFound, match="c is deleted"):
        dependencies.add(desk.caller, b, c)
    with pytest.raises(Invalid):
        dependencies.add(desk.caller, b, a, window=timedelta(days=400))


def test_chaining_takes_the_childs_own_time_away_and_undo_gives_it_back(desk: Desk) -> None:
    a, b, _ = three(desk)
    dependencies.add(desk.caller, b, a, chained=True)

    row = desk.schedule_row(b)
    assert (row.schedule_type, row.schedule_expression) == ("chained", "")
    assert (row.next_run_at, row.status) == (None, ScheduleStatus.ACTIVE)
    assert told(desk) == [("b", "a", "sequential", None, True)]

    journal.undo(desk.caller)
    assert desk.schedule_row(b).schedule_expression == "* * * * *"
    assert desk.schedule_row(b).next_run_at is not None
    assert told(desk) == []


def test_a_chained_schedule_that_gets_a_time_waits_at_it(desk: Desk) -> None:
    a, b, _ = three(desk)
    dependencies.add(desk.caller, b, a, chained=True)
    schedules.edit(desk.caller, b, {"schedule_type": "cron", "schedule_expression": "@daily"})

    assert told(desk) == [("b", "a", "sequential", None, False)]


def test_a_chained_schedule_rests_and_goes_on(desk: Desk) -> None:
    a, b, _ = three(desk)
    dependencies.add(desk.caller, b, a, chained=True)
    schedules.pause(desk.caller, [b])
    (resumed,) = schedules.resume(desk.caller, [b])

    assert (resumed.status, resumed.next_run_at) == (ScheduleStatus.ACTIVE, None)
    assert schedules.upcoming(desk.caller, b) == []


def test_a_new_schedule_may_come_after_others_from_the_start(desk: Desk) -> None:
    a, _, _ = three(desk)
    draft = ScheduleDraft(
        name="d",
        schedule_type=ScheduleType.CHAINED,
        schedule_expression="",
        job_type="noop",
        payload={},
    )
    with pytest.raises(Invalid, match="comes after another"):
        schedules.create(desk.caller, draft)
    made = schedules.create(desk.caller, draft, after=[After(parent_id=a)])

    assert (made.status, made.next_run_at) == (ScheduleStatus.ACTIVE, None)
    assert told(desk) == [("d", "a", "sequential", None, True)]
    desk.worker.runs(a)
    assert [job.status for job in jobs.listing(desk.viewer, schedule_id=made.id)] == ["queued"]


class TestDeleting:
    def test_a_parent_asks_what_becomes_of_its_children(self, desk: Desk) -> None:
        a, b, c = three(desk)
        dependencies.add(desk.caller, b, a)
        dependencies.add(desk.caller, c, b)

        with pytest.raises(Conflict, match="b comes after a: detach"):
            schedules.delete(desk.caller, [a])
        schedules.delete(desk.caller, [c])
        schedules.restore(desk.caller, [c])
        assert len(told(desk)) == 2

    def test_detached_they_stay(self, desk: Desk) -> None:
        a, b, c = three(desk)
        dependencies.add(desk.caller, b, a)
        dependencies.add(desk.caller, c, b)
        schedules.delete(desk.caller, [a], children="detach")

        assert told(desk) == [("c", "b", "sequential", None, False)]
        journal.undo(desk.caller)
        assert desk.schedule_row(a).deleted_at is None
        assert len(told(desk)) == 2

    def test_deleted_they_go_too_and_come_back_together(self, desk: Desk) -> None:
        a, b, c = three(desk)
        dependencies.add(desk.caller, b, a)
        dependencies.add(desk.caller, c, b)
        gone = schedules.delete(desk.caller, [a], children="delete")

        assert {row.name for row in gone} == {"a", "b", "c"}
        assert told(desk) == []
        journal.undo(desk.caller)
        assert len(told(desk)) == 2


class TestBetweenJobs:
    def test_one_waits_for_another(self, desk: Desk) -> None:
        a, b, _ = three(desk)
        first, second = desk.worker.fire(a), desk.worker.fire(b)
        found = dependencies.link_jobs(desk.operator, second, first, dependency_type=CONDITIONAL)

        assert found is DependencyStatus.PENDING
        (claim,) = desk.worker.claim()
        assert desk.job(second).wait_reason == "dependency"
        desk.worker.ends(claim)
        assert desk.job(second).status == JobStatus.QUEUED

    def test_a_failed_one_cancels_what_needed_its_success(self, desk: Desk) -> None:
        a, b, _ = three(desk)
        desk.worker.claim()
        first, second = desk.worker.fire(a), desk.worker.fire(b)
        dependencies.link_jobs(desk.caller, second, first, dependency_type=CONDITIONAL)
        jobs.cancel(desk.caller, [first])

        ended = desk.job(second)
        assert ended.status == JobStatus.CANCELLED
        assert ended.error == f"skip_dependency: job {short(first)} of a was cancelled"

    def test_what_cannot_be_is_refused(self, desk: Desk) -> None:
        a, b, c = three(desk)
        first, second = desk.worker.fire(a), desk.worker.fire(b)
        dependencies.link_jobs(desk.caller, second, first)

        with pytest.raises(Conflict, match="linked"):
            dependencies.link_jobs(desk.caller, second, first)
        circle = " after ".join([short(first), short(second), short(first)])
        with pytest.raises(Conflict, match=f"wait for itself: {circle}$"):
            dependencies.link_jobs(desk.caller, first, second)
        (claim,) = desk.worker.claim()
        with pytest.raises(Conflict, match="running: it can wait for nothing"):
            dependencies.link_jobs(desk.caller, first, desk.worker.fire(c))
        desk.worker.ends(claim, AttemptOutcome.CANCELLED)
        late = desk.worker.fire(a)
        with pytest.raises(Conflict, match="was cancelled already"):
            dependencies.link_jobs(desk.caller, late, first, dependency_type=CONDITIONAL)


def test_what_waits_and_what_is_chained_explain_themselves(desk: Desk) -> None:
    a, b, c = three(desk)
    dependencies.add(desk.caller, c, a, chained=True)
    first, second = desk.worker.fire(a), desk.worker.fire(b)
    dependencies.link_jobs(desk.caller, second, first, dependency_type=CONDITIONAL)

    waits = ledger.explain(desk.viewer, b)
    assert "waits for a to succeed; it is queued" in [step.text for step in waits.steps]
    follows = ledger.explain(desk.viewer, c)
    assert "it runs each time a has ended" in follows.verdict
    assert any("nothing follows until it has ended" in step.text for step in follows.steps)


def test_the_plan_of_a_chained_schedule_is_what_its_parents_fired(desk: Desk) -> None:
    a, b = (desk.schedule(name=name, next_run_at=None, max_attempts=1) for name in "ab")
    c = desk.schedule(name="once-only", next_run_at=None, max_attempts=1, max_runs=2)
    dependencies.add(desk.caller, c, a, dependency_type=CONDITIONAL, chained=True)
    dependencies.add(desk.caller, c, b, chained=True)
    begun = desk.clock.now()
    held: dict[UUID, Claim] = {}

    def ends(job_id: UUID, outcome: AttemptOutcome) -> UUID:
        held.update((claim.job_id, claim) for claim in desk.worker.claim())
        desk.worker.ends(held.pop(job_id), outcome)
        return job_id

    def parent_ends(parent: UUID, outcome: AttemptOutcome) -> UUID:
        desk.later(timedelta(minutes=1))
        return ends(desk.worker.fire(parent), outcome)

    failed = parent_ends(a, FAILED)
    for _ in range(2):  # the second while c still waits
        parent_ends(b, SUCCEEDED)
    total = ledger.total(desk.viewer, c)
    assert (total.planned, total.ran, total.pending, total.holds) == (3, 0, 1, True)
    assert total.skipped == {SkipReason.SKIP_OVERLAP: 1, SkipReason.SKIP_DEPENDENCY: 1}
    assert [row.reason for row in total.ranges] == [*total.skipped]
    assert total.ranges[1].detail == f"job {short(failed)} of a failed"

    made = {job.error: job.id for job in jobs.listing(desk.viewer, schedule_id=c)}
    ends(made[None], FAILED)
    ends(desk.worker.fire(c), FAILED)
    with pytest.raises(Conflict, match="was a skipped run of once-only; run once-only by hand"):
        jobs.retry(desk.caller, [made[f"skip_dependency: {total.ranges[1].detail}"]])

    jobs.retry(desk.caller, [failed])  # what it did not let go it lets go after all
    ends(failed, SUCCEEDED)
    ends(jobs.listing(desk.viewer, schedule_id=c, status=JobStatus.QUEUED)[0].id, SUCCEEDED)
    parent_ends(b, SUCCEEDED)
    total = ledger.total(desk.viewer, c)
    assert (total.planned, total.ran, total.pending, total.holds) == (3, 2, 0, True)
    assert total.skipped == {SkipReason.SKIP_OVERLAP: 1}
    assert total.beside == Beside(by_hand=1, failed=1)
    assert total.completed == "2 of 2 runs are used; later firings are not counted"
    assert ledger.total(desk.viewer, c, since=begun).planned == 3
    assert ledger.total(desk.viewer, c, until=begun).planned == 0

    why = ledger.explain(desk.viewer, c, at=desk.clock.now())
    assert why.verdict.endswith("is completed and does not run any more: it has had its 2 runs.")
    assert "2 of 2 runs are used" in [step.text for step in why.steps]
    assert "once for each time that a or b runs, as soon as a has succeeded or b has ended" in (
        why.verdict
    )
