"""The command line as processes: signals, output that comes live, draining, and databases in trouble."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.console import done
from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TFUI = (sys.executable, "-m", "tfui")


class Shell:
    """A person's shell with a home of its own; what is still running is ended with the test."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.db = home / "tfui.db"
        self._started: list[subprocess.Popen[str]] = []
        self._environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TFUI_DB": str(self.db),
            "TZ": "UTC",
        }

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run tfui to its end."""
        return subprocess.run(
            [*TFUI, *words],
            cwd=self.home,
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def json(self, *words: str) -> Any:
        """Give the one document of a command, which needs no process of its own to look."""
        return done(*words, "--json").json

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start tfui and leave it running."""
        process = subprocess.Popen(
            [*TFUI, *words],
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def start_engine(self) -> subprocess.Popen[str]:
        """Start an engine and wait until it serves."""
        process = self.start("engine")
        assert process.stderr is not None
        assert "serves" in process.stderr.readline()
        return process

    def job_of(self, name: str) -> dict[str, Any]:
        """Give the newest job of a schedule."""
        found = self.json("jobs", name, "--limit", "1")
        return dict(found[0])

    def wait_for_status(self, name: str, status: str) -> dict[str, Any]:
        """Wait until the newest job of a schedule stands so."""
        eventually(
            lambda: self.job_of(name)["status"] == status, what=f"{name} {status}", seconds=30
        )
        return self.job_of(name)

    def end(self) -> None:
        """Kill what is left."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=10)


@pytest.fixture
def shell(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """A shell with an empty database, which the commands in this process have as well."""
    found = Shell(tmp_path)
    monkeypatch.setenv("HOME", str(found.home))
    monkeypatch.setenv("TFUI_DB", str(found.db))
    found.db.write_bytes(sqlite_template.read_bytes())
    found.db.chmod(0o600)
    yield found
    found.end()


@pytest.fixture
def empty_shell(tmp_path: Path) -> Iterator[Shell]:
    """A shell in which tfui was never started."""
    found = Shell(tmp_path)
    yield found
    found.end()


def _add(name: str, command: str, *more: str) -> None:
    done("add", name, "--cron", "0 0 1 1 *", "--shell", command, *more)


def _ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def test_two_first_starts_at_once_make_one_store(empty_shell: Shell) -> None:
    first, second = empty_shell.start("summary", "--json"), empty_shell.start("summary", "--json")

    for process in (first, second):
        code, out, err = _ended(process)
        assert code == 0
        assert err in {"", f"made a new database at {empty_shell.db}\n"}
        assert json.loads(out)["total"] == 0
    assert empty_shell.db.stat().st_mode & 0o777 == 0o600
    queues = empty_shell.run("queue", "list", "--json")
    assert [queue["name"] for queue in json.loads(queues.stdout)] == ["default"]


def test_a_drain_fires_and_finishes_what_is_due_and_tells_its_figures(shell: Shell) -> None:
    done("add", "soon", "--once", "1s", "--shell", "echo done")
    eventually(lambda: bool(shell.json("summary")["due_now"]), what="the schedule falling due")

    figures = json.loads(shell.run("engine", "--drain", "--json").stdout)

    assert set(figures) == {
        "planned",
        "started",
        "succeeded",
        "failed",
        "skipped",
        "missed",
        "seconds",
        "lateness_ms",
    }
    assert (figures["planned"], figures["started"], figures["succeeded"]) == (1, 1, 1)
    assert set(figures["lateness_ms"]) == {"p50", "p99", "max"}
    assert shell.job_of("soon")["status"] == "succeeded"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_engine_cleanly_and_hands_its_job_back(
    shell: Shell, number: signal.Signals
) -> None:
    pid_file = shell.home / "pid"
    _add("long", f"echo $$ > {pid_file}; exec sleep 600")
    engine = shell.start_engine()
    done("run", "long")
    eventually(
        lambda: pid_file.exists() and pid_file.read_text().strip() != "", what="the job's start"
    )

    engine.send_signal(number)
    code, out, _ = _ended(engine)

    assert code == 0
    assert out.startswith(f"stopped by {number.name}")
    assert shell.job_of("long")["status"] == "queued"
    assert not _is_alive(int(pid_file.read_text()))


def test_waiting_for_a_run_prints_it_and_gives_its_result(shell: Shell) -> None:
    """With no engine on the store, the process that waits runs the job itself."""
    _add("good", "echo out; echo err >&2")
    _add("bad", "echo trying; exit 3", "--max-attempts", "1")

    good, bad = shell.run("run", "good", "--wait"), shell.run("run", "bad", "--wait")

    assert (good.returncode, good.stdout) == (0, "out\n")
    assert "no engine is running" in good.stderr
    assert "err\n" in good.stderr
    assert "succeeded" in good.stderr
    assert (bad.returncode, bad.stdout) == (1, "trying\n")
    assert "exit 3" in bad.stderr


def test_waiting_leaves_the_work_to_an_engine_that_is_alive(shell: Shell) -> None:
    _add("good", "echo out")
    shell.start_engine()

    found = shell.run("run", "good", "--wait")

    assert (found.returncode, found.stdout) == (0, "out\n")
    assert "no engine" not in found.stderr


def test_following_a_log_shows_lines_as_they_come_and_ends_with_the_job(shell: Shell) -> None:
    gate = shell.home / "gate"
    _add("slow", f"echo first; until [ -e {gate} ]; do sleep 0.05; done; echo last")
    shell.start_engine()
    done("run", "slow")
    job = shell.job_of("slow")

    follower = shell.start("logs", job["id"], "--follow")
    assert follower.stdout is not None
    first = follower.stdout.readline()
    gate.touch()
    code, rest, err = _ended(follower)

    assert (code, first, rest) == (0, "first\n", "last\n")
    assert "succeeded" in err


def test_an_interrupted_command_ends_quietly_with_130(shell: Shell) -> None:
    _add("never", "true")
    done("run", "never")
    follower = shell.start("logs", shell.job_of("never")["id"], "--follow")
    eventually(lambda: _catches_interrupts(follower.pid), what="the follower's start")

    follower.send_signal(signal.SIGINT)

    assert _ended(follower) == (130, "", "")


def test_an_interrupted_wait_says_that_the_job_is_handed_back(shell: Shell) -> None:
    _add("long", "echo begun; exec sleep 60")
    waiting = shell.start("run", "long", "--wait")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "begun\n"

    waiting.send_signal(signal.SIGINT)

    code, _, err = _ended(waiting)
    job = shell.job_of("long")
    assert (code, job["status"]) == (130, "queued")
    assert err.splitlines()[-1] == (
        f"handed back: the next engine runs it again; `tfui cancel {job['id'][:18]}` forgets it"
    )


def test_a_wait_whose_reader_left_still_sees_the_job_through(shell: Shell) -> None:
    gate = shell.home / "gate"
    command = f"echo begun; until [ -e {gate} ]; do sleep 0.05; done; echo on; exit 3"
    _add("long", command, "--max-attempts", "1")
    waiting = shell.start("run", "long", "--wait")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "begun\n"
    waiting.stdout.close()
    gate.touch()

    assert waiting.wait(timeout=30) == 1
    assert shell.job_of("long")["exit_code"] == 3


def test_an_engine_on_a_new_database_says_so_and_nothing_of_how_it_is_made(
    empty_shell: Shell,
) -> None:
    found = empty_shell.run("engine", "--drain", "--json")

    assert found.stderr == f"made a new database at {empty_shell.db}\n"
    assert json.loads(found.stdout)["planned"] == 0


def test_a_command_that_does_not_exist_is_a_warning_first_and_127_then(shell: Shell) -> None:
    added = shell.run(
        "add", "typo", "--cron", "@yearly", "--shell", "no-such-program --x", "--max-attempts", "1"
    )
    ran = shell.run("run", "typo", "--wait", "--json")

    assert added.returncode == 0
    assert "warning: " in added.stderr
    assert "no-such-program" in added.stderr
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["exit_code"] == 127


def _corrupt(shell: Shell) -> None:
    shell.db.write_bytes(b"this is no database, it only looks like a file" * 100)


def _cut(shell: Shell) -> None:
    whole = shell.db.read_bytes()
    shell.db.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


def _newer(shell: Shell) -> None:
    with sqlite3.connect(shell.db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def _folder(shell: Shell) -> None:
    shell.db.unlink()
    shell.db.mkdir()


@pytest.mark.parametrize("damage", [_corrupt, _cut, _newer, _folder])
@pytest.mark.parametrize(
    "words", [("summary",), ("add", "x", "--cron", "@daily", "--shell", "true")]
)
def test_a_database_in_trouble_is_one_sentence_and_exit_6(
    shell: Shell, damage: Any, words: Sequence[str]
) -> None:
    damage(shell)

    found = shell.run(*words)

    assert (found.returncode, found.stdout) == (6, "")
    assert found.stderr.startswith("tfui: ")
    assert found.stderr.count("\n") == 1
    assert str(shell.db) in found.stderr


def test_a_database_that_another_program_holds_is_one_sentence_and_exit_6(shell: Shell) -> None:
    shell.run("summary")  # the first start writes, the second only reads
    holder = sqlite3.connect(shell.db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    reading = shell.run("summary")
    writing = shell.run("add", "x", "--cron", "@daily", "--shell", "true")
    holder.close()

    assert reading.returncode == 0
    assert writing.returncode == 6
    assert "locked by another program" in writing.stderr
    assert writing.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_database_can_be_looked_at(shell: Shell) -> None:
    shell.run("summary")
    shell.db.chmod(0o400)

    assert shell.run("summary").returncode == 0
    found = shell.run("add", "x", "--cron", "@daily", "--shell", "true")

    assert found.returncode == 6
    assert "read-only" in found.stderr


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _catches_interrupts(pid: int) -> bool:
    """Whether a process has its database open: by then it is past its imports."""
    try:
        opened = list(Path(f"/proc/{pid}/fd").iterdir())
        return any(".db" in str(link.readlink()) for link in opened)
    except OSError:
        return False
