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
    starts: Sequence[datetime], *, limit: int, now: datetime, window: timedelta = MINUTE
) -> datetime | None:
    """When one more may start: `now` or later; None if the limit is 0 and nothing ever may."""
    return turn(starts, limit=limit, now=now, window=window)[1]


def turn(
    starts: Sequence[datetime],
    *,
    limit: int,
    now: datetime,
    before: Sequence[datetime] = (),
    window: timedelta = MINUTE,
) -> tuple[int, datetime | None]:
    """How many start before a job that waits, and when it may; None if the limit is 0.

    Those that are claimed `before` it, each from its instant on (ascending), take their places
    first; one that comes only when the job's own turn has passed is not before it.
    """
    if limit < 1:
        return len(before), None
    places = list(starts[bisect_right(starts, now - window) :])

    def opens() -> datetime:
        """Place k opens when the start `limit` places before it leaves the window."""
        return max(places[-limit] + window, now) if len(places) >= limit else now

    for count, available_at in enumerate(before):
        at = opens()
        if available_at > at:
            return count, at
        places.append(at)
    return len(before), opens()
