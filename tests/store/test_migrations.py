"""The schema: made by migrations, equal to the model, safe to bring up by two processes at once."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.world import ADA, NOON
from tfui.errors import Unavailable
from tfui.model.tables import METADATA
from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.filterwarnings(
    "ignore:autogenerate skipping metadata-specified expression-based index"
)
def test_the_migrations_make_exactly_the_tables_of_the_model(store: Store) -> None:
    with store.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        differences = [
            change
            for change in compare_metadata(context, METADATA)
            # Alembic cannot reflect an index over an expression; its own test is below.
            if "ix_job_claimable" not in str(change)
        ]

    assert differences == []


def test_the_claimable_index_exists(store: Store) -> None:
    catalog = (
        "SELECT name FROM sqlite_master WHERE name = 'ix_job_claimable'"
        if store.path
        else "SELECT indexname FROM pg_indexes WHERE indexname = 'ix_job_claimable'"
    )
    with store.reading() as tx:
        found = tx.connection.execute(text(catalog)).scalar()

    assert found == "ix_job_claimable"


def test_head_is_alembics_own_head() -> None:
    directory = ScriptDirectory.from_config(migrations.alembic_configuration())

    assert directory.get_current_head() == migrations.HEAD


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "new" / "tfui.db"))
    migrations.upgrade(store)
    store.close()

    assert stat.S_IMODE((tmp_path / "new" / "tfui.db").stat().st_mode) == 0o600


def test_upgrading_twice_changes_nothing_and_makes_no_backup(sqlite_store: Store) -> None:
    assert migrations.upgrade(sqlite_store) is None


def test_a_store_of_a_newer_version_is_refused_by_name(sqlite_store: Store) -> None:
    with sqlite_store.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Unavailable, match="made by a newer tfui"):
        migrations.upgrade(sqlite_store)


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    store = Store(str(path))

    with pytest.raises(Unavailable, match="recipes"):
        migrations.upgrade(store)
    store.close()


def test_an_older_store_is_copied_before_it_is_changed(
    sqlite_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is one revision so far, so an older store is one that says so of itself."""
    with sqlite_store.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr(migrations, "_run_alembic", lambda _connection: None)

    backup = migrations.upgrade(sqlite_store)

    assert backup is not None
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
    copy.close()


def test_processes_that_start_together_make_one_schema(tmp_path: Path) -> None:
    path = tmp_path / "tfui.db"
    program = (
        "import sys; from tfui.store.connection import Store; from tfui.store import migrations;"
        "migrations.upgrade(Store(sys.argv[1]))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    errors = [process.communicate()[1] for process in processes]

    assert errors == [b"", b"", b""]
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_a_folder_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "tfui.db").write_bytes(b"this is not a database, it is a letter\n" * 100)

    with pytest.raises(Unavailable, match="not a tfui database"):
        Store(str(tmp_path / "tfui.db"))


def test_a_watch_notices_what_others_commit(store: Store) -> None:
    watch = store.watch()
    assert not watch.has_changed()

    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

    assert watch.has_changed()
    assert not watch.has_changed()
    watch.close()
