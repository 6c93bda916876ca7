"""`tfui edit NAME --editor`: all fields as a text, in a real program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import done, tfui

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make $EDITOR a program that runs a shell command on the file, `$1`."""
    done("add", "backup", "--cron", "30 2 * * *", "--tz", "Europe/Berlin", "--shell", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def make(command: str) -> None:
        program = tmp_path / "editor"
        program.write_text(f"#!/bin/sh\n{command}\n")
        program.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(program))

    return make


def test_what_was_written_is_saved_as_one_change(editor: Callable[[str], None]) -> None:
    editor('sed -i \'s/^priority = 0/priority = 7/; s/^command = .*/command = "false"/\' "$1"')

    done("edit", "backup", "--editor")

    shown = done("show", "backup", "--json").json["detail"]["schedule"]
    assert (shown["priority"], shown["payload"], shown["revision"]) == (7, {"command": "false"}, 2)


def test_nothing_changed_is_nothing_saved(editor: Callable[[str], None]) -> None:
    for command in ("true", "false", "echo '# a comment' >> \"$1\""):
        editor(command)
        assert "nothing was changed" in done("edit", "backup", "--editor").err

    assert done("show", "backup", "--json").json["detail"]["schedule"]["revision"] == 1


def test_mistakes_are_told_by_their_lines_and_the_text_is_kept(
    editor: Callable[[str], None],
) -> None:
    editor("sed -i 's/^priority = 0/priority = 70/' \"$1\"")

    answer = tfui("edit", "backup", "--editor")

    assert answer.code == 2
    assert "priority: 70 is outside the range, which is 0 to 9" in answer.err
    assert answer.err.startswith("line ")
    kept = Path(answer.err.split("the text is in ")[1].split()[0])
    assert "priority = 70" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_somebody_elses_change_meanwhile_is_a_conflict(editor: Callable[[str], None]) -> None:
    tfui_itself = Path(sys.executable).parent / "tfui"
    editor(
        f"{tfui_itself} edit backup --max-runs 9 >&2 && sed -i 's/^priority = 0/priority = 7/' \"$1\""
    )

    answer = tfui("edit", "backup", "--editor")

    assert answer.code == 5
    assert "your text is in" in answer.err
    assert done("show", "backup", "--json").json["detail"]["schedule"]["priority"] == 0


def test_other_changes_are_made_in_the_editor(editor: Callable[[str], None]) -> None:
    editor("true")

    assert tfui("edit", "backup", "--editor", "--priority", "3").code == 2
