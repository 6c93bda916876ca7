"""The dashboard as a person uses it: a real program in a real terminal, driven by keys."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.terminal import Terminal
from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

TFUI = str(Path(sys.executable).parent / "tfui")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, with nothing of the person's who runs the tests; no newcomer's."""
    kept = tmp_path / ".local/state/tfui/ui.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"is_welcomed": true}', encoding="utf-8")
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TFUI_DB": str(tmp_path / "tfui.db"),
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
        "TEXTUAL_ANIMATIONS": "none",
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Callable[..., Terminal]:
    """Start `tfui` with arguments in a terminal of a size."""

    def starting(*arguments: str, size: tuple[int, int] = (120, 36)) -> Terminal:
        return Terminal([TFUI, *arguments], environment=environment, size=size)

    return starting


def _rows(environment: dict[str, str], query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(environment["TFUI_DB"])
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _add_ticker(terminal: Terminal) -> None:
    """Add a schedule that prints every two seconds, as a person would, by keys alone."""
    terminal.wait_for("Nothing scheduled yet")
    terminal.press("a")
    terminal.wait_for("Add a schedule")
    terminal.type("ticker")
    terminal.press("tab")
    terminal.press("right")
    terminal.wait_for("Every")
    terminal.press("tab")
    terminal.type("2s")
    terminal.wait_for("Every 2 seconds")
    terminal.press(*["tab"] * 5)
    terminal.type("echo tick-$TFUI_NOMINAL_AT")
    terminal.press("tab")
    terminal.wait_for("absolute path to run in")
    terminal.press("ctrl+s")
    terminal.wait_for("next ticker in")


def _add_a_long_job(environment: dict[str, str]) -> None:
    """Add a job that starts in a second and would run for five minutes."""
    subprocess.run(
        [TFUI, "add", "long", "--once", "1s", "--shell", "sleep 300"],
        env=environment,
        check=True,
        capture_output=True,
    )


def _wait_until_it_runs(environment: dict[str, str]) -> None:
    eventually(
        lambda: ("running",) in _rows(environment, "SELECT status FROM job"),
        seconds=20,
        what="the long job's start",
    )


def _quit(terminal: Terminal) -> int:
    """Press q; should a job be running at this moment, let it finish."""
    terminal.press("q")
    eventually(
        lambda: terminal.has_ended() or "Hand back" in terminal.text(),
        what="the end or the question",
    )
    if not terminal.has_ended():
        terminal.press("w")
    return terminal.wait()


def _runs(environment: dict[str, str]) -> list[tuple[object, ...]]:
    return _rows(environment, "SELECT nominal_at, status FROM job ORDER BY nominal_at")


def test_kill_minus_nine_in_the_middle_loses_and_doubles_nothing(
    start: Callable[..., Terminal],
    environment: dict[str, str],
) -> None:
    with start() as terminal:
        _add_ticker(terminal)
        eventually(lambda: len(_runs(environment)) >= 2, seconds=20, what="two runs")
        terminal.kill(signal.SIGKILL)
    before = len(_runs(environment))

    with start() as terminal:
        eventually(lambda: len(_runs(environment)) >= before + 2, seconds=30, what="more runs")
        _quit(terminal)
    found = subprocess.run(
        [TFUI, "ledger", "ticker", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    ledger = json.loads(found.stdout)

    assert ledger["planned"] == ledger["ran"] + ledger["pending"] + sum(ledger["skipped"].values())
    nominal = [int(str(at)) for at, _ in _runs(environment)]
    assert len(set(nominal)) == len(nominal)
    assert {later - earlier for earlier, later in pairwise(nominal[:before])} == {2_000_000}
    doctor = subprocess.run(
        [TFUI, "doctor", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [
        finding for finding in json.loads(doctor.stdout) if finding["severity"] == "error"
    ] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_sane_and_hands_the_running_job_back(
    start: Callable[..., Terminal],
    environment: dict[str, str],
    number: signal.Signals,
) -> None:
    _add_a_long_job(environment)
    with start() as terminal:
        _wait_until_it_runs(environment)
        terminal.kill(number)

        assert terminal.is_cooked()
        assert b"Traceback" not in terminal.raw
        assert b"\x1b[?1049l" in terminal.raw

    assert _rows(environment, "SELECT status, attempt FROM job") == [("queued", 0)]


def test_quitting_while_a_job_runs_asks_first(
    start: Callable[..., Terminal],
    environment: dict[str, str],
) -> None:
    _add_a_long_job(environment)
    with start() as terminal:
        _wait_until_it_runs(environment)
        terminal.wait_for("► 1")
        terminal.press("q")
        terminal.wait_for("Hand back")
        terminal.press("h")

        assert terminal.wait(seconds=30) == 0

    assert _rows(environment, "SELECT status FROM job") == [("queued",)]


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 50)])
def test_it_starts_and_leaves_in_terminals_of_any_size(
    start: Callable[..., Terminal],
    size: tuple[int, int],
) -> None:
    with start("--no-engine", size=size) as terminal:
        terminal.wait_for("terminal too small" if size[0] < 60 else "Nothing scheduled yet")
        terminal.press("q")

        assert terminal.wait() == 0


def test_the_demo_is_lively_and_leaves_the_persons_own_store_alone(
    start: Callable[..., Terminal],
    environment: dict[str, str],
) -> None:
    with start("--demo") as terminal:
        terminal.wait_for("heartbeat", seconds=20)
        terminal.wait_for("billing-export")
        terminal.kill(signal.SIGTERM)

    assert not Path(environment["TFUI_DB"]).exists()
