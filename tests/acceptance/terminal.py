"""A real terminal for a real process: keys go in, the screen is read back as a person would see it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
from typing import TYPE_CHECKING, Self

import pyte

from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "backspace": "\x7f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f8": "\x1b[19~",
}


class Terminal:
    """One process in a pseudo-terminal, with a thread that keeps its screen up to date."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
    ) -> None:
        self.columns, self.rows = size
        self._screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self.raw = bytearray()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.execve(
                arguments[0], list(arguments), dict(environment)
            )  # the child becomes the program
        fcntl.ioctl(
            self._descriptor,
            termios.TIOCSWINSZ,
            struct.pack("HHHH", self.rows, self.columns, 0, 0),
        )
        self._status: int | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is None:
            self.kill(signal.SIGKILL)
        self._reader.join(timeout=5)
        os.close(self._descriptor)

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `ctrl+s`, `a`)."""
        for key in keys:
            if key.startswith("ctrl+"):
                sequence = chr(ord(key[-1].upper()) - 64)
            else:
                sequence = KEYS.get(key, key)
            os.write(self._descriptor, sequence.encode())

    def type(self, text: str) -> None:
        """Type text, a character at a time."""
        self.press(*text)

    def lines(self) -> list[str]:
        """Give the screen as it is now."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display]

    def text(self) -> str:
        """Give the screen as one text."""
        return "\n".join(self.lines())

    def wait_for(self, text: str, *, seconds: float = 15.0) -> None:
        """Wait until `text` stands on the screen; fail with the screen when it does not."""
        try:
            eventually(lambda: text in self.text(), seconds=seconds)
        except AssertionError:
            message = f"{text!r} did not appear within {seconds} s; the screen:\n{self.text()}"
            raise AssertionError(message) from None

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end."""
        os.kill(self.pid, number)
        return self.wait()

    def wait(self, *, seconds: float = 20.0) -> int:
        """Wait for the process to end; give its exit code, negative for a signal."""
        eventually(self.has_ended, seconds=seconds, what="the end of the program")
        assert self._status is not None
        return os.waitstatus_to_exitcode(self._status)

    def is_cooked(self) -> bool:
        """Whether the terminal was left as a shell wants it: echo on, lines buffered."""
        flags = termios.tcgetattr(self._descriptor)[3]
        return bool(flags & termios.ECHO) and bool(flags & termios.ICANON)

    def has_ended(self) -> bool:
        """Whether the process is over."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = status
        return self._status is not None

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._descriptor], [], [], 0.5)
            if not ready:
                if self._status is not None:
                    return
                continue
            try:
                chunk = os.read(self._descriptor, 65536)
            except OSError:  # Linux reports the other side's end as EIO
                return
            if not chunk:
                return
            with self._lock:
                self.raw += chunk
                self._stream.feed(chunk)
