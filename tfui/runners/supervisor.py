"""Staying with one command from its start to its end: feeding it, reading it, ending it in time.

The command leads its own session and process group, so that what it started can be ended with it.
The calling thread blocks in one poll() over its pipes, its exit and a bell that rings when it is
told to stop; nothing here looks again and again. What a command means is left to the runners.
"""

from __future__ import annotations

import math
import os
import select
import signal
import subprocess
import threading
import time
import weakref
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome
from tfui.runners.wake import Wake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tfui.runners.account import Account
    from tfui.runners.guardian import Guardian
    from tfui.runners.order import Sink, Stop

GRACE = timedelta(seconds=10)
"""Between TERM and KILL."""
READ = 64 * 1024  # what a pipe holds on Linux
LINGER = 0.25  # seconds an ended command's pipes stay open for what is still in them
REMEMBERED = 4096  # bytes of stderr, for the line that says why
LONGEST_POLL = 2**31 - 1  # milliseconds; poll() takes no more


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start, and in which surroundings."""

    argv: Sequence[str]
    environment: Mapping[bytes, bytes]
    cwd: str | None = None
    stdin: bytes = b""
    account: Account | None = None
    nothing: int = subprocess.DEVNULL
    """What stdin is when nothing is to be fed: an open descriptor of the null device spares Popen
    opening its own."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended."""

    exit_code: int
    """Negative: the signal that ended it."""
    told: AttemptOutcome | None
    """Why it was told to end, or None when it ended by itself."""
    was_killed: bool
    """Whether TERM was not enough."""
    last_line: str
    """The last line it wrote to stderr that was not blank."""


class Surroundings:
    """What all commands of a runner share: the null device, and the engine's own environment.

    The environment is kept as it was when the runner was made and as the system wants it: for a
    short command, encoding it anew costs as much as reading the output.
    """

    def __init__(self) -> None:
        self._inherited = dict(os.environb)
        self.nothing = os.open(os.devnull, os.O_RDONLY)
        weakref.finalize(self, os.close, self.nothing)

    def under(self, *layers: Mapping[str, str]) -> dict[bytes, bytes]:
        """Give the environment with `layers` put over it, the last one uppermost."""
        environment = self._inherited.copy()
        for layer in layers:
            for name, text in layer.items():
                environment[os.fsencode(name)] = os.fsencode(text)
        return environment


class Supervision:
    """One command's life. Made for one `run`; raises OSError when the command cannot be started."""

    def __init__(
        self,
        *,
        sink: Sink,
        stop: Stop,
        timeout: timedelta | None,
        grace: timedelta,
        guardian: Guardian,
    ) -> None:
        self._guardian = guardian
        self._sink = sink
        self._stop = stop
        self._timeout = timeout
        self._grace = grace.total_seconds()
        self._poll = select.poll()
        self._ready: dict[int, Callable[[], None]] = {}
        self._outputs: dict[int, str] = {}
        self._stdin: int | None = None
        self._feed = memoryview(b"")
        self._errors = b""
        self._told: AttemptOutcome | None = None
        self._was_killed = False
        self._next_signal_at: float | None = None

    def run(self, launch: Launch) -> Ending:
        """Start the command and block until it has ended."""
        with Wake() as wake:
            process = self._start(launch)
            try:
                self._guardian.watch_over(process.pid)
                self._attend(process, wake)
            finally:
                self._let_go(process)
                self._guardian.release(process.pid)
        last_line = _last_line(self._errors)
        return Ending(process.returncode, self._told, self._was_killed, last_line)

    def _start(self, launch: Launch) -> subprocess.Popen[bytes]:
        theirs: list[int] = []
        try:
            for stream in ("stdout", "stderr"):
                ours, their = os.pipe()
                theirs.append(their)
                self._outputs[ours] = stream
                self._watch(ours, partial(self._read, ours, stream))
            stdin = launch.nothing
            if launch.stdin:
                stdin, self._stdin = os.pipe()
                theirs.append(stdin)
                os.set_blocking(self._stdin, False)
                self._feed = memoryview(launch.stdin)
                self._watch(self._stdin, self._write, select.POLLOUT)
            return _spawn(launch, stdin=stdin, stdout=theirs[0], stderr=theirs[1])
        except BaseException:
            self._close_pipes()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def _attend(self, process: subprocess.Popen[bytes], wake: Wake) -> None:
        self._watch(wake.fileno(), partial(self._hear, process, wake))
        if self._timeout is not None:
            self._next_signal_at = time.monotonic() + self._timeout.total_seconds()
        exit_watch = self._watch_exit(process, wake)
        # Last, because it rings at once when the stop came first.
        self._stop.when_set(wake.ring)
        try:
            while process.returncode is None:
                self._wait(self._next_signal_at)
                self._signal_if_due(process)
        finally:
            if exit_watch is not None:
                self._forget(exit_watch)
                os.close(exit_watch)
        self._see_out_group(process)
        self._drain(wake)

    def _watch_exit(self, process: subprocess.Popen[bytes], wake: Wake) -> int | None:
        """Have poll() return when the process ends; give the descriptor made for it, if any."""
        try:
            descriptor = os.pidfd_open(process.pid)
        except (AttributeError, OSError):  # not Linux, or one too old or too locked up
            waiter = partial(_wait_and_ring, process, wake)
            threading.Thread(target=waiter, name=f"wait-{process.pid}", daemon=True).start()
            return None
        self._watch(descriptor, partial(_reap, process))
        return descriptor

    def _hear(self, process: subprocess.Popen[bytes], wake: Wake) -> None:
        wake.hear()
        if self._stop.event.is_set() and process.returncode is None:
            self._tell_to_end(process, self._stop.outcome or AttemptOutcome.CANCELLED)

    def _signal_if_due(self, process: subprocess.Popen[bytes]) -> None:
        if self._next_signal_at is None or time.monotonic() < self._next_signal_at:
            return
        if self._told is None:
            self._tell_to_end(process, AttemptOutcome.TIMED_OUT)
        else:
            self._kill(process)

    def _tell_to_end(self, process: subprocess.Popen[bytes], reason: AttemptOutcome) -> None:
        """Send TERM, the first time; the first reason stays."""
        if self._told is not None:
            return
        self._told = reason
        self._next_signal_at = time.monotonic() + self._grace
        self._send(process, signal.SIGTERM)
        self._send(process, signal.SIGCONT)  # a stopped process acts on TERM only once it goes on

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        self._was_killed = True
        self._next_signal_at = None
        self._send(process, signal.SIGKILL)

    def _send(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return  # it ended by itself in this very moment
        except PermissionError:
            self._say(f"not allowed to send {number.name} to process group {process.pid}")

    def _see_out_group(self, process: subprocess.Popen[bytes]) -> None:
        """Give what a command told to end has left behind the rest of the grace, then KILL.

        Nothing announces the end of a process that is not our child, hence the growing pauses.
        """
        pause = 0.01
        while self._told is not None and self._next_signal_at and _group_lives(process.pid):
            now = time.monotonic()
            if now >= self._next_signal_at:
                self._kill(process)
                return
            self._wait(min(self._next_signal_at, now + pause))
            pause = min(2 * pause, 0.25)

    def _drain(self, wake: Wake) -> None:
        """Read what is still in the pipes; hand those that something holds open to a drain."""
        self._forget(wake.fileno())
        if self._stdin is not None:
            self._close(self._stdin)
        until = time.monotonic() + LINGER
        while self._outputs and time.monotonic() < until:
            self._wait(until)
        if self._outputs:
            self._say(
                "the command has ended, but something it started still holds its output; "
                "what that prints from now on is not recorded"
            )
            for descriptor in [*self._outputs]:
                self._forget(descriptor)
                del self._outputs[descriptor]
                threading.Thread(target=_discard, args=(descriptor,), daemon=True).start()

    def _let_go(self, process: subprocess.Popen[bytes]) -> None:
        """Leave nothing behind when something unforeseen interrupted the watch."""
        if process.returncode is None:
            self._kill(process)
            process.wait()
        self._close_pipes()

    def _read(self, descriptor: int, stream: str) -> None:
        chunk = os.read(descriptor, READ)
        if not chunk:
            self._close(descriptor)
            return
        if stream == "stderr":
            self._errors = (self._errors + chunk[-REMEMBERED:])[-REMEMBERED:]
        self._sink.write(stream, chunk)

    def _write(self) -> None:
        if self._stdin is None:
            return
        try:
            self._feed = self._feed[os.write(self._stdin, self._feed) :]
        except BrokenPipeError:
            self._feed = memoryview(b"")  # it chose not to read on, as `head` does
        if not self._feed:
            self._close(self._stdin)

    def _wait(self, until: float | None) -> None:
        """Block until something happens, at the latest until `until` (monotonic seconds)."""
        longest = None
        if until is not None:
            longest = min(max(0, math.ceil((until - time.monotonic()) * 1000)), LONGEST_POLL)
        for descriptor, _ in self._poll.poll(longest):
            self._ready[descriptor]()

    def _watch(self, descriptor: int, act: Callable[[], None], event: int = select.POLLIN) -> None:
        self._ready[descriptor] = act
        self._poll.register(descriptor, event)

    def _forget(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        del self._ready[descriptor]

    def _close(self, descriptor: int) -> None:
        self._forget(descriptor)
        self._outputs.pop(descriptor, None)
        if descriptor == self._stdin:
            self._stdin = None
        os.close(descriptor)

    def _close_pipes(self) -> None:
        for descriptor in [*self._outputs, *([] if self._stdin is None else [self._stdin])]:
            self._close(descriptor)

    def _say(self, remark: str) -> None:
        self._sink.write("system", f"{remark}\n".encode())


def _spawn(launch: Launch, *, stdin: int, stdout: int, stderr: int) -> subprocess.Popen[bytes]:
    account = launch.account
    return subprocess.Popen(
        launch.argv,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=launch.cwd,
        env=launch.environment,
        start_new_session=True,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else account.groups,
    )


def _reap(process: subprocess.Popen[bytes]) -> None:
    process.wait()


def _wait_and_ring(process: subprocess.Popen[bytes], wake: Wake) -> None:
    process.wait()
    wake.ring()


def _group_lives(group: int) -> bool:
    """Whether any process of the group still runs; a zombie that nobody reaps does not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody is there, though not ours to signal
    states = _states(group)
    return not states or any(state != "Z" for state in states)


def _states(group: int) -> list[str]:
    """Give the states of the group's processes, as far as this system shows them in /proc."""
    states = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # pid (name, with any characters) state parent group …
            state, _, of_group, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue  # it ended while we looked
        if int(of_group) == group:
            states.append(state)
    return states


def _discard(descriptor: int) -> None:
    """Read to the end and keep nothing: a closed pipe would kill whoever still prints into it."""
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while pipe.read(READ):
            pass


def _last_line(errors: bytes) -> str:
    if not errors:
        return ""
    lines = errors.decode(errors="replace").split("\n")
    text = next((line for line in reversed(lines) if line.strip()), "")
    return "".join(char if char.isprintable() else " " for char in text).strip()
