"""The engine: one loop that plans, claims, settles and rescues, and seats that run the jobs.

Each duty does what is due and says how long nothing more will be; the loop rests exactly that long.
A commit made through this process's Store, a seat that is done, or `wake` ends the rest at once;
commits of other processes are noticed within a quarter of a second. Any number of engines may serve
one store.

Trouble with the store stops nothing for good: the loop says so, tries again after a growing pause,
and goes on where it was.
"""

from __future__ import annotations

import logging
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core.states import JobStatus, NodeState, SkipReason
from tfui.engine.absence import Absences
from tfui.engine.dispatcher import Dispatcher
from tfui.engine.doorbell import Doorbell
from tfui.engine.duty import NO_REST
from tfui.engine.executor import Executor
from tfui.engine.figures import Figures, Punctuality, node_figures
from tfui.engine.heartbeat import Heartbeat
from tfui.engine.planner import Planner
from tfui.engine.presence import Presence
from tfui.engine.pruner import Pruner
from tfui.engine.rescuer import Rescuer, this_place
from tfui.engine.rota import Rota
from tfui.engine.stopping import Stopping
from tfui.engine.trouble import Trouble
from tfui.errors import Unavailable
from tfui.model.columns import IdMaker
from tfui.store.connection import Author

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tfui.clock import Clock
    from tfui.engine.absence import Absence
    from tfui.engine.duty import Duty
    from tfui.engine.stopping import StopMode
    from tfui.runners.catalog import Catalog
    from tfui.store.connection import Store
    from tfui.store.pruning import Retention

log = logging.getLogger(__name__)

AUTHOR = Author(name="engine", via="engine")


class Engine:
    """Serves one store until it is stopped. `run` blocks; what else is public may be called by others."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        clock: Clock,
        *,
        seats: int = 4,
        kind: str = "headless",
        plan: bool = True,
        work: bool = True,
        retention: Retention | None = None,
    ) -> None:
        if seats < 1:
            raise ValueError(f"an engine has 1 seat or more, got {seats}")
        host = socket.gethostname()
        self.node_id = IdMaker().make(clock.now())
        self._store = store
        self._clock = clock
        self._place = this_place()
        self._began = clock.reading()
        self._bell = Doorbell(store)
        self._thread: int | None = None
        self._is_changed = True
        self._cutoff: datetime | None = None
        self._stopped = threading.Event()
        self._trouble = Trouble(clock)
        self._notes: dict[str, Any] = {}

        self._absences = Absences()
        self._punctuality = Punctuality(self._began.wall)
        self._executor = Executor(
            store,
            AUTHOR,
            catalog,
            clock,
            node_id=self.node_id,
            seats=seats,
            wake=self._bell.ring,
            on_room=self._look_for_jobs,
            on_started=self._punctuality.note,
        )
        self._stopping = Stopping(self._executor)
        self._dispatcher = Dispatcher(store, AUTHOR, self._executor, node_id=self.node_id)
        self._planner = Planner(
            store,
            AUTHOR,
            reason_at=self._absences.reason_at,
            on_planned=self._expect_jobs,
            on_waiting=lambda: self._rota.call(self._dispatcher),
            dispatcher=self._dispatcher if work else None,
        )
        self._rescuer = Rescuer(
            store,
            AUTHOR,
            host=host,
            place=self._place,
            on_rescued=self._expect_jobs,
        )
        self._presence = Presence(
            store,
            AUTHOR,
            node_id=self.node_id,
            host=host,
            kind=kind,
            seats=seats,
            figures=self._node_figures,
        )
        self._heartbeat = Heartbeat(
            store,
            AUTHOR,
            node_id=self.node_id,
            figures=self._node_figures,
            enter=self._presence.enter,
        )
        pruner = Pruner(store, AUTHOR, clock, retention=retention)
        # The executor renews this engine's leases before the rescuer looks for those that ran out,
        # and a dead engine's job is given up before it could stand in the way of the next run.
        duties: list[Duty] = [self._executor, self._rescuer]
        duties += [self._planner] if plan else []
        duties += [self._dispatcher] if work else []
        self._rota = Rota([*duties, self._heartbeat, pruner])

    @property
    def figures(self) -> Figures:
        """What it has done so far."""
        executed, planned = self._executor.executed, self._planner.planned
        return Figures(
            planned=planned.jobs,
            started=executed.started,
            succeeded=executed.statuses[JobStatus.SUCCEEDED],
            failed=executed.statuses[JobStatus.FAILED],
            retried=executed.statuses[JobStatus.QUEUED],
            cancelled=executed.statuses[JobStatus.CANCELLED],
            skipped=planned.skipped,
            missed=planned.missed,
            lost=self._rescuer.lost,
            busy=self._executor.busy,
            seats=self._executor.seats,
            seconds=self._clock.reading().monotonic - self._began.monotonic,
            lateness_ms=self._punctuality.quantiles(),
            trouble=self._trouble.present,
        )

    @property
    def busy(self) -> int:
        """How many jobs it has claimed and not settled."""
        return self._executor.busy

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.mode is not None

    def wake(self) -> None:
        """Have the loop look at everything now."""
        self._is_changed = True
        self._bell.ring()

    def stop(self, mode: StopMode = "hand_back", *, grace: timedelta | None = None) -> None:
        """Ask the loop to end, from any thread or signal handler.

        `wait` starts nothing new and lets what runs finish, for at most `grace`; `hand_back` tells
        it to end now and gives it back to its queue. A second call can only be more urgent.
        """
        self._stopping.ask(mode, grace)
        self._bell.ring()

    def wait_until_stopped(self, seconds: float) -> bool:
        """Wait for `run` to end; False when it has not within `seconds`."""
        return self._stopped.wait(seconds)

    def run(self, *, duration: timedelta | None = None) -> Figures:
        """Serve until stopped, or for `duration` and then until what runs has finished. Blocks."""
        end = None
        if duration is not None:
            end = self._clock.reading().monotonic + duration.total_seconds()
        self._serve(lambda: end is not None and self._clock.reading().monotonic >= end)
        return self.figures

    def drain(self) -> Figures:
        """Fire everything due now, run it with what follows from it at once, and end. Blocks.

        Retries and jitter that lie in the future are left for the next engine.
        """
        self._cutoff = self._clock.now()

        def is_drained() -> bool:
            self._rota.call(self._planner, self._dispatcher)
            is_idle = self._executor.busy == 0 and not self._planner.is_behind
            return is_idle and self._trouble.present is None

        self._serve(is_drained)
        return self.figures

    def turn(self) -> timedelta:
        """Do everything due now, once; say how long to rest. The loop's body. Raises Unavailable."""
        self._bell.answer()
        reading = self._clock.reading()
        now = reading.wall
        if not self._presence.is_entered:
            self._presence.enter(now)
        self._notice(self._absences.observe(reading), now)
        if self._is_changed:
            self._is_changed = False
            self._executor.notice()
            self._rota.call(self._planner, self._dispatcher)
        self._rota.call(self._executor)
        try:
            soonest = self._rota.tick(now, self._time_for)
        except Exception:
            self._is_changed = True  # whatever was not looked at is still to be looked at
            raise
        return max(NO_REST, soonest - self._clock.now())

    def pause_for_ring(self, seconds: float) -> None:
        """Rest until a seat or a commit rings, `seconds` at most."""
        self._bell.rest(timedelta(seconds=seconds), is_looking=False)

    def wind_up(self) -> None:
        """Turn, once told to stop, until nothing runs here any more. Blocks."""
        while not self._has_wound_up():
            self._try_rest(self._trouble.survive(self.turn))

    def open(self) -> None:
        """Start the seats."""
        self._executor.open()

    def close(self) -> None:
        """Let the seats end and sign off. Raises Unavailable."""
        self._executor.close()
        self._bell.close()
        self._presence.leave(self._clock.now())

    def _serve(self, is_enough: Callable[[], bool]) -> None:
        self._thread = threading.get_ident()
        self._store.on_commit(self._hear_commit)
        self.open()
        try:
            while True:
                rest = self._trouble.survive(self.turn)
                if not self.is_stopping and is_enough():
                    self.stop("wait")
                if self.is_stopping:
                    break
                self._try_rest(rest)
            self.wind_up()
        finally:
            self._stopped.set()
            try:
                self.close()
            except Unavailable as trouble:
                log.warning("the engine could not sign off: %s", trouble)

    def _try_rest(self, rest: timedelta) -> None:
        try:
            if self._bell.rest(rest, is_looking=self._trouble.present is None):
                self._is_changed = True
        except Unavailable as trouble:
            self._trouble.meet(trouble)

    def _has_wound_up(self) -> bool:
        """Take the next step towards the end; True when nothing runs here any more."""
        if self._heartbeat.state is NodeState.RUNNING:
            self._heartbeat.state = NodeState.STOPPING
            self._rota.dismiss(self._planner, self._dispatcher)
        now = self._clock.reading()
        self._stopping.hurry(now.monotonic)
        try:
            self._executor.give_back(now.wall)
        except Unavailable as trouble:
            self._trouble.meet(trouble)
        return self._stopping.is_over(now.monotonic)

    def _notice(self, absence: Absence | None, now: datetime) -> None:
        if absence is None:
            return
        is_sleep = absence.reason is SkipReason.MISSED_SLEEP
        word = "sleep" if is_sleep else "clock_step"
        self._notes[f"last_{word}"] = {
            "at": now.isoformat(),
            "seconds": round(absence.length.total_seconds(), 3),
        }
        log.info("the machine's %s of %s was noticed", word.replace("_", " "), absence.length)
        self._rescuer.pardon(now)
        self._rota.call_all()

    def _time_for(self, duty: Duty) -> datetime:
        """Tell a duty the time: draining plans and claims as if time stood still."""
        now = self._clock.now()
        if self._cutoff is not None and duty in {self._planner, self._dispatcher}:
            return min(now, self._cutoff)
        return now

    def _expect_jobs(self) -> None:
        self._dispatcher.expect()
        self._rota.call(self._dispatcher)

    def _look_for_jobs(self, has_more: bool) -> None:  # noqa: FBT001  # a callback's only argument
        if has_more or self._dispatcher.has_left_some:
            self._rota.call(self._dispatcher)

    def _hear_commit(self) -> None:
        if threading.get_ident() != self._thread:
            self.wake()

    def _node_figures(self) -> dict[str, Any]:
        return node_figures(
            self.figures,
            self._punctuality,
            self._clock.now(),
            place=self._place,
            **self._trouble.notes,
            **self._notes,
        )
