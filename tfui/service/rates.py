"""Rate limits for whoever asks: how many jobs of a type start in any minute, and what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.errors import Invalid
from tfui.service import draft_fields
from tfui.store import dependencies
from tfui.store import rates as store
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from tfui.model.queue import RateRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

MOST_PER_MINUTE = 1_000_000
DEFAULT = "every type"
"""What the default limit is called on the record."""


def limits(caller: Caller) -> list[RateRow]:
    """Give the default limit, then each job type's that has its own or was started lately."""
    with caller.reading(Right.QUEUE_READ) as tx:
        return store.rows(tx, caller.organization_id, caller.now())


def set_limit(caller: Caller, job_type: str | None, per_minute: int | None) -> list[RateRow]:
    """Limit a job type, or with None every type without a limit of its own; None lifts it.

    Starts are counted from when a limit is set. Gives the limits that hold then. Raises Invalid.
    """
    problems = {}
    if job_type is not None and (problem := draft_fields.name_problem(job_type)) is not None:
        problems["job_type"] = problem
    if per_minute is not None and not 1 <= per_minute <= MOST_PER_MINUTE:
        problems["per_minute"] = (
            f"{per_minute} is not a whole number from 1 to {MOST_PER_MINUTE:,}, or none; "
            "to start none at all, pause the queue"
        )
    if problems:
        raise Invalid(problems)
    with caller.writing(Right.QUEUE_WRITE) as tx:
        entry = change(tx, caller, job_type, per_minute)
        if entry is not None:
            caller.record(tx, [entry])
        return store.rows(tx, caller.organization_id, caller.now())


def remaining(caller: Caller, job_type: str) -> int | None:
    """How many more jobs of a type may start now; None when it has no limit."""
    with caller.reading(Right.QUEUE_READ) as tx:
        kind = store.Kind(caller.organization_id, job_type)
        return store.look(tx, caller.now()).remaining(kind)


def change(
    tx: Transaction,
    caller: Caller,
    job_type: str | None,
    per_minute: int | None,
) -> Entry | None:
    """Write a limit in a transaction; give its entry for the journal, if it changed anything."""
    dependencies.hold_all(tx, caller.organization_id)  # of two defaults the index would keep both
    before = store.set_limit(tx, caller.organization_id, job_type, per_minute)
    if before == per_minute:
        return None
    return Entry(
        verb="rate.set",
        subject_type="rate",
        subject_id=caller.organization_id,
        subject=DEFAULT if job_type is None else job_type,
        before={"job_type": job_type, "per_minute": before},
        after={"job_type": job_type, "per_minute": per_minute},
    )
