"""Endings: one attempt that ended, what became of many, and what is made of those that come too late.

A result counts only while its fence is the job's: one that comes after the lease was lost is
refused and kept as a note on the attempt that was given up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tfui.model.columns import table_of
from tfui.model.job import Attempt

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.states import AttemptOutcome, JobStatus
    from tfui.store.claims import Claim
    from tfui.store.connection import Transaction

_ATTEMPT = table_of(Attempt)


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt that ended, as the engine reports it."""

    key: Any
    """The job's id as it is kept."""
    job_id: UUID
    fence: int
    attempt: int
    max_attempts: int
    schedule_key: Any
    """The schedule's id as it is kept, or None."""
    may_have_followers: bool
    """Whether jobs of its schedule may be waiting for its end."""
    node_id: UUID
    started_at: datetime
    finished_at: datetime
    outcome: AttemptOutcome
    exit_code: int | None
    error: str | None

    @classmethod
    def of(
        cls,
        claim: Claim,
        *,
        node_id: UUID,
        started_at: datetime,
        finished_at: datetime,
        outcome: AttemptOutcome,
        exit_code: int | None,
        error: str | None,
    ) -> Ended:
        """Tell how the attempt that a claim allowed has ended."""
        return cls(
            key=claim.key,
            job_id=claim.job_id,
            fence=claim.fence,
            attempt=claim.attempt,
            max_attempts=claim.max_attempts,
            schedule_key=claim.schedule_key,
            may_have_followers=claim.may_have_followers,
            node_id=node_id,
            started_at=started_at,
            finished_at=finished_at,
            outcome=outcome,
            exit_code=exit_code,
            error=error,
        )


@dataclass(slots=True)
class Settlement:
    """What became of a batch of results."""

    statuses: Counter[JobStatus] = field(default_factory=Counter)
    """How many jobs each status was given: queued is a retry or one handed back."""
    released: int = 0
    """Jobs that had waited for the end of one of these."""
    stale: int = 0
    """Results refused because the lease had been lost."""


def is_accepted(tx: Transaction, one: Ended, moved: int, done: Settlement) -> bool:
    """Whether a result moved its job; one that did not is counted and noted as too late."""
    if moved:
        return True
    its = (_ATTEMPT.c.job_id == one.job_id) & (_ATTEMPT.c.fence == one.fence)
    if tx.connection.execute(select(_ATTEMPT.c.outcome).where(its)).scalar() == one.outcome:
        return False  # written before, by a transaction of which the store said that it had failed
    done.stale += 1
    note = f"reported too late: {one.outcome}" + (f", {one.error}" if one.error else "")
    tx.connection.execute(_ATTEMPT.update().where(its).values(note=note))
    return False
