"""A real engine, killed in the middle of a command: the command goes with it, and then runs anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.terminal import Terminal
from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TFUI = (sys.executable, "-m", "tfui")
JOB = """
import fcntl, os, sys, time

with open(sys.argv[1] + ".lock", "w") as lock:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        place = "alone"
    except BlockingIOError:
        place = "beside-another"
    with open(sys.argv[1], "a") as ledger:
        ledger.write(f"{os.getpid()} {place}\\n")
    time.sleep(600)
"""
"""Says in a ledger who it is and whether another of its kind ran at that moment."""


@pytest.fixture
def environment(tmp_path: Path, sqlite_template: Path) -> dict[str, str]:
    """A home of its own with an empty database."""
    (tmp_path / "tfui.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "tfui.db").chmod(0o600)
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TFUI_DB": str(tmp_path / "tfui.db"),
        "TZ": "UTC",
    }


@pytest.fixture
def start_engine(
    environment: dict[str, str],
) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start an engine; one that is left over is killed, and its commands with it."""
    started: list[subprocess.Popen[str]] = []

    def starting() -> subprocess.Popen[str]:
        engine = subprocess.Popen(
            [*TFUI, "engine"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(engine)
        assert engine.stderr is not None
        assert "serves" in engine.stderr.readline()
        return engine

    yield starting
    for engine in started:
        engine.kill()
        engine.communicate()


def _add(environment: dict[str, str], command: str) -> None:
    words = ("add", "long", "--once", "1s", "--shell", command, "--retry-base", "1s")
    subprocess.run([*TFUI, *words], env=environment, check=True, capture_output=True)


def _lines(ledger: Path, count: int) -> list[list[str]]:
    def has_enough() -> bool:
        return ledger.exists() and ledger.read_text().count("\n") >= count

    eventually(has_enough, seconds=30, what=f"start {count} of the job")
    return [line.split() for line in ledger.read_text().splitlines()]


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | _descendants(child)
    return found


def test_the_command_of_a_killed_engine_ends_and_the_next_engine_runs_it_alone(
    environment: dict[str, str],
    start_engine: Callable[[], subprocess.Popen[str]],
    tmp_path: Path,
) -> None:
    program, ledger = tmp_path / "job.py", tmp_path / "ledger"
    program.write_text(JOB)
    _add(environment, f"{sys.executable} {program} {ledger}; true")
    victim = start_engine()
    ((first, _),) = _lines(ledger, 1)

    victim.kill()
    victim.wait()
    successor = start_engine()

    eventually(lambda: not _is_alive(int(first)), seconds=30, what="the end of the orphan")
    starts = _lines(ledger, 2)
    assert [place for _, place in starts] == ["alone", "alone"]
    assert _is_alive(int(starts[1][0]))

    left = _descendants(successor.pid)
    assert int(starts[1][0]) in left
    successor.send_signal(signal.SIGTERM)
    assert successor.wait(timeout=30) == 0
    assert not [pid for pid in left if _is_alive(pid)]


def test_the_command_of_a_killed_dashboard_ends_as_well(
    environment: dict[str, str], tmp_path: Path
) -> None:
    program, ledger = tmp_path / "job.py", tmp_path / "ledger"
    program.write_text(JOB)
    _add(environment, f"exec {sys.executable} {program} {ledger}")
    with Terminal(TFUI, environment={**environment, "TERM": "xterm-256color"}) as dashboard:
        ((job, _),) = _lines(ledger, 1)

        dashboard.kill(signal.SIGKILL)

        eventually(lambda: not _is_alive(int(job)), seconds=30, what="the end of the orphan")
