"""The dispatcher: claims jobs for free seats, and says of the others why they wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.engine.duty import HELD_ELSEWHERE, NO_REST, until
from tfui.store import claims, waits

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.engine.executor import Executor
    from tfui.store.claims import Claim
    from tfui.store.connection import Author, Store, Transaction
    from tfui.store.waits import Outlook

_RECONSIDER = timedelta(seconds=1)  # it reads all jobs that wait


class Dispatcher:
    """Fills the executor's seats in claim order. Safe to run in any number of engines at once."""

    def __init__(self, store: Store, author: Author, executor: Executor, *, node_id: UUID) -> None:
        self._store = store
        self._author = author
        self._executor = executor
        self._node_id = node_id
        self._expects_jobs = True
        self._reconsidered_at: datetime | None = None
        self.has_left_some = True
        """Whether jobs could start now but for the room in this engine or in their queues."""

    def expect(self) -> None:
        """Say that jobs have just been made: there is no need to look before claiming."""
        self._expects_jobs = True

    def tick(self, now: datetime) -> timedelta:
        """Claim what may start at `now`; say how long nothing more becomes available."""
        expects_jobs, self._expects_jobs = self._expects_jobs, False
        room = self._executor.room()
        if not (expects_jobs and room):
            with self._store.reading() as tx:
                outlook = waits.outlook(tx, now)
            self.has_left_some = outlook.is_ready
            if outlook.is_ready and outlook.is_limited and not room:
                self._reconsider(now)
            if not (room and outlook.is_ready) and not _is_unexplained(outlook, now):
                return until(outlook.soonest, now)
        with self._store.writing(by=self._author, now=now) as tx:
            claimed, outlook = self.claim(tx, now)
        self.begin(claimed, outlook, now)
        # What is still unexplained is held by another engine, or was too much for one transaction.
        return HELD_ELSEWHERE if _is_unexplained(outlook, now) else until(outlook.soonest, now)

    def _reconsider(self, now: datetime) -> None:
        """Keep the words true for jobs that wait for a seat here, once a limit lets them start."""
        last = self._reconsidered_at
        if last is not None and NO_REST <= now - last < _RECONSIDER:
            return
        self._reconsidered_at = now
        with self._store.writing(by=self._author, now=now) as tx:
            waits.reconsider(tx, now)

    def claim(self, tx: Transaction, now: datetime) -> tuple[list[Claim], Outlook]:
        """Claim for the free seats within somebody's transaction; to be begun once it is committed."""
        room = self._executor.room()
        claimed = claims.claim(tx, self._node_id, now=now, seats=room) if room else []
        outlook = waits.outlook(tx, now)
        if _is_unexplained(outlook, now):
            waits.explain(tx, now)
            outlook = waits.outlook(tx, now)
        return claimed, outlook

    def begin(self, claimed: list[Claim], outlook: Outlook, now: datetime) -> None:
        """Hand claimed jobs to the seats."""
        self.has_left_some = outlook.is_ready
        if claimed:
            self._executor.start(claimed, now)
            # Some are left behind for want of seats: take them as soon as there is room.
            self._expects_jobs = outlook.is_ready and not self._executor.room()


def _is_unexplained(outlook: Outlook, now: datetime) -> bool:
    return outlook.soonest is not None and outlook.soonest <= now
