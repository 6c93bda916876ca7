"""The one door: who asks is known, what is asked is a right, and what is written bears a name."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from tests.locked import a_readable_folder, without_writing
from tests.world import ADA, NOON, new_id
from tfui.core.rights import Right, Role
from tfui.errors import Forbidden, NotFound
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.model.organization import Organization, User
from tfui.model.queue import Queue
from tfui.service.caller import Caller, local_caller
from tfui.store.connection import Store
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.clock import FrozenClock


@pytest.fixture(autouse=True)
def operating_system_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests, the callers are called ada."""
    monkeypatch.setenv("LOGNAME", "ada")


def count(store: Store, model: type[Organization | User | Queue]) -> int:
    with store.reading() as tx:
        return int(
            tx.connection.execute(select(func.count()).select_from(table_of(model))).scalar_one(),
        )


def test_the_first_start_makes_an_organization_an_admin_and_a_queue(
    store: Store,
    clock: FrozenClock,
) -> None:
    caller = local_caller(store, clock, via="cli")

    assert (caller.name, caller.role, caller.via) == ("ada", Role.ADMIN, "cli")
    with store.reading() as tx:
        queue = tx.connection.execute(select(table_of(Queue).c.name)).scalar_one()
        organization = tx.connection.execute(select(table_of(Organization).c.name)).scalar_one()
    assert (queue, organization) == ("default", "default")


def test_a_second_start_makes_nothing(store: Store, clock: FrozenClock) -> None:
    first = local_caller(store, clock, via="cli")
    second = local_caller(store, clock, via="tui")

    assert (first.organization_id, first.user_id) == (second.organization_id, second.user_id)
    assert [count(store, model) for model in (Organization, User, Queue)] == [1, 1, 1]


def test_first_starts_at_the_same_time_agree(store: Store, clock: FrozenClock) -> None:
    """Each with a store of its own, as processes have."""
    together = threading.Barrier(4)
    found: list[Caller | BaseException] = []

    def start() -> None:
        own = Store(store.url)
        try:
            together.wait(timeout=10)
            found.append(local_caller(own, clock, via="cli"))
        except BaseException as error:  # noqa: BLE001  # told by the main thread
            found.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    callers = [one for one in found if isinstance(one, Caller)]
    assert len(callers) == 4, found
    assert len({(one.organization_id, one.user_id) for one in callers}) == 1
    assert [count(store, model) for model in (Organization, User, Queue)] == [1, 1, 1]


def test_an_organization_that_is_not_there_is_not_made(store: Store, clock: FrozenClock) -> None:
    local_caller(store, clock, via="cli")

    with pytest.raises(NotFound, match="no organization 'acme'; known: default"):
        local_caller(store, clock, via="cli", organization="acme")
    assert count(store, Organization) == 1


def test_a_disabled_user_is_turned_away(store: Store, clock: FrozenClock) -> None:
    local_caller(store, clock, via="cli")
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table_of(User).update().values(disabled_at=NOON))

    with pytest.raises(Forbidden, match="'ada' is disabled"):
        local_caller(store, clock, via="cli")


def test_a_right_that_is_lacked_is_named(store: Store, clock: FrozenClock) -> None:
    victor = replace(local_caller(store, clock, via="cli"), name="victor", role=Role.VIEWER)

    with (
        pytest.raises(
            Forbidden, match="victor is a viewer and lacks the right scheduled_job:write"
        ),
        victor.writing(Right.SCHEDULED_JOB_WRITE),
    ):
        pass


def test_a_viewer_may_look(store: Store, clock: FrozenClock) -> None:
    victor = replace(local_caller(store, clock, via="cli"), role=Role.VIEWER)

    with victor.reading(Right.SCHEDULED_JOB_READ) as tx:
        assert tx.author is None


def test_what_is_written_bears_the_callers_name_and_the_way_it_came(
    store: Store,
    clock: FrozenClock,
) -> None:
    caller = local_caller(store, clock, via="tui")
    entry = Entry(verb="queue.paused", subject_type="queue", subject_id=new_id(), subject="nightly")

    with caller.writing(Right.QUEUE_WRITE) as tx:
        caller.record(tx, [entry])

    columns = table_of(Journal).c
    with store.reading() as tx:
        row = tx.connection.execute(select(columns.by, columns.via, columns.at)).one()
    assert row == ("ada", "tui", NOON)


def test_what_fails_half_way_leaves_no_trace(store: Store, clock: FrozenClock) -> None:
    caller = local_caller(store, clock, via="tui")
    entry = Entry(verb="queue.paused", subject_type="queue", subject_id=new_id(), subject="nightly")

    with (
        pytest.raises(ZeroDivisionError),
        caller.writing(Right.QUEUE_WRITE) as tx,
    ):  # the write comes before the failure
        caller.record(tx, [entry])
        raise ZeroDivisionError

    with store.reading() as tx:
        assert (
            tx.connection.execute(select(func.count()).select_from(table_of(Journal))).scalar() == 0
        )


def test_who_was_started_read_only_may_look_and_change_nothing(
    store: Store, clock: FrozenClock
) -> None:
    caller = replace(local_caller(store, clock, via="tui"), is_barred=True)

    with caller.reading(Right.SCHEDULED_JOB_READ):
        pass
    for right in (Right.SCHEDULED_JOB_WRITE, Right.JOB_RUN, Right.QUEUE_WRITE, Right.ADMINISTER):
        with pytest.raises(Forbidden, match="started read-only"), caller.writing(right):
            pass
    assert caller.why_read_only == "tfui was started read-only"


def test_a_stranger_to_a_store_that_cannot_be_written_may_look(
    sqlite_template: Path, clock: FrozenClock
) -> None:
    with a_readable_folder() as folder:
        path = folder / "tfui.db"
        path.write_bytes(sqlite_template.read_bytes())
        store = Store(str(path))
        local_caller(store, clock, via="cli")
        store.close()

        with without_writing(folder), pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOGNAME", "stranger")
            store = Store(str(path))
            caller = local_caller(store, clock, via="cli")
            assert (caller.name, caller.role) == ("stranger", Role.VIEWER)
            assert caller.why_read_only == "the database may not be written by this user"
            with caller.reading(Right.SCHEDULED_JOB_READ):
                pass
            with pytest.raises(NotFound, match="known: default"):
                local_caller(store, clock, via="cli", organization="acme")
            store.close()
