"""Explanations: each link of the chain has its sentence, and the verdict names the one that decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.world import NOON, utc
from tfui.core import trigger as triggers
from tfui.core.explain import explain
from tfui.core.explain_trigger import nearest, occurrence_at
from tfui.core.facts import (
    MOST_AHEAD,
    AfterFacts,
    AttemptFacts,
    EngineFacts,
    HolderFacts,
    JobFacts,
    Now,
    ParentFacts,
    PauseFacts,
    QueueFacts,
    RangeFacts,
    RateFacts,
    ScheduleFacts,
    Then,
)
from tfui.core.identifiers import short
from tfui.core.reasons import LINKS, WORDS
from tfui.core.states import (
    AttemptOutcome,
    DependencyType,
    JobKind,
    JobStatus,
    Overlap,
    ScheduleStatus,
    SkipReason,
    WaitReason,
)

if TYPE_CHECKING:
    from tfui.core.explanation import Explanation

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
A_JOB = UUID(int=1)
A_SCHEDULE = UUID(int=2)
ALIVE = EngineFacts(alive=1, seats=4, last_seen_at=NOON)
GONE = EngineFacts(alive=0, seats=0, last_seen_at=NOON - HOUR)
FREE = QueueFacts(
    name="default",
    concurrency=None,
    paused_at=None,
    paused_by=None,
    pause_note=None,
    paused_until=None,
    running=0,
    holders=(),
    ahead=0,
)


def a_schedule(
    expression: str = "*/15 * * * *", zone: str = "UTC", **changes: Any
) -> ScheduleFacts:
    """Give a schedule that was created a day before noon and is planned up to noon."""
    trigger = triggers.parse("cron", expression, zone=zone, anchor=NOON)
    values: dict[str, Any] = {
        "id": A_SCHEDULE,
        "name": "backup",
        "trigger": trigger,
        "trigger_problem": None,
        "timezone": zone,
        "status": ScheduleStatus.ACTIVE,
        "status_note": None,
        "created_at": NOON - DAY,
        "deleted_at": None,
        "starts_at": None,
        "ends_at": None,
        "effective_at": NOON - DAY,
        "cursor_at": NOON,
        "next_run_at": trigger.next_after(NOON),
        "paused_at": None,
        "paused_by": None,
        "pause_note": None,
        "paused_until": None,
        "max_runs": None,
        "runs_count": 0,
        "overlap": Overlap.SKIP,
        "jitter": timedelta(0),
    }
    return ScheduleFacts(**{**values, **changes})


def a_job(**changes: Any) -> JobFacts:
    """Give the job of noon, which ran for three seconds and succeeded."""
    values: dict[str, Any] = {
        "id": A_JOB,
        "queue_id": A_JOB,
        "kind": JobKind.SCHEDULED,
        "status": JobStatus.SUCCEEDED,
        "nominal_at": NOON,
        "available_at": NOON,
        "attempt": 1,
        "max_attempts": 3,
        "priority": 0,
        "wait_reason": None,
        "started_at": NOON,
        "finished_at": NOON + timedelta(seconds=3),
        "lease_until": None,
        "cancelled_by": None,
        "exit_code": None,
        "error": None,
    }
    return JobFacts(**{**values, **changes})


def a_waiting_job(reason: WaitReason, **changes: Any) -> JobFacts:
    """Give the job of noon as it waits."""
    status = JobStatus.BLOCKED if reason is WaitReason.OVERLAP else JobStatus.QUEUED
    values = {"status": status, "wait_reason": reason, "started_at": None, "finished_at": None}
    return a_job(**{**values, "attempt": 0, **changes})


def a_range(reason: SkipReason, **changes: Any) -> RangeFacts:
    """Give the range of noon alone."""
    values: dict[str, Any] = {"from_at": NOON, "to_at": NOON, "count": 1, "detail": None}
    return RangeFacts(**{**values, "reason": reason, **changes})


def then(at: datetime = NOON, **changes: Any) -> Explanation:
    """Ask about an instant, a minute past noon."""
    schedule = changes.pop("schedule", a_schedule())
    values = {"now": NOON + MINUTE, "engines": ALIVE, **changes}
    if "occurrence" not in values:
        values["occurrence"] = nearest(schedule.trigger, at)
    return explain(Then(schedule=schedule, at=at, **values))


def now(*live: JobFacts, **changes: Any) -> Explanation:
    """Ask about the present, a minute past noon."""
    values = {"schedule": a_schedule(), "engines": ALIVE, "queue": FREE, **changes}
    return explain(Now(now=NOON + MINUTE, live=live, **values))


def titles(found: Explanation, *, ok: bool | None) -> list[str]:
    """Give the titles of the steps with that sign."""
    return [step.title for step in found.steps if step.ok is ok]


def test_what_ran_says_how_it_went() -> None:
    found = then(job=a_job())

    assert found.question == "Why did backup run at 2026-01-05 12:00 +00:00?"
    assert found.verdict == "backup ran on time and succeeded in 3 seconds."
    assert titles(found, ok=False) == []


def test_a_late_start_says_how_late() -> None:
    job = a_job(started_at=NOON + 12 * MINUTE, finished_at=NOON + 13 * MINUTE)

    assert then(job=job).verdict == "backup ran 12 minutes late and succeeded in 1 minute."


def test_jitter_is_not_lateness() -> None:
    schedule = a_schedule(jitter=10 * MINUTE)
    job = a_job(
        available_at=NOON + 5 * MINUTE, started_at=NOON + 5 * MINUTE, finished_at=NOON + HOUR
    )
    found = then(schedule=schedule, job=job)

    assert "on time" in found.verdict
    assert "Jitter" in titles(found, ok=None)


def test_a_failure_tells_its_last_error_and_every_attempt() -> None:
    tried = tuple(
        AttemptFacts(
            number=number,
            outcome=AttemptOutcome.FAILED,
            started_at=NOON + number * MINUTE - MINUTE,
            finished_at=NOON + number * MINUTE,
            node="hut",
            exit_code=2,
            error="no space",
        )
        for number in (1, 2)
    )
    job = a_job(status=JobStatus.FAILED, attempt=2, max_attempts=2, exit_code=2, error="no space")
    found = then(job=job, attempts=tried)

    assert (
        found.verdict == "backup ran on time and failed: no space (exit code 2) (attempt 2 of 2)."
    )
    assert titles(found, ok=False) == ["Job", "Attempt 1", "Attempt 2"]


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_reason_of_the_ledger_has_its_sentence_and_its_link(reason: SkipReason) -> None:
    found = then(range=a_range(reason, detail="as noted"))

    assert WORDS[reason] in found.verdict
    assert LINKS[reason] in [step.title for step in found.steps]
    assert "unknown" not in found.verdict


def test_an_overlap_names_the_job_that_was_in_the_way() -> None:
    blocker = a_job(nominal_at=NOON - HOUR, started_at=NOON - HOUR, finished_at=None)
    found = then(range=a_range(SkipReason.SKIP_OVERLAP), blocker=blocker)

    assert any(short(A_JOB) in step.text for step in found.steps if step.title == "Overlap")


def test_a_pause_is_told_with_who_and_until_when() -> None:
    pause = PauseFacts(at=NOON - HOUR, by="olga", note="disk swap", resumed_at=NOON + MINUTE)
    found = then(range=a_range(SkipReason.SKIP_PAUSED), pause=pause)

    (step,) = [step for step in found.steps if step.title == "Pause"]
    assert step.text == (
        "it was paused by olga at 2026-01-05 11:00 +00:00 (disk swap), until 2026-01-05 12:01 +00:00"
    )
    assert step.ok is False


def test_a_time_that_is_not_the_triggers_names_the_field() -> None:
    found = then(utc("2026-01-05 12:04"), occurrence=NOON, job=a_job(), now=NOON + HOUR)

    assert found.verdict == (
        "backup is not meant for 2026-01-05 12:04 +00:00: minute 4 is not in */15. "
        "At the nearest time, 2026-01-05 12:00 +00:00, it ran on time and succeeded in 3 seconds."
    )
    assert found.question == "Why did backup not run at 2026-01-05 12:04 +00:00?"
    assert titles(found, ok=False) == ["Trigger", "minute"]


def test_a_run_by_hand_at_that_time_is_not_overlooked() -> None:
    at = utc("2026-01-05 12:04")
    found = then(at, occurrence=NOON, others=(a_job(kind=JobKind.MANUAL, nominal_at=at),))

    assert found.verdict.endswith(
        "minute 4 is not in */15; but at 2026-01-05 12:04 +00:00 (manual) it ran on time and "
        "succeeded in 3 seconds."
    )


def test_each_field_that_does_not_match_is_named() -> None:
    schedule = a_schedule("0 6 1 2 *")
    found = then(utc("2026-01-05 12:04"), schedule=schedule)

    assert titles(found, ok=False)[:5] == ["Trigger", "minute", "hour", "day of month", "month"]


def test_two_day_fields_of_which_either_is_enough_are_told_as_one() -> None:
    schedule = a_schedule("0 12 13 * FRI")
    found = then(NOON, schedule=schedule)

    (step,) = [step for step in found.steps if step.title == "day of month or week"]
    assert step.text == "5th is not in 13, Monday is not in FRI: either is enough"


def test_a_time_that_a_gap_swallowed_runs_at_its_end() -> None:
    """On 29 March 2026 Berlin has no 02:30; the run starts at 03:00."""
    schedule = a_schedule("30 2 * * *", "Europe/Berlin", cursor_at=utc("2026-04-01 00:00"))
    at = utc("2026-03-29 01:00")
    found = then(at, schedule=schedule, job=a_job(nominal_at=at), now=utc("2026-04-01 00:00"))

    assert occurrence_at(schedule.trigger, at) == at  # type: ignore[arg-type]  # it is set
    (step,) = [step for step in found.steps if step.title == "Clock change"]
    assert "from 02:00 to 03:00" in step.text
    assert "starts at 03:00" in step.text


@pytest.mark.parametrize(
    ("now", "verb"), [("2026-03-28 12:00", "goes"), ("2026-04-01 00:00", "went")]
)
def test_a_clock_change_to_come_is_not_told_as_past(now: str, verb: str) -> None:
    schedule = a_schedule("30 2 * * *", "Europe/Berlin")
    found = then(utc("2026-03-29 01:00"), schedule=schedule, now=utc(now))

    (step,) = [step for step in found.steps if step.title == "Clock change"]
    assert f"the clock of Europe/Berlin {verb} from 02:00 to 03:00" in step.text


def test_the_second_pass_of_a_repeated_hour_says_so() -> None:
    """On 25 October 2026 Berlin has 02:30 twice; a fixed job runs the first time."""
    schedule = a_schedule("30 2 * * *", "Europe/Berlin", cursor_at=utc("2026-11-01 00:00"))
    found = then(
        utc("2026-10-25 01:30"), schedule=schedule, now=utc("2026-11-01 00:00"), job=a_job()
    )

    assert "that time came before, in the first pass of a repeated hour" in found.verdict


def test_a_recurring_schedule_counts_from_its_anchor() -> None:
    trigger = triggers.parse("recurring", "1h", anchor=NOON - DAY)
    found = then(
        NOON + 20 * MINUTE, schedule=a_schedule(trigger=trigger), job=a_job(), occurrence=NOON
    )

    assert "elapsed time 20 minutes away from a whole number of periods" in found.verdict


def test_a_time_before_its_creation_is_outside_of_the_window() -> None:
    found = then(NOON - 2 * DAY)

    assert "did not exist yet" in found.verdict
    assert "Window" in titles(found, ok=False)


def test_a_time_after_its_end_is_outside_of_the_window() -> None:
    found = then(NOON, schedule=a_schedule(ends_at=NOON - HOUR, cursor_at=NOON - HOUR))

    assert "does not run after its end at 2026-01-05 11:00 +00:00" in found.verdict


def test_a_time_before_its_start_is_outside_of_the_window() -> None:
    start = NOON + HOUR
    schedule = a_schedule(starts_at=start, effective_at=start, cursor_at=start)
    found = then(NOON, schedule=schedule, occurrence=None)

    assert "does not run before its start at 2026-01-05 13:00 +00:00" in found.verdict


def test_a_time_under_an_older_trigger_says_what_it_cannot_know() -> None:
    found = then(NOON - HOUR, schedule=a_schedule(effective_at=NOON), occurrence=None)

    assert "its trigger was changed since then, at 2026-01-05 12:00 +00:00" in found.verdict
    assert "the journal does not tell what it was before" in found.verdict
    assert "Trigger" in titles(found, ok=None)


def test_an_occurrence_with_no_record_is_lost_and_says_so() -> None:
    found = then(NOON)

    assert found.verdict.endswith("neither a job nor a reason on record; run `tfui doctor`.")
    assert titles(found, ok=False) == ["Record"]


def test_an_occurrence_that_nobody_planned_says_that_no_engine_runs() -> None:
    found = then(NOON, schedule=a_schedule(cursor_at=NOON - HOUR), engines=GONE)

    assert "no engine is running, the last was seen at 2026-01-05 11:00 +00:00" in found.verdict
    assert titles(found, ok=False) == ["Engine"]


def test_a_coming_occurrence_says_when_it_starts() -> None:
    at = utc("2026-01-05 12:15")
    found = then(at)

    assert found.question == "Will backup run at 2026-01-05 12:15 +00:00?"
    assert found.verdict == "backup will run in 14 minutes, at 2026-01-05 12:15 +00:00."
    assert at == found.clears_at


def test_a_coming_occurrence_of_a_paused_schedule_does_not_run() -> None:
    schedule = a_schedule(status=ScheduleStatus.PAUSED, paused_by="olga", pause_note="moving")
    found = then(utc("2026-01-05 12:15"), schedule=schedule)

    assert "will not run unless it is resumed: it is paused by olga (moving)" in found.verdict
    assert titles(found, ok=False) == ["Pause"]


def test_a_pause_that_ends_after_the_occurrence_says_when() -> None:
    schedule = a_schedule(status=ScheduleStatus.PAUSED, paused_until=NOON + HOUR)
    found = then(utc("2026-01-05 12:15"), schedule=schedule)

    assert "is resumed: it is paused until 2026-01-05 13:00 +00:00" in found.verdict


def test_a_pause_that_ends_before_the_occurrence_does_not_keep_it_back() -> None:
    schedule = a_schedule(status=ScheduleStatus.PAUSED, paused_until=NOON + 5 * MINUTE)
    found = then(utc("2026-01-05 12:15"), schedule=schedule)

    assert "will run: its pause ends before, at 2026-01-05 12:05 +00:00" in found.verdict
    assert titles(found, ok=False) == []


def test_a_trigger_that_cannot_be_read_is_the_whole_answer() -> None:
    schedule = a_schedule(trigger=None, trigger_problem="minute: 61 is too much")
    found = then(NOON, schedule=schedule, occurrence=None)

    assert "cannot run: its trigger cannot be read, minute: 61 is too much" in found.verdict
    assert now(schedule=schedule).verdict.startswith("backup cannot run")


def test_an_idle_schedule_waits_for_its_time() -> None:
    found = now()

    assert found.question == "What is backup waiting for?"
    assert found.verdict == (
        "backup waits for its time: it runs in 14 minutes, at 2026-01-05 12:15 +00:00."
    )
    assert utc("2026-01-05 12:15") == found.clears_at
    assert titles(found, ok=False) == []


def test_a_paused_schedule_says_who_why_and_until_when() -> None:
    until = NOON + HOUR
    schedule = a_schedule(
        status=ScheduleStatus.PAUSED, paused_by="olga", pause_note="moving", paused_until=until
    )
    found = now(schedule=schedule)

    assert found.verdict == "backup is paused by olga (moving) until 2026-01-05 13:00 +00:00."
    assert until == found.clears_at


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": ScheduleStatus.COMPLETED, "next_run_at": None}, "nothing is left to run"),
        ({"status": ScheduleStatus.FAILED, "status_note": "no runner"}, "no runner"),
        ({"deleted_at": NOON}, "was deleted at 2026-01-05 12:00 +00:00"),
        ({"next_run_at": NOON - HOUR}, "run `tfui doctor`"),
        ({"next_run_at": NOON + MINUTE}, "is about to plan it"),
    ],
)
def test_a_schedule_that_does_not_wait_for_its_time_says_why(
    changes: dict[str, Any], words: str
) -> None:
    assert words in now(schedule=a_schedule(**changes)).verdict


def test_a_running_job_is_what_it_does() -> None:
    job = a_job(status=JobStatus.RUNNING, finished_at=None)
    found = now(job)

    assert found.question == "What is backup doing?"
    assert found.verdict == "backup has been running for 1 minute."
    assert found.clears_at is None


def test_a_retry_says_which_when_and_after_what() -> None:
    at = NOON + MINUTE + timedelta(seconds=8)
    job = a_waiting_job(WaitReason.RETRY, available_at=at, attempt=1)
    tried = AttemptFacts(
        number=1,
        outcome=AttemptOutcome.FAILED,
        started_at=NOON,
        finished_at=NOON,
        node=None,
        exit_code=1,
        error=None,
    )
    found = now(job, last_attempt=tried)

    assert "it tries again (2/3) at 2026-01-05 12:01:08 +00:00, in 8 seconds" in found.verdict
    assert "attempt 1: exit code 1" in found.verdict
    assert at == found.clears_at


def test_jitter_says_when_it_is_over() -> None:
    at = NOON + 2 * MINUTE
    found = now(a_waiting_job(WaitReason.JITTER, available_at=at))

    assert "moved by jitter to 2026-01-05 12:02 +00:00, in 1 minute" in found.verdict
    assert at == found.clears_at


def test_an_overlap_names_the_job_it_waits_for() -> None:
    first = a_job(id=UUID(int=9), status=JobStatus.RUNNING, finished_at=None)
    found = now(a_waiting_job(WaitReason.OVERLAP), first)

    assert f"it waits for job {short(first.id)}, which is running for 1 minute" in found.verdict


def test_a_paused_queue_says_until_when() -> None:
    until = NOON + HOUR
    values = {field: getattr(FREE, field) for field in FREE.__slots__}
    queue = QueueFacts(**{**values, "paused_at": NOON, "paused_by": "olga", "paused_until": until})
    found = now(a_waiting_job(WaitReason.QUEUE_PAUSED), queue=queue)

    assert "the queue default is paused by olga until 2026-01-05 13:00 +00:00" in found.verdict
    assert until == found.clears_at


def test_a_full_queue_names_who_holds_its_places() -> None:
    holder = HolderFacts(schedule="etl", job_id=A_JOB, started_at=NOON - HOUR)
    values = {field: getattr(FREE, field) for field in FREE.__slots__}
    queue = QueueFacts(
        **{**values, "concurrency": 2, "running": 2, "holders": (holder,), "ahead": 4}
    )
    found = now(a_waiting_job(WaitReason.CONCURRENCY), queue=queue)

    assert (
        "the queue default has all 2 places taken by etl for 1 hour 1 minute and 1 more; "
        "4 jobs are before it" in found.verdict
    )


def test_without_an_engine_a_queued_job_waits_for_one() -> None:
    found = now(a_waiting_job(WaitReason.NO_WORKER), engines=GONE)

    assert "no engine is running (the last was seen at 2026-01-05 11:00 +00:00)" in found.verdict
    assert "Engine" in titles(found, ok=False)


def test_a_reason_that_has_passed_is_not_repeated() -> None:
    """A jitter that is over, and no engine to see it: the record still says jitter."""
    found = now(a_waiting_job(WaitReason.JITTER, available_at=NOON), engines=GONE)

    assert "no engine is running" in found.verdict


def test_a_dependency_names_its_parent() -> None:
    parent = ParentFacts(
        schedule="extract",
        job_id=A_JOB,
        status=JobStatus.RUNNING,
        dependency=DependencyType.CONDITIONAL,
        started_at=NOON,
    )
    found = now(a_waiting_job(WaitReason.DEPENDENCY, status=JobStatus.BLOCKED), parents=(parent,))

    assert "it waits for extract" in found.verdict
    assert any(step.text == "waits for extract to succeed; it is running" for step in found.steps)


def test_jobs_that_wait_one_behind_the_other_are_counted() -> None:
    running = a_job(status=JobStatus.RUNNING, finished_at=None)
    waiting = [a_waiting_job(WaitReason.OVERLAP, id=UUID(int=9 + n)) for n in range(19)]
    found = now(running, *waiting, live_count=94)

    jobs = [step.text for step in found.steps if step.title == "Job"]
    assert len(jobs) == 6
    assert jobs[1].endswith("waits (overlap), due since 2026-01-05 12:00 +00:00")
    assert jobs[-1] == "and 89 more that have not ended"


def test_nobody_tries_again_without_an_engine() -> None:
    job = a_waiting_job(WaitReason.RETRY, available_at=NOON + HOUR, attempt=1)

    assert "; and no engine is running" in now(job, engines=GONE).verdict


def test_a_failure_that_is_not_tried_again_says_so() -> None:
    job = a_job(status=JobStatus.FAILED, attempt=1, max_attempts=3, exit_code=7)

    assert "(attempt 1 of 3; exit code 7 is not tried again)" in then(job=job).verdict


@pytest.mark.parametrize(
    ("kind", "status", "words", "ok"),
    [
        ("conditional", "failed", "each time extract has succeeded; the run of", False),
        ("conditional", "running", "nothing follows until it has succeeded", None),
        ("parallel", "running", "each time extract has started; the run of", True),
        ("sequential", "failed", "each time extract has ended; the run of", True),
    ],
)
def test_a_chained_schedule_tells_of_the_newest_run_before_it(
    kind: str, status: str, words: str, *, ok: bool | None
) -> None:
    parent = a_job(status=JobStatus(status), max_attempts=1)
    after = AfterFacts(parent="extract", dependency=DependencyType(kind), newest=parent)
    chained = triggers.parse("chained", "", anchor=NOON)
    schedule = a_schedule(trigger=chained, next_run_at=None)
    found = now(schedule=schedule, after=(after,))

    (step,) = [step for step in found.steps if step.title == "Dependency"]
    assert (words in step.text, step.ok) == (True, ok)
    assert found.verdict.startswith("backup has no time of its own: it runs each time extract has")


def test_an_instant_of_a_chained_schedule_is_told_by_what_it_runs_after() -> None:
    parent = a_job(status=JobStatus.FAILED, max_attempts=1)
    after = AfterFacts(parent="extract", dependency=DependencyType.CONDITIONAL, newest=parent)
    chained = triggers.parse("chained", "", anchor=NOON)
    schedule = a_schedule(trigger=chained, next_run_at=None)

    nothing = then(schedule=schedule, after=(after,))
    assert nothing.verdict.endswith(
        "nothing followed, because the run of extract at 2026-01-05 12:00 +00:00 failed."
    )
    held_back = a_job(
        kind=JobKind.CHAINED,
        status=JobStatus.CANCELLED,
        cancelled_by="engine",
        attempt=0,
        error="skip_paused: backup was paused",
    )
    skipped = then(schedule=schedule, after=(after,), others=(held_back,))
    assert skipped.verdict.endswith("it was skipped: the schedule was paused (backup was paused).")


def test_a_schedule_chained_to_nothing_never_runs() -> None:
    schedule = a_schedule(trigger=triggers.parse("chained", "", anchor=NOON), next_run_at=None)

    assert "comes after nothing any more" in now(schedule=schedule).verdict


def test_a_rate_limit_says_how_much_is_used_and_when_the_turn_comes() -> None:
    free = NOON + 2 * MINUTE
    rate = RateFacts(per_minute=10, recent=10, ahead=0, ahead_held=0, clears_at=free)
    found = now(a_waiting_job(WaitReason.RATE), rate=rate)

    assert "10 of 10 starts of the last minute are used; its turn comes at" in found.verdict
    assert free == found.clears_at
    found = now(a_waiting_job(WaitReason.RATE), rate=replace(rate, ahead=4))
    assert "are used; 4 jobs are before it; its turn comes at" in found.verdict


def test_a_turn_that_nobody_can_know_is_given_no_instant() -> None:
    rate = RateFacts(per_minute=9, recent=9, ahead=4, ahead_held=3, clears_at=None)
    unknown = "when its turn comes cannot be known"
    held = now(a_waiting_job(WaitReason.RATE), rate=rate)
    assert f"3 of them in queues that are paused or full; {unknown}" in held.verdict

    full = replace(FREE, concurrency=1, running=1)
    found = now(
        a_waiting_job(WaitReason.RATE),
        rate=replace(rate, ahead_held=0, clears_at=NOON + MINUTE),
        queue=full,
    )
    assert f"4 jobs are before it; the queue default is full; {unknown}" in found.verdict
    assert found.clears_at is None
    many = replace(rate, ahead=MOST_AHEAD, ahead_held=0)
    found = now(a_waiting_job(WaitReason.RATE), rate=many)
    assert f"1,000 or more jobs are before it; {unknown}" in found.verdict


def test_every_wait_reason_has_a_sentence() -> None:
    for reason in WaitReason:
        found = now(a_waiting_job(reason))

        assert "unknown" not in found.verdict
        assert found.verdict.startswith("backup has a job that does not run yet: ")


def test_a_second_is_as_exactly_as_people_ask() -> None:
    trigger = triggers.parse("recurring", "1h", anchor=datetime(2026, 1, 5, 12, 0, 0, 123456, UTC))

    assert nearest(trigger, NOON) == datetime(2026, 1, 5, 12, 0, 0, 123456, UTC)


def test_a_schedule_whose_last_run_failed_says_so_and_why() -> None:
    tried = AttemptFacts(
        number=3,
        outcome=AttemptOutcome.FAILED,
        started_at=NOON,
        finished_at=NOON + MINUTE,
        node="here",
        exit_code=69,
        error="connection refused",
    )
    found = now(last_attempt=tried)

    assert found.verdict.endswith("its last run failed: connection refused (exit code 69).")
    assert "Last run" in titles(found, ok=False)
