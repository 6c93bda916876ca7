"""Organizations and their people: whose schedules these are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tfui.core.rights import Role
from tfui.model.columns import Identifier, UtcDateTime, Word


class Organization(SQLModel, table=True):
    """A tenant: names are unique within it, and nothing is seen across it."""

    __tablename__ = "organization"

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    name: str = Field(unique=True, max_length=100)
    created_at: datetime = Field(sa_type=UtcDateTime)


class User(SQLModel, table=True):
    """Somebody, or some program, that asks for things."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    organization_id: UUID = Field(sa_type=Identifier, foreign_key="organization.id")
    name: str = Field(max_length=100)
    role: Role = Field(sa_type=Word)
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiToken(SQLModel, table=True):
    """A key to the HTTP API. Only a hash of it is kept."""

    __tablename__ = "api_token"

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    user_id: UUID = Field(sa_type=Identifier, foreign_key="user.id", index=True)
    name: str = Field(max_length=100)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
