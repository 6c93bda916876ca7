"""What a schedule waits for now, or what holds it up, with the instant that clears it where known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tfui.core import explain_chained
from tfui.core.explain_chained import is_chained
from tfui.core.explain_job import brief, fate, parent_steps, wrong
from tfui.core.explain_trigger import local
from tfui.core.explanation import Explanation, Step
from tfui.core.facts import MOST_AHEAD
from tfui.core.health import LATE_AFTER
from tfui.core.identifiers import short
from tfui.core.jitter import offset as jitter_offset
from tfui.core.states import AttemptOutcome, JobStatus, Overlap, ScheduleStatus, WaitReason
from tfui.core.unknown import Words
from tfui.core.words import listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tfui.core.facts import JobFacts, Now, QueueFacts, ScheduleFacts

_LISTED = 5  # of a hundred jobs that wait one behind the other the first few tell all
_BAD = frozenset({AttemptOutcome.FAILED, AttemptOutcome.TIMED_OUT, AttemptOutcome.LOST})
START_ONE = "start one with `tfui` or `tfui engine`"


class Hold(NamedTuple):
    """What holds a job up."""

    title: str
    text: str
    clears_at: datetime | None = None
    is_passing: bool = False
    """It clears by itself within moments."""


def explain(now: Now) -> Explanation:
    """Walk the chain for the present."""
    schedule = now.schedule
    job = now.live[0] if now.live else None
    hold = None if job is None or job.status is JobStatus.RUNNING else hold_of(job, now)
    return Explanation(
        question=f"What is {schedule.name} waiting for?"
        if job is None or job.status is not JobStatus.RUNNING
        else f"What is {schedule.name} doing?",
        verdict=f"{schedule.name} {_verdict(now, job, hold)}{_failed(now, job)}.",
        steps=tuple(_steps(now, job, hold)),
        clears_at=_clears_at(now, job, hold),
    )


def hold_of(job: JobFacts, now: Now) -> Hold:
    """Judge what holds a job up: the record says so, unless its reason has passed meanwhile."""
    zone, reason = now.schedule.timezone, job.wait_reason
    if job.available_at > now.now and job.status is JobStatus.QUEUED:
        return _not_yet(job, now)
    if reason is WaitReason.OVERLAP and job.status is JobStatus.BLOCKED:
        return _overlap(job, now)
    if now.parents or reason is WaitReason.DEPENDENCY:
        text = listing([parent.schedule or f"job {short(parent.job_id)}" for parent in now.parents])
        return Hold("Dependency", f"it waits for {text or 'another job'}")
    if now.engines.alive == 0:
        since = now.engines.last_seen_at
        seen = (
            "none has ever run" if since is None else f"the last was seen at {local(since, zone)}"
        )
        return Hold("Engine", f"no engine is running ({seen}); {START_ONE}", None)
    queue = now.queue
    if _is_paused(queue, now.now):
        return _queue_paused(queue, zone)
    if reason is WaitReason.RATE:
        return _rate(now)
    if _is_full(queue):
        return _no_room(queue, now)
    if reason is WaitReason.CONCURRENCY:
        text = (
            f"all {now.engines.seats} seats of the running engines are taken{_held_by(queue, now)}"
        )
        return Hold("Engine", text + _before_it(queue.ahead), None)
    return Hold("Engine", "an engine is about to take it up", is_passing=True)


def _not_yet(job: JobFacts, now: Now) -> Hold:
    at, zone = job.available_at, now.schedule.timezone
    when = f"{local(at, zone)}, in {brief(at - now.now)}"
    if job.wait_reason is WaitReason.RETRY:
        last = now.last_attempt
        why = (
            "" if last is None else f"; attempt {last.number}: {wrong(last.exit_code, last.error)}"
        )
        text = f"it tries again ({job.attempt + 1}/{job.max_attempts}) at {when}{why}"
        return Hold("Retry", text, at)
    if job.wait_reason is WaitReason.JITTER:
        return Hold("Jitter", f"its start was moved by jitter to {when}", at)
    return Hold("Job", f"it may start at {when}", at)


def _overlap(job: JobFacts, now: Now) -> Hold:
    ahead = [one for one in now.live if one.id != job.id and one.status is not JobStatus.BLOCKED]
    if not ahead:
        text = "the job it waited for has ended, and an engine is about to let it go"
        return Hold("Overlap", text, is_passing=True)
    first = ahead[0]
    since = first.started_at
    how = first.status.value + ("" if since is None else f" for {brief(now.now - since)}")
    return Hold("Overlap", f"it waits for job {short(first.id)}, which is {how}", None)


def _queue_paused(queue: QueueFacts, zone: str) -> Hold:
    by = f" by {queue.paused_by}" if queue.paused_by else ""
    note = f" ({queue.pause_note})" if queue.pause_note else ""
    until = queue.paused_until
    end = f"until {local(until, zone)}" if until else "until it is resumed"
    return Hold("Queue", f"the queue {queue.name} is paused{by}{note} {end}", until)


def _rate(now: Now) -> Hold:
    rate, queue = now.rate, now.queue
    if rate is None:
        return Hold("Limit", "its job type had used up its starts of this minute", None)
    text = f"{rate.recent} of {rate.per_minute} starts of the last minute are used"
    text += _before_it(rate.ahead)
    unknown = ""
    if rate.ahead_held:
        unknown = f", {rate.ahead_held:,} of them in queues that are paused or full"
    if _is_full(queue):
        unknown += f"; the queue {queue.name} is full"
    if unknown or rate.clears_at is None:
        return Hold("Limit", f"{text}{unknown}; when its turn comes cannot be known", None)
    when = local(rate.clears_at, now.schedule.timezone)
    return Hold("Limit", f"{text}; its turn comes at {when}", rate.clears_at)


def _no_room(queue: QueueFacts, now: Now) -> Hold:
    places = "its one place" if queue.concurrency == 1 else f"all {queue.concurrency} places"
    text = f"the queue {queue.name} has {places} taken{_held_by(queue, now)}"
    text += _before_it(queue.ahead)
    return Hold("Concurrency", text, None)


def _held_by(queue: QueueFacts, now: Now) -> str:
    if not queue.holders:
        return ""
    names = []
    for holder in queue.holders:
        name = holder.schedule or f"job {short(holder.job_id)}"
        since = holder.started_at
        names.append(name if since is None else f"{name} for {brief(now.now - since)}")
    rest = queue.running - len(names)
    return " by " + listing([*names, f"{rest} more"] if rest > 0 else names)


def _before_it(ahead: int) -> str:
    if not ahead:
        return ""
    more = " or more" if ahead == MOST_AHEAD else ""
    jobs = "1 job is" if ahead == 1 else f"{ahead:,}{more} jobs are"
    return f"; {jobs} before it"


def _steps(now: Now, job: JobFacts | None, hold: Hold | None) -> Iterator[Step]:
    schedule, zone = now.schedule, now.schedule.timezone
    yield _trigger(now)
    yield _status(schedule, zone)
    last = now.last_attempt
    if job is None and last is not None and last.outcome in _BAD:
        text = f"attempt {last.number} ended at {local(last.finished_at, zone)}: {wrong(last.exit_code, last.error)}"
        yield Step("Last run", text, ok=False)
    yield from explain_chained.limit(schedule)
    for one in now.live[:_LISTED]:
        text = f"{short(one.id)} {fate(one, (), zone, now.now)}"
        yield Step("Job", text, True if one.status is JobStatus.RUNNING else None)
    more = max(now.live_count, len(now.live)) - _LISTED
    if more > 0:
        yield Step("Job", f"and {more:,} more that have not ended", None)
    if job is not None and schedule.next_run_at is not None:
        yield Step("Overlap", _overlap_policy(schedule), None)
    yield from parent_steps(now.parents)
    yield from explain_chained.steps(now.after, zone, now.now)
    if hold is not None and hold.title not in {"Engine", "Queue", "Dependency", "Job"}:
        yield Step(hold.title, hold.text, hold.is_passing)
    yield _queue(now)
    yield _engines(now, hold)


def _trigger(now: Now) -> Step:
    schedule, zone = now.schedule, now.schedule.timezone
    if schedule.trigger is None:
        return Step("Trigger", f"cannot be read: {schedule.trigger_problem}", ok=False)
    words = f"{schedule.trigger.describe()} ({zone})"
    due = schedule.next_run_at
    if due is None:
        is_over = schedule.status is not ScheduleStatus.PAUSED and not is_chained(schedule)
        return Step("Trigger", f"{words}: nothing is left to run" if is_over else words, None)
    start = due + jitter_offset(schedule.id, due, schedule.jitter)
    jitter = "" if start == due else f" ({local(start, zone)} with its jitter)"
    if due <= now.now:
        return Step("Trigger", f"{words}: due since {local(due, zone)}{jitter}", ok=True)
    return Step("Trigger", f"{words}: next at {local(due, zone)}{jitter}", ok=True)


def _status(schedule: ScheduleFacts, zone: str) -> Step:
    if schedule.deleted_at is not None:
        return Step("Schedule", f"was deleted at {local(schedule.deleted_at, zone)}", ok=False)
    if schedule.status is ScheduleStatus.PAUSED:
        return Step("Pause", f"it is paused{_pause_words(schedule)}", ok=False)
    if schedule.status is ScheduleStatus.ACTIVE:
        return Step("Schedule", "it is active", ok=True)
    note = f": {schedule.status_note}" if schedule.status_note else ""
    return Step("Schedule", f"it is {schedule.status.value}{note}", ok=False)


def _queue(now: Now) -> Step:
    queue, zone = now.queue, now.schedule.timezone
    if _is_paused(queue, now.now):
        return Step("Queue", _queue_paused(queue, zone).text, ok=False)
    room = "no limit" if queue.concurrency is None else f"room for {queue.concurrency}"
    text = f"{queue.name} runs {queue.running} now and has {room}"
    return Step("Queue", text, not _is_full(queue))


def _engines(now: Now, hold: Hold | None) -> Step:
    if hold is not None and hold.title == "Engine":
        return Step("Engine", hold.text, hold.is_passing)
    if now.engines.alive == 0:
        return Step("Engine", f"no engine is running; {START_ONE}", ok=False)
    many = "engine is" if now.engines.alive == 1 else "engines are"
    text = f"{now.engines.alive} {many} running with {now.engines.seats} seats"
    return Step("Engine", text, ok=True)


def _overlap_policy(schedule: ScheduleFacts) -> str:
    meets = Words(
        {
            Overlap.SKIP: "an occurrence that is due before it has ended is skipped",
            Overlap.BUFFER_ONE: "one occurrence waits for it to end, others are skipped",
            Overlap.BUFFER_ALL: "occurrences wait for it to end, up to 100 of them",
            Overlap.CANCEL_RUNNING: "the next occurrence cancels it",
            Overlap.ALLOW: "the next occurrence runs beside it",
        }
    )
    return f"{schedule.overlap.value}: {meets[schedule.overlap]}"


def _verdict(now: Now, job: JobFacts | None, hold: Hold | None) -> str:
    schedule, zone = now.schedule, now.schedule.timezone
    if job is not None and hold is None:
        return fate(job, (), zone, now.now)
    if hold is not None:
        return f"has a job that does not run yet: {hold.text}{_besides(now, hold)}"
    if schedule.deleted_at is not None:
        return f"was deleted at {local(schedule.deleted_at, zone)} and will not run"
    if schedule.trigger is None:
        return f"cannot run: its trigger cannot be read, {schedule.trigger_problem}"
    if schedule.status is ScheduleStatus.PAUSED:
        return f"is paused{_pause_words(schedule)}"
    if schedule.status is ScheduleStatus.FAILED:
        return f"has failed and runs no more until it is resumed: {schedule.status_note}"
    due = schedule.next_run_at
    if schedule.status is ScheduleStatus.ACTIVE and is_chained(schedule):
        return explain_chained.manner(now.after)
    if schedule.status is ScheduleStatus.COMPLETED or due is None:
        return "is completed: nothing is left to run"
    return _next(now, due)


def _failed(now: Now, job: JobFacts | None) -> str:
    """Say that the newest run went wrong, when nothing has begun since."""
    last = now.last_attempt
    if job is not None or last is None or last.outcome not in _BAD:
        return ""
    return f"; its last run failed: {wrong(last.exit_code, last.error)}"


def _besides(now: Now, hold: Hold) -> str:
    """Say that nobody is there to start it when what is named has passed."""
    is_said = hold.title == "Engine" or now.engines.alive > 0
    return "" if is_said else f"; and no engine is running, {START_ONE}"


def _next(now: Now, due: datetime) -> str:
    schedule, zone = now.schedule, now.schedule.timezone
    start = due + jitter_offset(schedule.id, due, schedule.jitter)
    if now.engines.alive == 0:
        if due <= now.now:
            return f"was due at {local(due, zone)}, and no engine is running; {START_ONE}"
        return f"will be due at {local(due, zone)}, but no engine is running; {START_ONE}"
    if now.now - due > LATE_AFTER:
        return f"was due at {local(due, zone)} and no engine has planned it yet; run `tfui doctor`"
    if due <= now.now:
        return "is due, and an engine is about to plan it"
    return f"waits for its time: it runs in {brief(start - now.now)}, at {local(start, zone)}"


def _clears_at(now: Now, job: JobFacts | None, hold: Hold | None) -> datetime | None:
    if hold is not None:
        return hold.clears_at
    schedule = now.schedule
    if job is not None or schedule.deleted_at is not None or schedule.trigger is None:
        return None
    if schedule.status is ScheduleStatus.PAUSED:
        return schedule.paused_until
    due = schedule.next_run_at
    if schedule.status is not ScheduleStatus.ACTIVE or due is None or due <= now.now:
        return None
    return due + jitter_offset(schedule.id, due, schedule.jitter)


def _pause_words(schedule: ScheduleFacts) -> str:
    by = f" by {schedule.paused_by}" if schedule.paused_by else ""
    note = f" ({schedule.pause_note})" if schedule.pause_note else ""
    if schedule.paused_until is None:
        return f"{by}{note} until somebody resumes it"
    return f"{by}{note} until {local(schedule.paused_until, schedule.timezone)}"


def _is_paused(queue: QueueFacts, now: datetime) -> bool:
    return queue.paused_at is not None and (queue.paused_until is None or queue.paused_until > now)


def _is_full(queue: QueueFacts) -> bool:
    return queue.concurrency is not None and queue.running >= queue.concurrency
