"""The desk of the service tests: a caller, somebody who may only look, and an engine's hands."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from tests.worker import Worker
from tests.world import ADA, a_schedule
from tfui.core.rights import Role
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.journal import Journal
from tfui.model.schedule import ScheduledJob
from tfui.service.caller import local_caller
from tfui.store import schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from uuid import UUID

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store
    from tfui.store.kept import AnyRow


First = TypeVar("First")
Second = TypeVar("Second")


def at_once(one: Callable[[], First], other: Callable[[], Second]) -> tuple[First, Second]:
    """Do two things in two threads that begin together; raise what either raises."""
    start = threading.Barrier(2)

    def when_both_are_there(act: Callable[[], Any]) -> Any:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(when_both_are_there, act) for act in (one, other)]
    return found[0].result(), found[1].result()


class Desk:
    """Everything a test of jobs and queues touches."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock
        self.caller = replace(local_caller(store, clock, via="cli"), name="ada")
        self.viewer = replace(self.caller, role=Role.VIEWER)
        self.operator = replace(self.caller, role=Role.OPERATOR)
        self.worker = Worker(store, clock)

    def schedule(self, **changes: Any) -> UUID:
        """Insert a schedule."""
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            return a_schedule(tx, self.caller.organization_id, **changes)

    def later(self, span: timedelta) -> None:
        """Let time pass."""
        self.clock.advance(span)

    def delete(self, schedule_id: UUID) -> None:
        """Mark a schedule as deleted."""
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            schedules.change(tx, schedule_id, {"deleted_at": self.clock.now()})

    def job(self, job_id: UUID) -> AnyRow:
        """Give a job's row whole."""
        return self._one(Job, job_id)

    def schedule_row(self, schedule_id: UUID) -> AnyRow:
        """Give a schedule's row whole."""
        return self._one(ScheduledJob, schedule_id)

    def journal(self, *verbs: str) -> list[AnyRow]:
        """Give the journal's entries of these verbs, or all, oldest first."""
        table = table_of(Journal)
        query = table.select().order_by(table.c.id)
        if verbs:
            query = query.where(table.c.verb.in_(verbs))
        with self.store.reading() as tx:
            return list(tx.connection.execute(query).all())

    def _one(self, model: type[Job | ScheduledJob], row_id: UUID) -> AnyRow:
        table = table_of(model)
        with self.store.reading() as tx:
            return tx.connection.execute(table.select().where(table.c.id == row_id)).one()
