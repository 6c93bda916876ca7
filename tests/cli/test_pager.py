"""A long log on a terminal is read in a pager; a pipe, a short one and whoever wants none get it plain."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tfui.cli import pager

TFUI = str(Path(sys.executable).parent / "tfui")
_PATIENCE = 30.0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A store with one job that has printed 200 lines, a tenth of them as errors."""
    tmp_path = tmp_path_factory.mktemp("home")
    places = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TFUI_DB": str(tmp_path / "tfui.db"),
    }
    prints = (
        "for n in $(seq 1 200); do echo line-$n-end; done; printf 'bad\\033]0;title\\007\\n' >&2"
    )
    for arguments in (
        ("add", "long", "--every", "1d", "--shell", prints),
        ("run", "long"),
        ("engine", "--drain"),
    ):
        subprocess.run([TFUI, *arguments], env=places, capture_output=True, check=False)
    jobs = subprocess.run(
        [TFUI, "jobs", "--json"], env=places, capture_output=True, text=True, check=True
    )
    return places | {"JOB": jobs.stdout.partition('"id": "')[2][:36]}


@pytest.mark.skipif(shutil.which("less") is None, reason="there is no less")
def test_a_long_log_is_read_in_less(environment: dict[str, str]) -> None:
    with Terminal([TFUI, "logs", environment["JOB"]], environment=environment) as terminal:
        terminal.wait_for("line-1-end", seconds=_PATIENCE)
        assert "line-100-end" not in terminal.text()
        assert not terminal.has_ended()
        terminal.press("G")
        terminal.wait_for("bad", seconds=_PATIENCE)
        terminal.press("q")

        assert terminal.wait(seconds=_PATIENCE) == 0
        assert b"title" not in terminal.raw


def test_the_pager_is_the_persons_own_and_gets_errors_as_well(
    environment: dict[str, str], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.write_text('#!/bin/sh\necho "mine: $(wc -l)"\n', encoding="utf-8")
    own.chmod(0o755)
    wanted = environment | {"PAGER": str(own)}
    with Terminal([TFUI, "logs", environment["JOB"]], environment=wanted) as terminal:
        terminal.wait_for("mine: 201", seconds=_PATIENCE)

        assert terminal.wait(seconds=_PATIENCE) == 0


def test_a_pager_that_is_left_early_is_no_failure(environment: dict[str, str]) -> None:
    wanted = environment | {"PAGER": "true"}
    with Terminal([TFUI, "logs", environment["JOB"]], environment=wanted) as terminal:
        assert terminal.wait(seconds=_PATIENCE) == 0
        assert b"Traceback" not in terminal.raw


def test_whoever_wants_no_pager_gets_it_plain(environment: dict[str, str]) -> None:
    wanted = environment | {"PAGER": "false"}
    arguments = [TFUI, "logs", "--no-pager", environment["JOB"]]
    with Terminal(arguments, environment=wanted) as terminal:
        terminal.wait_for("line-200-end", seconds=_PATIENCE)
        assert terminal.wait(seconds=_PATIENCE) == 0


def test_a_pipe_gets_it_plain(environment: dict[str, str]) -> None:
    found = subprocess.run(
        [TFUI, "logs", environment["JOB"]],
        env=environment | {"PAGER": "false"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(found.stdout.splitlines()) == 200
    assert "bad" in found.stderr


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("cat", None), ("", None), ("'", None), ("no-such-pager -x", None), ("sh -c", ["sh", "-c"])],
)
def test_what_is_no_pager_is_left_alone(wanted: str, found: list[str] | None) -> None:
    assert pager.command({"PAGER": wanted}) == found
