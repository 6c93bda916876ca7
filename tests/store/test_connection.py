"""The two doors of the store, and what they say when the database itself is in trouble."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.world import ADA, NOON, an_organization
from tfui.errors import Invalid, Unavailable
from tfui.model.columns import IdMaker, table_of
from tfui.model.organization import Organization
from tfui.store import sqlite_dialect
from tfui.store.connection import Store, parse_url

if TYPE_CHECKING:
    from pathlib import Path


def _organizations(store: Store) -> list[str]:
    with store.reading() as tx:
        return list(tx.connection.execute(table_of(Organization).select()).scalars())


def test_what_is_written_is_there_for_the_next_reader(store: Store) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        made = an_organization(tx, name="acme")

    assert [made] == _organizations(store)


def test_a_block_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing(by=ADA, now=NOON) as tx:
        an_organization(tx, name="acme")
        raise RuntimeError

    assert _organizations(store) == []


def test_times_come_back_as_they_were_to_the_microsecond(store: Store) -> None:
    instant = NOON.replace(microsecond=123_456)
    organizations = table_of(Organization)
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(
            organizations.insert().values(id=tx.ids.make(NOON), name="acme", created_at=instant),
        )
    with store.reading() as tx:
        found = tx.connection.execute(organizations.select()).one()

    assert instant == found.created_at
    assert found.created_at.utcoffset().total_seconds() == 0


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="naive"), store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(
            table_of(Organization)
            .insert()
            .values(id=tx.ids.make(NOON), name="acme", created_at=NOON.replace(tzinfo=None)),
        )


def test_a_commit_tells_its_listeners_and_a_rollback_does_not(store: Store) -> None:
    heard: list[str] = []
    store.on_commit(lambda: heard.append("commit"))

    with store.writing(by=ADA, now=NOON) as tx:
        an_organization(tx, name="acme")
    with pytest.raises(RuntimeError), store.writing(by=ADA, now=NOON):
        raise RuntimeError

    assert heard == ["commit"]


def test_a_locked_database_is_unavailable(
    sqlite_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite_dialect, "BUSY_SECONDS", 0.05)
    store = Store(sqlite_store.url)
    blocker = sqlite3.connect(str(sqlite_store.path), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    with (
        pytest.raises(Unavailable, match="locked by another program"),
        store.writing(
            by=ADA,
            now=NOON,
        ),
    ):
        pass

    blocker.execute("ROLLBACK")
    blocker.close()
    store.close()


def test_readers_never_wait_for_a_writer(sqlite_store: Store) -> None:
    blocker = sqlite3.connect(str(sqlite_store.path), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    assert _organizations(sqlite_store) == []

    blocker.execute("ROLLBACK")
    blocker.close()


def test_a_full_disk_is_unavailable_and_the_transaction_is_gone(sqlite_store: Store) -> None:
    """A page limit stands in for a full disk: SQLite reports both as SQLITE_FULL."""
    with (
        pytest.raises(Unavailable, match="disk is full"),
        sqlite_store.writing(
            by=ADA,
            now=NOON,
        ) as tx,
    ):
        pages = tx.connection.execute(text("PRAGMA page_count")).scalar_one()
        tx.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(5000):
            an_organization(tx, name=f"organization-{number}")

    assert _organizations(sqlite_store) == []


def test_a_damaged_file_is_unavailable(sqlite_store: Store) -> None:
    assert sqlite_store.path is not None
    sqlite_store.close()
    with sqlite_store.path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(40_000))

    with pytest.raises(Unavailable, match="damaged"):
        Store(sqlite_store.url)


def test_a_folder_that_may_not_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable):
        Store(str(tmp_path / "file" / "tfui.db"))


def test_an_unreachable_server_is_unavailable_and_its_password_is_not_shown() -> None:
    store = Store("postgresql+psycopg://ada:secret@127.0.0.1:1/tfui")

    with pytest.raises(Unavailable, match="cannot be reached") as caught, store.reading():
        pass

    assert "secret" not in str(caught.value)
    store.close()


@pytest.mark.parametrize(
    ("text_", "expected"),
    [
        ("/var/lib/tfui.db", "sqlite:////var/lib/tfui.db"),
        ("sqlite:////var/lib/tfui.db", "sqlite:////var/lib/tfui.db"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_database_is_named_by_a_path_or_a_url(text_: str, expected: str) -> None:
    assert str(parse_url(text_)) == expected


@pytest.mark.parametrize("text_", ["mysql://h/d", "sqlite://", "://", "postgres://"])
def test_other_databases_are_refused(text_: str) -> None:
    with pytest.raises(Invalid, match="db"):
        parse_url(text_)


def test_identifiers_sort_in_the_order_they_were_made() -> None:
    maker = IdMaker()
    made = [
        *maker.make_many(NOON, 10_000),
        maker.make(NOON),
        *maker.make_many(NOON.replace(second=1), 10),
    ]

    assert sorted(made) == made
    assert len(set(made)) == len(made)
    assert {identifier.version for identifier in made} == {7}


def test_trouble_on_a_disk_without_room_is_called_a_full_disk(
    sqlite_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SQLite says `disk I/O error` when its shared memory file cannot grow."""
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**20, 2**20, 0))

    with pytest.raises(Unavailable, match="the disk is full"), sqlite_store.reading():
        raise sqlite_ioerr()


def sqlite_ioerr() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    return error


def test_an_error_of_the_database_tells_no_parameters(store: Store) -> None:
    """They are payloads, which may hold secrets; and errors are written to files and screens."""
    with pytest.raises(Exception, match="no_such_table") as told, store.reading() as tx:
        tx.connection.execute(text("SELECT :secret FROM no_such_table"), {"secret": "hush-hush"})

    assert "hush-hush" not in str(told.value)
