"""`tfui db`: where the store is, and whether it is in order."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import done, tfui

if TYPE_CHECKING:
    from pathlib import Path


def test_the_path_is_printed_without_making_anything(home: Path) -> None:
    path = home / "data" / "tfui" / "tfui.db"

    assert done("db", "path").out == f"{path}\n"
    assert not path.exists()


def test_a_password_is_never_printed() -> None:
    found = done("db", "path", "--db", "postgresql://ada:secret@db.example.org/tfui")

    assert found.out == "postgresql+psycopg://ada:***@db.example.org/tfui\n"


def test_a_check_before_the_first_start_says_so(home: Path) -> None:
    answer = tfui("db", "check")

    assert answer.code == 3
    assert "there is no database at" in answer.err
    assert not (home / "data" / "tfui").exists()


def test_an_upgrade_makes_what_a_check_finds_in_order(home: Path) -> None:
    del home
    done("db", "upgrade")

    found = done("db", "check", "--json").json

    assert (found["kind"], found["is_current"], found["damage"]) == ("sqlite", True, [])


def test_a_damaged_index_is_found(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'next_run_at', 'runs_count')"
            " WHERE name = 'ix_scheduled_job_due'"
        )
        connection.execute(
            "INSERT INTO queue VALUES ('a', 'nobody', 'q', 1, 1, NULL, NULL, NULL, NULL)"
        )
    connection.close()

    answer = tfui("db", "check")

    assert answer.code == 6
    assert "damage" in answer.out
    assert answer.err.startswith("tfui: the database is damaged: ")


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "://"])
def test_a_url_that_is_none_exits_with_2(url: str) -> None:
    answer = tfui("db", "path", "--db", url)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("tfui: --db: ")
    assert answer.err.count("\n") == 1


def test_a_new_database_is_announced_where_it_may_be_a_mistake(home: Path) -> None:
    """A mistyped path would look like an empty store; a first schedule at the usual place is meant."""
    usual = home / "data" / "tfui" / "tfui.db"
    schedule = ("--cron", "@daily", "--shell", "true")

    other = done("add", "a", *schedule, "--db", str(home / "typo.db"))
    reading = done("list", "--json", "--db", str(home / "typo2.db"))
    first = done("add", "a", *schedule)
    usual.unlink()
    usual_reading = done("summary", "--json")

    assert other.err == f"made a new database at {home / 'typo.db'}\n"
    assert reading.err == f"made a new database at {home / 'typo2.db'}\n"
    assert reading.json["total"] == 0
    assert first.err == ""
    assert usual_reading.err == f"made a new database at {usual}\n"
    assert done("summary").err == ""
