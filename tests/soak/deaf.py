"""Lost answers: commits that happen, and of which the engine is told that they failed.

So it is when a database server goes away between doing a thing and saying so. Nothing may be lost
for it, nothing doubled, and no job be held by an engine that does not know that it has it.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.soak import field
from tests.soak.program import SEATS, shorten_leases
from tfui.clock import SystemClock
from tfui.engine.engine import Engine
from tfui.errors import Unavailable
from tfui.runners.catalog import Catalog
from tfui.store import claims, migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tfui.store.connection import Author, Transaction


class DeafStore(Store):
    """Hears only a part of the answers to its commits."""

    def __init__(self, url: str, dice: Random, *, share: float) -> None:
        super().__init__(url)
        self.share = share
        """Of the answers, how many are lost."""
        self.lost = 0
        self._dice = dice

    @contextmanager
    def writing(self, *, by: Author, now: datetime) -> Iterator[Transaction]:
        with super().writing(by=by, now=now) as tx:
            yield tx
        if self._dice.random() < self.share:
            self.lost += 1
            raise Unavailable("the answer to a commit was lost")


def answers_lost(
    folder: Path, *, url: str | None = None, answers: int = 60, share: float = 0.2
) -> dict[str, Any]:
    """Lose so many answers of one engine, let it finish, recount, and give the figures."""
    database, receipts = url or str(folder / "tfui.db"), folder / "receipts"
    store = Store(database)
    migrations.upgrade(store)
    deaf = DeafStore(database, Random(answers), share=share)
    lease = claims.LEASE
    shorten_leases(timedelta(seconds=3))
    engine = Engine(deaf, Catalog(), SystemClock(), seats=SEATS)
    thread = threading.Thread(target=engine.run, daemon=True)
    began = time.monotonic()
    try:
        caller = field.sow(store, receipts, count=25)
        thread.start()
        while deaf.lost < answers and time.monotonic() - began < 2 * answers:
            time.sleep(0.1)
        deaf.share = 0.0
        field.lie_fallow(caller)
        engine.stop()
        assert engine.wait_until_stopped(20)
        thread.join(20)
        found = field.recount(caller)
        carried_out = field.audit(store, receipts)

        assert deaf.lost >= answers
        assert found.faults.total() == 0, found.faults
        assert field.complaints(caller) == []
    finally:
        engine.stop()
        shorten_leases(lease)
        deaf.close()
        store.close()
    return {
        "answers_lost": deaf.lost,
        "seconds": round(time.monotonic() - began, 1),
        **found.figures(),
        **carried_out,
    }
