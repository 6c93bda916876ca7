"""Queues: where jobs wait, how many run at once, and how often a job type may start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tfui.model.columns import Identifier, UtcDateTime


class Queue(SQLModel, table=True):
    """A line of jobs with its own concurrency, which may be paused."""

    __tablename__ = "queue"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier, foreign_key="organization.id")
    name: str = Field(max_length=100)
    concurrency: int | None = None
    """Jobs running at once over all engines; None leaves it to the engines' seats."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_by: str | None = None
    pause_note: str | None = None
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RateLimit(SQLModel, table=True):
    """How many jobs of a type may start in any 60 seconds; job_type None is the default."""

    __tablename__ = "rate_limit"
    __table_args__ = (UniqueConstraint("organization_id", "job_type"),)

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier, foreign_key="organization.id")
    job_type: str | None = Field(default=None, max_length=100)
    per_minute: int


class RateStart(SQLModel, table=True):
    """One start of a rate-limited job, kept for the sliding minute and then pruned."""

    __tablename__ = "rate_start"
    __table_args__ = (Index("ix_rate_start_window", "organization_id", "job_type", "at"),)

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier)
    job_type: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """A rate limit as lists show it, with what is left of it now."""

    job_type: str | None
    """None: what holds for every type without a limit of its own, each by itself."""
    per_minute: int
    remaining: int
    clears_at: datetime | None
    """When one more may start, if none may now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A queue as lists show it, with what is in it now."""

    id: UUID
    name: str
    concurrency: int | None
    paused_at: datetime | None
    paused_by: str | None
    pause_note: str | None
    paused_until: datetime | None
    queued: int
    running: int
    schedules: int
    limits: tuple[RateRow, ...] = ()
    """Of the job types that its schedules have."""
