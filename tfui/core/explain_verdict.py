"""What became of an instant, or will, in a sentence; and what sort of an instant it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core import explain_chained, explain_trigger
from tfui.core.explain_job import brief, fate
from tfui.core.explain_trigger import local, occurrence_at
from tfui.core.jitter import offset as jitter_offset
from tfui.core.reasons import WORDS
from tfui.core.states import ScheduleStatus, SkipReason

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.facts import ScheduleFacts, Then

UNKNOWN = "the journal does not tell what it was before"


def verdict(then: Then, asked: str) -> str:
    """Say in a sentence or two what became of the instant, or will."""
    schedule, trigger, zone = then.schedule, then.schedule.trigger, then.schedule.timezone
    if trigger is None and then.job is None and then.range is None:
        return (
            f"{schedule.name} cannot run: its trigger cannot be read, {schedule.trigger_problem}."
        )
    what = _fate(then)
    if is_exact(then):
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


def chained(then: Then) -> str:
    """Say it of a schedule that had no time of its own, as what follows its name."""
    zone = then.schedule.timezone
    is_other = then.former is not None and then.former.changed_at is not None
    manner = "had no time of its own then" if is_other else explain_chained.manner(then.after)
    if then.others:
        near = min(then.others, key=lambda job: abs(job.nominal_at - then.at))
        what = f"at {local(near.nominal_at, zone)} it {fate(near, (), zone, then.now)}"
    else:
        what = explain_chained.hindrance(then.after, zone)
    what = what or "nothing of it is on record at about that time"
    return f"{manner}; {what}{_completed(then.schedule)}"


def _completed(schedule: ScheduleFacts) -> str:
    if schedule.status is not ScheduleStatus.COMPLETED:
        return ""
    return f"; it is completed and does not run any more{_max_runs(schedule)}"


def _fate(then: Then) -> str:
    schedule, zone = then.schedule, then.schedule.timezone
    if then.job is not None:
        return fate(then.job, then.attempts, zone, then.now)
    if then.range is not None:
        if then.range.reason is SkipReason.RAN:
            return f"ran: {WORDS[SkipReason.RAN]}"
        detail = f" ({then.range.detail})" if then.range.detail else ""
        return f"did not run, because {WORDS[then.range.reason]}{detail}"
    at = meant(then)
    if at <= schedule.created_at:
        return f"did not exist yet: it was created at {local(schedule.created_at, zone)}"
    if schedule.starts_at is not None and at < schedule.starts_at:
        return f"does not run before its start at {local(schedule.starts_at, zone)}"
    if schedule.ends_at is not None and at > schedule.ends_at:
        return f"does not run after its end at {local(schedule.ends_at, zone)}"
    if schedule.deleted_at is not None and at > schedule.deleted_at:
        return f"does not run: it was deleted at {local(schedule.deleted_at, zone)}"
    if is_older(then):
        return (
            "has nothing on record for that instant; its trigger was changed since then, at "
            f"{local(schedule.effective_at, zone)}, and {UNKNOWN}"
        )
    if then.former is not None:
        return "has nothing on record for that instant, though it was meant for it"
    if is_planned(then):
        return "was due and has neither a job nor a reason on record; run `tfui doctor`"
    if schedule.status is ScheduleStatus.COMPLETED:
        return f"is completed and does not run any more{_max_runs(schedule)}"
    if at <= then.now:
        return f"was due and is not planned yet: {unplanned(then)}"
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
    end = ending(schedule)
    return f"will not run unless it is resumed: it is paused{note(schedule)}{end}"


def unplanned(then: Then) -> str:
    """Say why what is due is not planned."""
    schedule, zone = then.schedule, then.schedule.timezone
    if schedule.status is ScheduleStatus.PAUSED:
        return f"the schedule is paused{note(schedule)}; it will count as skipped when resumed"
    if schedule.status is ScheduleStatus.FAILED:
        return f"the schedule has failed ({schedule.status_note})"
    engines = then.engines
    if engines is not None and not engines.alive:
        if engines.last_seen_at is None:
            return "no engine has ever run; start one with `tfui` or `tfui engine`"
        seen = local(engines.last_seen_at, zone)
        return f"no engine is running, the last was seen at {seen}; start one with `tfui engine`"
    return "an engine is about to plan it"


def ending(schedule: ScheduleFacts) -> str:
    """Say until when it is paused."""
    until = schedule.paused_until
    return "" if until is None else f" until {local(until, schedule.timezone)}"


def note(schedule: ScheduleFacts) -> str:
    """Say by whom it was paused, and why."""
    by = f" by {schedule.paused_by}" if schedule.paused_by else ""
    return by + (f" ({schedule.pause_note})" if schedule.pause_note else "")


def _max_runs(schedule: ScheduleFacts) -> str:
    if schedule.max_runs is None or schedule.runs_count < schedule.max_runs:
        return ""
    return f": it has had its {schedule.max_runs} run{'s' if schedule.max_runs > 1 else ''}"


def is_chained(then: Then) -> bool:
    """Whether it had no time of its own then."""
    return explain_chained.is_chained(then.schedule) and not is_older(then)


def is_exact(then: Then) -> bool:
    """Whether the instant asked about is the one that is told of."""
    trigger = then.schedule.trigger
    return trigger is None or is_older(then) or occurrence_at(trigger, then.at) is not None


def meant(then: Then) -> datetime:
    """Give the instant whose fate is told: the occurrence, or what was asked where there is none."""
    return then.at if then.occurrence is None else then.occurrence


def is_older(then: Then) -> bool:
    """Whether another trigger was in force then, and it is not known which."""
    schedule = then.schedule
    return (
        then.former is None
        and schedule.created_at < then.at <= schedule.effective_at
        and (schedule.starts_at is None or then.at >= schedule.starts_at)
    )


def is_planned(then: Then) -> bool:
    """Whether the ledger must know the occurrence."""
    schedule, occurrence = then.schedule, then.occurrence
    return (
        occurrence is not None
        and then.former is None
        and not is_older(then)
        and schedule.effective_at < occurrence <= schedule.cursor_at
    )


def is_due(then: Then) -> bool:
    """Whether the occurrence should have been planned by now."""
    schedule, occurrence = then.schedule, then.occurrence
    return (
        occurrence is not None
        and not is_older(then)
        and schedule.cursor_at < occurrence <= then.now
        and schedule.status is not ScheduleStatus.COMPLETED
        and schedule.deleted_at is None
        and (schedule.ends_at is None or occurrence <= schedule.ends_at)
    )
