"""What the organization's schedules did, each as one line: a job, or occurrences without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tfui.core.states import JobStatus
from tfui.model.job import HistoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """Which lines are wanted."""

    search: str | None = None
    """In the schedule's name, the queue's, the type, or what went wrong."""
    statuses: frozenset[JobStatus] | None = None
    """None: jobs of every status."""
    gaps: bool = True
    """Whether occurrences without a job are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One line."""

    id: UUID
    """The job's, or the range's."""
    schedule_id: UUID | None
    schedule: str | None
    queue: str | None
    timezone: str | None
    """The schedule's."""
    line: HistoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """The lines there are, newest planned first, as far back as was asked for."""

    ids: Sequence[UUID]
    is_all: bool
    """Whether there are no older ones."""
