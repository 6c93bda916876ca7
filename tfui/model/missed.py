"""Missed runs as they are shown and dealt with: what nobody has run or waived yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tfui.core.states import SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """What one schedule has missed."""

    schedule_id: UUID
    schedule: str
    timezone: str
    count: int
    from_at: datetime
    """The first of them."""
    to_at: datetime
    """The last of them."""
    reasons: tuple[SkipReason, ...]
    """The commonest first."""
    max_catchup: int
    """How many one catching up may make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedTally:
    """What all schedules have missed."""

    schedules: int
    runs: int
    reason: SkipReason | None
    """The one reason of all, or None when there are several, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRow:
    """What dealing with one schedule's missed runs came to."""

    schedule_id: UUID
    schedule: str
    job_ids: tuple[UUID, ...] = ()
    """The jobs that were made, the oldest occurrence first."""
    waived: int = 0
    left: int = 0
    """Missed runs that are as they were."""
    why_left: str | None = None
