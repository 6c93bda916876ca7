"""What a check-up reads comes in order, in a stream, and over indexes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from tests.world import ADA, NOON, a_schedule, an_organization, new_id
from tfui.core.recount import Entry
from tfui.core.states import JobKind, JobStatus
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.store import checks

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Store, Transaction

MINUTE = timedelta(minutes=1)


def a_job(tx: Transaction, organization_id: UUID, schedule_id: UUID, minute: int) -> None:
    """Insert the ended job of a minute past noon."""
    at = NOON + minute * MINUTE
    tx.connection.execute(
        table_of(Job)
        .insert()
        .values(
            id=new_id(),
            organization_id=organization_id,
            queue_id=new_id(),
            scheduled_job_id=schedule_id,
            nominal_at=at,
            kind=JobKind.SCHEDULED,
            job_type="noop",
            payload={},
            priority=0,
            status=JobStatus.SUCCEEDED,
            attempt=1,
            max_attempts=1,
            available_at=at,
            fence=1,
            created_at=at,
        ),
    )


def a_range(tx: Transaction, schedule_id: UUID, first: int, last: int) -> None:
    """Insert a range of minutes past noon."""
    tx.connection.execute(
        table_of(Occurrence)
        .insert()
        .values(
            id=new_id(),
            scheduled_job_id=schedule_id,
            from_at=NOON + first * MINUTE,
            to_at=NOON + last * MINUTE,
            count=last - first + 1,
            reason="missed_down",
            created_at=NOON,
        ),
    )


def test_jobs_and_ranges_come_in_one_order_schedule_by_schedule(store: Store) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        ours = an_organization(tx)
        first, empty, last = (a_schedule(tx, ours) for _ in range(3))
        a_job(tx, ours, first, 6)
        a_range(tx, first, 2, 5)
        a_job(tx, ours, first, 1)
        a_range(tx, last, 1, 3)
        a_job(tx, ours, last, -1)  # from before the trigger was in force

    with store.reading() as tx:
        found = {schedule: list(entries) for schedule, entries in checks.entries(tx, first, last)}

    def entry(start: int, end: int) -> Entry:
        instants = (to_microseconds(NOON + minute * MINUTE) for minute in (start, end))
        return Entry(*instants, end - start + 1)  # type: ignore[call-arg]  # two instants, one number

    assert found == {first: [entry(1, 1), entry(2, 5), entry(6, 6)], last: [entry(1, 3)]}
    assert empty not in found


def test_the_whole_ledger_is_read_without_sorting_it(sqlite_store: Store) -> None:
    """A sort would hold every row of a page at once."""
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        ours = an_organization(tx)
        schedule = a_schedule(tx, ours)
    asked: list[tuple[str, Any]] = []
    with sqlite_store.reading() as tx:
        event.listen(
            tx.connection.engine,
            "before_cursor_execute",
            lambda _c, _k, statement, parameters, _x, _m: asked.append((statement, parameters)),
        )
        list(checks.entries(tx, schedule, schedule))
    queries = [one for one in asked if one[0].startswith("SELECT")]

    assert len(queries) == 2
    with sqlite_store.reading() as tx:
        for statement, parameters in queries:
            plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)

            assert [str(row[3]) for row in plan if "TEMP B-TREE" in str(row[3])] == []
