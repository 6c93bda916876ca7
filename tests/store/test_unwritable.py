"""A database that this user may not write: it can be looked at, and nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.locked import a_readable_folder, without_writing
from tests.world import ADA, NOON, an_organization
from tfui.errors import Unavailable
from tfui.model.columns import table_of
from tfui.model.organization import Organization
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(sqlite_template: Path) -> Iterator[Path]:
    """A database with one organization in a folder that everybody may read."""
    with a_readable_folder() as folder:
        path = folder / "a #1?.db"
        shutil.copy(sqlite_template, path)
        store = Store(str(path))
        with store.writing(by=ADA, now=NOON) as tx:
            an_organization(tx, name="acme")
        store.close()
        yield path


def _names(store: Store) -> list[str]:
    with store.reading() as tx:
        organizations = table_of(Organization)
        asked = organizations.select().with_only_columns(organizations.c.name)
        return list(tx.connection.execute(asked).scalars())


@pytest.mark.parametrize(("files", "itself"), [(0o444, 0o755), (0o444, 0o555), (0o666, 0o555)])
def test_it_can_be_read_and_refuses_to_be_written(path: Path, files: int, itself: int) -> None:
    with without_writing(path.parent, files=files, itself=itself):
        store = Store(str(path))

        assert store.is_read_only
        assert _names(store) == ["acme"]
        assert not store.watch().has_changed()
        with pytest.raises(Unavailable, match="read-only"), store.writing(by=ADA, now=NOON):
            pass
        store.close()


def test_what_others_write_later_is_seen(path: Path) -> None:
    with without_writing(path.parent):
        reader = Store(str(path))
        assert _names(reader) == ["acme"]
    writer = Store(str(path))
    with writer.writing(by=ADA, now=NOON) as tx:
        an_organization(tx, name="later")

    with without_writing(path.parent):
        while_it_is_open = _names(reader)
    writer.close()
    with without_writing(path.parent):
        afterwards = _names(reader)
    reader.close()

    assert while_it_is_open == afterwards == ["acme", "later"]


def test_it_can_be_written_again_once_that_is_allowed(path: Path) -> None:
    with without_writing(path.parent):
        store = Store(str(path))
        assert _names(store) == ["acme"]

    assert not store.is_read_only
    with store.writing(by=ADA, now=NOON) as tx:
        an_organization(tx, name="more")
    assert _names(store) == ["acme", "more"]
    store.close()


def test_a_log_that_cannot_be_read_is_not_passed_over(path: Path) -> None:
    """Its changes would be missing from what is shown, and nobody would know."""
    log = path.with_name(f"{path.name}-wal")
    writer = Store(str(path))
    with writer.writing(by=ADA, now=NOON) as tx:
        an_organization(tx, name="later")
    kept = log.read_bytes()
    writer.close()
    log.write_bytes(kept)

    with without_writing(path.parent):
        store = Store(str(path))
        with pytest.raises(Unavailable, match="cannot be opened"):
            _names(store)
        store.close()
