"""The sample schedules of the demo: every one of them is good, and some of them soon run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import utc
from tfui.clock import FrozenClock
from tfui.core.finding import Severity
from tfui.core.states import JobStatus, SkipReason
from tfui.model.run import RunQuery
from tfui.model.schedule import ScheduleQuery
from tfui.service import doctor, jobs, journal, ledger, missed, queues, runs, samples, schedules
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from tfui.store.connection import Store


def test_the_demo_begins_with_schedules_of_every_kind_and_something_to_see_at_once(
    sqlite_store: Store, clock: FrozenClock
) -> None:
    caller = local_caller(sqlite_store, clock, via="tui")

    samples.fill(caller)

    rows = schedules.rows(caller, schedules.ids(caller, ScheduleQuery()))
    soon = [
        row
        for row in rows
        if row.next_run_at is not None and row.next_run_at - clock.now() < timedelta(seconds=10)
    ]
    assert {row.schedule_type for row in rows} == {"once", "recurring", "cron", "chained"}
    assert {row.status for row in rows} == {"active", "paused", "completed"}
    assert len(soon) >= 2


@pytest.mark.parametrize(
    "begun",
    [
        "2026-01-05 12:00:00",
        "2026-03-29 01:00:30",  # a clock change in Berlin half an hour ago
        "2026-10-31 11:00:59",  # the last day of the month, as the board's papers are due
        "2027-01-03 23:59:59",  # a Sunday
    ],
)
def test_the_past_of_the_demo_keeps_the_ledgers_law_whenever_it_begins(
    sqlite_store: Store, begun: str
) -> None:
    caller = local_caller(sqlite_store, FrozenClock(utc(begun)), via="tui")

    samples.fill(caller)

    ill = [
        (finding.subject, finding.text)
        for finding in doctor.examine(caller)
        if finding.severity is not Severity.OK and finding.subject not in {"engines", "time zones"}
    ]
    assert ill == []


def test_the_demo_has_failures_retries_skipped_and_missed_runs_and_a_queue_that_is_paused(
    sqlite_store: Store,
) -> None:
    caller = local_caller(sqlite_store, FrozenClock(utc("2026-01-05 12:00")), via="tui")

    samples.fill(caller)

    every = jobs.listing(caller, limit=5000)
    reasons = {
        reason
        for row in schedules.rows(caller, schedules.ids(caller, ScheduleQuery()))
        for reason in ledger.total(caller, row.id).skipped
    }
    assert {job.status for job in every} == {JobStatus.SUCCEEDED, JobStatus.FAILED}
    assert any(job.status is JobStatus.SUCCEEDED and job.attempt > 1 for job in every)
    assert reasons >= {
        SkipReason.COALESCED,
        SkipReason.MISSED_SLEEP,
        SkipReason.SKIP_OVERLAP,
        SkipReason.SKIP_DEPENDENCY,
    }
    assert missed.tally(caller).runs > 100
    assert [queue.name for queue in queues.paused(caller)] == ["board"]
    assert runs.order(caller, RunQuery(), limit=100).ids
    entries = journal.entries(caller)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
