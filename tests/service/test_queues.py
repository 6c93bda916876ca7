"""Queues behind the caller's door: made, changed, stopped for a while, and let go again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.service.desk import Desk, at_once
from tests.worker import ENGINE
from tests.world import NOON
from tfui.core.states import Overlap, WaitReason
from tfui.errors import Conflict, Forbidden, Invalid, NotFound
from tfui.service import queues
from tfui.store import journal, waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.model.queue import QueueRow

HOUR = timedelta(hours=1)


def only(desk: Desk, name: str) -> QueueRow:
    (row,) = (row for row in queues.listing(desk.viewer) if row.name == name)
    return row


class TestMaking:
    def test_a_queue_is_made_and_listed_by_name(self, desk: Desk) -> None:
        made = queues.create(desk.operator, "nightly", concurrency=2)
        queues.create(desk.operator, "checks")

        assert [row.name for row in queues.listing(desk.viewer)] == ["checks", "default", "nightly"]
        assert only(desk, "nightly") == made
        assert (made.concurrency, made.paused_at, made.schedules) == (2, None, 0)

    def test_a_name_that_is_taken_is_refused(self, desk: Desk) -> None:
        with pytest.raises(Conflict, match="there is a queue 'default' already"):
            queues.create(desk.caller, "default", concurrency=3)

        assert only(desk, "default").concurrency is None

    def test_of_two_who_make_one_name_at_once_one_does(self, desk: Desk) -> None:
        def make() -> bool:
            try:
                queues.create(desk.caller, "nightly")
            except Conflict:
                return False
            return True

        assert sorted(at_once(make, make)) == [False, True]
        assert len(desk.journal("queue.created")) == 1

    def test_every_bad_field_is_told_at_once(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as caught:
            queues.create(desk.caller, "x" * 101, concurrency=0)

        assert list(caught.value.fields) == ["name", "concurrency"]

    @pytest.mark.parametrize("name", ["", " ", " nightly", "nightly\n", "a\tb", "a\x1b[31mb"])
    def test_a_name_that_cannot_be_read_is_refused(self, desk: Desk, name: str) -> None:
        with pytest.raises(Invalid) as caught:
            queues.create(desk.caller, name)

        assert list(caught.value.fields) == ["name"]

    def test_it_is_on_the_record(self, desk: Desk) -> None:
        made = queues.create(desk.caller, "nightly", concurrency=2)

        (entry,) = desk.journal()

        assert (entry.verb, entry.by, entry.subject_id) == ("queue.created", "ada", made.id)
        assert (entry.before, entry.after) == (None, {"name": "nightly", "concurrency": 2})


class TestChanging:
    def test_how_many_run_at_once_is_changed_and_on_the_record(self, desk: Desk) -> None:
        row = queues.edit(desk.operator, "default", concurrency=3)

        assert row.concurrency == 3
        (entry,) = desk.journal("queue.edited")
        assert (entry.before, entry.after) == ({"concurrency": None}, {"concurrency": 3})

    def test_a_limit_is_taken_away_again(self, desk: Desk) -> None:
        queues.edit(desk.caller, "default", concurrency=3)

        assert queues.edit(desk.caller, "default", concurrency=None).concurrency is None

    def test_what_changes_nothing_is_not_on_the_record(self, desk: Desk) -> None:
        queues.edit(desk.caller, "default", concurrency=None)

        assert desk.journal() == []

    @pytest.mark.parametrize("concurrency", [0, -1, 100_001])
    def test_a_number_that_is_none_is_refused(self, desk: Desk, concurrency: int) -> None:
        with pytest.raises(Invalid, match="from 1 to 100,000"):
            queues.edit(desk.caller, "default", concurrency=concurrency)

    def test_a_name_that_is_unknown_is_told_with_the_one_that_was_meant(self, desk: Desk) -> None:
        acts: list[Callable[[], object]] = [
            lambda: queues.edit(desk.caller, "defualt", concurrency=1),
            lambda: queues.pause(desk.caller, "defualt"),
            lambda: queues.resume(desk.caller, "defualt"),
        ]
        for act in acts:
            with pytest.raises(
                NotFound,
                match="there is no queue 'defualt'; did you mean 'default'",
            ):
                act()


class TestPausing:
    def test_a_paused_queue_starts_nothing_until_it_is_resumed(self, desk: Desk) -> None:
        desk.worker.fire(desk.schedule())

        row = queues.pause(desk.operator, "default", note="disk is full", until=NOON + HOUR)

        assert (row.paused_at, row.paused_by) == (NOON, "ada")
        assert (row.pause_note, row.paused_until) == ("disk is full", NOON + HOUR)
        assert desk.worker.claim() == []
        assert queues.resume(desk.operator, "default").paused_at is None
        assert len(desk.worker.claim()) == 1

    def test_jobs_that_waited_for_a_place_say_what_they_wait_for_now(self, desk: Desk) -> None:
        queues.edit(desk.caller, "default", concurrency=1)
        schedule_id = desk.schedule(overlap=Overlap.ALLOW)
        job_ids = [desk.worker.fire(schedule_id) for _ in range(2)]
        (claim,) = desk.worker.claim()
        with desk.store.writing(by=ENGINE, now=NOON) as tx:
            waits.explain(tx, NOON)
        (waiting,) = (one for one in job_ids if desk.job(one).status == "queued")
        assert desk.job(waiting).wait_reason == WaitReason.CONCURRENCY

        queues.pause(desk.caller, "default")
        assert desk.job(waiting).wait_reason == WaitReason.QUEUE_PAUSED

        queues.resume(desk.caller, "default")
        assert desk.job(waiting).wait_reason == WaitReason.CONCURRENCY
        desk.worker.ends(claim)
        assert len(desk.worker.claim()) == 1

    def test_pausing_again_changes_note_and_end_and_not_since_when(self, desk: Desk) -> None:
        queues.pause(desk.caller, "default", note="disk is full")
        desk.later(HOUR)

        row = queues.pause(desk.caller, "default", until=NOON + 2 * HOUR)

        assert (row.paused_at, row.pause_note) == (NOON, None)
        assert row.paused_until == NOON + 2 * HOUR

    def test_resuming_what_is_not_paused_is_refused(self, desk: Desk) -> None:
        with pytest.raises(Conflict, match="the queue 'default' is not paused"):
            queues.resume(desk.caller, "default")

    def test_every_bad_field_is_told_at_once(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as caught:
            queues.pause(desk.caller, "default", note="x" * 501, until=NOON)

        assert list(caught.value.fields) == ["note", "until"]

    def test_an_end_without_a_zone_is_refused(self, desk: Desk) -> None:
        with pytest.raises(Invalid, match="lacks its offset"):
            queues.pause(desk.caller, "default", until=datetime(2026, 1, 6))  # noqa: DTZ001  # on purpose

    def test_both_are_on_the_record_and_the_chain_holds(self, desk: Desk) -> None:
        queues.pause(desk.caller, "default", note="why", until=NOON + HOUR)
        queues.resume(desk.caller, "default")

        paused, resumed = desk.journal()

        assert (paused.verb, resumed.verb) == ("queue.paused", "queue.resumed")
        assert paused.after == {
            "paused_at": NOON.isoformat(),
            "paused_by": "ada",
            "pause_note": "why",
            "paused_until": (NOON + HOUR).isoformat(),
        }
        assert paused.before == dict.fromkeys(paused.after) == resumed.after
        assert resumed.before == paused.after
        with desk.store.reading() as tx:
            assert journal.verify(tx) is None


def test_a_queue_counts_what_is_in_it_and_who_uses_it(desk: Desk) -> None:
    schedule_id = desk.schedule(overlap=Overlap.BUFFER_ALL)
    desk.delete(desk.schedule())
    for _ in range(3):
        desk.worker.fire(schedule_id)
    desk.worker.claim()

    row = only(desk, "default")

    assert (row.running, row.queued, row.schedules) == (1, 2, 1)


def test_who_may_only_look_may_list_and_nothing_else(desk: Desk) -> None:
    acts: list[Callable[[], object]] = [
        lambda: queues.create(desk.viewer, "nightly"),
        lambda: queues.edit(desk.viewer, "default", concurrency=1),
        lambda: queues.pause(desk.viewer, "default"),
        lambda: queues.resume(desk.viewer, "default"),
    ]
    assert len(queues.listing(desk.viewer)) == 1
    for act in acts:
        with pytest.raises(Forbidden, match="queue:write"):
            act()
