"""Dependencies: between two jobs (the seed's section 6.1), and the template between two schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tfui.core.states import DependencyStatus, DependencyType
from tfui.model.columns import Identifier, UtcDateTime, Word

_PENDING = text("status = 'pending'")


class JobDependency(SQLModel, table=True):
    """One job that waits for another."""

    __tablename__ = "job_dependency"
    __table_args__ = (
        UniqueConstraint("parent_job_id", "child_job_id"),
        Index(
            # What is looked through wherever a job starts or ends: nearly always nothing.
            "ix_job_dependency_pending",
            "parent_job_id",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    parent_job_id: UUID = Field(sa_type=Identifier)
    child_job_id: UUID = Field(sa_type=Identifier, index=True)
    dependency_type: DependencyType = Field(sa_type=Word)
    status: DependencyStatus = Field(sa_type=Word)
    created_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ScheduleDependency(SQLModel, table=True):
    """The template: a child schedule's jobs wait for, or are chained to, the parent's."""

    __tablename__ = "schedule_dependency"
    __table_args__ = (UniqueConstraint("parent_id", "child_id"),)

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    parent_id: UUID = Field(sa_type=Identifier, foreign_key="scheduled_job.id")
    child_id: UUID = Field(sa_type=Identifier, foreign_key="scheduled_job.id", index=True)
    dependency_type: DependencyType = Field(sa_type=Word)
    window_seconds: int | None = None
    """None: the same nominal instant; else the parent's newest job within it."""
    is_chained: bool = False
    """The child has no time of its own and fires when the parent reaches the state."""
    created_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What a schedule is asked to come after."""

    parent_id: UUID
    dependency_type: DependencyType = DependencyType.SEQUENTIAL
    window_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyRow:
    """A dependency between two schedules as lists show it."""

    id: UUID
    parent_id: UUID
    parent: str
    """The parent's name."""
    child_id: UUID
    child: str
    dependency_type: DependencyType
    window_seconds: int | None
    is_chained: bool
    created_at: datetime
