"""The only caller of the wall clock. Everything else is told what time it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """The three clocks at one moment; their differences tell a sleep from a stepped clock."""

    wall: datetime
    """Aware UTC."""
    monotonic: float
    """Seconds, standing still while the machine sleeps."""
    boottime: float
    """Seconds, running through sleep; equal to `monotonic` where the system has no such clock."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""

    def reading(self) -> Reading:
        """Give all three clocks at once."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def reading(self) -> Reading:
        """Give all three clocks at once."""
        monotonic = time.monotonic()
        boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
        boottime = monotonic if boot_clock is None else time.clock_gettime(boot_clock)
        return Reading(datetime.now(UTC), monotonic, boottime)


class FrozenClock:
    """A clock that moves only when told to: for tests, scenes and previews."""

    def __init__(self, at: datetime) -> None:
        self._wall = at.astimezone(UTC)
        self._monotonic = 1000.0
        self._boottime = 1000.0

    def now(self) -> datetime:
        """Give the instant it was last set to."""
        return self._wall

    def reading(self) -> Reading:
        """Give all three clocks at once."""
        return Reading(self._wall, self._monotonic, self._boottime)

    def advance(self, span: timedelta) -> datetime:
        """Let `span` pass on all three clocks."""
        self._wall += span
        self._monotonic += span.total_seconds()
        self._boottime += span.total_seconds()
        return self._wall

    def sleep(self, span: timedelta) -> datetime:
        """Suspend the machine for `span`: the monotonic clock stands still."""
        self._wall += span
        self._boottime += span.total_seconds()
        return self._wall

    def step(self, span: timedelta) -> datetime:
        """Set the wall clock by `span`, which may be negative; no time passes."""
        self._wall += span
        return self._wall
