"""Orders for one attempt, a place to carry them out, and what came of it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tfui.runners.capture import Chunk, Drain, OutputBuffer
from tfui.runners.catalog import Catalog
from tfui.runners.order import JobOrder, Outcome, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.core.states import AttemptOutcome
    from tfui.runners.order import Runner

PATIENCE = 20.0
"""Seconds after which a test gives up on a job."""


def an_order(job_type: str, timeout: float | None = None, **payload: Any) -> JobOrder:
    """Make a first attempt at a job; `timeout` in seconds."""
    return JobOrder(
        job_id=UUID(int=7),
        job_type=job_type,
        payload=payload,
        attempt=1,
        fence=1,
        schedule="nightly",
        occurrence_key="key-1",
        nominal_at=datetime(2030, 1, 1, tzinfo=UTC),
        timeout=None if timeout is None else timedelta(seconds=timeout),
        environment={"TFUI_OCCURRENCE_KEY": "key-1", "TFUI_ATTEMPT": "1"},
    )


def apply(drain: Drain, kept: dict[int, Chunk]) -> None:
    """Do with a drain what a store does."""
    for seq in drain.dropped:
        kept.pop(seq, None)
    for chunk in drain.chunks:
        assert chunk.seq not in kept
        kept[chunk.seq] = chunk


def drained(buffer: OutputBuffer, kept: dict[int, Chunk] | None = None) -> list[Chunk]:
    """Close the buffer and give what a store that already has `kept` would hold in the end."""
    buffer.close()
    kept = {} if kept is None else kept
    more = True
    while more:
        drain = buffer.drain()
        apply(drain, kept)
        more = drain.more
    return [kept[seq] for seq in sorted(kept)]


@dataclass
class Attempt:
    """A job being carried out in a thread of its own."""

    stop: Stop = field(default_factory=lambda: Stop(threading.Event()))
    outcome: Outcome | None = None
    printed: bytearray = field(default_factory=bytearray)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _buffer: OutputBuffer = field(default_factory=lambda: OutputBuffer(lambda: datetime.now(UTC)))
    _chunks: list[Chunk] = field(default_factory=list)

    def write(self, stream: str, chunk: bytes) -> None:
        """Be the sink: keep the output and tell who waits for it."""
        self._buffer.write(stream, chunk)
        with self._news:
            self.printed += chunk[-1024:]
            self._news.notify_all()

    def carry_out(self, runner: Runner, order: JobOrder) -> Outcome:
        """Run the order to its end in the calling thread."""
        self.outcome = runner.run(order, self, self.stop)
        self._chunks = drained(self._buffer)
        return self.outcome

    def wait_for(self, text: str) -> None:
        """Block until the job has printed `text`."""
        with self._news:
            assert self._news.wait_for(lambda: text.encode() in self.printed, PATIENCE), text

    def end(self, reason: AttemptOutcome) -> None:
        """Tell the attempt to end."""
        self.stop.set(reason)

    def text(self, stream: str) -> str:
        """Give what the store would keep of one stream."""
        return "".join(chunk.text for chunk in self._chunks if chunk.stream == stream)

    @property
    def ended(self) -> Outcome:
        """Give the outcome of a job that has ended."""
        assert self.outcome is not None
        return self.outcome


def carry_out(order: JobOrder, runner: Runner | None = None) -> Attempt:
    """Carry an order out here and now."""
    attempt = Attempt()
    attempt.carry_out(runner or Catalog().runner(order.job_type), order)
    return attempt


@contextmanager
def in_the_background(order: JobOrder, runner: Runner | None = None) -> Iterator[Attempt]:
    """Carry an order out in another thread; it has ended when the block has."""
    attempt = Attempt()
    chosen = runner or Catalog().runner(order.job_type)
    thread = threading.Thread(target=attempt.carry_out, args=(chosen, order))
    thread.start()
    try:
        yield attempt
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the job did not end"
    finally:
        attempt.stop.event.set()
        thread.join(PATIENCE)
