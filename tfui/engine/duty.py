"""What the engine's loop asks of each of its duties."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_REST = timedelta(seconds=30)
"""The loop looks at its clocks at least this often, so that a suspend is noticed."""

NO_REST = timedelta(0)

HELD_ELSEWHERE = timedelta(milliseconds=20)
"""Until another look at what another engine holds just now."""


class Duty(Protocol):
    """One thing an engine sees to."""

    def tick(self, now: datetime) -> timedelta:
        """Do everything due at `now`; say how long nothing else will be."""


def until(instant: datetime | None, now: datetime) -> timedelta:
    """How long to rest for something at `instant`; the longest rest when there is nothing."""
    if instant is None:
        return LONGEST_REST
    return max(NO_REST, min(LONGEST_REST, instant - now))
