"""Every table at once, for whoever needs the whole schema: migrations and a new store."""

from __future__ import annotations

from sqlmodel import SQLModel

from tfui.model import (  # imported so that their tables are registered
    dependency,
    job,
    journal,
    node,
    occurrence,
    organization,
    queue,
    schedule,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "dependency",
    "job",
    "journal",
    "node",
    "occurrence",
    "organization",
    "queue",
    "schedule",
]
