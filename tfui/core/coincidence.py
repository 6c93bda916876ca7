"""How often a schedule that waits for another's run of the same time will find one.

Two schedules with times of their own may never meet: each counts from where it was made. What a
window allows is told too. Pure: two triggers and what bounds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.trigger import Trigger

LOOKED_AT = 64
"""Occurrences of the child that are looked at."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When a schedule is due: its trigger, within its own start and end."""

    trigger: Trigger
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def coming(self, now: datetime, count: int) -> list[datetime]:
        """Give up to `count` instants after `now`."""
        step = self.trigger.next_after(self._begin(now))
        found: list[datetime] = []
        while step is not None and len(found) < count and self._is_allowed(step):
            found.append(step)
            step = self.trigger.next_after(step)
        return found

    def has_within(self, after: datetime, until: datetime) -> bool:
        """Say whether it is due in `(after, until]`."""
        found = self.trigger.next_after(self._begin(after))
        return found is not None and found <= until and self._is_allowed(found)

    def _begin(self, after: datetime) -> datetime:
        return after if self.starts_at is None else max(after, self.starts_at - _TICK)

    def _is_allowed(self, instant: datetime) -> bool:
        return self.ends_at is None or instant <= self.ends_at


@dataclass(frozen=True, slots=True)
class Coincidence:
    """Of so many coming occurrences of the child, how many have a run of the parent to wait for."""

    occurrences: int
    met: int


def coincidence(
    child: Times, parent: Times, *, now: datetime, window: timedelta | None
) -> Coincidence:
    """Look at the child's next occurrences, at the same instants or within `window` before each.

    With a window the parent's times before `now` count too: their jobs may be there already.
    """
    coming = child.coming(now, LOOKED_AT)
    span = _TICK if window is None else window + _TICK
    met = sum(parent.has_within(instant - span, instant) for instant in coming)
    return Coincidence(len(coming), met)


def warning(child: str, parent: str, found: Coincidence, *, window: timedelta | None) -> str | None:
    """Say in one sentence that the parent has no run where the child looks for one, or None."""
    missing = found.occurrences - found.met
    if not missing:
        return None
    many, where = found.occurrences, "at" if window is None else "within the window of"
    times = f"{child}'s next {many} times" if many > 1 else f"{child}'s only time to come"
    if found.met:
        head = f"{parent} has no run {where} {missing} of {times}: those are skipped"
    else:
        head = (
            f"{parent} has no run {where} {'any of ' if many > 1 else ''}{times}: none of them runs"
        )
    larger = "a window such as 1h" if window is None else "a larger window"
    return f"{head}; use {larger}, or leave {child} without a time of its own"
