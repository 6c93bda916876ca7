"""Schedules by command: added, changed, listed, paused, deleted, brought back, and every refusal's exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.console import Answer, done, tfui
from tfui.cli.listing import Standing
from tfui.core.health import Condition
from tfui.core.states import ScheduleStatus

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("db")


def _add(name: str, *more: str) -> Answer:
    words = more or ("--cron", "30 2 * * *", "--tz", "Europe/Berlin")
    return done("add", name, *words, "--shell", "true")


def _row(name: str) -> dict[str, Any]:
    return dict(done("show", name, "--json").json["detail"]["row"])


def test_a_schedule_is_added_shown_and_listed() -> None:
    added = _add("backup")

    assert added.out.startswith("added backup, next ")
    assert added.err == ""
    assert "30 2 * * * (Europe/Berlin)" in done("show", "backup").out
    assert done("list").lines[1].split()[:2] == ["ok", "backup"]


def test_json_has_the_fields_of_the_seeds_api() -> None:
    row = done("add", "x", "--every", "5m", "--shell", "true", "--json").json
    page = done("list", "--json").json

    assert {
        name: row[name] for name in ("name", "schedule_type", "schedule_expression", "status")
    } == {
        "name": "x",
        "schedule_type": "recurring",
        "schedule_expression": "5m",
        "status": "active",
    }
    assert row["next_run_at"].endswith("+00:00")
    assert {name: page[name] for name in ("total", "page", "pages")} == {
        "total": 1,
        "page": 1,
        "pages": 1,
    }
    assert [found["id"] for found in page["jobs"]] == [row["id"]]


def test_a_schedule_is_found_by_a_prefix_of_its_id() -> None:
    _add("backup")

    assert _row(_row("backup")["id"][:18])["name"] == "backup"


def test_an_edit_changes_what_is_named_and_nothing_else() -> None:
    done("add", "a", "--cron", "@daily", "--shell", "one", "--timeout", "1h", "--cwd", "/srv")
    done("edit", "a", "--cron", "@hourly", "--shell", "two", "--timeout", "none", "--name", "b")

    detail = done("show", "b", "--json").json["detail"]
    assert detail["schedule"]["payload"] == {"command": "two", "cwd": "/srv"}
    assert detail["schedule"]["timeout_seconds"] is None
    assert detail["row"]["schedule_expression"] == "@hourly"
    assert detail["row"]["revision"] == 2


def test_an_edit_of_nothing_is_refused() -> None:
    _add("a")

    answer = tfui("edit", "a")

    assert answer.code == 2
    assert answer.err == "tfui: nothing was asked to change: see `tfui edit --help`\n"


def test_filters_and_pages() -> None:
    for name in ("one", "two", "three"):
        _add(name)
    done("add", "tick", "--every", "5m", "--shell", "true")
    done("pause", "two")

    assert [row["name"] for row in done("list", "--status", "paused", "--json").json["jobs"]] == [
        "two"
    ]
    assert [row["name"] for row in done("list", "--type", "recurring", "--json").json["jobs"]] == [
        "tick"
    ]
    assert [row["name"] for row in done("list", "--search", "THR", "--json").json["jobs"]] == [
        "three"
    ]
    page = done("list", "--page", "2", "--limit", "3", "--json").json
    assert (page["page"], page["pages"], page["total"], len(page["jobs"])) == (2, 2, 4, 1)


def test_a_list_is_narrowed_by_the_words_that_it_shows() -> None:
    """Its last run failed, and it is active: the list shows `failed`, so that finds it."""
    done("add", "bad", "--cron", "@yearly", "--shell", "exit 3", "--max-attempts", "1")
    _add("good")
    tfui("run", "bad", "--wait")

    assert done("list").lines[1].split()[:2] == ["failed", "bad"]
    for word, names in {
        "failed": ["bad"],
        "ok": ["good"],
        "active": ["bad", "good"],
        "completed": [],
    }.items():
        found = done("list", "--status", word, "--json").json["jobs"]
        assert [row["name"] for row in found] == names, word


def test_every_word_of_a_list_and_every_stored_status_can_be_asked_for() -> None:
    words = {word.value for word in Standing}

    assert words == {word.value for word in (*Condition, *ScheduleStatus)}
    for word in Standing:
        done("list", "--status", word)


def test_pausing_resuming_deleting_restoring_and_undoing() -> None:
    for name in ("a", "b"):
        _add(name)

    paused = done("pause", "a", "b", "--note", "outage", "--until", "2h", "--json").json
    resumed = done("resume", "a", "b", "--json").json
    done("delete", "a")
    gone = tfui("show", "a")
    done("restore", "a")
    done("delete", "a", "b")
    done("undo")

    assert [(row["status"], row["pause_note"]) for row in paused] == [("paused", "outage")] * 2
    assert paused[0]["paused_until"] is not None
    assert [row["status"] for row in resumed] == ["active", "active"]
    assert gone.code == 3
    assert {_row("a")["status"], _row("b")["status"]} == {"active"}


def test_undo_and_redo_name_what_they_did_and_what_they_left() -> None:
    for name in ("a", "b"):
        _add(name)
    done("pause", "a", "b")
    done("run", "a")
    stopped = tfui("undo")
    back = done("undo")
    again = done("redo")

    assert (stopped.code, stopped.out) == (5, "")
    assert "nothing was taken back: you started a (what was done to a run" in stopped.err
    assert "; the next undo takes back: paused 2 schedules" in stopped.err
    assert back.out == "undid: paused 2 schedules\n"
    assert "left as it is: started a (what was done to a run stays" in back.err
    assert again.out == "redid: paused 2 schedules\n"
    assert [entry["verb"] for entry in done("undo", "--json").json["undone"]] == [
        "schedule.paused"
    ] * 2
    assert [entry["subject"] for entry in done("redo", "--json").json["redone"]] == ["a", "b"]


def test_the_record_is_filtered() -> None:
    _add("a")
    done("pause", "a")

    def verbs(*options: str) -> list[str]:
        return [entry["verb"] for entry in done("audit", "--json", *options).json]

    assert verbs("--verb", "pause") == ["schedule.paused"]
    assert verbs("--actor", "cli", "--since", "1h") == ["schedule.paused", "schedule.created"]
    assert verbs("--actor", "nobody@cli") == verbs("--actor", "tui") == []
    assert verbs("--limit", "1") == ["schedule.paused"]
    assert tfui("audit", "--since", "yesterday").code == 2


def test_nothing_is_done_when_one_of_several_is_not_there() -> None:
    _add("a")

    assert tfui("delete", "a", "nowhere").code == 3
    assert _row("a")["deleted_at"] is None


def test_the_record_says_who_did_what() -> None:
    _add("a")
    done("edit", "a", "--priority", "7")

    entries = done("audit", "--subject", "a", "--json").json
    assert [entry["verb"] for entry in entries] == ["schedule.edited", "schedule.created"]
    assert {entry["via"] for entry in entries} == {"cli"}
    assert "priority 0 → 7" in done("audit").out


def test_queues_are_added_changed_and_paused() -> None:
    done("queue", "add", "nightly", "--concurrency", "2")
    done("queue", "edit", "nightly", "--concurrency", "none")
    done("queue", "pause", "nightly", "--note", "disk", "--until", "1h")

    row = next(row for row in done("queue", "list", "--json").json if row["name"] == "nightly")
    assert (row["concurrency"], row["pause_note"]) == (None, "disk")
    done("queue", "resume", "nightly")
    assert "open" in done("queue", "list").out


def test_a_run_is_queued_cancelled_retried_and_accounted_for() -> None:
    _add("a")

    told = done("run", "a")
    job = done("jobs", "a", "--json").json[0]
    again = tfui("run", "a")
    done("cancel", job["id"])
    cancelled = done("jobs", "a", "--json").json[0]["status"]
    done("retry", job["id"])

    assert told.out == f"{job['id'][:18]}  a  queued\n"
    assert "no engine is running" in told.err
    assert job["kind"] == "manual"
    assert again.code == 5  # its overlap rule is skip
    assert cancelled == "cancelled"
    assert done("jobs", "--status", "queued", "--json").json[0]["id"] == job["id"]
    assert done("logs", job["id"], "--json").json["output"] == []
    assert done("ledger", "a", "--json").json["holds"] is True
    assert done("explain", "a", "--json").json["verdict"]
    assert done("summary", "--json").json["total"] == 1


def test_upkeep_finds_an_empty_database_in_order() -> None:
    assert {found["severity"] for found in done("doctor", "--json").json} <= {"ok", "warning"}
    assert isinstance(done("prune", "--json").json, dict)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("show", "nowhere"), 3, "nowhere"),
        (("edit", "nowhere", "--priority", "1"), 3, "nowhere"),
        (("cancel", "0192"), 3, "0192"),
        (("logs", "not-an-id"), 3, "not-an-id"),
        (("resume",), 2, "Missing argument"),
        (("add", "x"), 2, "one of them says when it runs"),
        (("add", "x", "--cron", "@daily"), 2, "one of them says what it runs"),
        (("undo",), 5, "nothing to take back"),
        (("redo",), 5, "you have undone nothing"),
        (("list", "--status", "odd"), 2, "not one of"),
        (("list", "--org", "nobodys"), 3, "nobodys"),
        (("pause", "x", "--until", "yesterday"), 2, "--until"),
        (("queue", "edit", "default", "--concurrency", "0"), 2, "--concurrency"),
        (("queue", "pause", "nowhere"), 3, "nowhere"),
        (("import", "crontab", "/no/such/file"), 3, "/no/such/file"),
        (("import", "crontab", "/"), 2, "directory"),
        (("import", "crontab", "-", "--tz", "Mars/Olympus"), 2, "--tz"),
    ],
)
def test_every_refusal_is_a_sentence_and_its_own_exit_code(
    words: tuple[str, ...], code: int, part: str
) -> None:
    if words[0] == "pause":
        _add("x")
    answer = tfui(*words)

    assert (answer.code, answer.out) == (code, "")
    assert part in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--once", "", "--shell", "y"), "--cron, --every, --once: a schedule has one of them"),
        (
            ("--shell", "a", "--http", "y"),
            "--shell, --http, --python, --job-type: a job is one of them",
        ),
        (
            ("--job-type", "shell", "--payload", "@nofile"),
            "--payload: nofile cannot be read: No such file or directory",
        ),
        (("--job-type", "shell", "--payload", "[]"), "--payload: this must be a JSON object"),
        (("--shell", "a", "--env", "=x"), "--env: '=x' is not NAME=VALUE"),
        (
            ("--shell", "a", "--env", f"A={'x' * 200_000}"),
            "--env A: no variable may be longer than 131,071 bytes",
        ),
        (
            ("--shell", "a", "--starts-at", "2027-02-01", "--ends-at", "2027-01-01"),
            "--ends-at: this must be later than --starts-at",
        ),
    ],
)
def test_a_mistake_is_told_once_and_by_the_name_of_its_option(
    words: tuple[str, ...], told: str
) -> None:
    answer = tfui("add", "x", "--cron", "@daily", *words)

    assert (answer.code, answer.err) == (2, f"tfui: {told}\n")


def test_a_list_past_its_end_says_how_many_pages_there_are() -> None:
    _add("a")

    assert done("list", "--page", "9").err == "there is 1 page\n"


def test_a_ledger_that_ends_before_it_begins_is_refused() -> None:
    _add("a")

    answer = tfui("ledger", "a", "--since", "2027-02-01", "--until", "2027-01-01")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "tfui: --until: this must not be earlier than --since\n"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("explain", "backup", "--at"), "--at"),
        (("run", "backup", "--at"), "--at"),
        (("pause", "backup", "--until"), "--until"),
        (("queue", "pause", "default", "--until"), "--until"),
    ],
)
def test_an_instant_that_not_every_zone_can_tell_is_refused(
    words: tuple[str, ...], option: str
) -> None:
    _add("backup")

    refused = tfui(*words, "9999-12-31T23:59:59Z")

    assert refused.code == 2
    assert refused.err.startswith(f"tfui: {option}: the year 9999 is outside the range")


def test_a_run_at_the_end_of_all_time_is_explained() -> None:
    done("add", "last", "--once", "9999-12-31T23:59:59Z", "--tz", "Asia/Tokyo", "--shell", "true")

    assert "9999-12-31 23:59:59 +00:00" in done("explain", "last").out


def test_a_name_that_is_taken_is_a_conflict() -> None:
    _add("a")

    answer = tfui("add", "a", "--cron", "@daily", "--shell", "true")

    assert answer.code == 5
    assert "a" in answer.err


def test_every_mistake_is_told_at_once() -> None:
    answer = tfui(
        "add", "x" * 101, "--cron", "0 25 * * *", "--tz", "Mars/Olympus", "--queue", "nowhere",
        "--priority", "10", "--timeout", "soon", "--shell", "",
    )  # fmt: skip

    assert answer.code == 2
    for part in ("name:", "hour: 25", "--tz:", "--queue:", "--priority:", "--timeout:", "--shell:"):
        assert part in answer.err, part
    assert "      ^^\n" in answer.err


def test_who_may_only_look_is_forbidden_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    _add("a")
    monkeypatch.setenv("TFUI_READ_ONLY", "yes")

    answer = tfui("pause", "a")

    assert answer.code == 4
    assert "started read-only" in answer.err
    assert done("list").lines[1].split()[1] == "a"


@pytest.mark.parametrize(
    "name", ["two\nlines", "[bold]not markup[/]", "🚀 launch", "tab\there", "-x"]
)
def test_odd_names_are_kept_and_shown_as_text(name: str) -> None:
    """Or refused with a sentence; never a table broken apart."""
    answer = tfui("add", "--cron", "@daily", "--shell", "true", "--", name)

    if answer.code == 0:
        assert done("list", "--json").json["jobs"][0]["name"] == name
        assert len(done("list").lines) == 2
    else:
        assert answer.code == 2
        assert answer.err.startswith("tfui: name: ")


def test_a_payload_of_ten_megabytes_is_kept_or_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text('{"command": "cat", "stdin": "' + "x" * 10_000_000 + '"}')

    answer = tfui(
        "add", "large", "--cron", "@daily", "--job-type", "shell", "--payload", f"@{path}"
    )

    assert answer.code in {0, 2}
    assert len(answer.err) < 500
    assert len(done("list").out) < 10_000


def test_a_crontab_is_tried_imported_and_found_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "crontab"
    path.write_text("# Backs up.\n30 2 * * * /opt/backup\n@reboot nothing\n")

    dry = tfui("import", "crontab", str(path), "--dry-run")
    wet = tfui("import", "crontab", str(path), "--tz", "Europe/Berlin")
    again = tfui("import", "crontab", str(path), "--tz", "Europe/Berlin", "--json")

    assert (dry.code, wet.code, again.code) == (2, 2, 2)
    assert dry.lines[-1] == "would be: 1 created, 0 edited, 0 unchanged, 1 refused"
    assert wet.lines[-1] == "1 created, 0 edited, 0 unchanged, 1 refused"
    assert "tfui: line 3: @reboot is an event" in wet.err
    assert again.json["lines"][0]["change"] == "unchanged"
    assert _row("backup")["timezone"] == "Europe/Berlin"


def test_a_line_that_changed_is_told_with_what_it_ran_and_one_that_went_loudly(
    tmp_path: Path,
) -> None:
    path = tmp_path / "crontab"

    def imported(text: str, *more: str) -> Answer:
        path.write_text(text)
        return done("import", "crontab", str(path), *more)

    imported("0 5 * * * /opt/x a\n")
    edited = imported("0 5 * * * /opt/y a\n")
    gone = imported("30 6 * * * /opt/one\n30 7 * * * /opt/two\n", "--json")

    assert "/opt/y a  (payload; before: /opt/x a)" in edited.lines[1]
    assert gone.json["gone_but_active"] == ["x"]
    assert gone.err == (
        f"warning: x is no longer in {path} and is still active: both may run; "
        "to stop it: tfui pause x\n"
    )


def test_a_crontab_comes_from_standard_input_and_goes_to_standard_output() -> None:
    done("import", "crontab", "-", stdin="0 1 * * * a\r\n0 2 * * * b")

    exported = done("export", "crontab")

    assert "0 1 * * * a\n" in exported.out
    assert "CRON_TZ=UTC\n" in exported.out
    assert done("import", "crontab", "-", stdin=exported.out).lines[-1].startswith("0 created")


def test_exports_go_to_files(tmp_path: Path) -> None:
    _add("a")

    for kind in ("crontab", "yaml", "json"):
        done("export", kind, str(tmp_path / kind))
        assert "a" in (tmp_path / kind).read_text()
    assert tfui("export", "json", "/no/such/folder/x").code == 2


def test_a_bug_is_one_line_and_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tfui.service import schedules

    def broken(*_: object) -> None:
        raise ZeroDivisionError("it was not meant to be")

    monkeypatch.setattr(schedules, "summary", broken)
    answer = tfui("summary")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("tfui: this is a bug: ZeroDivisionError: it was not meant to be (")
    assert answer.err.count("\n") == 1
    (log,) = (home / "state" / "tfui").glob("*.log")
    assert str(log) in answer.err
    assert "Traceback" in log.read_text()
