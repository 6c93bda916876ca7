"""Why a schedule did, did not, or will run at an instant: the whole chain, link by link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tfui.core import explain_by_hand, explain_chained, explain_trigger
from tfui.core.explain_job import (
    brief,
    fate,
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

    from tfui.core.facts import PauseFacts, ScheduleFacts, Then


_UNKNOWN = "the journal does not tell what it was before"


def explain(then: Then) -> Explanation:
    """Walk the chain for one instant."""
    if then.by_hand is not None and (_is_chained(then) or not _is_exact(then)):
        return explain_by_hand.explain(then, then.by_hand)
    steps = tuple(_steps(then))
    schedule, zone = then.schedule, then.schedule.timezone
    asked = local(then.at, zone)
    is_ahead = then.at > then.now
    is_meant = _is_exact(then)
    has_run = is_meant and then.job is not None and then.job.started_at is not None
    if _is_chained(then):
        return Explanation(
            question=f"What became of {schedule.name} at {asked}?",
            verdict=f"{schedule.name} {_chained(then)}.",
            steps=steps,
        )
    verb = "Will {} run" if is_ahead else "Why did {} run" if has_run else "Why did {} not run"
    return Explanation(
        question=f"{verb.format(schedule.name)} at {asked}?",
        verdict=_verdict(then, asked),
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
    if then.job is not None:
        job = then.job
        if schedule.jitter and job.available_at > job.nominal_at and job.attempt <= 1:
            text = f"moves the start by {brief(job.available_at - job.nominal_at)}"
            yield Step("Jitter", text, None)
        yield from job_steps(job, then.attempts, zone, then.now)
    elif then.range is None and _is_planned(then):
        yield Step("Record", "neither a job nor a ledger range is on record", ok=False)
    elif then.range is None and _is_due(then):
        yield Step("Engine", _unplanned(then), ok=False)
    yield from other_steps(then.others, zone, then.now)


def _trigger(then: Then) -> Iterator[Step]:
    schedule, trigger, zone = then.schedule, then.schedule.trigger, then.schedule.timezone
    if trigger is None:
        yield Step("Trigger", f"cannot be read: {schedule.trigger_problem}", ok=False)
        return
    words = trigger.describe()
    in_utc = f"{then.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if _is_older(then):
        text = f"the present one ({words}) has been in force since {local(schedule.effective_at, zone)}"
        yield Step("Trigger", f"{text}; {_UNKNOWN}, so only the record tells", None)
        return
    if then.former is not None and then.former.changed_at is not None:
        when = f"{local(then.former.changed_at, zone)} by {then.former.changed_by}"
        yield Step("Edit", f"its schedule was then another, until it was changed at {when}", None)
    if _is_chained(then):
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
    at = _meant(then)
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
    schedule, at = then.schedule, _meant(then)
    if schedule.status is ScheduleStatus.PAUSED and (
        schedule.paused_at is None or schedule.paused_at <= at
    ):
        until = schedule.paused_until
        if until is not None and until < at:
            return Step(
                "Pause", f"it is paused{_note(schedule)} until {local(until, zone)}", ok=True
            )
        return Step("Pause", f"it is paused{_note(schedule)}{_end(schedule)}", ok=False)
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


def _verdict(then: Then, asked: str) -> str:
    schedule, trigger, zone = then.schedule, then.schedule.trigger, then.schedule.timezone
    if trigger is None and then.job is None and then.range is None:
        return (
            f"{schedule.name} cannot run: its trigger cannot be read, {schedule.trigger_problem}."
        )
    what = _fate(then)
    if _is_exact(then):
        return f"{schedule.name} {what}.{_was(then)}"
    why = "; ".join(explain_trigger.mismatches(trigger, then.at)) if trigger is not None else ""
    # A time that comes twice matches field by field the second time too.
    why = why or "that time came before, in the first pass of a repeated hour"
    verb = "is" if then.former is None else "was"
    head = f"{schedule.name} {verb} not meant for {asked}: {why}"
    for other in then.others[:1]:
        made = f"{local(other.nominal_at, zone)} ({other.kind.value})"
        return f"{head}; but at {made} it {fate(other, (), zone, then.now)}.{_was(then)}"
    if then.occurrence is None:
        return f"{head}.{_was(then)}"
    near = local(then.occurrence, zone)
    return f"{head}. At the nearest time, {near}, it {what}.{_was(then)}"


def _was(then: Then) -> str:
    """Say that another trigger was in force then, as a sentence of its own."""
    trigger, former = then.schedule.trigger, then.former
    if former is None or former.changed_at is None or trigger is None:
        return ""
    zone = then.schedule.timezone
    words, when = trigger.describe(), local(former.changed_at, zone)
    return f" Its schedule was then another ({words}, {zone}), changed at {when}."


def _chained(then: Then) -> str:
    zone = then.schedule.timezone
    is_other = then.former is not None and then.former.changed_at is not None
    manner = "had no time of its own then" if is_other else explain_chained.manner(then.after)
    if then.others:
        near = min(then.others, key=lambda job: abs(job.nominal_at - then.at))
        return f"{manner}; at {local(near.nominal_at, zone)} it {fate(near, (), zone, then.now)}"
    why = explain_chained.hindrance(then.after, zone)
    return f"{manner}; {why or 'nothing of it is on record at about that time'}"


def _fate(then: Then) -> str:
    schedule, zone = then.schedule, then.schedule.timezone
    if then.job is not None:
        return fate(then.job, then.attempts, zone, then.now)
    if then.range is not None:
        if then.range.reason is SkipReason.RAN:
            return f"ran: {WORDS[SkipReason.RAN]}"
        detail = f" ({then.range.detail})" if then.range.detail else ""
        return f"did not run, because {WORDS[then.range.reason]}{detail}"
    at = _meant(then)
    if at <= schedule.created_at:
        return f"did not exist yet: it was created at {local(schedule.created_at, zone)}"
    if schedule.starts_at is not None and at < schedule.starts_at:
        return f"does not run before its start at {local(schedule.starts_at, zone)}"
    if schedule.ends_at is not None and at > schedule.ends_at:
        return f"does not run after its end at {local(schedule.ends_at, zone)}"
    if schedule.deleted_at is not None and at > schedule.deleted_at:
        return f"does not run: it was deleted at {local(schedule.deleted_at, zone)}"
    if _is_older(then):
        return (
            "has nothing on record for that instant; its trigger was changed since then, at "
            f"{local(schedule.effective_at, zone)}, and {_UNKNOWN}"
        )
    if then.former is not None:
        return "has nothing on record for that instant, though it was meant for it"
    if _is_planned(then):
        return "was due and has neither a job nor a reason on record; run `tfui doctor`"
    if schedule.status is ScheduleStatus.COMPLETED:
        return f"is completed and does not run any more{_max_runs(schedule)}"
    if at <= then.now:
        return f"was due and is not planned yet: {_unplanned(then)}"
    return _ahead(then, at)


def _ahead(then: Then, at: datetime) -> str:
    schedule, zone = then.schedule, then.schedule.timezone
    if schedule.status is ScheduleStatus.ACTIVE:
        start = at + jitter_offset(schedule.id, at, schedule.jitter)
        return f"will run in {brief(start - then.now)}, at {local(start, zone)}"
    if schedule.status is ScheduleStatus.FAILED:
        return f"will not run: it has failed ({schedule.status_note})"
    if schedule.paused_until is not None and schedule.paused_until < at:
        return f"will run: its pause ends before, at {local(schedule.paused_until, zone)}"
    end = _end(schedule)
    return f"will not run unless it is resumed: it is paused{_note(schedule)}{end}"


def _unplanned(then: Then) -> str:
    schedule, zone = then.schedule, then.schedule.timezone
    if schedule.status is ScheduleStatus.PAUSED:
        return f"the schedule is paused{_note(schedule)}; it will count as skipped when resumed"
    if schedule.status is ScheduleStatus.FAILED:
        return f"the schedule has failed ({schedule.status_note})"
    engines = then.engines
    if engines is not None and not engines.alive:
        if engines.last_seen_at is None:
            return "no engine has ever run; start one with `tfui` or `tfui engine`"
        seen = local(engines.last_seen_at, zone)
        return f"no engine is running, the last was seen at {seen}; start one with `tfui engine`"
    return "an engine is about to plan it"


def _end(schedule: ScheduleFacts) -> str:
    until = schedule.paused_until
    return "" if until is None else f" until {local(until, schedule.timezone)}"


def _note(schedule: ScheduleFacts) -> str:
    by = f" by {schedule.paused_by}" if schedule.paused_by else ""
    return by + (f" ({schedule.pause_note})" if schedule.pause_note else "")


def _max_runs(schedule: ScheduleFacts) -> str:
    if schedule.max_runs is None or schedule.runs_count < schedule.max_runs:
        return ""
    return f": it has had its {schedule.max_runs} run{'s' if schedule.max_runs > 1 else ''}"


def _is_chained(then: Then) -> bool:
    """Whether it had no time of its own then."""
    return explain_chained.is_chained(then.schedule) and not _is_older(then)


def _is_exact(then: Then) -> bool:
    """Whether the instant asked about is the one that is told of."""
    trigger = then.schedule.trigger
    return trigger is None or _is_older(then) or occurrence_at(trigger, then.at) is not None


def _meant(then: Then) -> datetime:
    """Give the instant whose fate is told: the occurrence, or what was asked where there is none."""
    return then.at if then.occurrence is None else then.occurrence


def _is_older(then: Then) -> bool:
    """Whether another trigger was in force then, and it is not known which."""
    schedule = then.schedule
    return (
        then.former is None
        and schedule.created_at < then.at <= schedule.effective_at
        and (schedule.starts_at is None or then.at >= schedule.starts_at)
    )


def _is_planned(then: Then) -> bool:
    """Whether the ledger must know the occurrence."""
    schedule, occurrence = then.schedule, then.occurrence
    return (
        occurrence is not None
        and then.former is None
        and not _is_older(then)
        and schedule.effective_at < occurrence <= schedule.cursor_at
    )


def _is_due(then: Then) -> bool:
    """Whether the occurrence should have been planned by now."""
    schedule, occurrence = then.schedule, then.occurrence
    return (
        occurrence is not None
        and not _is_older(then)
        and schedule.cursor_at < occurrence <= then.now
        and schedule.status is not ScheduleStatus.COMPLETED
        and schedule.deleted_at is None
        and (schedule.ends_at is None or occurrence <= schedule.ends_at)
    )


def _clears_at(then: Then) -> datetime | None:
    if then.job is not None and then.job.started_at is None and then.job.finished_at is None:
        return then.job.available_at if then.job.available_at > then.now else None
    if then.occurrence is None or then.occurrence <= then.now or then.job is not None:
        return None
    schedule = then.schedule
    if schedule.status is not ScheduleStatus.ACTIVE or schedule.deleted_at is not None:
        return None
    return then.occurrence + jitter_offset(schedule.id, then.occurrence, schedule.jitter)
