"""Why a run that no plan asked for happened: who started it by hand, when, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.explain_job import fate, job_steps, other_steps, parent_steps
from tfui.core.explain_trigger import local
from tfui.core.explanation import Explanation, Step

if TYPE_CHECKING:
    from tfui.core.facts import ByHand, Then


def explain(then: Then, by_hand: ByHand) -> Explanation:
    """Begin with who started it; the plan has no say in it."""
    schedule, job = then.schedule, by_hand.job
    zone, started = schedule.timezone, local(job.nominal_at, schedule.timezone)
    by = f" by {by_hand.by}" if by_hand.by else ""
    is_waiting = job.started_at is None and job.finished_at is None
    others = [other for other in then.others if other.id != job.id]
    return Explanation(
        question=f"Why did {schedule.name} run at {started}?"
        if job.started_at is not None
        else f"What became of the run of {schedule.name} at {started}?",
        verdict=f"{schedule.name} was run by hand{by} at {started}: "
        f"it {fate(job, by_hand.attempts, zone, then.now)}.",
        steps=(
            Step("By hand", f"started{by} at {started}, beside its plan", None),
            *parent_steps(by_hand.parents),
            *job_steps(job, by_hand.attempts, zone, then.now),
            *other_steps(others, zone, then.now),
        ),
        clears_at=job.available_at if is_waiting and job.available_at > then.now else None,
    )
