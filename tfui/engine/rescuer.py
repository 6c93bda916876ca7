"""The rescuer: takes up jobs whose engine has died, and lets go what waits for nobody.

A lease that ran out is enough to go by anywhere. An engine of this very machine whose process is
gone need not be waited for: its jobs are taken up at once.
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tfui.engine.duty import LONGEST_REST, NO_REST, until
from tfui.store import firing, leases, links, nodes, results

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tfui.store.connection import Author, Store
    from tfui.store.nodes import Peer

log = logging.getLogger(__name__)

ROUND = timedelta(seconds=10)
"""How often neighbours are looked after."""
PARDON = timedelta(seconds=30)


class Rescuer:
    """Gives lost attempts up, so that their jobs are tried again or fail."""

    def __init__(
        self,
        store: Store,
        author: Author,
        *,
        host: str,
        place: str,
        on_rescued: Callable[[], None],
    ) -> None:
        self.lost = 0
        self._store = store
        self._author = author
        self._host = host
        self._place = place
        self._on_rescued = on_rescued
        self._next_round_at: datetime | None = None
        self._pardoned_until: datetime | None = None

    def pardon(self, now: datetime) -> None:
        """Overlook leases that ran out, for a while: the machine slept, or its clock was set.

        The engines beside this one may just not have had the time to renew theirs.
        """
        self._pardoned_until = now + PARDON

    def tick(self, now: datetime) -> timedelta:
        """Take up what was lost by `now`; say when the next lease runs out. Raises Unavailable."""
        is_round = self._next_round_at is None or not NO_REST < self._next_round_at - now <= ROUND
        with self._store.reading() as tx:
            expiry = leases.next_expiry(tx)
            dead = self._dead_peers(nodes.peers(tx, self._host)) if is_round else []
            has_stuck = is_round and bool(
                firing.schedules_waiting_for_overlap(tx) or links.overdue(tx),
            )
        if self._is_pardoning(now):
            expiry = self._pardoned_until
        if dead or has_stuck or (expiry is not None and expiry < now):
            self._rescue(dead, now)
            with self._store.reading() as tx:
                expiry = leases.next_expiry(tx)
        if is_round:
            self._next_round_at = now + ROUND
        return min(ROUND, until(expiry, now) if expiry is not None else LONGEST_REST)

    def _rescue(self, dead: list[Peer], now: datetime) -> None:
        with self._store.writing(by=self._author, now=now) as tx:
            lost = leases.orphaned(tx, [peer.id for peer in dead], now=now)
            settled = results.settle(tx, lost)
            expired = [] if self._is_pardoning(now) else leases.lost(tx, now=now)
            settled_too = results.settle(tx, expired)
            released = firing.release(tx, firing.schedules_waiting_for_overlap(tx))
            firing.follow(tx, links.overdue(tx))
            for peer in dead:
                nodes.sign_off(tx, peer.id, figures={"last_error": "its process died"}, now=now)
        for one in [*lost, *expired]:
            log.warning("attempt %d of job %s was lost: %s", one.attempt, one.job_id, one.error)
        self.lost += sum(settled.statuses.values()) + sum(settled_too.statuses.values())
        if lost or expired or released:
            self._on_rescued()

    def _is_pardoning(self, now: datetime) -> bool:
        end = self._pardoned_until
        return end is not None and NO_REST < end - now <= PARDON

    def _dead_peers(self, peers: list[Peer]) -> list[Peer]:
        if not self._place:
            return []
        return [peer for peer in peers if peer.place == self._place and not _lives(peer.pid)]


def this_place() -> str:
    """Name the set of process ids that this process sees: this boot, this pid namespace.

    Empty where the system does not tell; then nobody's death is concluded from a missing process.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
