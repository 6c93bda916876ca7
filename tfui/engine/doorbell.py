"""The doorbell: rests exactly as long as it is told to, or until somebody rings.

Commits of other processes cannot ring; they are looked for every quarter of a second. Nothing is
ever late for that: what is due by the clock ends the rest by itself. What people do writes to the
journal and is news at once; other commits, most of them engines' own, are news once a second.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tfui.store import news

if TYPE_CHECKING:
    from datetime import timedelta

    from tfui.store.connection import Store, Watch

LOOK = 0.25
"""Seconds between two looks at what other processes committed."""
RUMOUR = 1.0
"""Seconds in which commits that are nobody's act are news once."""


class Doorbell:
    """Rung from any thread, waited for by one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._event = threading.Event()
        self._watch: Watch | None = None
        self._looked_at = 0.0
        self._newest_act = 0
        self._told_at = 0.0
        self._has_rumour = False

    def ring(self) -> None:
        """End the rest, or the next one."""
        self._event.set()

    def answer(self) -> None:
        """Forget the rings so far: what they were about is looked at now."""
        self._event.clear()

    def rest(self, span: timedelta, *, is_looking: bool = True) -> bool:
        """Wait for `span` or a ring; True when another process changed the store. Raises Unavailable."""
        end = time.monotonic() + span.total_seconds()
        while True:
            now = time.monotonic()
            if is_looking and now - self._looked_at >= LOOK:
                self._looked_at = now
                if self._has_changed(now):
                    return True
            left = end - now
            if left <= 0 or self._event.wait(min(left, LOOK) if is_looking else left):
                return False

    def close(self) -> None:
        """Let the watching connection go."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def _has_changed(self, now: float) -> bool:
        if self._has_committed():
            self._has_rumour = True
            with self._store.reading() as tx:
                newest = news.newest_act(tx)
            if newest != self._newest_act:
                self._newest_act = newest
                self._told_at = now - RUMOUR
        if not self._has_rumour or now - self._told_at < RUMOUR:
            return False
        self._has_rumour = False
        self._told_at = now
        return True

    def _has_committed(self) -> bool:
        if self._watch is None:
            self._watch = self._store.watch()
            return True
        try:
            return self._watch.has_changed()
        except Exception:
            self.close()  # a broken connection stays broken; the next look opens another
            raise
