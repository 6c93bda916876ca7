"""A program for the fault tests: serves a store with a real engine until it is stopped, or dies.

`TFUI_FAILPOINT=17:before python -m tests.soak.program DATABASE` runs it by hand.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from tests.soak.failpoints import DoomedStore, Failpoint
from tfui.clock import SystemClock
from tfui.engine import executor
from tfui.engine.engine import Engine
from tfui.runners.catalog import Catalog
from tfui.store import claims, leases

SEATS = 4
LOG, OBITUARIES = "engines.log", "obituaries"


def serve(
    database: str, notes: str, failpoint: str = "", lease_seconds: float | None = None
) -> None:
    """Serve until SIGTERM; what the engine logs goes to a file in `notes`, for the test to find."""
    logging.basicConfig(
        filename=f"{notes}/{LOG}",
        level=logging.WARNING,
        format="%(levelname)s %(message)s",
        force=True,
    )
    if lease_seconds is not None:
        shorten_leases(timedelta(seconds=lease_seconds))
    doom = Failpoint.read(failpoint) if failpoint else None
    store = DoomedStore(database, doom, Path(notes) / OBITUARIES)
    engine = Engine(store, Catalog(), SystemClock(), seats=SEATS)
    signal.signal(signal.SIGTERM, lambda _number, _frame: engine.stop("hand_back"))
    engine.run()
    store.close()


def shorten_leases(lease: timedelta) -> None:
    """Have this process claim for a shorter time, and renew as often in proportion."""
    for module in (claims, leases):
        module.LEASE = lease  # type: ignore[attr-defined]  # Final only by convention
    executor.RENEWAL = lease / 3


if __name__ == "__main__":
    serve(sys.argv[1], ".", os.environ.get("TFUI_FAILPOINT", ""))
