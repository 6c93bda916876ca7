"""The check-up of what rows say of each other: references that lead nowhere, and counts of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.finding import Finding, Severity
from tfui.core.identifiers import short
from tfui.core.words import counted
from tfui.store import checks_lost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tfui.store.connection import Transaction

NAMED = 20
"""How many schedules are named at most."""

_NO_ENGINE = "no engine does this: the database was edited, or this is a fault in tfui"
_LEFTOVER = (
    "nothing shows them any more; delete them, or go back to a backup that has what is missing"
)

_SAID = {
    ("scheduled_job", "queue_id"): (
        "schedule",
        "in a queue",
        "put the queue back from a backup: no list shows them, and none of their runs starts",
    ),
    ("scheduled_job", "job_id"): ("schedule", "whose newest job is one", "its next run mends it"),
    ("job", "scheduled_job_id"): (
        "job",
        "of a schedule",
        "they are pruned like others; cancel with `tfui cancel JOB` those that still wait",
    ),
    ("occurrence", "scheduled_job_id"): ("ledger range", "of a schedule", _LEFTOVER),
    ("attempt", "job_id"): ("attempt", "at a job", _LEFTOVER),
    ("output", "job_id"): ("piece of output", "of a job", _LEFTOVER),
    ("job_dependency", "parent_job_id"): (
        "job",
        "after a job",
        "cancel with `tfui cancel JOB` those that wait for it: nothing lets them go",
    ),
    ("job_dependency", "child_job_id"): ("link", "of a job", _LEFTOVER),
}


def findings(tx: Transaction, organization_id: UUID) -> Iterator[Finding]:
    """Tell of what refers to nothing, and of schedules that count their runs wrong."""
    for lost in checks_lost.references(tx, organization_id):
        noun, what, advice = _SAID[lost.table, lost.column]
        yield Finding(
            severity=Severity.WARNING if advice is _LEFTOVER else Severity.ERROR,
            subject="references",
            text=f"{counted(lost.rows, noun)} {what} that is not on record ({short(lost.one)})",
            advice=f"{_NO_ENGINE}; {advice}",
        )
    for row in checks_lost.miscounted(tx, organization_id, limit=NAMED):
        is_low = row.runs_count < row.least
        known = f"at least {row.least:,} are" if is_low else f"no more than {row.most:,} are"
        yield Finding(
            severity=Severity.ERROR,
            subject=row.name,
            text=f"it counts {counted(row.runs_count, 'run')}, and {known} on record",
            advice=f"{_NO_ENGINE}; max_runs goes by that count: where there is one, change it by as much",
        )
