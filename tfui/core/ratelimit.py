"""A rate limit as an exact sliding minute over the starts that are on record.

A start at s counts until, and no longer at, s + 60 s; there are no buckets to burst between.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE = timedelta(minutes=1)


def remaining(
    starts: Sequence[datetime], *, limit: int, now: datetime, window: timedelta = MINUTE
) -> int:
    """How many more may start at `now`, given recent `starts` in ascending order."""
    counted = len(starts) - bisect_right(starts, now - window)
    return max(0, limit - counted)


def clear_at(
    starts: Sequence[datetime],
    *,
    limit: int,
    now: datetime,
    ahead: int = 0,
    window: timedelta = MINUTE,
) -> datetime | None:
    """When one more may start: `now` or later; None if the limit is 0 and nothing ever may.

    `ahead` jobs wait in front and take their places first, each as soon as it can.
    """
    if limit < 1:
        return None
    # Place k opens when the start `limit` places before it leaves the window.
    places = list(starts[bisect_right(starts, now - window) :])
    for _ in range(ahead + 1):
        opens = places[-limit] + window if len(places) >= limit else now
        places.append(max(opens, now))
    return places[-1]
