"""A forecast as it is shown: the coming load, and what really happened before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.outlook import Outlook
    from tfui.core.states import JobKind, JobStatus, Overlap, ScheduleStatus, SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """A schedule of a forecast, in the place that its lane has in the outlook."""

    id: UUID
    name: str
    schedule_type: str
    schedule_expression: str
    timezone: str
    queue: str
    job_type: str
    priority: int
    overlap: Overlap
    status: ScheduleStatus
    paused_until: datetime | None
    p50_seconds: float
    p95_seconds: float
    is_measured: bool
    """Whether these come from its own runs; else they are taken from others or assumed."""
    folded: int | None = None
    """Its starts, where these are counted and not played through one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAhead:
    """A queue of a forecast."""

    id: UUID
    name: str
    concurrency: int | None
    is_paused: bool
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class PastRun:
    """A job that was planned in the past part."""

    lane: int
    job_id: UUID
    nominal_at: datetime
    kind: JobKind
    status: JobStatus
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    skip: tuple[SkipReason, str] | None
    """Why it never ran, if it stands for a firing of a chained schedule that was skipped."""


@dataclass(frozen=True, slots=True)
class PastRange:
    """Occurrences of the past part that did not become jobs, and why."""

    lane: int
    from_at: datetime
    to_at: datetime
    count: int
    reason: SkipReason
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What really happened in a window that lies before the present."""

    begin: datetime
    """Excluded are earlier ones; later than asked for where there were too many jobs."""
    end: datetime
    runs: tuple[PastRun, ...]
    """By their planned instant."""
    ranges: tuple[PastRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is coming for one organization."""

    now: datetime
    begin: datetime
    """Of the coming part: the present, or later."""
    end: datetime
    seats: int
    engines: int
    """Engines that live; with none, `seats` are those of the last one, or assumed."""
    lanes: tuple[LaneRow, ...]
    """By name."""
    queues: tuple[QueueAhead, ...]
    outlook: Outlook
    past: Past | None
    left_out: int
    """Schedules beyond those that are due soonest, of which nothing is said."""
