"""A schedule (the seed's ScheduledJob): what is to run, when, and under which policies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from tfui.core.filtering import without_conditions, without_plain_text
from tfui.core.states import JobStatus, OnMissed, Overlap, ScheduleStatus, ScheduleType, WaitReason
from tfui.model.columns import Identifier, JsonColumn, UtcDateTime, Word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tfui.core.filtering import Criteria
    from tfui.core.health import Condition

_ACTIVE = text("status = 'active' AND deleted_at IS NULL")
_NOT_DELETED = text("deleted_at IS NULL")
_PAUSED_UNTIL = text("status = 'paused' AND deleted_at IS NULL AND paused_until IS NOT NULL")


class ScheduledJob(SQLModel, table=True):
    """One schedule. `next_run_at` is the nominal instant the engine will plan next; there is no other."""

    __tablename__ = "scheduled_job"
    __table_args__ = (
        Index(
            "ix_scheduled_job_due",
            "next_run_at",
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index(
            "ix_scheduled_job_paused_until",
            "paused_until",
            sqlite_where=_PAUSED_UNTIL,
            postgresql_where=_PAUSED_UNTIL,
        ),
        # The list is one walk over this: no row is looked up to sort by name or status, or to search.
        Index(
            "ix_scheduled_job_listing",
            "organization_id",
            "deleted_at",
            "name",
            "status",
            "last_outcome",
            "id",
            "search_text",
        ),
        Index(
            "uq_scheduled_job_name",
            "organization_id",
            "name",
            unique=True,
            sqlite_where=_NOT_DELETED,
            postgresql_where=_NOT_DELETED,
        ),
    )

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier, foreign_key="organization.id")
    queue_id: UUID = Field(sa_type=Identifier, foreign_key="queue.id", index=True)
    name: str = Field(max_length=100)
    search_text: str = Field(default="", max_length=500)
    """What a search looks through, by `core.command.search_text`; kept by the store's verbs."""
    schedule_type: ScheduleType = Field(sa_type=Word)
    schedule_expression: str = Field(max_length=1000)
    timezone: str = Field(max_length=64)
    """IANA name; the wall clock that cron and wall times are read on."""
    job_type: str = Field(max_length=100)
    payload: dict[str, Any] = Field(sa_type=JsonColumn)
    metadata_: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column("metadata", JsonColumn, nullable=False),
    )
    """The user's own words: description, tags, owner, where it was imported from."""
    priority: int = 0
    max_attempts: int = 3
    max_runs: int | None = None
    runs_count: int = 0
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    on_missed: OnMissed = Field(sa_type=Word)
    catchup_window_seconds: int = 86_400
    max_catchup: int = 100
    grace_seconds: int = 60
    overlap: Overlap = Field(sa_type=Word)
    jitter_seconds: int = 0
    timeout_seconds: float | None = None
    retry_base_seconds: float = 10.0
    retry_factor: float = 2.0
    retry_cap_seconds: float = 3600.0
    retry_on: list[int] | None = Field(default=None, sa_type=JsonColumn)
    """Exit codes worth another attempt; None is all of them."""
    no_retry_on: list[int] | None = Field(default=None, sa_type=JsonColumn)
    pause_after_failures: int | None = None

    status: ScheduleStatus = Field(sa_type=Word)
    status_note: str | None = None
    """Why it is failed or was paused by the engine."""
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_by: str | None = None
    pause_note: str | None = None
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)

    anchor_at: datetime = Field(sa_type=UtcDateTime)
    """Where a recurring grid and a once duration count from: starts_at, else creation."""
    effective_at: datetime = Field(sa_type=UtcDateTime)
    """Since when the present trigger has been in force; nothing is counted before it."""
    cursor_at: datetime = Field(sa_type=UtcDateTime)
    """Every occurrence at or before this is accounted for: a job row or a ledger range."""
    next_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    job_id: UUID | None = Field(default=None, sa_type=Identifier)
    """The newest job made from this schedule."""
    last_outcome: JobStatus | None = Field(default=None, sa_type=Word)
    """How its newest ended job ended."""
    consecutive_failures: int = 0
    creation_failures: int = 0
    """Times in a row that its job could not be created."""

    revision: int = 1
    """Rises with every edit; a save that brings an older one is refused."""
    created_by: UUID | None = Field(default=None, sa_type=Identifier)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """A schedule as somebody asks for it. Nothing in it is trusted until the service has checked it."""

    name: str
    schedule_type: ScheduleType | str
    schedule_expression: str
    job_type: str
    payload: Mapping[str, Any]
    timezone: str = "UTC"
    queue: str = "default"
    priority: int = 0
    max_attempts: int = 3
    max_runs: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    on_missed: OnMissed | str | None = None
    """None: latest for cron and once, skip for recurring."""
    catchup_window: timedelta | None = None
    max_catchup: int = 100
    overlap: Overlap | str = Overlap.SKIP
    jitter: timedelta | None = None
    timeout: timedelta | None = None
    retry_base: timedelta | None = None
    retry_factor: float = 2.0
    retry_cap: timedelta | None = None
    retry_on: list[int] | None = None
    no_retry_on: list[int] | None = None
    pause_after_failures: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


class ScheduleSort(StrEnum):
    """What a list may be sorted by. Each is turned over by `descending`; ties go by name."""

    STATUS = "status"
    """Worst first, by `core.health.RANK`."""
    NAME = "name"
    NEXT = "next"
    LAST = "last"
    QUEUE = "queue"
    TYPE = "type"
    PRIORITY = "priority"
    RUNS = "runs"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleQuery:
    """Which schedules, in which order. All conditions must hold; None asks for nothing."""

    search: str | None = None
    """Found in the name, the expression, the command or the tags, in any case."""
    status: ScheduleStatus | None = None
    schedule_type: ScheduleType | None = None
    queue: str | None = None
    job_type: str | None = None
    conditions: frozenset[Condition] | None = None
    """How they are doing: the segments all, ok, fail, run, off of the dashboard."""
    criteria: Criteria = ()
    """What a filter asks besides, as `core.filtering.parse` reads it."""
    deleted: bool = False
    """The deleted ones instead of the others."""
    sort: ScheduleSort = ScheduleSort.STATUS
    descending: bool = False

    def reduced(self) -> ScheduleQuery:
        """Move out of the criteria what a list is quick at by itself: a text and conditions."""
        if not self.criteria:
            return self
        search, rest = self.search, self.criteria
        if search is None:
            search, rest = without_plain_text(rest)
        shown, rest = without_conditions(rest)
        if shown is None:
            shown = self.conditions
        elif self.conditions is not None:
            shown &= self.conditions
        return replace(self, search=search, conditions=shown, criteria=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveJob:
    """The live job that a list row speaks of: the one furthest along."""

    job_id: UUID
    status: JobStatus
    attempt: int
    max_attempts: int
    nominal_at: datetime
    available_at: datetime
    started_at: datetime | None
    wait_reason: WaitReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentRun:
    """One bar of a run sparkline."""

    status: JobStatus
    nominal_at: datetime
    duration_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A schedule as the list shows it."""

    id: UUID
    name: str
    schedule_type: ScheduleType
    schedule_expression: str
    timezone: str
    queue: str
    job_type: str
    command: str
    """What it runs, in one line."""
    status: ScheduleStatus
    status_note: str | None
    pause_note: str | None
    paused_until: datetime | None
    next_run_at: datetime | None
    last_run_at: datetime | None
    last_outcome: JobStatus | None
    consecutive_failures: int
    runs_count: int
    max_runs: int | None
    priority: int
    jitter_seconds: int
    revision: int
    deleted_at: datetime | None
    live: LiveJob | None
    recent: tuple[RecentRun, ...]
    """Oldest first, at most 12."""
    after: tuple[str, ...] = ()
    """The names of what it is chained to; empty for one with a time of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDetail:
    """A schedule whole: every column, its queue's name, and how its runs have gone."""

    row: ScheduleRow
    schedule: ScheduledJob
    queue: str
    queue_paused: bool
    created_by: str | None
    success_rate: float | None
    """Of the ended jobs that are kept, 0 to 1."""
    p50_seconds: float | None
    """Of the runs that succeeded, as p95; None when there are none."""
    p95_seconds: float | None
    last_error: str | None
    last_exit_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePage:
    """One page of a list, as the seed's API gives it."""

    jobs: tuple[ScheduleRow, ...]
    total: int
    page: int
    """1 for the first."""
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of one organization's schedules (the seed's six), from one aggregate query."""

    total: int
    active: int
    paused: int
    completed: int
    failed: int
    due_now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What the summary bar shows beside the six counts."""

    summary: Summary
    running: int
    queued: int
    retrying: int
    failing: int
    """Schedules whose newest ended job failed."""
    late: int
    next_name: str | None
    next_run_at: datetime | None
