"""The hot queries go through their partial indexes, also when the planner knows nothing of the data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.world import ADA, NOON, a_schedule, an_organization, new_id
from tfui.model.columns import to_microseconds
from tfui.store import claims, crowding, firing, leases, missed, planning, resumptions, waits
from tfui.store.kept import to_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.store.connection import Store, Transaction


def _due(tx: Transaction) -> object:
    return planning.due(tx, to_microseconds(NOON), limit=1000)


def _live(tx: Transaction) -> object:
    return planning.company(tx, [to_kept(new_id(), dialect="sqlite")])


def _claim(tx: Transaction) -> object:
    return claims.claim(tx, new_id(), now=NOON + timedelta(minutes=1), seats=4)


def _lost(tx: Transaction) -> object:
    return leases.lost(tx, now=NOON)


QUERIES: list[tuple[Callable[[Transaction], object], str]] = [
    (_due, "ix_scheduled_job_due"),
    (planning.horizon, "ix_scheduled_job_due"),
    (planning.horizon, "ix_scheduled_job_paused_until"),
    (_live, "ix_job_live"),
    (_claim, "ix_job_claimable"),
    (_lost, "ix_job_leased"),
    (leases.next_expiry, "ix_job_leased"),
    (lambda tx: leases.renew(tx, new_id(), [new_id().bytes], now=NOON), "sqlite_autoindex_job_1"),
    (lambda tx: waits.outlook(tx, NOON), "ix_job_unclaimed"),
    (lambda tx: waits.explain(tx, NOON), "ix_job_unclaimed"),
    (lambda tx: claims.cancel_requests(tx, new_id()), "ix_job_leased"),
    (lambda tx: firing.release(tx, {new_id()}), "ix_job_live"),
    (firing.schedules_waiting_for_overlap, "ix_job_live"),
    (lambda tx: resumptions.resume_schedules(tx, now=NOON), "ix_scheduled_job_paused_until"),
    (lambda tx: missed.tally(tx, new_id(), since=NOON), "ix_occurrence_undealt"),
    (lambda tx: missed.rows(tx, new_id(), since=NOON), "ix_occurrence_undealt"),
    (lambda tx: crowding.latest(tx, new_id(), since=NOON), "ix_occurrence_crowded_out"),
]


@pytest.mark.parametrize(("query", "index"), QUERIES)
def test_a_hot_query_uses_its_index(
    sqlite_store: Store, query: Callable[[Transaction], object], index: str
) -> None:
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        schedule_id = a_schedule(tx, an_organization(tx))
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        schedule = planning.whole(tx, [to_kept(schedule_id, dialect="sqlite")])
        firing.fire_now(tx, next(iter(schedule.values())))
    seen: list[str] = []
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        driver: Any = tx.connection.connection.driver_connection
        driver.set_trace_callback(seen.append)  # also sees what goes past SQLAlchemy
        query(tx)
        driver.set_trace_callback(None)
        plans = [
            str(driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())
            for statement in seen
            if not statement.startswith(("INSERT", "UPDATE job SET status='running'"))
        ]

    assert any(index in plan for plan in plans), plans
    assert not any(f"SCAN {table}'" in plan for plan in plans for table in ("job", "scheduled_job"))
