"""Why a schedule without a time of its own does, or did, not run: what became of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.chained import Chained
from tfui.core.dependency import may_start
from tfui.core.explain_job import fate
from tfui.core.explain_trigger import local
from tfui.core.explanation import Step
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
    return f"has no time of its own: it runs {listing([_when(one) for one in after])}"


def steps(after: Sequence[AfterFacts], zone: str, now: datetime) -> Iterator[Step]:
    """Tell of the newest run of each one before it, and whether this one followed."""
    for one in after:
        head = f"it runs {_when(one)}"
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


def _follows(dependency: DependencyType, job: JobFacts) -> DependencyStatus:
    return may_start(dependency, job.status, parent_started=job.started_at is not None)


def _when(after: AfterFacts) -> str:
    return f"each time {after.parent} {_HAS[after.dependency]}"
