"""The stage of the engine tests: a store, a frozen clock, a job type that obeys, and engines."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tests.world import ADA, a_schedule, an_organization, new_id
from tfui.core.rights import Role
from tfui.core.states import AttemptOutcome
from tfui.engine.engine import Engine
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.runners.catalog import Catalog
from tfui.runners.order import Outcome
from tfui.service.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.runners.order import JobOrder, Sink, Stop
    from tfui.store.connection import Store
    from tfui.store.kept import AnyRow


class Puppet:
    """The job type `puppet`: does what its payload says, and remembers every order it was given.

    `outcome` is succeeded or failed, `exit_code` and `print` speak for themselves, and `hold` has
    it wait until the stage lets go or it is told to stop.
    """

    def __init__(self) -> None:
        self.orders: list[JobOrder] = []
        self.gate = threading.Event()

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Accept anything."""

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        self.orders.append(order)
        payload = order.payload
        if "print" in payload:
            sink.write("stdout", str(payload["print"]).encode())
        if payload.get("hold"):
            stop.when_set(self.gate.set)
            self.gate.wait(10)
            if stop.outcome is not None:
                return Outcome(stop.outcome, error="told to stop")
        outcome = AttemptOutcome(payload.get("outcome", "succeeded"))
        error = None if outcome is AttemptOutcome.SUCCEEDED else "it went wrong"
        return Outcome(outcome, payload.get("exit_code"), error)


class _Plugin:
    name = "puppet"
    value = "tests.engine.stage:Puppet"

    def __init__(self, puppet: Puppet) -> None:
        self._puppet = puppet

    def load(self) -> object:
        return self._puppet


class Stage:
    """Everything a test of the engine touches."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock
        self.puppet = Puppet()
        self.catalog = Catalog(lambda: [_Plugin(self.puppet)])
        self.engines: list[Engine] = []
        with store.writing(by=ADA, now=clock.now()) as tx:
            self.organization_id = an_organization(tx)

    def schedule(self, **changes: Any) -> UUID:
        """Insert a schedule of the job type `puppet`."""
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            return a_schedule(tx, self.organization_id, **{"job_type": "puppet", **changes})

    def caller(self, name: str = "ada") -> Caller:
        """Give somebody who may do anything in the organization."""
        return Caller(
            self.store, self.clock, self.organization_id, new_id(), name, Role.ADMIN, "cli"
        )

    def engine(self, **options: Any) -> Engine:
        """Make an engine whose seats are open; the test turns it."""
        found = self.unopened_engine(**options)
        found.open()
        self.engines.append(found)
        return found

    def unopened_engine(self, **options: Any) -> Engine:
        """Make an engine that has not begun; the test runs it."""
        return Engine(self.store, self.catalog, self.clock, **{"seats": 2, **options})

    def settle(self, engine: Engine, *, seconds: float = 10.0) -> None:
        """Turn an engine until nothing runs in it; time stands still meanwhile."""
        deadline = time.monotonic() + seconds
        engine.wake()
        engine.turn()
        while engine.figures.busy:
            engine.pause_for_ring(0.2)
            engine.turn()
            assert time.monotonic() < deadline, "jobs did not end"

    def later(self, span: timedelta, *engines: Engine) -> None:
        """Let time pass, then turn each engine until nothing runs in it."""
        self.clock.advance(span)
        for engine in engines or self.engines:
            self.settle(engine)

    def jobs(self, schedule_id: UUID | None = None) -> list[AnyRow]:
        """Give the jobs, by nominal time."""
        table = table_of(Job)
        query = table.select().order_by(table.c.nominal_at, table.c.id)
        if schedule_id is not None:
            query = query.where(table.c.scheduled_job_id == schedule_id)
        return self._all(query)

    def attempts(self) -> list[AnyRow]:
        """Give the attempts, by fence."""
        table = table_of(Attempt)
        return self._all(table.select().order_by(table.c.started_at, table.c.fence))

    def ranges(self, schedule_id: UUID | None = None) -> list[AnyRow]:
        """Give the ledger's ranges, oldest first."""
        table = table_of(Occurrence)
        query = table.select().order_by(table.c.from_at)
        if schedule_id is not None:
            query = query.where(table.c.scheduled_job_id == schedule_id)
        return self._all(query)

    def row(self, schedule_id: UUID) -> AnyRow:
        """Give a schedule as it stands."""
        table = table_of(ScheduledJob)
        (found,) = self._all(select(table).where(table.c.id == schedule_id))
        return found

    def change(self, schedule_id: UUID, **changes: Any) -> None:
        """Change columns of a schedule, as a service would."""
        table = table_of(ScheduledJob)
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            tx.connection.execute(table.update().where(table.c.id == schedule_id).values(**changes))

    def clear(self) -> None:
        """Let everything that is held go, and the seats end."""
        self.puppet.gate.set()
        for engine in self.engines:
            engine.close()

    def _all(self, query: Any) -> list[AnyRow]:
        with self.store.reading() as tx:
            return list(tx.connection.execute(query).all())
