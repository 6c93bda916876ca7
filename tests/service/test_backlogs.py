"""What stands in queues: why it waits, what a pause holds up, the last hour, and what failed together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.service.desk import Desk
from tests.worker import ENGINE
from tests.world import NOON
from tfui.core.states import AttemptOutcome, WaitReason
from tfui.service import engines, failing, queues
from tfui.store import waits

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store

MINUTE = timedelta(minutes=1)


def fire(desk: Desk, schedule: UUID, count: int = 1) -> None:
    for _ in range(count):
        desk.worker.fire(schedule)


def fail(desk: Desk, schedule: UUID, error: str) -> None:
    desk.worker.fire(schedule)
    (claim,) = desk.worker.claim()
    desk.worker.ends(claim, AttemptOutcome.FAILED, error=error)


def test_a_queue_tells_what_its_jobs_wait_for(desk: Desk) -> None:
    schedule = desk.schedule(overlap="allow")
    fire(desk, schedule, 3)
    queues.pause(desk.caller, "default", note="disk")
    with desk.store.writing(by=ENGINE, now=NOON) as tx:
        waits.explain(tx, NOON)
    (standing,) = queues.standings(desk.viewer)

    assert standing.waits == {WaitReason.QUEUE_PAUSED: 3}
    assert queues.job_types(desk.viewer, standing.queue.id) == ["noop"]
    assert standing.queue == queues.listing(desk.viewer)[0]


def test_a_paused_queue_tells_what_it_holds_up(desk: Desk) -> None:
    assert queues.paused(desk.viewer) == []
    fire(desk, desk.schedule(overlap="allow"), 2)
    queues.pause(desk.caller, "default", until=NOON + MINUTE)
    (held,) = queues.paused(desk.viewer)

    assert (held.name, held.waiting, held.paused_until) == ("default", 2, NOON + MINUTE)


def test_the_last_hour_is_told_minute_by_minute(desk: Desk) -> None:
    schedule = desk.schedule(overlap="allow")
    fire(desk, schedule, 2)
    desk.later(2 * MINUTE)
    fire(desk, schedule)
    desk.later(MINUTE)
    desk.worker.claim(seats=1)
    desk.later(MINUTE / 2)
    ((_, depths),) = queues.depths(desk.viewer).items()

    assert len(depths) == 60
    assert depths[-6:] == (0, 0, 2, 2, 3, 2)


def test_failures_that_began_together_with_one_signature_are_one_cause(desk: Desk) -> None:
    one, other, third = (desk.schedule(name=name, max_attempts=1) for name in "abc")
    fail(desk, one, "exit 69: db-1 refused")
    desk.later(timedelta(seconds=8))
    fail(desk, other, "exit 69: db-2 refused")
    desk.later(20 * MINUTE)
    fail(desk, third, "exit 69: db-1 refused")
    fail(desk, one, "exit 1: another end of the same row")
    (cause,) = failing.causes(desk.viewer)

    assert [failure.schedule for failure in cause.failures] == ["a", "b"]
    assert cause.span == timedelta(seconds=8)
    assert cause.signature.kind == "exit 69"


def test_what_runs_again_is_no_failure_any_more(desk: Desk) -> None:
    one, other = (desk.schedule(name=name, max_attempts=1) for name in "ab")
    fail(desk, one, "exit 69")
    fail(desk, other, "exit 69")
    assert failing.causes(desk.viewer)
    desk.worker.runs(one)

    assert failing.causes(desk.viewer) == []


def test_the_database_tells_its_kind_and_size(desk: Desk) -> None:
    found = engines.storage(desk.viewer)

    assert found.kind == desk.store.dialect.name
    assert found.size > 10_000
    if desk.store.path is not None:
        assert found.label == str(desk.store.path)
        assert (found.free or 0) > 0


def test_cheap_troubles_are_the_doctors_that_need_somebody(
    sqlite_store: Store, clock: FrozenClock
) -> None:
    desk = Desk(sqlite_store, clock)
    (only,) = engines.troubles(desk.viewer)
    assert "1 engine is of tfui 1.0" in only.text
    assert sqlite_store.path is not None
    Path(sqlite_store.path).chmod(0o644)

    subjects = [finding.subject for finding in engines.troubles(desk.viewer)]
    assert subjects == ["engines", sqlite_store.path.name]
