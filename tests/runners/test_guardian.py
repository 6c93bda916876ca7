"""Commands whose engine is killed, with real processes: none of them lives on."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.runners.orders import an_order, carry_out, in_the_background
from tests.world import eventually
from tfui.core.states import AttemptOutcome
from tfui.runners import vigil
from tfui.runners.guardian import Guardian
from tfui.runners.shell import ShellRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LONG = "10"
"""A grace in seconds that no test should have to wait for."""


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def is_gone(pid: int, what: str) -> None:
    eventually(lambda: not is_alive(pid), seconds=8, what=f"the end of {what}")


def pids_in(path: Path, count: int) -> list[int]:
    """Wait until jobs have written so many of their process ids."""
    eventually(lambda: path.exists() and len(path.read_text().split()) == count, what="the pids")
    return [int(pid) for pid in path.read_text().split()]


@contextmanager
def an_engine(grace: str, job_type: str, **payload: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that carries out one job, and whose guardian watches by now."""
    ((key, value),) = payload.items()
    engine = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.runners.victim", grace, job_type, key, value],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        yield engine
    finally:
        engine.kill()
        engine.communicate()


def guardian_of(engine: subprocess.Popen[bytes]) -> int:
    assert engine.stdout is not None
    return int(engine.stdout.readline())


@pytest.fixture
def guardian() -> Iterator[Guardian]:
    """One of this test's own, which may be killed."""
    made = Guardian(grace=timedelta(seconds=0.2))
    yield made
    made.close()


def carried_out(guardian: Guardian, command: str) -> AttemptOutcome:
    runner = ShellRunner(guardian=guardian)
    return carry_out(an_order("shell", command=command), runner).ended.outcome


# An engine that is killed


def test_a_killed_engine_takes_its_command_and_all_that_this_started_along(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = f"sleep 300 & echo $! >> {pids}; echo $$ >> {pids}; wait"
    with an_engine(LONG, "shell", command=command) as engine:
        guardian, job = guardian_of(engine), pids_in(pids, 2)
        assert all(map(is_alive, [guardian, *job]))

        engine.kill()

        for pid in job:
            is_gone(pid, "the command")
        is_gone(guardian, "the guardian")


def test_a_function_is_ended_as_well() -> None:
    with an_engine(LONG, "python", callable="signal:pause") as engine:
        guardian = guardian_of(engine)
        children = Path(f"/proc/{engine.pid}/task").glob("*/children")
        ours = {int(pid) for path in children for pid in path.read_text().split()}
        (job,) = ours - {guardian}

        engine.kill()

        is_gone(job, "the function")


def test_a_command_that_ignores_term_is_killed_after_the_grace(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = f"trap '' TERM; echo $$ >> {pids}; while :; do sleep 60; done"
    with an_engine("0.3", "shell", command=command) as engine:
        guardian = guardian_of(engine)
        (job,) = pids_in(pids, 1)

        engine.kill()

        is_gone(job, "the command")
        is_gone(guardian, "the guardian")


def test_a_stopped_command_hears_term_too(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = f"echo $$ >> {pids}; kill -STOP $$"
    with an_engine(LONG, "shell", command=command) as engine:
        guardian_of(engine)
        (job,) = pids_in(pids, 1)

        engine.kill()

        is_gone(job, "the command")


def test_what_a_command_left_in_the_background_is_not_touched(tmp_path: Path) -> None:
    """It was let be when its command ended; the engine's end changes nothing about that."""
    pids = tmp_path / "pids"
    left = f"sleep 300 >/dev/null 2>&1 & echo $! >> {pids}"
    program = (
        "import os, signal\n"
        "from tests.runners.orders import an_order, carry_out\n"
        f"carry_out(an_order('shell', command={left!r}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    before = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    (background,) = pids_in(pids, 1)

    assert before.returncode == -signal.SIGKILL
    try:
        assert is_alive(background)
    finally:
        os.kill(background, signal.SIGKILL)


def test_a_process_forked_from_the_engine_does_not_keep_its_commands_alive() -> None:
    program = (
        "import os, signal, subprocess, sys\n"
        "from tfui.runners.guardian import GUARDIAN\n"
        "command = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "GUARDIAN.watch_over(command.pid)\n"
        "fork = os.fork()\n"
        "if not fork:\n"
        "    os.close(1)\n"
        "    signal.pause()\n"
        "print(command.pid, fork, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    command, fork = map(int, done.stdout.split())

    try:
        is_gone(command, "the command")
        assert is_alive(fork)
    finally:
        os.kill(fork, signal.SIGKILL)


# An engine that ends in good order


def test_a_normal_end_leaves_no_process_behind() -> None:
    with an_engine(LONG, "shell", command="sleep 0.1") as engine:
        guardian = guardian_of(engine)

        assert engine.wait(timeout=20) == 0
        assert not Path(f"/proc/{guardian}").exists()


def test_an_engine_that_leaves_a_running_command_has_it_ended(guardian: Guardian) -> None:
    runner = ShellRunner(guardian=guardian)
    with in_the_background(an_order("shell", command="echo ready; exec sleep 300"), runner) as job:
        job.wait_for("ready")
        guardian.close()

    assert job.ended.exit_code == -signal.SIGTERM


# A guardian that is killed, or never was


def test_the_next_command_starts_a_new_guardian_which_knows_of_those_that_still_run(
    guardian: Guardian, caplog: pytest.LogCaptureFixture
) -> None:
    runner = ShellRunner(guardian=guardian)
    with in_the_background(an_order("shell", command="echo ready; exec sleep 300"), runner) as job:
        job.wait_for("ready")
        first = guardian.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        is_gone(first, "the first guardian")

        assert carried_out(guardian, "true") is AttemptOutcome.SUCCEEDED
        assert guardian.pid not in {None, first}
        assert not Path(f"/proc/{first}").exists()  # it was reaped
        assert len(caplog.records) == 1
        guardian.close()

    assert job.ended.exit_code == -signal.SIGTERM


def test_a_guardian_that_no_longer_listens_is_replaced_and_ends_nothing(guardian: Guardian) -> None:
    runner = ShellRunner(guardian=guardian)
    command = "echo ready; read line; exit 3"
    with in_the_background(an_order("shell", command=command), runner) as job:
        job.wait_for("ready")
        first = guardian.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        for _ in range(64 * 1024):
            guardian.release(2**31 - 1)  # no process has this number
            if guardian.pid is None:
                break

        assert not Path(f"/proc/{first}").exists()
        assert carried_out(guardian, "true") is AttemptOutcome.SUCCEEDED
        assert guardian.pid is not None

    assert job.ended.exit_code == 3


def test_without_a_guardian_commands_run_all_the_same_and_one_warning_is_logged(
    guardian: Guardian, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert carried_out(guardian, "true") is AttemptOutcome.SUCCEEDED
    assert carried_out(guardian, "true") is AttemptOutcome.SUCCEEDED
    assert guardian.pid is None
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert "could not be started" in warning.message


def test_a_command_inherits_nothing_of_the_guardian(guardian: Guardian) -> None:
    carried_out(guardian, "true")
    runner = ShellRunner(guardian=guardian)
    done = carry_out(an_order("shell", command=["ls", "/proc/self/fd"]), runner)

    assert done.text("stdout").split() == ["0", "1", "2", "3"]  # the last is ls reading the folder


# Whom it signals


def test_a_number_that_has_become_anothers_is_let_be() -> None:
    with subprocess.Popen(["sleep", "300"], start_new_session=True) as process:
        start = vigil.leader_start(process.pid)
        assert start is not None

        assert vigil.living({process.pid: start}) == {process.pid: start}
        assert vigil.living({process.pid: b"1"}) == {}
        assert vigil.living({process.pid: None}) == {}
        process.kill()
    assert vigil.living({process.pid: start}) == {}


def test_lines_are_understood_however_they_are_cut() -> None:
    """A pipe gives what it has, be that half a line."""
    with subprocess.Popen(["sleep", "300"], start_new_session=True) as process:
        reader, writer = os.pipe()
        with os.fdopen(writer, "wb", buffering=0) as pipe:
            told = b"+%d\n-%d\n+%d\n+999999999\n-999999999\n+12" % ((process.pid,) * 3)
            pipe.write(told)
        heard = vigil.listen(reader)
        os.close(reader)

        assert heard == {process.pid: vigil.leader_start(process.pid)}
        process.kill()
