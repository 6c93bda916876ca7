"""Schedules that get in their own way: most of their latest occurrences were skipped, not run.

One skipped run now and then is what an overlap rule is for. When most of them are, the schedule is
planned more often than it can run, and nothing else says so: no run fails, and none is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.states import SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

LATEST = 10
"""Latest occurrences of a schedule that are looked at; with fewer it is not judged."""
MOST = 6
"""Skipped ones among them from which on it is said: more than every other."""
CROWDED_OUT = frozenset({SkipReason.SKIP_OVERLAP, SkipReason.SHED_RATE})
"""Skips that a schedule brings upon itself, or a limit upon it."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """A schedule that skipped most of its latest occurrences."""

    schedule_id: UUID
    schedule: str
    skipped: int
    """Of the `LATEST`."""
    by: SkipReason
    """What skipped most of them."""


def crowded(
    schedule_id: UUID, schedule: str, newest: Iterable[tuple[SkipReason | None, int]]
) -> Crowded | None:
    """Judge a schedule by what became of occurrences, the newest first; None: they became jobs."""
    left, skipped = LATEST, dict.fromkeys(sorted(CROWDED_OUT), 0)
    for reason, count in newest:
        looked_at = min(count, left)
        left -= looked_at
        if reason in skipped:
            skipped[reason] += looked_at
    total = sum(skipped.values())
    if left or total < MOST:
        return None
    return Crowded(schedule_id, schedule, total, max(skipped, key=skipped.__getitem__))
