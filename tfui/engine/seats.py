"""Seats: the threads that run jobs, and nothing else. Orders go in, outcomes come out."""

from __future__ import annotations

import threading
import time
from collections import deque
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome
from tfui.errors import TfuiError
from tfui.runners.capture import OutputBuffer
from tfui.runners.order import Outcome, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tfui.runners.capture import Drain
    from tfui.runners.catalog import Catalog
    from tfui.runners.order import JobOrder
    from tfui.store.claims import Claim

_MAKING = threading.Lock()  # of buffers; held for microseconds

HURRY = 0.002
"""Seconds after which a seat reports what it has run, though more short jobs are waiting."""


class Run:
    """One claimed job on its way through a seat; as a Sink, it makes a buffer once something is printed."""

    __slots__ = (
        "_now",
        "_on_output",
        "claim",
        "finished_at",
        "order",
        "outcome",
        "output",
        "seconds",
        "started_at",
        "stop",
    )

    def __init__(
        self,
        claim: Claim,
        order: JobOrder,
        now: Callable[[], datetime],
        on_output: Callable[[Run], None],
    ) -> None:
        self.claim = claim
        self.order = order
        self.stop = Stop()
        self.output: OutputBuffer | None = None
        self.started_at: datetime | None = None
        """None until a seat has begun it."""
        self.finished_at: datetime | None = None
        self.outcome: Outcome | None = None
        self.seconds = 0.0
        """How long it took, by the monotonic clock."""
        self._now = now
        self._on_output = on_output

    def write(self, stream: str, chunk: bytes) -> None:
        """Take what the job prints, from any thread."""
        output = self.output
        if output is None:
            with _MAKING:
                output = self.output
                if output is None:
                    output = OutputBuffer(self._now, on_output=partial(self._on_output, self))
                    self.output = output
        output.write(stream, chunk)

    def drain(self) -> Drain | None:
        """Take the next piece of what was printed; None when nothing ever was."""
        return None if self.output is None else self.output.drain()

    def close(self) -> None:
        """Say that the job has ended and prints no more."""
        if self.output is not None:
            self.output.close()

    def forget(self) -> None:
        """Let the buffer go; it refers back to this run, and rings of garbage are slow to collect."""
        self.output = None


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
            run.outcome = runner.run(run.order, run, run.stop)
        except TfuiError as refusal:
            # The job type is unknown here, or its plug-in does not load.
            run.outcome = Outcome(AttemptOutcome.FAILED, error=" ".join(str(refusal).split()))
        run.finished_at = self._now()
