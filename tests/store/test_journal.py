"""The journal: what is written is chained, and whatever is done to it afterwards shows."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.world import ADA, NOON, a_schedule, an_organization, new_id
from tfui.errors import Unavailable
from tfui.model.columns import table_of
from tfui.model.journal import Journal, JournalHead
from tfui.model.schedule import ScheduledJob
from tfui.store import journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tfui.store.connection import Store, Transaction

JOURNAL = table_of(Journal)


@pytest.fixture
def organization_id(store: Store) -> UUID:
    with store.writing(by=ADA, now=NOON) as tx:
        return an_organization(tx)


def an_entry(verb: str = "schedule.edited", **changes: Any) -> journal.Entry:
    values = {"before": {"priority": 0}, "after": {"priority": 9}} | changes
    return journal.Entry(
        verb=verb,
        subject_type="schedule",
        subject_id=new_id(),
        subject="billing-export",
        **values,
    )


def write(store: Store, organization_id: UUID, *entries: journal.Entry) -> list[int]:
    with store.writing(by=ADA, now=NOON) as tx:
        return journal.append(tx, organization_id, entries)


def found_break(store: Store) -> journal.Break | None:
    with store.reading() as tx:
        return journal.verify(tx)


def test_an_empty_journal_holds(store: Store) -> None:
    assert found_break(store) is None


def test_entries_of_several_transactions_hold_together(store: Store, organization_id: UUID) -> None:
    write(store, organization_id, an_entry(), an_entry())
    write(store, organization_id, an_entry())

    assert found_break(store) is None


def test_entries_of_one_transaction_share_author_time_and_batch(
    store: Store,
    organization_id: UUID,
) -> None:
    write(store, organization_id, an_entry(), an_entry())

    with store.reading() as tx:
        columns = (JOURNAL.c.by, JOURNAL.c.via, JOURNAL.c.at, JOURNAL.c.batch_id)
        first, second = tx.connection.execute(select(*columns)).all()
    assert first == second
    assert first[:3] == ("ada", "cli", NOON)


def test_the_first_entry_is_chained_to_nothing(store: Store, organization_id: UUID) -> None:
    write(store, organization_id, an_entry())

    with store.reading() as tx:
        previous = tx.connection.execute(select(JOURNAL.c.previous_hash)).scalar_one()
    assert previous == journal.GENESIS


@pytest.mark.parametrize(
    "values",
    [
        {"by": "mallory"},
        {"via": "api"},
        {"verb": "schedule.paused"},
        {"subject": "another"},
        {"at": NOON + timedelta(microseconds=1)},
        {"after": {"priority": 8}},
        {"before": None},
        {"undoes": 1},
        {"organization_id": new_id()},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_entry_that_was_changed_shows(
    store: Store,
    organization_id: UUID,
    values: Mapping[str, Any],
) -> None:
    _, changed, _ = write(store, organization_id, an_entry(), an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(JOURNAL.update().where(JOURNAL.c.id == changed).values(**values))

    found = found_break(store)
    assert found == journal.Break(changed, "it was changed after it was written")


def test_an_entry_that_was_taken_out_shows(store: Store, organization_id: UUID) -> None:
    _, removed, after = write(store, organization_id, an_entry(), an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(JOURNAL.delete().where(JOURNAL.c.id == removed))

    found = found_break(store)
    assert found == journal.Break(after, "an entry before it is missing or was put in later")


@pytest.mark.parametrize(("kept", "told"), [(2, "entry is"), (1, "2 entries are")])
def test_newest_entries_that_were_cut_off_show_also_after_later_ones(
    store: Store, organization_id: UUID, kept: int, told: str
) -> None:
    ids = write(store, organization_id, an_entry(), an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(JOURNAL.delete().where(JOURNAL.c.id > ids[kept - 1]))

    assert found_break(store) == journal.Break(None, f"the newest {told} missing")
    (later,) = write(store, organization_id, an_entry())
    assert found_break(store) == journal.Break(
        later, "an entry before it is missing or was put in later"
    )


def test_an_empty_journal_is_cut_unless_all_of_it_was_old_enough_to_be_pruned(
    store: Store, organization_id: UUID
) -> None:
    write(store, organization_id, an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(JOURNAL.delete())

    assert found_break(store) is None
    with store.reading() as tx:
        assert journal.verify(tx, kept_since=NOON + timedelta(seconds=1)) is None
        assert journal.verify(tx, kept_since=NOON) == journal.Break(
            None, "the newest 2 entries are missing"
        )


def test_a_newest_entry_put_in_the_place_of_another_shows(
    store: Store, organization_id: UUID
) -> None:
    """Chained as it should be: only the head knows the other."""
    _, last = write(store, organization_id, an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        its = JOURNAL.c.id == last
        row = dict(tx.connection.execute(JOURNAL.select().where(its)).mappings().one())
        row["by"] = "mallory"
        row["hash"] = journal.digest(row, row["previous_hash"])
        tx.connection.execute(JOURNAL.update().where(its).values(by=row["by"], hash=row["hash"]))

    assert found_break(store) == journal.Break(last, "it was put in by something other than tfui")


def test_without_its_head_the_journal_takes_nothing_and_says_so(
    store: Store, organization_id: UUID
) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table_of(JournalHead).delete())

    with pytest.raises(Unavailable, match="is missing"):
        write(store, organization_id, an_entry())
    assert found_break(store) == journal.Break(None, journal.NO_HEAD)


def test_a_pruned_beginning_does_not_break_the_chain(store: Store, organization_id: UUID) -> None:
    first, *_ = write(store, organization_id, an_entry(), an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(JOURNAL.delete().where(JOURNAL.c.id == first))

    assert found_break(store) is None


def test_marking_an_entry_as_undone_does_not_break_the_chain(
    store: Store,
    organization_id: UUID,
) -> None:
    first, second = write(store, organization_id, an_entry(), an_entry())
    with store.writing(by=ADA, now=NOON) as tx:
        journal.mark_undone(tx, [(first, second)])

    assert found_break(store) is None


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.1,
        1e30,
        1e-30,
        10**40,
        10**400,
        -(2**53) - 1,
        2**63,
        'Zeit 🕰 \\ " \u2028',
        [{"deep": [None, True, 1.5]}],
        {"b": 1, "a": 2},
    ],
    ids=repr,
)
def test_any_json_keeps_its_hash_through_the_database(
    store: Store,
    organization_id: UUID,
    value: Any,
) -> None:
    """Postgres writes numbers its own way and orders keys by length; the hash must not notice."""
    write(store, organization_id, an_entry(after={"payload": {"value": value}}))

    assert found_break(store) is None


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(_VALUES)
def test_the_hash_depends_on_what_json_says_and_not_on_its_spelling(value: Any) -> None:
    import json
    from uuid import UUID

    values = {
        "at": NOON,
        **dict.fromkeys(("organization_id", "subject_id", "batch_id"), UUID(int=7)),
        **dict.fromkeys(("by", "via", "verb", "subject_type", "subject"), "x"),
        "before": None,
        "undoes": None,
    }
    again = json.loads(json.dumps(value, sort_keys=True))

    one = journal.digest(values | {"after": {"value": value}}, journal.GENESIS)
    assert one == journal.digest(values | {"after": {"value": again}}, journal.GENESIS)


def test_writers_in_many_threads_never_fork_the_chain(store: Store, organization_id: UUID) -> None:
    threads = 4
    start = threading.Barrier(threads)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            start.wait(timeout=10)
            for _ in range(8):
                write(store, organization_id, an_entry(), an_entry())
        except BaseException as error:  # noqa: BLE001  # told by the main thread
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)

    assert failures == []
    assert found_break(store) is None
    with store.reading() as tx:
        hashes = list(tx.connection.execute(select(JOURNAL.c.previous_hash)).scalars())
    assert len(hashes) == len(set(hashes)) == threads * 8 * 2


def test_entries_that_come_last_let_others_change_rows_meanwhile(postgres_store: Store) -> None:
    """Two that hold a row each and journal before they want the other's would wait for ever."""
    with postgres_store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        one, other = (a_schedule(tx, organization_id) for _ in range(2))
    table = table_of(ScheduledJob)
    has_noted, holds_other = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def change(tx: Transaction, schedule_id: UUID) -> None:
        where = table.c.id == schedule_id
        tx.connection.execute(table.update().where(where).values(priority=table.c.priority + 1))

    def work(first: UUID, then: UUID | None, reached: threading.Event, go: threading.Event) -> None:
        try:
            with postgres_store.writing(by=ADA, now=NOON) as tx:
                change(tx, first)
                journal.append_last(tx, organization_id, [an_entry()])
                reached.set()
                assert go.wait(timeout=10)
                if then is not None:
                    change(tx, then)
        except BaseException as error:  # noqa: BLE001  # told by the main thread
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(one, other, has_noted, holds_other)),
        threading.Thread(target=work, args=(other, None, holds_other, has_noted)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert failures == []
    assert found_break(postgres_store) is None
    with postgres_store.reading() as tx:
        assert len(tx.connection.execute(select(JOURNAL.c.id)).all()) == 2


def test_entries_that_come_last_are_dropped_with_their_transaction(
    store: Store,
    organization_id: UUID,
) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        store.writing(by=ADA, now=NOON) as tx,
    ):  # the note comes before the failure
        journal.append_last(tx, organization_id, [an_entry()])
        raise ZeroDivisionError

    with store.reading() as tx:
        assert tx.connection.execute(select(JOURNAL.c.id)).all() == []
