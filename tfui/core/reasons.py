"""Why an occurrence has no job, said in full: the words behind the ledger's reason codes."""

from __future__ import annotations

from tfui.core.states import JobStatus, SkipReason
from tfui.core.unknown import Words

WORDS: Words[SkipReason] = Words(
    {
        SkipReason.COALESCED: "another run of the same catch-up stood for it",
        SkipReason.MISSED_DOWN: "no engine was running",
        SkipReason.MISSED_SLEEP: "the machine was asleep",
        SkipReason.MISSED_CLOCK_STEP: "the machine's clock was set past it",
        SkipReason.MISSED_CAP: "more runs had been missed than the schedule catches up",
        SkipReason.MISSED_DEADLINE: "it had been missed for longer than the catch-up window",
        SkipReason.SKIP_OVERLAP: "the run before it had not ended",
        SkipReason.SKIP_PAUSED: "the schedule was paused",
        SkipReason.SKIP_DEPENDENCY: "what it depends on did not succeed",
        SkipReason.SKIP_MAX_RUNS: "the schedule had had all its runs",
        SkipReason.SKIP_WINDOW: "it was missed, and the schedule had ended before it could be caught up",
        SkipReason.SHED_RATE: "the run before it was itself held back by the rate limit",
        SkipReason.SUPERSEDED: "the schedule was changed or deleted before it was planned",
        SkipReason.RAN: "it ran, and the record of its job has been pruned",
    }
)

LINKS: dict[SkipReason, str] = {
    SkipReason.COALESCED: "Catch-up",
    SkipReason.MISSED_DOWN: "Engine",
    SkipReason.MISSED_SLEEP: "Engine",
    SkipReason.MISSED_CLOCK_STEP: "Engine",
    SkipReason.MISSED_CAP: "Catch-up",
    SkipReason.MISSED_DEADLINE: "Catch-up",
    SkipReason.SKIP_OVERLAP: "Overlap",
    SkipReason.SKIP_PAUSED: "Pause",
    SkipReason.SKIP_DEPENDENCY: "Dependency",
    SkipReason.SKIP_MAX_RUNS: "Limit",
    SkipReason.SKIP_WINDOW: "Window",
    SkipReason.SHED_RATE: "Limit",
    SkipReason.SUPERSEDED: "Edit",
    SkipReason.RAN: "Record",
}
"""The link of the chain that each belongs to, as an explanation titles it."""

UNFIRED = (SkipReason.SKIP_OVERLAP, SkipReason.SKIP_PAUSED, SkipReason.SKIP_DEPENDENCY)
"""Why a firing of a chained schedule may be on record as a job that never ran."""


def unfired(status: JobStatus, attempt: int, error: str | None) -> tuple[SkipReason, str] | None:
    """Give why a job that stands for a skipped firing never ran, and the detail; None of any other."""
    word, mark, detail = (error or "").partition(": ")
    if status is not JobStatus.CANCELLED or attempt or not mark or word not in UNFIRED:
        return None
    return SkipReason(word), detail
