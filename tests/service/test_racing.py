"""People and engines who want the same thing at once: one is first, and nothing is lost or doubled."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pytest

from tfui.core.states import JobStatus, ScheduleStatus
from tfui.errors import Conflict, TfuiError
from tfui.model.schedule import ScheduleDraft, ScheduleQuery
from tfui.service import jobs, ledger, schedules
from tfui.service import journal as journal_service
from tfui.service.caller import Caller, local_caller
from tfui.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store

Found = TypeVar("Found")


@pytest.fixture
def ada(store: Store, clock: FrozenClock) -> Caller:
    return local_caller(store, clock, via="tui")


def a_draft(name: str = "billing", **changes: object) -> ScheduleDraft:
    blank = ScheduleDraft(
        name=name,
        schedule_type="cron",
        schedule_expression="*/5 * * * *",
        job_type="noop",
        payload={},
    )
    return replace(blank, **changes)  # type: ignore[arg-type]  # fields by name


def at_once(*acts: Callable[[], Found]) -> list[Found | TfuiError]:
    """Start every act in a thread of its own at one moment; give what each gave or was refused."""
    start = threading.Barrier(len(acts))
    found: list[Found | TfuiError] = []
    bugs: list[BaseException] = []

    def run(act: Callable[[], Found]) -> None:
        start.wait(timeout=10)
        try:
            found.append(act())
        except TfuiError as refused:
            found.append(refused)
        except BaseException as bug:  # noqa: BLE001  # told by the main thread
            bugs.append(bug)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert bugs == []
    assert len(found) == len(acts)
    return found


def the_chain_holds(store: Store) -> bool:
    with store.reading() as tx:
        return journal.verify(tx) is None


def create_five(caller: Caller) -> list[UUID]:
    return [schedules.create(caller, a_draft(f"{caller.name}-{n}")).id for n in range(5)]


def refusals(found: list[Found | TfuiError]) -> list[TfuiError]:
    return [one for one in found if isinstance(one, TfuiError)]


def test_of_many_who_create_one_name_one_does(store: Store, ada: Caller) -> None:
    found = at_once(*[lambda: schedules.create(ada, a_draft())] * 4)

    assert len(refusals(found)) == 3
    assert all(isinstance(refused, Conflict) for refused in refusals(found))
    assert schedules.names(ada) == ["billing"]
    assert the_chain_holds(store)


def test_of_many_who_save_the_same_revision_one_does(store: Store, ada: Caller) -> None:
    row = schedules.create(ada, a_draft())
    found = at_once(
        *[
            lambda priority=priority: schedules.edit(
                ada,
                row.id,
                {"priority": priority},
                revision=row.revision,
            )
            for priority in (1, 2, 3, 4)
        ],
    )

    assert len(refusals(found)) == 3
    assert schedules.rows(ada, [row.id])[0].revision == row.revision + 1
    assert the_chain_holds(store)


def test_edits_of_different_fields_without_a_revision_are_all_kept(ada: Caller) -> None:
    row = schedules.create(ada, a_draft())
    found = at_once(
        lambda: schedules.edit(ada, row.id, {"priority": 7}),
        lambda: schedules.edit(ada, row.id, {"max_attempts": 9}),
        lambda: schedules.edit(ada, row.id, {"metadata": {"owner": "ana"}}),
    )

    assert refusals(found) == []
    kept = schedules.draft(ada, row.id)
    assert (kept.priority, kept.max_attempts, kept.metadata) == (7, 9, {"owner": "ana"})


def test_bulk_acts_over_the_same_schedules_in_any_order_end(store: Store, ada: Caller) -> None:
    """Rows are taken in one order, whatever the order asked for, so nobody waits in a circle."""
    ids = [schedules.create(ada, a_draft(f"s-{number}")).id for number in range(12)]
    found = at_once(
        lambda: schedules.pause(ada, ids),
        lambda: schedules.pause(ada, ids[::-1], note="again"),
        lambda: schedules.resume(ada, ids[6:] + ids[:6]),
        lambda: schedules.delete(ada, ids[::-2]),
    )

    assert all(isinstance(refused, TfuiError) for refused in refusals(found))
    assert the_chain_holds(store)
    left = schedules.ids(ada, ScheduleQuery())
    assert len(left) in {6, 12}


def test_of_many_who_run_it_now_one_does_when_overlap_is_skipped(ada: Caller) -> None:
    row = schedules.create(ada, a_draft())
    found = at_once(*[lambda: schedules.run_now(ada, row.id)] * 4)

    assert len(refusals(found)) == 3
    assert len(jobs.listing(ada, schedule_id=row.id)) == 1


def test_a_job_that_many_cancel_is_cancelled_once(store: Store, ada: Caller) -> None:
    row = schedules.create(ada, a_draft())
    job_id = schedules.run_now(ada, row.id)
    at_once(*[lambda: jobs.cancel(ada, [job_id])] * 3)

    assert jobs.row(ada, job_id).status is JobStatus.CANCELLED
    verbs = [entry.verb for entry in journal_service.entries(ada)]
    assert verbs.count("job.cancelled") == 1
    assert the_chain_holds(store)


def test_of_many_who_undo_each_takes_back_another_act(store: Store, ada: Caller) -> None:
    """Whoever comes second either goes one act further back or is told that it was taken back."""
    schedules.create(ada, a_draft("first"))
    row = schedules.create(ada, a_draft("second"))
    schedules.pause(ada, [row.id])
    found = at_once(*[lambda: journal_service.undo(ada)] * 2)

    entries = journal_service.entries(ada)
    undone = [entry.verb for entry in entries if entry.undone_by is not None]
    assert len(undone) == 2 - len(refusals(found))
    assert undone in (["schedule.paused"], ["schedule.paused", "schedule.created"])
    assert len([entry for entry in entries if entry.undoes is not None]) == len(undone)
    assert schedules.names(ada) == (["first", "second"] if len(undone) == 1 else ["first"])
    assert the_chain_holds(store)


def test_whoever_pauses_edits_and_resumes_at_once_the_ledger_agrees(
    store: Store,
    clock: FrozenClock,
    ada: Caller,
) -> None:
    row = schedules.create(ada, a_draft(schedule_expression="* * * * *"))
    for number in range(4):
        clock.advance(timedelta(minutes=7))
        at_once(
            partial(schedules.pause, ada, [row.id]),
            partial(schedules.resume, ada, [row.id]),
            partial(
                schedules.edit,
                ada,
                row.id,
                {"schedule_expression": f"*/{number + 1} * * * *"},
            ),
        )
    schedules.resume(ada, [row.id])

    total = ledger.total(ada, row.id)
    assert total.holds, total
    assert schedules.rows(ada, [row.id])[0].status is ScheduleStatus.ACTIVE
    assert the_chain_holds(store)


def test_a_chain_written_by_several_stores_holds(store: Store, ada: Caller) -> None:
    """Each caller has connections of its own, as processes have."""
    stores = [type(store)(store.url) for _ in range(3)]
    callers = [replace(ada, store=own, name=f"user-{n}") for n, own in enumerate(stores)]
    found = at_once(
        *[partial(create_five, caller) for caller in callers],
    )
    for own in stores:
        own.close()

    assert refusals(found) == []
    assert the_chain_holds(store)
    assert len(schedules.names(ada)) == 15
