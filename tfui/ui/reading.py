"""Reads of the service off the UI's thread: one at a time for each purpose, the newest request wins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from tfui.errors import TfuiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget
    from textual.worker import Worker

T = TypeVar("T")


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
                self._failed(trouble)
            else:
                if self._owner.is_attached:
                    self._then(found)
