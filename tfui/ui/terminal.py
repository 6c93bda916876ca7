"""A terminal that may be lost: when it hangs up, the app is told, and what it draws goes nowhere.

A shell's terminal sends a signal as well, which may come late, to somebody else, or never. Textual
by itself would then spin on an input that has ended, or wait for ever to write.
"""

from __future__ import annotations

import select
from dataclasses import dataclass
from io import TextIOBase
from threading import Thread
from typing import TYPE_CHECKING, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

if TYPE_CHECKING:
    from typing import Any, TextIO

_LOOK_EVERY = 500  # milliseconds between looks at whether the app has let go of its terminal


@dataclass
class TerminalLost(Message):
    """Nobody can see the app any more."""


class LastingFile(TextIOBase):
    """Writes to a file until that fails, and from then on nowhere."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_lost = False

    def write(self, text: str, /) -> int:
        """Write, or forget."""
        if not self._is_lost:
            try:
                return self._file.write(text)
            except OSError:
                self._is_lost = True
        return len(text)

    def flush(self) -> None:
        """Write out what is held back, or forget it."""
        if not self._is_lost:
            try:
                self._file.flush()
            except OSError:
                self._is_lost = True

    def fileno(self) -> int:
        """Give the file's own number."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal, as long as it is there."""
        return self._file.isatty()


class TerminalDriver(LinuxDriver):
    """Textual's own driver, with an eye on the terminal."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # as Textual passes them
        super().__init__(*arguments, **options)
        if self._file is not None:
            self._file = cast("Any", LastingFile(self._file))

    def run_input_thread(self) -> None:
        """Wait for input until the app lets go of the terminal, or the terminal is lost."""
        Thread(target=self._watch, name="terminal", daemon=True).start()
        try:
            super().run_input_thread()
        except OSError:
            self._lose()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self.fileno, 0)
        while not self.exit_event.is_set():
            if any(seen & (select.POLLHUP | select.POLLERR) for _, seen in poll.poll(_LOOK_EVERY)):
                self._lose()

    def _lose(self) -> None:
        if not self.exit_event.is_set():
            self.exit_event.set()
            self._app.post_message(TerminalLost())
