"""Absences: stretches of wall time that an engine did not live through, and why.

The wall clock, CLOCK_MONOTONIC (which stands still in a suspend) and CLOCK_BOOTTIME (which does
not) are compared at every tick. Whatever came before the engine's first look is downtime.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.states import SkipReason

if TYPE_CHECKING:
    from tfui.clock import Reading

NOTICEABLE = timedelta(seconds=1)
"""Clocks drift and are slewed by less than this between two looks."""

_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Absence:
    """Wall time from `from_at` to `to_at` that was skipped; a step back ends before it begins."""

    from_at: datetime
    to_at: datetime
    reason: SkipReason
    """MISSED_SLEEP or MISSED_CLOCK_STEP."""

    @property
    def length(self) -> timedelta:
        """How far the wall clock moved beyond the time that passed; negative when set back."""
        return self.to_at - self.from_at


class Absences:
    """Remembers the last few."""

    def __init__(self) -> None:
        self._last: Reading | None = None
        self._known: deque[Absence] = deque(maxlen=_REMEMBERED)

    def observe(self, reading: Reading) -> Absence | None:
        """Compare the clocks with the last look; tell of an absence that ends now."""
        last, self._last = self._last, reading
        if last is None:
            return None
        passed = timedelta(seconds=reading.monotonic - last.monotonic)
        slept = timedelta(seconds=reading.boottime - last.boottime) - passed
        stepped = reading.wall - last.wall - passed - slept
        if slept < NOTICEABLE and abs(stepped) < NOTICEABLE:
            return None
        is_sleep = slept >= NOTICEABLE and slept >= abs(stepped)
        reason = SkipReason.MISSED_SLEEP if is_sleep else SkipReason.MISSED_CLOCK_STEP
        found = Absence(last.wall, reading.wall - passed, reason)
        self._known.append(found)
        return found

    def reason_at(self, instant: datetime) -> SkipReason:
        """Why an occurrence at `instant` was not seen in time."""
        for absence in reversed(self._known):
            if absence.from_at <= instant <= absence.to_at:
                return absence.reason
        return SkipReason.MISSED_DOWN
