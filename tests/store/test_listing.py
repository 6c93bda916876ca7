"""Which schedules, in which order, on both databases; and that SQL and the rules judge alike."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.world import ADA, NOON, a_queue, a_schedule, an_organization, new_id
from tfui.core.health import RANK, Condition, Signs, condition
from tfui.core.states import JobKind, JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduleQuery, ScheduleSort
from tfui.store import listing, schedule_rows, standing
from tfui.store.listing import ScheduleIds

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Store, Transaction


def _a_live_job(
    tx: Transaction,
    organization_id: UUID,
    schedule_id: UUID,
    *,
    status: JobStatus,
    wait: WaitReason | None,
    available_at: datetime,
) -> None:
    tx.connection.execute(
        table_of(Job)
        .insert()
        .values(
            id=new_id(),
            organization_id=organization_id,
            queue_id=new_id(),
            scheduled_job_id=schedule_id,
            nominal_at=NOON,
            kind=JobKind.SCHEDULED,
            job_type="noop",
            payload={},
            priority=0,
            status=status,
            attempt=1,
            max_attempts=3,
            available_at=available_at,
            wait_reason=wait,
            fence=1,
            created_at=NOON,
        ),
    )


def _names(store: Store, organization_id: UUID, **asked: object) -> list[str]:
    query = ScheduleQuery(**asked)  # type: ignore[arg-type]  # the test's own words
    with store.reading() as tx:
        found = listing.ids(tx, organization_id, query, now=NOON)
        assert listing.count(tx, organization_id, query, now=NOON) == len(found)
        return [row.name for row in schedule_rows.rows(tx, organization_id, found)]


def test_sql_ranks_every_combination_of_signs_as_the_rules_do(store: Store) -> None:
    lives: list[tuple[JobStatus, WaitReason | None] | None] = [
        None,
        (JobStatus.RUNNING, None),
        (JobStatus.BLOCKED, WaitReason.OVERLAP),
        *((JobStatus.QUEUED, wait) for wait in (None, *WaitReason)),
    ]
    nexts = [None, NOON - timedelta(minutes=5), NOON + timedelta(minutes=5)]
    outcomes = [None, JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED]
    expected: dict[UUID, int] = {}
    with store.writing(by=ADA, now=NOON) as tx:
        organization = an_organization(tx)
        combinations = product(ScheduleStatus, nexts, outcomes, lives, (-60, 60))
        for status, next_run_at, outcome, live, seconds in combinations:
            if live is None and seconds > 0:
                continue
            available_at = NOON + timedelta(seconds=seconds)
            schedule_id = a_schedule(
                tx,
                organization,
                status=status,
                next_run_at=next_run_at,
                last_outcome=outcome,
            )
            if live is not None:
                _a_live_job(
                    tx,
                    organization,
                    schedule_id,
                    status=live[0],
                    wait=live[1],
                    available_at=available_at,
                )
            signs = Signs(
                status=status,
                next_run_at=next_run_at,
                last_outcome=outcome,
                live_status=None if live is None else live[0],
                live_attempt=0 if live is None else 1,
                live_wait=None if live is None else live[1],
                live_available_at=None if live is None else available_at,
            )
            expected[schedule_id] = RANK[condition(signs, NOON)]

    with store.reading() as tx:
        found = listing.ids(tx, organization, ScheduleQuery(), now=NOON)
        by_condition = {
            each: set(
                listing.ids(tx, organization, ScheduleQuery(conditions=frozenset({each})), now=NOON)
            )
            for each in Condition
        }

    ranks = [expected[schedule_id] for schedule_id in found]
    assert ranks == sorted(ranks)
    assert len(found) == len(expected)
    for each, members in by_condition.items():
        assert members == {key for key, rank in expected.items() if rank == RANK[each]}


@pytest.fixture
def three(store: Store) -> UUID:
    """Organization with three schedules; `beta` failed last, `gamma` is paused."""
    with store.writing(by=ADA, now=NOON) as tx:
        organization = an_organization(tx)
        nightly = a_queue(tx, organization, name="nightly")
        a_schedule(
            tx,
            organization,
            name="alpha [1]",
            next_run_at=NOON + timedelta(hours=3),
            priority=1,
            job_type="shell",
            payload={"command": "/opt/bin/EXPORT --daily"},
        )
        a_schedule(
            tx,
            organization,
            name="beta 100%",
            queue_id=nightly,
            next_run_at=NOON + timedelta(hours=1),
            last_outcome=JobStatus.FAILED,
            metadata_={"tags": ["Finance", "Straße"]},
        )
        a_schedule(
            tx,
            organization,
            name="gamma_x",
            next_run_at=None,
            status=ScheduleStatus.PAUSED,
            priority=9,
        )
        a_schedule(tx, organization, name="zeta", deleted_at=NOON)
        other = an_organization(tx, name="other")
        a_schedule(tx, other, name="somebody else's")
    return organization


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["beta 100%", "alpha [1]", "gamma_x"]),
        ({"descending": True}, ["gamma_x", "alpha [1]", "beta 100%"]),
        ({"sort": ScheduleSort.NAME}, ["alpha [1]", "beta 100%", "gamma_x"]),
        ({"sort": ScheduleSort.NEXT}, ["beta 100%", "alpha [1]", "gamma_x"]),
        ({"sort": ScheduleSort.NEXT, "descending": True}, ["alpha [1]", "beta 100%", "gamma_x"]),
        ({"sort": ScheduleSort.QUEUE}, ["alpha [1]", "gamma_x", "beta 100%"]),
        (
            {"sort": ScheduleSort.PRIORITY, "descending": True},
            ["gamma_x", "alpha [1]", "beta 100%"],
        ),
        ({"search": "ALPHA [1"}, ["alpha [1]"]),
        ({"search": "100%"}, ["beta 100%"]),
        ({"search": "a_x"}, ["gamma_x"]),
        ({"search": "export"}, ["alpha [1]"]),
        ({"search": "STRASSE"}, ["beta 100%"]),
        ({"search": "nothing like it"}, []),
        ({"status": ScheduleStatus.PAUSED}, ["gamma_x"]),
        ({"queue": "nightly"}, ["beta 100%"]),
        ({"job_type": "shell"}, ["alpha [1]"]),
        ({"deleted": True}, ["zeta"]),
        ({"conditions": frozenset({Condition.FAILED, Condition.PAUSED})}, ["beta 100%", "gamma_x"]),
        (
            {
                "conditions": frozenset({Condition.FAILED, Condition.PAUSED}),
                "sort": ScheduleSort.PRIORITY,
                "descending": True,
            },
            ["gamma_x", "beta 100%"],
        ),
    ],
)
def test_a_list_is_narrowed_and_sorted(
    store: Store,
    three: UUID,
    asked: dict[str, object],
    expected: list[str],
) -> None:
    assert expected == _names(store, three, **asked)


def test_the_default_list_and_a_search_read_one_covering_index(sqlite_store: Store) -> None:
    statement = (
        "EXPLAIN QUERY PLAN SELECT id, status, last_outcome FROM scheduled_job "
        "WHERE organization_id = 'x' AND deleted_at IS NULL AND search_text LIKE '%x%' "
        "ORDER BY name"
    )
    with sqlite_store.reading() as tx:
        plan = [row[3] for row in tx.connection.execute(text(statement))]

    assert len(plan) == 1
    assert "COVERING INDEX ix_scheduled_job_listing" in plan[0]


def test_the_summary_and_the_pulse_count_what_there_is(store: Store, three: UUID) -> None:
    with store.reading() as tx:
        pulse = standing.pulse(tx, three, now=NOON + timedelta(hours=2))

    assert (pulse.summary.total, pulse.summary.active, pulse.summary.paused) == (3, 2, 1)
    assert pulse.summary.due_now == 1
    assert pulse.late == 1
    assert pulse.failing == 1
    assert pulse.next_name == "alpha [1]"


def test_identifiers_are_found_by_place_and_place_by_identifier() -> None:
    made = [new_id() for _ in range(50)]
    packed = ScheduleIds(b"".join(identifier.bytes for identifier in made))

    assert list(packed) == made
    assert packed[-1] == made[-1]
    assert packed[10:20] == made[10:20]
    assert [packed.place(identifier) for identifier in made] == list(range(50))
    assert packed.place(new_id()) is None
    with pytest.raises(IndexError):
        packed[50]
