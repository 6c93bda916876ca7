"""The rota: which duty is due when. A duty that is called is due at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.engine.duty import LONGEST_REST, NO_REST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tfui.engine.duty import Duty


class Rota:
    """Ticks duties in their order, each only when its rest is over or it was called."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = list(duties)
        self._due: dict[int, datetime] = {}

    def call(self, *duties: Duty) -> None:
        """Have duties ticked in this pass or the next, whatever rest they asked for."""
        for duty in duties:
            self._due.pop(id(duty), None)

    def call_all(self) -> None:
        """Have every duty ticked: the clock has jumped, and no rest means anything."""
        self._due.clear()

    def dismiss(self, *duties: Duty) -> None:
        """Tick these no more."""
        self._duties = [duty for duty in self._duties if duty not in duties]

    def tick(self, now: datetime, at: Callable[[Duty], datetime]) -> datetime:
        """Tick what is due, each duty at the instant that `at` gives it; say when one is due next.

        A duty that raises stays due.
        """
        soonest = now + LONGEST_REST
        for duty in self._duties:
            due_at = self._due.get(id(duty))
            if due_at is None or not NO_REST < due_at - now <= LONGEST_REST:
                self._due.pop(id(duty), None)
                seen = at(duty)
                due_at = self._due[id(duty)] = seen + duty.tick(seen)
            soonest = min(soonest, due_at)
        return soonest
