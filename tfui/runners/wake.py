"""A bell that wakes a thread blocked in poll(), rung from any other thread."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Wake:
    """A pipe to poll beside others, closed on leaving the `with` block.

    Ringing it afterwards does nothing: whoever rings need not know whether anybody still waits.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()  # never holds more than one byte: cannot block
        self._lock = threading.Lock()
        self._rung = False
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Under the lock: a late ring must not write to a descriptor that is somebody else's by now.
        with self._lock:
            self._closed = True
            os.close(self._reader)
            os.close(self._writer)

    def fileno(self) -> int:
        """Give the descriptor that becomes readable when the bell is rung."""
        return self._reader

    def ring(self) -> None:
        """Wake the waiting thread."""
        with self._lock:
            if not self._rung and not self._closed:
                self._rung = True
                os.write(self._writer, b"\0")

    def hear(self) -> None:
        """Make the bell ready to be rung again; only after poll() said that it rang."""
        with self._lock:
            os.read(self._reader, 1)
            self._rung = False
