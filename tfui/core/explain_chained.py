"""Why a schedule without a time of its own does, or did, not run: what became of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.chained import Chained
from tfui.core.dependency import may_start
from tfui.core.explain_job import fate
from tfui.core.explain_trigger import local
from tfui.core.explanation import Step
from tfui.core.reasons import unfired
from tfui.core.states import DependencyStatus, DependencyType
from tfui.core.unknown import Words
from tfui.core.words import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tfui.core.facts import AfterFacts, JobFacts, ScheduleFacts

_HAS = Words(
    {
        DependencyType.SEQUENTIAL: "has ended",
        DependencyType.PARALLEL: "has started",
        DependencyType.CONDITIONAL: "has succeeded",
    }
)


def is_chained(schedule: ScheduleFacts) -> bool:
    """Whether it has no time of its own."""
    return isinstance(schedule.trigger, Chained)


def manner(after: Sequence[AfterFacts]) -> str:
    """Say when it runs, as what follows its name."""
    if not after:
        return "has no time of its own and comes after nothing any more, so that it never runs"
    return f"has no time of its own: it runs {_when(after)}"


def steps(after: Sequence[AfterFacts], zone: str, now: datetime) -> Iterator[Step]:
    """Tell of the newest run of each one before it, and whether this one followed."""
    for one in after:
        head = f"it runs {_when([one])}"
        if len(after) > 1:
            head = f"it runs when {_state(one)}, unless it did for that time"
        job = one.newest
        if job is None:
            yield Step("Dependency", f"{head}, which has had no run", None)
            continue
        run = f"{head}; the run of {local(job.nominal_at, zone)} {fate(job, (), zone, now)}"
        status = _follows(one.dependency, job)
        if status is DependencyStatus.FAILED:
            yield Step("Dependency", f"{run}, so nothing followed from it", ok=False)
        elif status is DependencyStatus.PENDING:
            yield Step(
                "Dependency", f"{run}; nothing follows until it {_HAS[one.dependency]}", None
            )
        else:
            yield Step("Dependency", run, ok=True)


def hindrance(after: Sequence[AfterFacts], zone: str) -> str:
    """Say of which runs nothing followed, as a clause; empty when there are none."""
    failed = [
        f"the run of {one.parent} at {local(one.newest.nominal_at, zone)} {one.newest.status.value}"
        for one in after
        if one.newest is not None
        and _follows(one.dependency, one.newest) is DependencyStatus.FAILED
    ]
    return f"nothing followed, because {listing(failed)}" if failed else ""


def limit(schedule: ScheduleFacts) -> Iterator[Step]:
    """Tell how many of its runs are used, where there is a most."""
    if schedule.max_runs is not None:
        is_left = schedule.runs_count < schedule.max_runs
        yield Step("Limit", f"{schedule.runs_count} of {schedule.max_runs} runs are used", is_left)


def _follows(dependency: DependencyType, job: JobFacts) -> DependencyStatus:
    if unfired(job.status, job.attempt, job.error) is not None:
        return DependencyStatus.FAILED  # whatever it takes: nothing follows from what never fired
    return may_start(dependency, job.status, parent_started=job.started_at is not None)


def _when(after: Sequence[AfterFacts]) -> str:
    if len(after) == 1:
        return f"each time {_state(after[0])}"
    parents = " or ".join(one.parent for one in after)
    states = " or ".join(_state(one) for one in after)
    return f"once for each time that {parents} runs, as soon as {states}"


def _state(after: AfterFacts) -> str:
    return f"{after.parent} {_HAS[after.dependency]}"
