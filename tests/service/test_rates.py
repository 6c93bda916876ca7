"""Rate limits behind the caller's door: set, lifted, asked about, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import ADA, NOON
from tfui.errors import Conflict, Forbidden, Invalid
from tfui.service import journal, ledger, queues, rates
from tfui.store import rates as store

if TYPE_CHECKING:
    from tests.service.desk import Desk


def told(desk: Desk) -> list[tuple[str | None, int, int]]:
    found = rates.limits(desk.viewer)
    return [(row.job_type, row.per_minute, row.remaining) for row in found]


def test_a_start_noted_before_a_clock_was_set_back_counts_nowhere(desk: Desk) -> None:
    rates.set_limit(desk.operator, "noop", 1)
    kind = store.Kind(desk.caller.organization_id, "noop")
    with desk.store.writing(by=ADA, now=NOON) as tx:
        store.note(tx, [kind], NOON + timedelta(hours=1))
        assert store.recent(tx, kind, NOON) == []

    assert told(desk) == [("noop", 1, 1)]


def test_a_default_and_an_override_are_set_changed_and_lifted(desk: Desk) -> None:
    rates.set_limit(desk.operator, None, 10)
    rates.set_limit(desk.operator, "noop", 3)
    rates.set_limit(desk.operator, "noop", 4)

    assert told(desk) == [(None, 10, 10), ("noop", 4, 4)]
    assert rates.remaining(desk.viewer, "noop") == 4
    assert rates.remaining(desk.viewer, "http") == 10
    rates.set_limit(desk.operator, None, None)
    assert told(desk) == [("noop", 4, 4)]
    assert rates.remaining(desk.viewer, "http") is None


def test_what_is_left_is_told_with_the_instant_it_clears(desk: Desk) -> None:
    schedule = desk.schedule(overlap="allow")
    rates.set_limit(desk.caller, "noop", 2)
    for _ in range(3):
        desk.worker.fire(schedule)
    desk.worker.claim()

    (row,) = rates.limits(desk.viewer)
    assert (row.remaining, row.clears_at) == (0, NOON + timedelta(minutes=1))
    (queue,) = queues.listing(desk.viewer)
    assert queue.limits == (row,)
    desk.later(timedelta(minutes=1))
    assert rates.remaining(desk.viewer, "noop") == 2


def test_a_waiting_job_explains_itself_with_its_clear_instant(desk: Desk) -> None:
    schedule = desk.schedule(overlap="allow")
    rates.set_limit(desk.caller, "noop", 1)
    for _ in range(2):
        desk.worker.fire(schedule)
    for claim in desk.worker.claim():
        desk.worker.ends(claim)

    found = ledger.explain(desk.viewer, schedule)
    assert found.clears_at == NOON + timedelta(minutes=1)
    assert "1 of 1 starts of the last minute are used" in " ".join(
        [found.verdict, *(step.text for step in found.steps)]
    )


def test_a_waiting_job_tells_its_own_turn_behind_those_that_are_claimed_before_it(
    desk: Desk,
) -> None:
    last = desk.schedule(overlap="allow")
    side = queues.create(desk.caller, "side").id
    others = desk.schedule(overlap="allow", queue_id=side, priority=1)
    rates.set_limit(desk.caller, "noop", 2)
    for name in (last, *[others] * 5):
        desk.worker.fire(name)
    for claim in desk.worker.claim():
        desk.worker.ends(claim)

    found = ledger.explain(desk.viewer, last)
    assert "2 of 2 starts of the last minute are used; 3 jobs are before it;" in found.verdict
    assert found.clears_at == NOON + timedelta(minutes=2)
    queues.pause(desk.caller, "side")
    found = ledger.explain(desk.viewer, last)
    assert "3 jobs are before it, 3 of them in queues that are paused or full" in found.verdict
    assert found.clears_at is None


def test_a_queue_tells_the_default_for_types_that_did_not_start(desk: Desk) -> None:
    desk.schedule()
    rates.set_limit(desk.caller, None, 5)

    (queue,) = queues.listing(desk.viewer)
    assert [(row.job_type, row.remaining) for row in queue.limits] == [("noop", 5)]


def test_it_is_taken_back(desk: Desk) -> None:
    rates.set_limit(desk.caller, "noop", 3)
    rates.set_limit(desk.caller, "noop", 4)

    journal.undo(desk.caller)
    assert told(desk) == [("noop", 3, 3)]
    journal.undo(desk.caller)
    assert told(desk) == []
    with pytest.raises(Conflict):
        journal.undo(desk.caller)


def test_the_same_limit_again_is_no_act(desk: Desk) -> None:
    rates.set_limit(desk.caller, "noop", 3)
    rates.set_limit(desk.caller, "noop", 3)

    assert len(desk.journal("rate.set")) == 1


def test_what_cannot_be_a_limit_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        rates.set_limit(desk.caller, "x" * 101, 0)

    assert list(caught.value.fields) == ["job_type", "per_minute"]
    with pytest.raises(Forbidden):
        rates.set_limit(desk.viewer, "noop", 1)
