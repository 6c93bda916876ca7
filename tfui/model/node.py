"""Nodes: the engines that serve a store, and their heartbeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from tfui.core.states import NodeState
from tfui.model.columns import Identifier, JsonColumn, UtcDateTime, Word


class Node(SQLModel, table=True):
    """One engine process. A new row each start; old ones are pruned."""

    __tablename__ = "node"

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    host: str
    pid: int
    kind: str = Field(sa_type=Word)
    """app or headless."""
    state: NodeState = Field(sa_type=Word)
    seats: int
    version: str = Field(max_length=40)
    started_at: datetime = Field(sa_type=UtcDateTime)
    heartbeat_at: datetime = Field(sa_type=UtcDateTime, index=True)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    """busy seats, starts per second, lag_ms p50/p95, last sleep and clock step, last error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """An engine as it is shown; `is_alive` when its heartbeat is recent and it has not stopped."""

    id: UUID
    host: str
    pid: int
    kind: str
    state: NodeState
    seats: int
    version: str
    started_at: datetime
    heartbeat_at: datetime
    stopped_at: datetime | None
    is_alive: bool
    busy: int
    """Seats taken: jobs that it runs now, of all organizations."""
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The database as it is shown; sizes in bytes, None where nothing is known of them."""

    kind: str
    """sqlite or postgresql."""
    label: str
    """The path, or the URL without its password."""
    size: int
    log_size: int | None
    """Of the write-ahead log."""
    free: int | None
    """What is left of the disk that it is on."""
