"""Pruning by hand: everything that is old enough goes in one call, however many steps that takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import ADA, NOON, a_schedule, new_id
from tfui.core.states import AttemptOutcome, JobKind, JobStatus, SkipReason
from tfui.errors import Forbidden
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.service import jobs, pruning
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from uuid import UUID

    from tests.service.desk import Desk

YEAR = timedelta(days=365)


def many_ended_jobs(desk: Desk, *, schedules: int, each: int) -> list[UUID]:
    """Insert schedules with jobs that succeeded a minute apart."""
    made = []
    with desk.store.writing(by=ADA, now=NOON) as tx:
        for _ in range(schedules):
            schedule_id = a_schedule(tx, desk.caller.organization_id)
            made.append(schedule_id)
            tx.connection.execute(
                table_of(Job).insert(),
                [
                    {
                        "id": new_id(),
                        "organization_id": desk.caller.organization_id,
                        "queue_id": new_id(),
                        "scheduled_job_id": schedule_id,
                        "nominal_at": NOON + minute * timedelta(minutes=1),
                        "kind": JobKind.SCHEDULED,
                        "job_type": "noop",
                        "payload": {},
                        "priority": 0,
                        "status": JobStatus.SUCCEEDED,
                        "attempt": 1,
                        "max_attempts": 1,
                        "available_at": NOON,
                        "fence": 1,
                        "created_at": NOON,
                        "finished_at": NOON,
                    }
                    for minute in range(1, each + 1)
                ],
            )
    return made


def test_a_job_goes_with_its_attempts_and_output_and_stays_in_the_ledger(desk: Desk) -> None:
    schedule_id = desk.schedule()
    desk.worker.fire(schedule_id, kind=JobKind.SCHEDULED)
    (claim,) = desk.worker.claim()
    desk.worker.prints(claim, ("stdout", "one\n"), ("stdout", "two\n"))
    desk.worker.ends(claim)
    desk.later(YEAR)
    newest = desk.worker.runs(schedule_id)

    counts = pruning.prune(desk.caller)

    assert (counts.jobs, counts.attempts, counts.outputs) == (1, 1, 2)
    kept, pruned = jobs.history(desk.viewer, schedule_id)
    assert kept.job is not None
    assert kept.job.id == newest
    assert (pruned.reason, pruned.count, pruned.nominal_at) == (SkipReason.RAN, 1, NOON)


def test_what_is_young_stays_and_a_second_round_finds_nothing(desk: Desk) -> None:
    desk.worker.runs(desk.schedule(), AttemptOutcome.FAILED)

    assert pruning.prune(desk.caller) == Pruned()
    desk.later(YEAR)
    pruning.prune(desk.caller)
    assert pruning.prune(desk.caller) == Pruned()


def test_more_than_fits_in_one_step_goes_as_well(desk: Desk) -> None:
    (busy, *_) = many_ended_jobs(desk, schedules=1, each=1100)
    many_ended_jobs(desk, schedules=120, each=2)

    counts = pruning.prune(desk.caller, retention=Retention(jobs_per_schedule=1))

    assert counts.jobs == 1099 + 120
    with desk.store.reading() as tx:
        left = tx.connection.execute(table_of(Job).select()).all()
    assert len(left) == 121
    (job,) = (one for one in left if one.scheduled_job_id == busy)
    assert job.nominal_at == NOON + timedelta(minutes=1100)


def test_old_entries_and_silent_engines_go(desk: Desk) -> None:
    jobs.cancel(desk.caller, [desk.worker.fire(desk.schedule())])
    desk.later(2 * YEAR)

    counts = pruning.prune(desk.caller)

    assert (counts.journal, counts.nodes) == (1, 1)
    assert desk.journal() == []


def test_only_an_admin_may(desk: Desk) -> None:
    for caller in (desk.viewer, desk.operator):
        with pytest.raises(Forbidden, match="administer"):
            pruning.prune(caller)
