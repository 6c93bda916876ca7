"""Changes that meet half way on Postgres, where rows are held one by one: both come through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.service.desk import Desk, at_once
from tests.world import ADA, eventually
from tfui.core.parent_text import Parent
from tfui.core.states import JobStatus, Overlap
from tfui.errors import GaveWay, Invalid
from tfui.service import jobs, schedules
from tfui.service.caller import twice
from tfui.service.parents import ParentChange
from tfui.store import firing
from tfui.store import jobs as store_jobs
from tfui.store import schedules as store_schedules

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def desk(postgres_store: Store, clock: FrozenClock) -> Desk:
    return Desk(postgres_store, clock)


def somebody_waits(desk: Desk) -> bool:
    with desk.store.reading() as tx:
        return bool(tx.connection.execute(_WAITING).scalar_one())


def test_a_cancellation_waits_for_a_run_by_hand_without_holding_what_that_needs(desk: Desk) -> None:
    """The run by hand holds the schedule and then cancels its live jobs; so must the other."""
    schedule_id = desk.schedule(overlap=Overlap.CANCEL_RUNNING, next_run_at=None)
    job_id = desk.worker.fire(schedule_id)
    with ThreadPoolExecutor(1) as pool:
        with desk.store.writing(by=ADA, now=desk.clock.now()) as tx:
            (schedule,) = store_schedules.lock(
                tx, desk.caller.organization_id, [schedule_id]
            ).values()
            other = pool.submit(jobs.cancel, desk.caller, [job_id])
            eventually(lambda: somebody_waits(desk), what="the cancellation's wait")
            made = firing.fire_now(tx, schedule)
        with pytest.raises(Exception, match="has ended already: it is cancelled"):
            other.result(timeout=30)

    assert desk.job(job_id).status == JobStatus.CANCELLED
    assert desk.job(made).status == JobStatus.QUEUED


def test_a_run_by_hand_that_gave_way_to_an_engine_is_tried_again(desk: Desk) -> None:
    """An engine that settles holds the job first, and then wants the schedule."""
    schedule_id = desk.schedule(overlap=Overlap.CANCEL_RUNNING, next_run_at=None)
    job_id = desk.worker.fire(schedule_id)
    organization_id = desk.caller.organization_id
    with ThreadPoolExecutor(1) as pool:
        with desk.store.writing(by=ADA, now=desk.clock.now()) as tx:
            store_jobs.hold(tx, organization_id, [job_id])
            other = pool.submit(schedules.run_now, desk.caller, schedule_id)
            eventually(lambda: somebody_waits(desk), what="the run's wait")
            store_schedules.lock(tx, organization_id, [schedule_id])
        made = other.result(timeout=30)

    assert desk.job(job_id).status == JobStatus.CANCELLED
    assert desk.job(made).status == JobStatus.QUEUED
    assert len(desk.journal("schedule.started")) == 1


def test_a_verb_is_tried_twice_and_no_more() -> None:
    tries = []

    @twice
    def verb() -> None:
        tries.append(1)
        raise GaveWay("two changes waited for each other")

    with pytest.raises(GaveWay):
        verb()
    assert len(tries) == 2


def test_two_edits_that_name_each_others_schedules_both_end(desk: Desk) -> None:
    """Each holds its own and then wants the other's; the circle is refused, and nobody is stuck."""
    one, other = (desk.schedule(name=name, next_run_at=None) for name in ("one", "other"))
    after = ParentChange(wanted=(Parent("one"),)), ParentChange(wanted=(Parent("other"),))

    def edit(schedule_id: UUID, change: ParentChange) -> str:
        try:
            schedules.edit(desk.caller, schedule_id, {}, parents=change)
        except Invalid as refused:
            return str(refused)
        return "saved"

    found = at_once(lambda: edit(other, after[0]), lambda: edit(one, after[1]))

    assert sorted(word == "saved" for word in found) == [False, True]
    assert any("wait for itself" in word for word in found)
