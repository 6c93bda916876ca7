"""A schedule's history: jobs and ledger ranges in one line of time, with nothing passed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.worker import Worker
from tests.world import ADA, NOON, a_schedule, an_organization, new_id
from tfui.core.states import AttemptOutcome, JobKind, Overlap, SkipReason
from tfui.model.columns import table_of
from tfui.model.occurrence import Occurrence
from tfui.store import history, job_moves

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.model.job import HistoryRow
    from tfui.store.connection import Store, Transaction

MINUTE = timedelta(minutes=1)


class Past:
    """A schedule that things have happened to."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock
        with store.writing(by=ADA, now=NOON) as tx:
            self.organization_id = an_organization(tx)
            self.schedule_id = self.another(tx)
        self.worker = Worker(store, clock)

    def another(self, tx: Transaction) -> UUID:
        return a_schedule(tx, self.organization_id, overlap=Overlap.ALLOW)

    def ran(self, minute: int, *kinds: JobKind) -> None:
        """Make jobs whose planned instant is so many minutes after noon."""
        self.clock.advance(NOON + minute * MINUTE - self.clock.now())
        for kind in kinds or (JobKind.SCHEDULED,):
            self.worker.fire(self.schedule_id, kind=kind)

    def missed(self, first: int, last: int, *, count: int, reason: SkipReason) -> None:
        """Write a range of the ledger."""
        with self.store.writing(by=ADA, now=NOON) as tx:
            tx.connection.execute(
                table_of(Occurrence)
                .insert()
                .values(
                    id=new_id(),
                    scheduled_job_id=self.schedule_id,
                    from_at=NOON + first * MINUTE,
                    to_at=NOON + last * MINUTE,
                    count=count,
                    reason=reason,
                    detail="because",
                    created_at=NOON,
                ),
            )

    def page(self, *, limit: int = 100, before: datetime | None = None) -> list[HistoryRow]:
        with self.store.reading() as tx:
            return history.page(tx, self.schedule_id, before=before, limit=limit)


@pytest.fixture
def past(store: Store, clock: FrozenClock) -> Past:
    return Past(store, clock)


def said(rows: list[HistoryRow]) -> list[tuple[int, str]]:
    """Say each row by its minute after noon and what it is."""
    return [
        (
            (row.nominal_at - NOON) // MINUTE,
            row.reason.value if row.reason else row.job.kind.value if row.job else "nothing",
        )
        for row in rows
    ]


def test_jobs_and_ranges_are_one_line_of_time_the_newest_first(past: Past) -> None:
    past.ran(1)
    past.missed(2, 4, count=3, reason=SkipReason.MISSED_DOWN)
    past.ran(5)
    past.missed(6, 6, count=1, reason=SkipReason.SKIP_OVERLAP)

    assert said(past.page()) == [
        (6, "skip_overlap"),
        (5, "scheduled"),
        (4, "missed_down"),
        (1, "scheduled"),
    ]


def test_a_range_tells_where_it_begins_how_many_and_why(past: Past) -> None:
    past.missed(2, 4, count=3, reason=SkipReason.MISSED_DOWN)

    (row,) = past.page()

    assert (row.job, row.from_at, row.count) == (None, NOON + 2 * MINUTE, 3)
    assert (row.reason, row.detail) == (SkipReason.MISSED_DOWN, "because")


def test_a_job_is_shown_with_its_schedule_and_queue(past: Past) -> None:
    past.ran(1)

    (row,) = past.page()

    assert row.job is not None
    assert (row.job.scheduled_job_id, row.job.queue, row.count) == (past.schedule_id, "default", 1)


def test_pruned_jobs_leave_no_gap(past: Past) -> None:
    past.missed(1, 3, count=3, reason=SkipReason.RAN)
    past.ran(4)

    assert said(past.page()) == [(4, "scheduled"), (3, "ran")]


def test_the_next_page_begins_where_the_last_one_ended(past: Past) -> None:
    for minute in (1, 3, 5):
        past.ran(minute)
    past.missed(2, 2, count=1, reason=SkipReason.SHED_RATE)
    past.missed(4, 4, count=1, reason=SkipReason.SHED_RATE)

    first = past.page(limit=2)
    second = past.page(limit=2, before=first[-1].nominal_at)
    third = past.page(limit=2, before=second[-1].nominal_at)

    assert [said(page) for page in (first, second, third)] == [
        [(5, "scheduled"), (4, "shed_rate")],
        [(3, "scheduled"), (2, "shed_rate")],
        [(1, "scheduled")],
    ]


@pytest.mark.parametrize("limit", range(1, 8))
def test_what_shares_an_instant_is_never_parted(past: Past, limit: int) -> None:
    past.ran(1)
    past.ran(2, JobKind.SCHEDULED, JobKind.MANUAL, JobKind.BACKFILL)
    past.missed(2, 2, count=1, reason=SkipReason.SUPERSEDED)
    past.ran(3, JobKind.MANUAL)
    everything = past.page()

    pages: list[list[HistoryRow]] = []
    before = None
    while page := past.page(limit=limit, before=before):
        pages.append(page)
        before = page[-1].nominal_at

    assert [row for page in pages for row in page] == everything
    assert len(everything) == 6


def test_another_schedule_s_history_is_its_own(past: Past, store: Store) -> None:
    past.ran(1)
    with store.writing(by=ADA, now=NOON) as tx:
        other = past.another(tx)

    with store.reading() as tx:
        assert history.page(tx, other, before=None, limit=10) == []


def test_a_job_says_when_its_first_attempt_began_however_often_it_was_tried(
    store: Store, past: Past, clock: FrozenClock
) -> None:
    """Its own start is the newest attempt's: counted from that, every retried run would be late."""
    past.ran(1, JobKind.MANUAL)
    (first,) = past.worker.claim()
    began = clock.now()
    past.worker.ends(first, AttemptOutcome.FAILED, error="exit 1")
    assert [began] == [row.first_started_at for row in past.page()]

    with store.writing(by=ADA, now=clock.now()) as tx:
        job_moves.queue_again(tx, first.job_id)
    clock.advance(5 * MINUTE)
    (again,) = past.worker.claim()
    past.worker.ends(again)
    (row,) = past.page()

    assert row.job is not None
    assert row.job.started_at == began + 5 * MINUTE
    assert row.first_started_at == began
