"""Reads of the service off the UI's thread: one at a time for each purpose, the newest request wins."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from tfui.errors import TfuiError
from tfui.ui.parts import is_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer
    from textual.widget import Widget
    from textual.worker import Worker

T = TypeVar("T")

RESTS = 4  # times as long as a reading took


class Reader(Generic[T]):
    """Runs reads in threads and brings each answer back to the UI's thread.

    A request that comes while a read is under way waits for it and replaces any other that waits:
    threads cannot be cancelled, so piling them up would only make everything late.
    """

    def __init__(
        self,
        owner: Widget,
        name: str,
        *,
        then: Callable[[T], object],
        failed: Callable[[TfuiError], object],
    ) -> None:
        self._owner = owner
        self._name = name
        self._then = then
        self._failed = failed
        self._waiting: Callable[[], T] | None = None
        self._worker: Worker[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._worker is not None and not self._worker.is_finished

    def ask(self, read: Callable[[], T]) -> None:
        """Run `read` in a thread, now or as soon as the one under way has ended."""
        self._waiting = read
        if not self.is_busy:
            self._worker = self._owner.run_worker(
                self._run(), name=self._name, group=self._name, exit_on_error=True
            )

    async def _run(self) -> None:
        while (read := self._waiting) is not None:
            self._waiting = None
            try:
                found = await asyncio.to_thread(read)
            except TfuiError as trouble:
                if self._is_heard:
                    self._failed(trouble)
            else:
                if self._is_heard:
                    self._then(found)

    @property
    def _is_heard(self) -> bool:
        return self._owner.is_running and is_here(self._owner)


class SpacedReader(Generic[T]):
    """A reader for what the news tells of: its readings never take more than a fifth of the time."""

    def __init__(
        self,
        owner: Widget,
        name: str,
        *,
        then: Callable[[T], object],
        failed: Callable[[TfuiError], object],
    ) -> None:
        self._owner = owner
        self._then = then
        self._reader: Reader[tuple[T, float]] = Reader(owner, name, then=self._found, failed=failed)
        self._rest_until = 0.0
        self._waiting: Timer | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._reader.is_busy

    def ask(self, read: Callable[[], T]) -> None:
        """Run `read` in a thread at once."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._reader.ask(lambda: timed(read))

    def when_rested(self, ask: Callable[[], object]) -> None:
        """Call `ask`, which is to ask, as soon as the readings before have had their rest."""
        wait = self._rest_until - time.monotonic()
        if wait <= 0:
            ask()
        elif self._waiting is None:
            self._waiting = self._owner.set_timer(wait, ask)

    def _found(self, answer: tuple[T, float]) -> None:
        found, took = answer
        self._rest_until = time.monotonic() + took * RESTS
        self._then(found)


def timed(read: Callable[[], T]) -> tuple[T, float]:
    """Give an answer and the seconds it took."""
    begun = time.monotonic()
    return read(), time.monotonic() - begun
