"""The command tree: every promised command is there, says what it does, and shows an example."""

from __future__ import annotations

import re

import pytest

from tests.cli.console import done, tfui
from tfui import __version__
from tfui.cli.group import BRANCHES, PLACES

PROMISED = """
    engine next add edit list show pause resume delete restore run jobs logs cancel retry ledger
    explain missed summary import export queue depend audit undo redo doctor prune db config forecast
    serve
""".split()  # noqa: SIM905  # thirty quoted words are no easier to read

LEAVES = [
    ("queue", "list"),
    ("queue", "add"),
    ("queue", "edit"),
    ("queue", "pause"),
    ("queue", "resume"),
    ("queue", "limit"),
    ("depend", "add"),
    ("depend", "remove"),
    ("depend", "list"),
    ("depend", "graph"),
    ("import", "crontab"),
    ("export", "crontab"),
    ("export", "yaml"),
    ("export", "json"),
    ("db", "upgrade"),
    ("db", "check"),
    ("db", "path"),
    ("config", "path"),
    ("config", "validate"),
]


def test_every_promised_command_is_there_and_no_other() -> None:
    assert sorted(PLACES) == sorted(PROMISED)
    assert {branch for branch, _ in LEAVES} == set(BRANCHES)


def test_the_help_of_the_program_lists_each_with_a_sentence() -> None:
    found = done("--help").out

    for name in PROMISED:
        assert re.search(rf"^  {name} +[A-Z].*[^.…]\.$", found, re.MULTILINE), name
    assert "Examples:" in found
    assert "Exit codes:" in found


@pytest.mark.parametrize("name", PROMISED)
def test_the_help_of_a_command_shows_how_it_is_called(name: str) -> None:
    found = done(name, "--help").out

    assert re.search(rf"Examples?:\n.*\b{name}\b", found, re.DOTALL)
    assert "\x1b" not in found


@pytest.mark.parametrize(("branch", "name"), LEAVES)
def test_every_command_takes_the_options_of_the_program(branch: str, name: str) -> None:
    found = done(branch, name, "--help").out

    assert "--db URL" in found
    assert "--org NAME" in found


def test_the_version_is_said() -> None:
    assert done("--version").out == f"tfui {__version__}\n"


def test_a_branch_without_a_command_shows_its_help_and_exits_with_2() -> None:
    answer = tfui("queue")

    assert answer.code == 2
    assert "Add a queue." in answer.err


def test_the_dashboard_needs_a_terminal(home: object) -> None:
    del home
    answer = tfui()

    assert (answer.code, answer.out) == (2, "")
    assert (
        answer.err == "tfui: the dashboard: it needs a terminal; `tfui --help` lists the commands\n"
    )
