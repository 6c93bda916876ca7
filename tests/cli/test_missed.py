"""Missed runs by command: listed, run, waived, and made up for one by one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import done, tfui

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3_600_000_000
"""Microseconds, as instants are kept."""


def an_hour_passes(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        columns = ("anchor_at", "effective_at", "cursor_at", "next_run_at", "created_at")
        moved = ", ".join(f"{name} = {name} - {HOUR}" for name in columns)
        connection.execute(f"UPDATE scheduled_job SET {moved}")


@pytest.fixture
def backup(db: Path) -> str:
    """A schedule every ten minutes that nobody planned for an hour."""
    done("add", "backup", "--cron", "*/10 * * * *", "--job-type", "noop", "--on-missed", "skip")
    an_hour_passes(db)
    done("engine", "--drain")
    return "backup"


def test_nothing_missed_is_told_so(db: Path) -> None:
    assert db.exists()
    assert done("missed").err == "nothing was missed that nobody has dealt with\n"
    assert done("missed", "--json").json == []
    assert done("missed", "--waive", "--json").json == []


def test_what_is_due_and_not_planned_is_no_missed_run_yet_and_told_of(db: Path) -> None:
    done("add", "backup", "--cron", "*/10 * * * *", "--job-type", "noop", "--on-missed", "skip")
    an_hour_passes(db)

    due = "1 schedule is due and no engine plans it: `tfui engine` starts one"
    assert due in done("missed").err
    assert due in done("missed", "backup", "--waive").err
    assert done("missed", "--json").json == []
    done("engine", "--drain")
    assert due not in done("missed").err


def test_what_was_missed_is_listed_and_waived_with_a_note(backup: str) -> None:
    (row,) = done("missed", "--json").json
    assert (row["schedule"], row["reasons"]) == ("backup", ["missed_down"])
    assert row["count"] in {5, 6}
    assert "missed_down" in done("missed", backup).out

    dealt = done("missed", backup, "--waive", "--note", "moved house").out
    assert dealt == f"backup  {row['count']} waived\n"
    assert done("missed", "--json").json == []
    assert "waived by" in done("ledger", backup).out
    assert done("undo").out == "undid: waived backup\n"
    assert done("missed", "--json").json == [row]
    assert done("ledger", backup, "--json").json["holds"] is True


def test_the_latest_is_run_and_the_others_are_waived(backup: str) -> None:
    (row,) = done("missed", "--run-latest", "--json").json
    assert (len(row["job_ids"]), row["left"]) == (1, 0)
    done("engine", "--drain")

    (job, *_) = [job for job in done("jobs", backup, "--json").json if job["kind"] == "backfill"]
    assert job["status"] == "succeeded"
    assert done("doctor", "--json").code == 0


def test_all_are_run(backup: str) -> None:
    (missed,) = done("missed", "--json").json
    answer = done("missed", "--run-all").out

    assert answer == f"backup  {missed['count']} to run\n"
    done("engine", "--drain")
    ledger = done("ledger", backup, "--json").json
    assert (ledger["holds"], ledger["skipped"], ledger["pending"]) == (True, {}, 0)


def test_one_is_made_up_for(backup: str) -> None:
    (row,) = done("missed", "--json").json
    job = done("run", backup, "--at", row["to_at"], "--wait", "--json").json

    assert (job["kind"], job["status"], job["nominal_at"]) == (
        "backfill",
        "succeeded",
        row["to_at"],
    )
    assert tfui("run", backup, "--at", row["to_at"]).code == 5
    assert tfui("run", backup, "--at", "2020-01-01 00:03").code == 2


def test_mistakes_are_told(backup: str) -> None:
    assert tfui("missed", backup, "--waive", "--run-all").code == 2
    assert tfui("missed", backup, "--note", "why").code == 2
    assert tfui("missed", "nowhere").code == 3
    assert tfui("missed", "--since", "soon").code == 2
