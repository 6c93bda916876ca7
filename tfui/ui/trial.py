"""A test run under way: a thread that runs it, its output in pieces, and how it ended.

Nothing here draws. Whoever shows it asks for what was printed since, as often as it likes.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome
from tfui.model.job import OutputChunk
from tfui.runners.capture import OutputBuffer
from tfui.runners.order import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tfui.runners.order import Outcome
    from tfui.service.trying import Trial


class RunningTrial:
    """One test run. It begins when it is made."""

    def __init__(self, trial: Trial, now: Callable[[], datetime]) -> None:
        self.outcome: Outcome | None = None
        """How it ended; None while it runs."""
        self._trial = trial
        self._output = OutputBuffer(now)
        self._stop = Stop()
        self._begun = time.monotonic()
        self._took: float | None = None
        self._thread = threading.Thread(target=self._run, name="tfui-test-run")
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.outcome is not None

    @property
    def seconds(self) -> float:
        """How long it has been running, or ran."""
        return time.monotonic() - self._begun if self._took is None else self._took

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stop.outcome is not None

    def stop(self) -> None:
        """Tell it to end: TERM, and KILL where that is not heard."""
        self._stop.set(AttemptOutcome.CANCELLED)

    def printed(self) -> Iterator[OutputChunk]:
        """Give what was printed since the last time."""
        while True:
            drain = self._output.drain()
            for chunk in drain.chunks:
                yield OutputChunk(
                    fence=1, seq=chunk.seq, at=chunk.at, stream=chunk.stream, text=chunk.text
                )
            if not drain.more:
                return

    def _run(self) -> None:
        outcome = self._trial.run(self._output, self._stop)
        self._took = time.monotonic() - self._begun
        self._output.close()
        self.outcome = outcome  # last: whoever sees it finds all there is
