"""Seats: the threads that run jobs, and nothing else. Orders go in, outcomes come out."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome
from tfui.errors import TfuiError
from tfui.runners.order import JobOrder, Outcome, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tfui.runners.capture import OutputBuffer
    from tfui.runners.catalog import Catalog
    from tfui.store.claims import Claim

HURRY = 0.002
"""Seconds after which a seat reports what it has run, though more short jobs are waiting."""


@dataclass(slots=True, eq=False)
class Run:
    """One claimed job on its way through a seat."""

    claim: Claim
    order: JobOrder
    output: OutputBuffer
    stop: Stop = field(default_factory=lambda: Stop(threading.Event()))
    started_at: datetime | None = None
    """None until a seat has begun it."""
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    has_printed: bool = False
    seconds: float = 0.0
    """How long it took, by the monotonic clock."""


class Seats:
    """A fixed number of threads. `on_done` is called, from a seat, when `done` has something."""

    def __init__(
        self,
        count: int,
        catalog: Catalog,
        now: Callable[[], datetime],
        on_done: Callable[[], None],
    ) -> None:
        self.count = count
        self.done: deque[Run] = deque()
        self._waiting: deque[Run] = deque()
        # One token per seat to be woken; C code, and cheaper than a semaphore.
        self._bell: SimpleQueue[bool] = SimpleQueue()
        self._catalog = catalog
        self._now = now
        self._on_done = on_done
        self._threads = [
            threading.Thread(target=self._sit, name=f"tfui-seat-{number + 1}", daemon=True)
            for number in range(count)
        ]

    def open(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let the threads end once nothing waits any more. Does not wait for what they run."""
        for _ in self._threads:
            self._bell.put(False)

    def offer(self, runs: Sequence[Run], *, are_short: bool) -> None:
        """Hand runs out, in order, to the next free seats; to a single one if they are short.

        Threads that do nearly nothing only take turns at the interpreter, which costs more.
        """
        self._waiting.extend(runs)
        for _ in range(1 if are_short else min(len(runs), self.count)):
            self._bell.put(True)

    def take_back(self) -> list[Run]:
        """Give the runs that no seat has begun; they will not be begun."""
        taken = []
        while self._waiting:
            try:
                taken.append(self._waiting.popleft())
            except IndexError:  # a seat was quicker
                break
        return taken

    def _sit(self) -> None:
        while self._bell.get():
            since = time.perf_counter()
            while True:
                try:
                    run = self._waiting.popleft()
                except IndexError:
                    break
                began = time.perf_counter()
                self._carry_out(run)
                ended = time.perf_counter()
                run.seconds = ended - began
                self.done.append(run)
                if ended - since > HURRY:
                    since = ended
                    self._on_done()
            if self.done:
                self._on_done()

    def _carry_out(self, run: Run) -> None:
        run.started_at = self._now()
        try:
            runner = self._catalog.runner(run.order.job_type)
            run.outcome = runner.run(run.order, run.output, run.stop)
        except TfuiError as refusal:
            # The job type is unknown here, or its plug-in does not load.
            run.outcome = Outcome(AttemptOutcome.FAILED, error=" ".join(str(refusal).split()))
        run.finished_at = self._now()
