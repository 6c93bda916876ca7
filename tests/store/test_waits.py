"""Waits: what is said of waiting jobs while several engines look at them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.core.states import JobKind
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import firing, waits

if TYPE_CHECKING:
    from tfui.store.connection import Store

_J = table_of(Job).c


def test_two_engines_that_explain_the_same_jobs_do_not_wait_for_each_other(
    postgres_store: Store,
) -> None:
    store = postgres_store
    schedules = table_of(ScheduledJob)
    with store.writing(by=ADA, now=NOON) as tx:
        made = a_schedule(tx, an_organization(tx), overlap="allow")
        row = tx.connection.execute(select(schedules).where(schedules.c.id == made)).one()
        jobs = [firing.fire_now(tx, row, kind=JobKind.MANUAL) for _ in range(4)]

    with store.writing(by=ADA, now=NOON) as one, store.writing(by=ADA, now=NOON) as other:
        other.connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        by_one = waits.explain(one, NOON, limit=3)
        by_other = waits.explain(other, NOON)

    assert (by_one, by_other) == (3, 1)
    with store.reading() as tx:
        reasons = tx.connection.execute(select(_J.wait_reason)).scalars().all()
    assert reasons == ["concurrency"] * len(jobs)
