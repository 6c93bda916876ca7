"""Sees to it that no command outlives its engine, however that ends: SIGKILL runs no handler.

A command left behind would run beside its own retry. So one small process is told of each command
that starts and ends, and holds the reading end of a pipe that only the engine writes to; when the
engine is gone, it ends what still runs. Without it commands run all the same, unguarded.
"""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

from tfui.runners import vigil

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=8)
"""Between TERM and KILL: over before a neighbour tries the command again, by default after 9 s."""
PROGRAM = str(Path(vigil.__file__).resolve())


class Guardian:
    """Starts its process with the first command, and another with the next should it be gone.

    `grace` lies between TERM and KILL. Thread-safe; raises nothing.
    """

    def __init__(self, *, grace: timedelta = GRACE) -> None:
        self._grace = grace
        self._lock = threading.Lock()
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._has_complained = False

    @property
    def pid(self) -> int | None:
        """The process that keeps watch, as far as it is known to live."""
        with self._lock:
            return None if self._process is None else self._process.pid

    def watch_over(self, group: int) -> None:
        """Have a process group ended should this process end before `release` is called."""
        with self._lock:
            self._groups.add(group)
            if self._process is None or not self._tell(b"+%d\n" % group):
                self._start()

    def release(self, group: int) -> None:
        """Let a process group be: its command has ended."""
        with self._lock:
            self._groups.discard(group)
            if self._process is not None:
                self._tell(b"-%d\n" % group)

    def close(self) -> None:
        """End the process; if commands still run, let it end them first, without waiting for it."""
        with self._lock:
            if self._process is None:
                return
            if not self._groups:
                self._dismiss()
                return
            self._forget()

    def disown(self) -> None:
        """Leave the process to the parent that this process was forked from."""
        self._lock = threading.Lock()  # a thread that is not here may have held the old one
        self._groups = set()
        if self._process is not None:
            self._forget()

    def _tell(self, line: bytes) -> bool:
        """Write a line, whole or not at all; False when nobody takes it any more."""
        try:
            os.write(self._pipe, line)
        except OSError as error:  # it has died, or was stopped and the pipe is full
            self._dismiss()
            self._complain("has gone", error)
            return False
        return True

    def _start(self) -> None:
        try:
            self._process, self._pipe = _spawn(self._grace)
        except OSError as error:
            self._complain("could not be started", error)
            return
        for group in self._groups:
            if not self._tell(b"+%d\n" % group):
                return

    def _dismiss(self) -> None:
        """Kill the process before its pipe is closed: it must not take that for our end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._forget()

    def _forget(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.returncode = 0  # nobody here is going to wait for it
        os.close(self._pipe)
        self._process, self._pipe = None, -1

    def _complain(self, what: str, error: OSError) -> None:
        """Warn, once: the next command tries again, and a hundred more may follow it."""
        if not self._has_complained:
            self._has_complained = True
            log.warning(
                "the process that ends commands should this one be killed %s (%s); they run on "
                "unguarded until it can be started again",
                what,
                error.strerror or error,
            )


def _spawn(grace: timedelta) -> tuple[subprocess.Popen[bytes], int]:
    """Start the process; give it with the writing end of its stdin, which never blocks."""
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(
            # Isolated, so that nothing of the user's is imported, and without site: it starts sooner.
            (sys.executable, "-I", "-S", PROGRAM, str(grace.total_seconds())),
            stdin=reader,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
    except BaseException:
        os.close(writer)
        raise
    finally:
        os.close(reader)
    os.set_blocking(writer, False)
    return process, writer


GUARDIAN = Guardian()
"""This process's own; one watches over the commands of all its runners."""

atexit.register(GUARDIAN.close)
os.register_at_fork(after_in_child=GUARDIAN.disown)
