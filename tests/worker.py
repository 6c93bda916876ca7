"""An engine's hands for tests of other rooms: it claims, prints and ends jobs when it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world import ADA, new_id
from tfui.core.states import AttemptOutcome, JobKind
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob
from tfui.runners.capture import Chunk, Drain
from tfui.store import claims, firing, nodes, outputs, results
from tfui.store.connection import Author
from tfui.store.endings import Ended

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.claims import Claim
    from tfui.store.connection import Store

ENGINE = Author(name="engine", via="engine")


class Worker:
    """One node of a store. Everything happens at the clock's present instant."""

    def __init__(self, store: Store, clock: FrozenClock, *, host: str = "box") -> None:
        self.node_id = new_id()
        self._store = store
        self._clock = clock
        with store.writing(by=ENGINE, now=clock.now()) as tx:
            nodes.enter(
                tx,
                self.node_id,
                host=host,
                pid=4242,
                kind="headless",
                seats=4,
                version="1.0",
                figures={"busy": 0},
                now=clock.now(),
            )

    def fire(self, schedule_id: UUID, *, kind: JobKind = JobKind.MANUAL) -> UUID:
        """Make a job of a schedule; give its id."""
        table = table_of(ScheduledJob)
        with self._store.writing(by=ADA, now=self._clock.now()) as tx:
            schedule = tx.connection.execute(
                table.select().where(table.c.id == schedule_id),
            ).one()
            return firing.fire_now(tx, schedule, kind=kind)

    def claim(self, seats: int = 100) -> list[Claim]:
        """Take what may start now."""
        now = self._clock.now()
        with self._store.writing(by=ENGINE, now=now) as tx:
            return claims.claim(tx, self.node_id, now=now, seats=seats)

    def prints(self, claim: Claim, *parts: tuple[str, str]) -> None:
        """Keep (stream, text) as what an attempt printed, from its first chunk on."""
        now = self._clock.now()
        chunks = [Chunk(seq, now, stream, text) for seq, (stream, text) in enumerate(parts)]
        with self._store.writing(by=ENGINE, now=now) as tx:
            outputs.keep(tx, [(claim.key, claim.fence, Drain(tuple(chunks), range(0), more=False))])

    def ends(
        self,
        claim: Claim,
        outcome: AttemptOutcome = AttemptOutcome.SUCCEEDED,
        *,
        error: str | None = None,
    ) -> None:
        """Report how an attempt ended."""
        now = self._clock.now()
        ended = Ended.of(
            claim,
            node_id=self.node_id,
            started_at=now,
            finished_at=now,
            outcome=outcome,
            exit_code=None,
            error=error,
        )
        with self._store.writing(by=ENGINE, now=now) as tx:
            results.settle(tx, [ended])

    def runs(
        self,
        schedule_id: UUID,
        outcome: AttemptOutcome = AttemptOutcome.SUCCEEDED,
        *,
        kind: JobKind = JobKind.MANUAL,
    ) -> UUID:
        """Fire a schedule, and end every job that may start now the same way; give the job's id."""
        job_id = self.fire(schedule_id, kind=kind)
        for claim in self.claim():
            self.ends(claim, outcome)
        return job_id
