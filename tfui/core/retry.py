"""Retry arithmetic: given what happened, when (if ever) to try again.

Nothing here looks at a clock or a row; callers bring the moment and take the answer away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.draw import draw

if TYPE_CHECKING:
    from uuid import UUID

_SPREAD = 0.1  # a tenth either way keeps jobs that failed together from coming back together
_STEPS = 1 << 32


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failed job is tried again, and how long it waits before."""

    max_attempts: int = 1
    """Attempts in all, the first one included."""
    base: timedelta = timedelta(seconds=10)
    """The wait after the first failure."""
    factor: float = 2.0
    """What each further wait is multiplied by."""
    cap: timedelta = timedelta(hours=1)
    """No wait is longer, apart from the spread of a tenth."""

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be 1 or more, got {self.max_attempts}")
        if self.base < timedelta(0) or self.cap < timedelta(0):
            raise ValueError(f"waits cannot be negative, got {self.base} and {self.cap}")
        if not self.factor >= 1:
            raise ValueError(f"factor must be 1 or more, got {self.factor}")

    def delay(self, job_id: UUID | str, attempt: int) -> timedelta:
        """Give the wait after the failure of `attempt` (from 1); the same each time it is asked."""
        if attempt < 1:
            raise ValueError(f"attempts count from 1, got {attempt}")
        wait = self.base.total_seconds()
        cap = self.cap.total_seconds()
        try:
            wait = min(cap, wait * self.factor ** (attempt - 1))
        except OverflowError:
            wait = cap if wait else 0.0
        drawn = draw("retry", str(job_id), str(attempt)) % (_STEPS + 1) / _STEPS
        return timedelta(seconds=wait * (1 - _SPREAD + 2 * _SPREAD * drawn))


def next_attempt(
    policy: RetryPolicy, attempt: int, *, job_id: UUID | str, failed_at: datetime
) -> datetime | None:
    """When to try again after `attempt` failed, or None once the policy is spent."""
    if attempt >= policy.max_attempts:
        return None
    return failed_at + policy.delay(job_id, attempt)
