"""The journal: who changed what, when, by which way, with before and after. Append-only, hash-chained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from tfui.model.columns import Identifier, JsonColumn, UtcDateTime, Word


class Journal(SQLModel, table=True):
    """One change. `hash` covers the entry and the one before it, so a cut or an edit shows."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject_type", "subject_id", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
    )
    organization_id: UUID = Field(sa_type=Identifier)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=100)
    """The user's name, or `engine`."""
    via: str = Field(sa_type=Word)
    """tui, cli, api or engine."""
    verb: str = Field(max_length=50)
    """`schedule.paused`: noun and past tense."""
    subject_type: str = Field(sa_type=Word)
    subject_id: UUID = Field(sa_type=Identifier)
    subject: str
    """The subject's name then."""
    batch_id: UUID = Field(sa_type=Identifier)
    """Entries of one act share it; undo takes them together."""
    before: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)
    """Only the fields that changed; None when it did not exist."""
    after: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)
    undoes: int | None = None
    """The entry this one takes back."""
    undone_by: int | None = None
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class JournalHead(SQLModel, table=True):
    """One row, which says where the chain ends, so that entries cut off its end are missed too.

    Entries are numbered from it without a gap, and whoever appends holds it.
    """

    __tablename__ = "journal_head"

    entry_id: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    """The newest entry's id; 0 before the first."""
    hash: str = Field(max_length=64)
    """Its hash."""
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """A journal entry as it is shown."""

    id: int
    at: datetime
    by: str
    via: str
    verb: str
    subject_type: str
    subject_id: UUID
    subject: str
    batch_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    undoes: int | None
    undone_by: int | None
    redoes: int | None = None
    """Where it takes back an undo: the entry whose change it does again."""
