"""Roles and what each may do. The service names a right for every verb; this says who holds it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A user's role within one organization."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing that may be allowed, `noun:act` as the seed writes them."""

    SCHEDULED_JOB_READ = "scheduled_job:read"
    SCHEDULED_JOB_WRITE = "scheduled_job:write"
    """Create, edit, pause, resume, delete and restore schedules."""
    JOB_READ = "job:read"
    JOB_RUN = "job:run"
    """Run now, cancel, retry."""
    QUEUE_READ = "queue:read"
    QUEUE_WRITE = "queue:write"
    AUDIT_READ = "audit:read"
    ADMINISTER = "administer"
    """Users, tokens, pruning and the database itself."""


READING = frozenset(
    {Right.SCHEDULED_JOB_READ, Right.JOB_READ, Right.QUEUE_READ, Right.AUDIT_READ},
)
"""Rights to look, which change nothing."""

_OPERATING = READING | {Right.SCHEDULED_JOB_WRITE, Right.JOB_RUN, Right.QUEUE_WRITE}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: READING,
    Role.OPERATOR: frozenset(_OPERATING),
    Role.ADMIN: frozenset(Right),
}


def allows(role: Role, right: Right) -> bool:
    """Whether `role` holds `right`."""
    return right in RIGHTS.get(role, frozenset())
