"""How a job went, or what it waits for, in words: the part that both kinds of explanation share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.explain_trigger import local
from tfui.core.explanation import Step
from tfui.core.health import LATE_AFTER
from tfui.core.identifiers import short
from tfui.core.reasons import WORDS, unfired
from tfui.core.states import DependencyType, JobKind, JobStatus
from tfui.core.unknown import Words
from tfui.core.words import span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tfui.core.facts import AttemptFacts, JobFacts, ParentFacts

_UNITS = 2  # a person reads the two largest units of a span


def brief(length: timedelta) -> str:
    """Say a length by its largest units, and what is shorter than a second in milliseconds."""
    if timedelta(0) < length < timedelta(seconds=1):
        return f"{max(1, length // timedelta(milliseconds=1))} ms"
    return " ".join(span(length).split(" ")[: 2 * _UNITS])


def fate(job: JobFacts, attempts: Sequence[AttemptFacts], zone: str, now: datetime) -> str:
    """Say how a job went, as what follows its name: `ran on time and succeeded in 3 seconds`."""
    tries = f" (attempt {job.attempt} of {job.max_attempts})" if job.attempt > 1 else ""
    skip = unfired(job.status, job.attempt, job.error)
    if skip is not None:
        return f"was skipped: {WORDS[skip[0]]} ({skip[1]})"
    if job.status is JobStatus.CANCELLED:
        # The error of an attempt is not why a person cancelled what came after it.
        why = f": {job.error}" if job.error and job.attempt == 0 else ""
        return "was cancelled" + (f" by {job.cancelled_by}" if job.cancelled_by else "") + why
    if job.status is JobStatus.RUNNING:
        since = "" if job.started_at is None else f" for {brief(now - job.started_at)}"
        return f"has been running{since}{tries}"
    if job.status in {JobStatus.QUEUED, JobStatus.BLOCKED}:
        wait = f" ({job.wait_reason.value})" if job.wait_reason else ""
        if job.available_at <= now:
            return f"waits{wait}, due since {local(job.available_at, zone)}"
        return f"waits{wait}, to start at {local(job.available_at, zone)} at the earliest"
    took = ""
    if job.started_at is not None and job.finished_at is not None:
        took = f" in {brief(job.finished_at - job.started_at)}"
    if job.status is JobStatus.SUCCEEDED:
        return f"ran {punctuality(job, attempts)} and succeeded{took}{tries}"
    what = wrong(job.exit_code, job.error)
    if job.attempt < job.max_attempts:
        code = "this" if job.exit_code is None else f"exit code {job.exit_code}"
        tries = f" (attempt {job.attempt} of {job.max_attempts}; {code} is not tried again)"
    return f"ran {punctuality(job, attempts)} and failed: {what}{tries}"


def punctuality(job: JobFacts, attempts: Sequence[AttemptFacts]) -> str:
    """Say how late its first attempt began, after its jitter."""
    begun = min((one.started_at for one in attempts), default=job.started_at)
    if begun is None:
        return "at an unknown time"
    # The retries of a job move `available_at`; its first attempt was due when it was planned.
    due = job.nominal_at if attempts and job.attempt > 1 else job.available_at
    late = begun - due
    return f"{brief(late)} late" if late > LATE_AFTER else "on time"


def wrong(exit_code: int | None, error: str | None) -> str:
    """Say what went wrong."""
    code = "" if exit_code is None else f"exit code {exit_code}"
    if error and code and str(exit_code) not in error:
        return f"{error} ({code})"
    return error or code or "no reason was recorded"


def attempt_steps(attempts: Sequence[AttemptFacts], zone: str) -> Iterator[Step]:
    """Tell of each attempt."""
    for one in attempts:
        took = brief(one.finished_at - one.started_at)
        outcome = one.outcome.value.replace("_", " ")
        where = f" on {one.node}" if one.node else ""
        why = "" if one.outcome == "succeeded" else f": {wrong(one.exit_code, one.error)}"
        text = f"began {local(one.started_at, zone)}{where}, {outcome} after {took}{why}"
        yield Step(f"Attempt {one.number}", text, one.outcome == "succeeded")


def job_steps(
    job: JobFacts, attempts: Sequence[AttemptFacts], zone: str, now: datetime
) -> Iterator[Step]:
    """Tell when an engine took a job up, how it went, and of each attempt at it."""
    if job.started_at is not None:
        when = punctuality(job, attempts)
        yield Step("Engine", f"took it up {when}", when == "on time")
    text = f"{short(job.id)} {fate(job, attempts, zone, now)}"
    yield Step("Job", text, None if job.finished_at is None else job.status == "succeeded")
    yield from attempt_steps(attempts, zone)


def other_steps(others: Sequence[JobFacts], zone: str, now: datetime) -> Iterator[Step]:
    """Tell of jobs that no plan asked for."""
    words = {
        JobKind.MANUAL: "run by hand",
        JobKind.BACKFILL: "backfilled",
        JobKind.CHAINED: "chained to another schedule",
    }
    for job in others:
        made = words.get(job.kind, job.kind.value)
        text = f"job {short(job.id)}, {made} at {local(job.nominal_at, zone)}, {fate(job, (), zone, now)}"
        yield Step("Other run", text, None)


def parent_steps(parents: Sequence[ParentFacts]) -> Iterator[Step]:
    """Tell what a job depends on, and whether that lets it go."""
    wanted = Words(
        {
            DependencyType.SEQUENTIAL: "to end",
            DependencyType.PARALLEL: "to start",
            DependencyType.CONDITIONAL: "to succeed",
        }
    )
    for parent in parents:
        name = parent.schedule or f"job {short(parent.job_id)}"
        text = f"waits for {name} {wanted[parent.dependency]}; it is {parent.status.value}"
        yield Step("Dependency", text, ok=False)
