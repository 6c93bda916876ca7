"""A terminal that goes away under a dashboard with running jobs: nothing spins, stays or is lost."""

from __future__ import annotations

import fcntl
import json
import os
import select
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

TFUI = str(Path(sys.executable).parent / "tfui")
_PATIENCE = 30.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TFUI_DB": str(tmp_path / "tfui.db"),
    }


def _tfui(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TFUI, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _add_jobs(environment: dict[str, str]) -> None:
    """Add one job that runs on and on, and a schedule that fires every second."""
    _tfui(environment, "add", "long", "--once", "1s", "--shell", "sleep 300")
    _tfui(environment, "add", "ticker", "--every", "1s", "--shell", "true")


def _rows(environment: dict[str, str], query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(environment["TFUI_DB"]) as connection:
        return connection.execute(query).fetchall()


def _is_busy(environment: dict[str, str]) -> bool:
    found = _rows(environment, "SELECT status, count(*) FROM job GROUP BY status")
    return {"running", "succeeded"} <= {status for status, _ in found}


def _assert_nothing_is_left(environment: dict[str, str]) -> None:
    long = "SELECT status, attempt FROM job WHERE payload LIKE '%sleep 300%'"
    assert _rows(environment, long) == [("queued", 0)]
    doctor = json.loads(_tfui(environment, "doctor", "--json").stdout)
    assert [each for each in doctor if each["severity"] == "error"] == []
    eventually(lambda: not _processes(environment), seconds=_PATIENCE, what="the end of them all")


def _processes(environment: dict[str, str]) -> list[str]:
    """Give what runs with this home, in a few words."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={environment['HOME']}\0".encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found


def _read_until(terminal: int, check: Callable[[], bool]) -> None:
    """Read from a terminal, as whoever looks at it does, until `check` holds."""
    until = time.monotonic() + _PATIENCE
    while not check():
        assert time.monotonic() < until, "the dashboard did not get to work"
        if select.select([terminal], [], [], 0.1)[0]:
            os.read(terminal, 65536)


@pytest.mark.parametrize(
    ("has_signal", "is_read"),
    [
        pytest.param(True, True, id="signal"),
        pytest.param(False, True, id="silence"),
        pytest.param(False, False, id="stalled"),
    ],
)
def test_a_terminal_that_is_gone_has_the_running_job_handed_back(
    environment: dict[str, str],
    has_signal: bool,
    is_read: bool,
) -> None:
    """Its shell's terminal tells by SIGHUP; any other only by failing reads and writes.

    A stalled one is full already: the dashboard waits to write when it goes away.
    """
    _add_jobs(environment)
    terminal, its_side = os.openpty()
    fcntl.ioctl(its_side, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    words = [TFUI]
    if has_signal:  # makes it the controlling terminal, as a login does
        words = ["setsid", "--ctty", TFUI]
    dashboard = subprocess.Popen(
        words,
        stdin=its_side,
        stdout=its_side,
        stderr=its_side,
        env=environment,
        start_new_session=not has_signal,
    )
    os.close(its_side)
    try:
        _read_until(terminal, lambda: _is_busy(environment))
        if not is_read:
            eventually(lambda: _is_full(terminal), seconds=_PATIENCE, what="a full terminal")
    finally:
        os.close(terminal)

    dashboard.wait(timeout=_PATIENCE)
    _assert_nothing_is_left(environment)


def _is_full(terminal: int) -> bool:
    """Whether no more than what nobody has read fits into a terminal."""
    (waiting,) = struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, b"\0" * 4))
    return bool(waiting > 4000)


def test_a_browser_whose_server_is_gone_has_the_running_job_handed_back(
    environment: dict[str, str],
) -> None:
    _add_jobs(environment)
    dashboard = subprocess.Popen(
        [TFUI],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"},
    )
    assert dashboard.stdin is not None
    assert dashboard.stdout is not None
    with dashboard.stdin, dashboard.stdout:
        _read_until(dashboard.stdout.fileno(), lambda: _is_busy(environment))

    dashboard.wait(timeout=_PATIENCE)
    _assert_nothing_is_left(environment)
