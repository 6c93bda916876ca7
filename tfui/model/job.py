"""A job: one thing to carry out once, its attempts, and what they printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from tfui.core.states import AttemptOutcome, JobKind, JobStatus, SkipReason, WaitReason
from tfui.model.columns import Identifier, JsonColumn, UtcDateTime, Word

_QUEUED = text("status = 'queued'")
_RUNNING = text("status = 'running'")
# No IN: for a list of more than two, SQLite fills a table of its own whenever a row is written.
_UNCLAIMED = text(
    "status = 'queued' AND (wait_reason = 'due_at' OR wait_reason = 'jitter'"
    " OR wait_reason = 'retry' OR wait_reason = 'no_worker')",
)
_LIVE = text("status = 'blocked' OR status = 'queued' OR status = 'running'")


class Job(SQLModel, table=True):
    """One job row. The unique key below is what makes a doubled firing impossible."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_occurrence",
            "scheduled_job_id",
            "nominal_at",
            "kind",
            unique=True,
        ),
        Index(
            "ix_job_claimable",
            "queue_id",
            text("priority DESC"),
            "available_at",
            "id",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index(
            # Waits for an instant, or for the first look of a dispatcher; those held up by
            # something else are not in it, so it stays small behind any backlog.
            "ix_job_unclaimed",
            "available_at",
            sqlite_where=_UNCLAIMED,
            postgresql_where=_UNCLAIMED,
        ),
        Index(
            "ix_job_leased",
            "lease_until",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index(
            "ix_job_live",
            "scheduled_job_id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier)
    queue_id: UUID = Field(sa_type=Identifier)
    scheduled_job_id: UUID | None = Field(default=None, sa_type=Identifier)
    nominal_at: datetime = Field(sa_type=UtcDateTime)
    """The planned instant, before jitter or catch-up."""
    kind: JobKind = Field(sa_type=Word)
    job_type: str = Field(max_length=100)
    payload: dict[str, Any] = Field(sa_type=JsonColumn)
    priority: int
    """9 is claimed first."""
    status: JobStatus = Field(sa_type=Word)
    attempt: int = 0
    """Attempts begun; a handed-back one is taken off again."""
    max_attempts: int
    available_at: datetime = Field(sa_type=UtcDateTime)
    wait_reason: WaitReason | None = Field(default=None, sa_type=Word)
    lease_owner: UUID | None = Field(default=None, sa_type=Identifier)
    """The node that runs it."""
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fence: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its newest attempt began."""
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_requested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_by: str | None = None
    exit_code: int | None = None
    error: str | None = None
    """One line from its newest ended attempt; None when that succeeded."""


class Attempt(SQLModel, table=True):
    """One try at a job, written when it ended. Keyed by fence: a claim is an attempt."""

    __tablename__ = "attempt"

    job_id: UUID = Field(sa_type=Identifier, primary_key=True)
    fence: int = Field(primary_key=True)
    number: int
    node_id: UUID = Field(sa_type=Identifier)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    outcome: AttemptOutcome = Field(sa_type=Word)
    exit_code: int | None = None
    error: str | None = None
    note: str | None = None
    """What a stale worker reported after its lease was lost."""


class Output(SQLModel, table=True):
    """A chunk of what an attempt printed."""

    __tablename__ = "output"

    job_id: UUID = Field(sa_type=Identifier, primary_key=True)
    fence: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    stream: str = Field(max_length=10)
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as lists show it."""

    id: UUID
    scheduled_job_id: UUID | None
    schedule: str | None
    """The schedule's name."""
    queue: str
    kind: JobKind
    job_type: str
    priority: int
    status: JobStatus
    attempt: int
    max_attempts: int
    nominal_at: datetime
    available_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    wait_reason: WaitReason | None
    cancel_requested_at: datetime | None
    exit_code: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """An attempt as the job's detail shows it."""

    number: int
    fence: int
    node: str | None
    started_at: datetime
    finished_at: datetime
    outcome: AttemptOutcome
    exit_code: int | None
    error: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChunk:
    """A chunk of output with its place: (fence, seq) rises over a job's attempts."""

    fence: int
    seq: int
    at: datetime
    stream: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of a schedule's history: a job, or a range of occurrences that did not become one."""

    nominal_at: datetime
    """The job's planned instant, or the range's last."""
    job: JobRow | None
    from_at: datetime | None
    count: int
    reason: SkipReason | None
    detail: str | None
    first_started_at: datetime | None = None
    """When the job's first attempt began; its own `started_at` is the newest's."""
