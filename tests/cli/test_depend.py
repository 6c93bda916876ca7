"""Dependencies by command: said with `add --after` or `depend`, listed, refused and asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.console import done, tfui

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("db")


def _add(name: str, *more: str) -> None:
    done("add", name, *(more or ("--cron", "@daily")), "--shell", "true")


def test_a_schedule_is_added_after_others() -> None:
    _add("backup")
    _add("fetch")
    _add("report", "--cron", "@hourly", "--after", "backup:conditional", "--window", "1d")
    _add("verify", "--after", "report", "--after", "fetch:parallel")

    rows = done("depend", "list", "--json").json
    assert [(row["child"], row["parent"], row["dependency_type"]) for row in rows] == [
        ("report", "backup", "conditional"),
        ("verify", "fetch", "parallel"),
        ("verify", "report", "sequential"),
    ]
    assert [row["is_chained"] for row in rows] == [False, True, True]
    assert "after fetch, report" in done("list").out
    assert "after backup (conditional, the newest within 1d)" in done("show", "report").out
    assert "before" in done("show", "backup").out


def test_it_is_said_and_taken_back_by_command() -> None:
    _add("backup")
    _add("report")

    said = done("depend", "add", "report", "backup", "--type", "parallel")
    assert said.out == "report after backup (parallel, the same instant's)\n"
    assert "report" in done("depend", "list", "backup").out
    done("undo")
    assert done("depend", "list", "--json").json == []
    done("edit", "report", "--after", "backup")
    done("depend", "remove", "report", "backup")
    assert done("depend", "list").out == ""


def test_times_that_never_meet_are_warned_of_wherever_they_are_saved() -> None:
    says = "backup has no run at any of report's next 64 times"
    _add("backup", "--cron", "0 * * * *")
    added = done("add", "report", "--cron", "30 * * * *", "--after", "backup", "--shell", "true")
    assert says in added.err
    assert says in done("depend", "add", "report", "backup", "--type", "parallel").err
    assert says not in done("edit", "report", "--cron", "0 */2 * * *").err
    assert says in done("edit", "backup", "--cron", "15 * * * *").err
    assert says not in done("depend", "add", "report", "backup", "--window", "1h").err


def test_taking_the_last_parent_of_a_chained_one_warns() -> None:
    _add("backup")
    _add("report", "--after", "backup")
    answer = done("depend", "remove", "report", "backup")

    assert "by hand only" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("depend", "add", "a", "b"), 5, "a after b after a"),
        (("depend", "add", "a", "nobody"), 3, "nobody"),
        (("depend", "add", "a", "b", "--window", "x"), 2, "--window"),
        (("delete", "a"), 5, "b comes after a"),
        (("add", "c", "--shell", "true"), 2, "--after"),
        (("add", "c", "--shell", "true", "--after", "a", "--window", "1h"), 2, "--window"),
        (("add", "c", "--shell", "true", "--cron", "@daily", "--window", "1h"), 2, "--after"),
    ],
)
def test_mistakes_are_told(words: tuple[str, ...], code: int, says: str) -> None:
    _add("a")
    _add("b", "--after", "a")
    answer = tfui(*words)

    assert answer.code == code
    assert says in answer.err


def test_deleting_a_parent_with_its_children() -> None:
    _add("a")
    _add("b", "--after", "a")
    done("delete", "a", "--children", "delete")

    assert done("list", "--json").json["total"] == 0


def test_retrying_a_parent_says_what_does_not_come_back() -> None:
    _add("a")
    _add("b", "--after", "a:conditional")
    done("run", "a")
    (job,) = done("jobs", "a", "--json").json
    done("cancel", job["id"])
    answer = done("retry", job["id"])

    assert "what b skipped or ran because of it stays so" in answer.err


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_a_document_moves_schedules_with_what_they_come_after(tmp_path: Path, kind: str) -> None:
    file, elsewhere = str(tmp_path / f"out.{kind}"), ("--db", str(tmp_path / "other.db"))
    done("add", "backup", "--cron", "@daily", "--shell", "true")
    done("add", "verify", "--after", "backup:conditional", "--shell", "true")
    done("export", kind, file)

    tried = done(*elsewhere, "import", kind, file, "--dry-run")
    first = done(*elsewhere, "import", kind, file)
    again = done(*elsewhere, "import", kind, file, "--json")

    assert tried.lines[-1] == "would be: 2 created, 0 edited, 0 unchanged, 0 refused"
    assert first.lines[-1] == "2 created, 0 edited, 0 unchanged, 0 refused"
    assert [line["change"] for line in again.json["lines"]] == ["unchanged", "unchanged"]
    assert "after backup (conditional, each run)" in done(*elsewhere, "show", "verify").out


def test_a_parent_that_a_document_does_not_bring_is_named(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(
        "schedules:\n- {name: verify, schedule_type: cron, schedule_expression: '@daily', "
        "job_type: shell, payload: {command: 'true'}, after: [backup]}\n"
    )

    answer = tfui("import", "yaml", str(file))

    assert answer.code == 2
    assert "schedule 1: there is no schedule 'backup' for verify to come after" in answer.err


def test_the_graph_is_a_tree_with_how_each_is_doing() -> None:
    _add("backup")
    _add("fetch")
    _add("alone")
    _add("report", "--cron", "@hourly", "--after", "backup:conditional", "--window", "1d")
    _add("verify", "--after", "report", "--after", "fetch:parallel")

    answer = done("depend", "graph")
    assert answer.lines == [
        "backup ok",
        "└─ report ok  (conditional)",
        "   └─ verify ok  (sequential)  (after fetch: parallel)",
        "fetch ok",
    ]
    assert "1 schedule stands alone" in answer.err
    found = done("depend", "graph", "--json").json
    assert [edge["dependency"]["child"] for edge in found["edges"]] == [
        "report",
        "verify",
        "verify",
    ]
    assert found["alone"] == 1


def test_without_dependencies_the_graph_says_so() -> None:
    assert "nothing comes after anything" in done("depend", "graph").err
