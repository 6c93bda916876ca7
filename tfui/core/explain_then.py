"""Why a schedule did, did not, or will run at an instant: the whole chain, link by link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tfui.core import explain_by_hand, explain_chained, explain_trigger
from tfui.core import explain_verdict as said
from tfui.core.explain_job import (
    brief,
    job_steps,
    other_steps,
    parent_steps,
)
from tfui.core.explain_trigger import local, occurrence_at
from tfui.core.explanation import Explanation, Step
from tfui.core.identifiers import short
from tfui.core.jitter import offset as jitter_offset
from tfui.core.reasons import LINKS, WORDS
from tfui.core.states import ScheduleStatus, SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.core.facts import PauseFacts, Then


def explain(then: Then) -> Explanation:
    """Walk the chain for one instant."""
    if then.by_hand is not None and (said.is_chained(then) or not said.is_exact(then)):
        return explain_by_hand.explain(then, then.by_hand)
    steps = tuple(_steps(then))
    schedule, zone = then.schedule, then.schedule.timezone
    asked = local(then.at, zone)
    is_ahead = then.at > then.now
    is_meant = said.is_exact(then)
    has_run = is_meant and then.job is not None and then.job.started_at is not None
    if said.is_chained(then):
        return Explanation(
            question=f"What became of {schedule.name} at {asked}?",
            verdict=f"{schedule.name} {said.chained(then)}.",
            steps=steps,
        )
    verb = "Will {} run" if is_ahead else "Why did {} run" if has_run else "Why did {} not run"
    return Explanation(
        question=f"{verb.format(schedule.name)} at {asked}?",
        verdict=said.verdict(then, asked),
        steps=steps,
        clears_at=_clears_at(then),
    )


def _steps(then: Then) -> Iterator[Step]:
    schedule, zone = then.schedule, then.schedule.timezone
    yield from _trigger(then)
    yield from _window(then)
    yield _pause(then)
    if then.range is not None and then.range.reason is not SkipReason.SKIP_PAUSED:
        yield _range(then)
    if then.blocker is not None:
        text = f"job {short(then.blocker.id)} of the occurrence at {local(then.blocker.nominal_at, zone)} "
        was = "ran then" if then.blocker.started_at else "waited then"
        yield Step("Overlap", f"{text}{was}; the policy is {schedule.overlap.value}", None)
    yield from parent_steps(then.parents)
    yield from explain_chained.steps(then.after, zone, then.now)
    if said.is_chained(then):
        yield from explain_chained.limit(schedule)
    if then.job is not None:
        job = then.job
        if schedule.jitter and job.available_at > job.nominal_at and job.attempt <= 1:
            text = f"moves the start by {brief(job.available_at - job.nominal_at)}"
            yield Step("Jitter", text, None)
        yield from job_steps(job, then.attempts, zone, then.now)
    elif then.range is None and said.is_planned(then):
        yield Step("Record", "neither a job nor a ledger range is on record", ok=False)
    elif then.range is None and said.is_due(then):
        yield Step("Engine", said.unplanned(then), ok=False)
    yield from other_steps(then.others, zone, then.now)


def _trigger(then: Then) -> Iterator[Step]:
    schedule, trigger, zone = then.schedule, then.schedule.trigger, then.schedule.timezone
    if trigger is None:
        yield Step("Trigger", f"cannot be read: {schedule.trigger_problem}", ok=False)
        return
    words = trigger.describe()
    in_utc = f"{then.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if said.is_older(then):
        text = f"the present one ({words}) has been in force since {local(schedule.effective_at, zone)}"
        yield Step("Trigger", f"{text}; {said.UNKNOWN}, so only the record tells", None)
        return
    if then.former is not None and then.former.changed_at is not None:
        when = f"{local(then.former.changed_at, zone)} by {then.former.changed_by}"
        yield Step("Edit", f"its schedule was then another, until it was changed at {when}", None)
    if said.is_chained(then):
        yield Step("Trigger", words, None)
    elif occurrence_at(trigger, then.at) is not None:
        yield Step("Trigger", f"{words}: it was meant for {local(then.at, zone)}", ok=True)
    else:
        yield Step("Trigger", f"{words}: {local(then.at, zone)} is not one of its times", ok=False)
        yield from explain_trigger.fields(trigger, then.at)
    yield Step("Zone", f"{zone}: {local(then.at, zone)} is {in_utc}", None)
    change = explain_trigger.clock_change(trigger, then.at, then.now)
    if change is not None:
        yield change
    if then.occurrence is not None and occurrence_at(trigger, then.at) is None:
        yield Step("Nearest", f"its nearest time is {local(then.occurrence, zone)}", None)


def _window(then: Then) -> Iterator[Step]:
    schedule, zone = then.schedule, then.schedule.timezone
    at = said.meant(then)
    if at <= schedule.created_at:
        text = f"the schedule was created at {local(schedule.created_at, zone)}"
        yield Step("Window", text, ok=False)
    elif schedule.starts_at is not None and at < schedule.starts_at:
        yield Step("Window", f"it starts at {local(schedule.starts_at, zone)}", ok=False)
    elif schedule.ends_at is not None and at > schedule.ends_at:
        yield Step("Window", f"it ended at {local(schedule.ends_at, zone)}", ok=False)
    elif schedule.starts_at is not None or schedule.ends_at is not None:
        yield Step("Window", "lies within its start and end", ok=True)
    if schedule.deleted_at is not None and at > schedule.deleted_at:
        yield Step("Window", f"it was deleted at {local(schedule.deleted_at, zone)}", ok=False)


def _pause(then: Then) -> Step:
    zone = then.schedule.timezone
    if then.pause is not None:
        return Step("Pause", f"it was paused {_pause_words(then.pause, zone)}", ok=False)
    if then.range is not None and then.range.reason is SkipReason.SKIP_PAUSED:
        note = f": {then.range.detail}" if then.range.detail else ""
        return Step("Pause", f"it was paused{note}", ok=False)
    schedule, at = then.schedule, said.meant(then)
    if schedule.status is ScheduleStatus.PAUSED and (
        schedule.paused_at is None or schedule.paused_at <= at
    ):
        until = schedule.paused_until
        if until is not None and until < at:
            return Step(
                "Pause", f"it is paused{said.note(schedule)} until {local(until, zone)}", ok=True
            )
        return Step("Pause", f"it is paused{said.note(schedule)}{said.ending(schedule)}", ok=False)
    return Step("Pause", "it was not paused" if at <= then.now else "it is not paused", ok=True)


def _pause_words(pause: PauseFacts, zone: str) -> str:
    note = f" ({pause.note})" if pause.note else ""
    until = "" if pause.resumed_at is None else f", until {local(pause.resumed_at, zone)}"
    return f"by {pause.by} at {local(pause.at, zone)}{note}{until}"


def _range(then: Then) -> Step:
    found, zone = then.range, then.schedule.timezone
    if found is None:
        raise AssertionError("asked for a range that is not there")
    text = WORDS[found.reason] + (f": {found.detail}" if found.detail else "")
    if found.count > 1:
        text += (
            f"; the same holds for {found.count:,} occurrences from {local(found.from_at, zone)} "
            f"to {local(found.to_at, zone)}"
        )
    return Step(LINKS.get(found.reason, "Record"), text, found.reason is SkipReason.RAN)


def _clears_at(then: Then) -> datetime | None:
    if then.job is not None and then.job.started_at is None and then.job.finished_at is None:
        return then.job.available_at if then.job.available_at > then.now else None
    if then.occurrence is None or then.occurrence <= then.now or then.job is not None:
        return None
    schedule = then.schedule
    if schedule.status is not ScheduleStatus.ACTIVE or schedule.deleted_at is not None:
        return None
    return then.occurrence + jitter_offset(schedule.id, then.occurrence, schedule.jitter)
