"""What a runner is given and what it gives back. Values only; the engine turns both into rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta
    from uuid import UUID

    from tfui.core.states import AttemptOutcome


class Sink(Protocol):
    """Where a running job's output goes, from any thread, as it comes."""

    def write(self, stream: str, chunk: bytes) -> None:
        """Take bytes from `stdout`, `stderr` or `system` (our own remarks). Never blocks for long."""


@dataclass(frozen=True, slots=True)
class JobOrder:
    """One attempt to carry out one job."""

    job_id: UUID
    job_type: str
    payload: Mapping[str, Any]
    attempt: int
    """1 for the first."""
    fence: int
    """Rises at each claim; a result that brings an older one is refused."""
    schedule: str
    """The schedule's name, or the empty string."""
    occurrence_key: str
    """Stable over retries: what a job deduplicates its own side effects with."""
    nominal_at: datetime
    timeout: timedelta | None
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the job's environment: TFUI_OCCURRENCE_KEY, TFUI_NOMINAL_AT, TFUI_ATTEMPT, TFUI_SCHEDULE."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended."""

    outcome: AttemptOutcome
    exit_code: int | None = None
    """The process's exit status (negative: the signal that ended it), or the HTTP status."""
    error: str | None = None
    """One line for a person; None when it succeeded."""


class Stop:
    """How a running attempt is told to end. Set once, from any thread, and only through `set`.

    A runner that blocks in something an Event cannot wake (a poll of pipes, a socket) registers
    with `when_set`; a simpler one may wait on `event`.
    """

    def __init__(self, event: threading.Event | None = None) -> None:
        self._event = event  # made when first asked for: most jobs never do
        self._is_set = False
        self.outcome: AttemptOutcome | None = None
        """CANCELLED or HANDED_BACK: what the attempt is to report once it has ended."""
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], None]] = []

    @property
    def event(self) -> threading.Event:
        """What a runner that has nothing else to wake may wait on."""
        with self._lock:
            if self._event is None:
                self._event = threading.Event()
                if self._is_set:
                    self._event.set()
            return self._event

    def set(self, outcome: AttemptOutcome) -> None:
        """Ask the attempt to end and say what it then is; the first reason wins."""
        with self._lock:
            if self.outcome is None:
                self.outcome = outcome
            self._is_set = True
            if self._event is not None:
                self._event.set()
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def when_set(self, wake: Callable[[], None]) -> None:
        """Call `wake` once when it is set, in the setting thread; at once if it already is."""
        with self._lock:
            if not self._is_set:
                self._waiting.append(wake)
                return
        wake()


class Runner(Protocol):
    """One job type."""

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Raise Invalid, fields named `payload.<key>`, when the payload cannot be carried out."""

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        """Carry the order out in the calling thread. Blocks until it has ended; raises nothing."""
