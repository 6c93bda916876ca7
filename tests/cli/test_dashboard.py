"""`tfui` alone opens the dashboard straight away; everything else goes through the command tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tfui.cli import dashboard

TFUI = str(Path(sys.executable).parent / "tfui")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], {}),
        (["--no-engine", "--demo"], {"engine": False, "demo": True}),
        (["--read-only", "--ascii"], {"read_only": True, "ascii_only": True}),
        (["--db", "a b.db", "--org=team"], {"db": "a b.db", "org": "team"}),
        (["--view=runs", "--schedule", "a b"], {"view": "runs", "schedule": "a b"}),
        (["--db=postgresql://h/d?x=1"], {"db": "postgresql://h/d?x=1"}),
    ],
)
def test_the_dashboards_own_options_are_read_without_the_command_tree(
    words: list[str], asked: dashboard.Asked
) -> None:
    assert dashboard.read(words) == asked


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["-h"],
        ["--version"],
        ["list"],
        ["--db", "x.db", "list"],
        ["--db"],
        ["--db", "--demo"],
        ["--demo=1"],
        ["--dem"],
        ["--"],
        [""],
    ],
)
def test_any_other_word_is_left_to_the_command_tree(words: list[str]) -> None:
    assert dashboard.read(words) is None


def test_without_a_terminal_nothing_is_opened() -> None:
    answer = subprocess.run(
        [TFUI, "--demo"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("tfui: the dashboard: it needs a terminal")


def test_a_setting_that_cannot_be_read_is_told_the_way_commands_tell_it(tmp_path: Path) -> None:
    environment = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "TFUI_SEATS": "many",
    }
    with Terminal([TFUI, "--no-engine"], environment=environment) as terminal:
        terminal.wait_for("tfui: TFUI_SEATS: this must be a whole number from 1 to 1000")
        assert terminal.wait() == 2


def test_the_command_parser_is_not_imported_before_the_first_frame(tmp_path: Path) -> None:
    script = (
        "import sys; from tfui.ui import app\n"
        "app.TfuiApp.run = lambda self: print('parser:', 'typer' in sys.modules)\n"
        "sys.argv = ['tfui', '--no-engine']; from tfui.__main__ import main; main()\n"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TERM": "xterm-256color"}
    with Terminal([sys.executable, "-c", script], environment=environment) as terminal:
        terminal.wait_for("parser: False")
        assert terminal.wait() == 0
