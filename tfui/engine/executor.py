"""The executor: claimed jobs through the seats, and what came of them into the store.

It keeps what it could not write yet, so trouble with the store loses no result: it is settled once
the store is back, or refused as stale if the lease was lost meanwhile.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core.states import AttemptOutcome, JobStatus
from tfui.engine.duty import LONGEST_REST, NO_REST
from tfui.engine.seats import Run, Seats
from tfui.runners.order import JobOrder
from tfui.store import claims, leases, outputs, results
from tfui.store.endings import Ended
from tfui.store.kept import id_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from tfui.clock import Clock
    from tfui.runners.capture import Drain
    from tfui.runners.catalog import Catalog
    from tfui.store.claims import Claim
    from tfui.store.connection import Author, Store

log = logging.getLogger(__name__)

RENEWAL = timedelta(seconds=20)
FLUSH = timedelta(milliseconds=200)
"""Output is written at most five times a second."""
UNBEGUN = timedelta(milliseconds=100)
"""Claims that no seat has begun after this go back to their queue."""

_SHORT = 0.001  # seconds: jobs shorter than this are claimed many at a time
_AHEAD = 0.02  # seconds of such jobs to have ready
_MOST = 512
_UNKNOWN = 1.0  # seconds: what jobs are taken to last before any has ended


@dataclass(slots=True)
class Executed:
    """What running came to since the engine started."""

    started: int = 0
    outcomes: Counter[AttemptOutcome] = field(default_factory=Counter)
    statuses: Counter[JobStatus] = field(default_factory=Counter)
    stale: int = 0


class Executor:
    """Owns the seats. Everything but the seats' own work happens in the engine's loop."""

    def __init__(
        self,
        store: Store,
        author: Author,
        catalog: Catalog,
        clock: Clock,
        *,
        node_id: UUID,
        seats: int,
        wake: Callable[[], None],
        on_room: Callable[[bool], None],
        on_started: Callable[[datetime, datetime], None],
    ) -> None:
        self.executed = Executed()
        self.is_ending = False
        """Whether what runs was told to end."""
        self._store = store
        self._author = author
        self._clock = clock
        self._node_id = node_id
        self._wake = wake
        self._on_room = on_room
        self._on_started = on_started
        self._seats = Seats(seats, catalog, clock.now, wake)
        self._runs: dict[tuple[Any, int], Run] = {}
        self._unsettled: list[Run] = []
        self._unbegun: list[Run] = []  # taken back from the seats, and to be given back
        self._undrained: list[tuple[Any, int, Drain]] = []
        self._printed: deque[Run] = deque()  # filled by the seats
        self._talking: set[Run] = set()
        self._usual = _UNKNOWN  # seconds that half of the jobs take at most, lately
        self._offered_at: datetime | None = None
        self._renewed_at: datetime | None = None
        self._flushed_at: datetime | None = None
        self._should_look_for_cancels = True

    def open(self) -> None:
        """Start the seats."""
        self._seats.open()

    def close(self) -> None:
        """Let the seats end."""
        self._seats.close()

    @property
    def busy(self) -> int:
        """Jobs claimed and not settled."""
        return len(self._runs)

    @property
    def seats(self) -> int:
        """How many jobs run at once."""
        return self._seats.count

    def room(self) -> int:
        """How many more jobs to claim: as many as seats are free, more if they last no time at all."""
        most = self._seats.count
        if self._usual < _SHORT:
            most = min(_MOST, max(most, int(_AHEAD / max(self._usual, 1e-6))))
        return max(0, most - len(self._runs))

    def start(self, claimed: Iterable[Claim], now: datetime) -> None:
        """Hand claimed jobs to the seats."""
        runs = [self._run_of(claim) for claim in claimed]
        for run in runs:
            self._runs[run.claim.key, run.claim.fence] = run
        self.executed.started += len(runs)
        self._offered_at = now
        if self._renewed_at is None:
            self._renewed_at = now
        self._seats.offer(runs, are_short=self._usual < _SHORT)

    def notice(self) -> None:
        """Say that somebody else changed the store: a job may have been asked to end."""
        self._should_look_for_cancels = True

    def end_all(self) -> None:
        """Ask every running job to end and to be handed back."""
        self.is_ending = True
        for run in self._runs.values():
            run.stop.set(AttemptOutcome.HANDED_BACK)

    def abandon(self) -> None:
        """Forget what still runs; its lease runs out and another engine takes it up."""
        for run in self._runs.values():
            log.error("job %s did not end when told to and was left behind", run.claim.job_id)
        self._runs.clear()
        self._unbegun.clear()

    def tick(self, now: datetime) -> timedelta:
        """Settle what ended, write output, renew leases, pass on cancellations. Raises Unavailable."""
        self._collect()
        if self._unsettled or self._is_flush_due(now):
            self._write(now)
        self._give_back_unbegun(now)
        if not self._runs:
            self._renewed_at = None
            return NO_REST if self._unsettled else LONGEST_REST
        if self._should_look_for_cancels:
            self._pass_on_cancels()
        return self._rest(self._renew(now), now)

    def give_back(self, now: datetime) -> None:
        """Return the claims that no seat has begun to their queues. Raises Unavailable."""
        self._unbegun += self._seats.take_back()
        if not self._unbegun:
            return
        with self._store.writing(by=self._author, now=now) as tx:
            claims.give_back(tx, [run.claim for run in self._unbegun], self._node_id)
        taken, self._unbegun = self._unbegun, []
        for run in taken:
            self._runs.pop((run.claim.key, run.claim.fence), None)
        self.executed.started -= len(taken)
        self._on_room(True)

    def _collect(self) -> None:
        done = self._seats.done
        while done:
            self._unsettled.append(done.popleft())

    def _write(self, now: datetime) -> None:
        ended = self._unsettled
        for run in ended:
            run.close()
        self._undrained.extend(self._drains(ended))
        with self._store.writing(by=self._author, now=now) as tx:
            outputs.keep(tx, self._undrained)
            settled = results.settle(tx, [self._ended(run) for run in ended])
        self._undrained = []
        self._unsettled = []
        self._flushed_at = now
        if not ended:
            return
        self.executed.statuses.update(settled.statuses)
        self.executed.stale += settled.stale
        for run in ended:
            self._runs.pop((run.claim.key, run.claim.fence), None)
            self._talking.discard(run)
            run.forget()
            if run.outcome is not None:
                self.executed.outcomes[run.outcome.outcome] += 1
            if run.started_at is not None:
                self._on_started(run.claim.available_at, run.started_at)
        # The median: any of them may have waited for the interpreter.
        middle = sorted(run.seconds for run in ended)[len(ended) // 2]
        # The first say more than the guess before them, and one slow batch changes the habit.
        self._usual = middle if self._usual == _UNKNOWN else (self._usual + 15 * middle) / 16
        # What follows from a result may be a retry, or a job that waited for the end of this one.
        self._on_room(settled.statuses[JobStatus.QUEUED] + settled.released > 0)

    def _drains(self, ended: list[Run]) -> list[tuple[Any, int, Drain]]:
        """Take what was printed: all of it from jobs that ended, the next piece from others."""
        self._listen()
        found = []
        for run in [run for run in self._talking if run.outcome is None]:
            drain = run.drain()
            if drain is None or not drain.more:
                self._talking.discard(run)
            if drain is not None:
                found.append((run.claim.key, run.claim.fence, drain))
        for run in ended:
            drain = run.drain()
            while drain is not None:
                found.append((run.claim.key, run.claim.fence, drain))
                drain = run.drain() if drain.more else None
        return found

    def _listen(self) -> None:
        while self._printed:
            run = self._printed.popleft()
            if run.outcome is None:
                self._talking.add(run)

    def _is_flush_due(self, now: datetime) -> bool:
        self._listen()
        if not self._talking and not self._undrained:
            return False
        return self._flushed_at is None or not NO_REST <= now - self._flushed_at < FLUSH

    def _give_back_unbegun(self, now: datetime) -> None:
        if self._unbegun:
            self.give_back(now)  # the store could not be written to when they were taken back
        if len(self._runs) <= self._seats.count or self._offered_at is None:
            return
        if not NO_REST <= now - self._offered_at < UNBEGUN:
            self._usual = _UNKNOWN  # something takes its time; claim only for free seats
            self.give_back(now)

    def _pass_on_cancels(self) -> None:
        self._should_look_for_cancels = False
        with self._store.reading() as tx:
            for key in claims.cancel_requests(tx, self._node_id):
                run = self._runs.get(key)
                if run is not None:
                    run.stop.set(AttemptOutcome.CANCELLED)

    def _renew(self, now: datetime) -> datetime:
        """Renew the leases if it is time; give when they were renewed last."""
        if self._renewed_at is None:
            self._renewed_at = now
        if not NO_REST <= now - self._renewed_at < RENEWAL:
            with self._store.writing(by=self._author, now=now) as tx:
                leases.renew(tx, self._node_id, [key for key, _ in self._runs], now=now)
            self._renewed_at = now
        return self._renewed_at

    def _rest(self, renewed_at: datetime, now: datetime) -> timedelta:
        rest = RENEWAL - (now - renewed_at)
        if self._talking and self._flushed_at is not None:
            rest = min(rest, FLUSH - (now - self._flushed_at))
        elif self._talking:
            rest = NO_REST
        if len(self._runs) > self._seats.count:
            rest = min(rest, UNBEGUN)
        return max(rest, NO_REST)

    def _run_of(self, claim: Claim) -> Run:
        nominal = claim.nominal_at.isoformat()
        source = claim.key if claim.schedule_key is None else claim.schedule_key
        occurrence = f"{id_text(source)}/{claim.kind}/{nominal}"
        order = JobOrder(
            job_id=claim.job_id,
            job_type=claim.job_type,
            payload=claim.payload,
            attempt=claim.attempt,
            fence=claim.fence,
            schedule=claim.schedule,
            occurrence_key=occurrence,
            nominal_at=claim.nominal_at,
            timeout=claim.timeout,
            environment={
                "TFUI_OCCURRENCE_KEY": occurrence,
                "TFUI_NOMINAL_AT": nominal,
                "TFUI_ATTEMPT": str(claim.attempt),
                "TFUI_SCHEDULE": claim.schedule,
            },
        )
        return Run(claim, order, self._clock.now, self._heard)

    def _heard(self, run: Run) -> None:
        self._printed.append(run)
        self._wake()

    def _ended(self, run: Run) -> Ended:
        outcome, started_at, finished_at = run.outcome, run.started_at, run.finished_at
        if outcome is None or started_at is None or finished_at is None:
            raise AssertionError(f"job {run.claim.key} is to be settled and has not ended")
        return Ended.of(
            run.claim,
            node_id=self._node_id,
            started_at=started_at,
            finished_at=finished_at,
            outcome=outcome.outcome,
            exit_code=outcome.exit_code,
            error=outcome.error,
        )
