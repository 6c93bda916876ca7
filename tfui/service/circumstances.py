"""Gathers what an explanation needs to know about a schedule: now, or around one instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import explain_trigger, unknown
from tfui.core.explain_chained import is_chained
from tfui.core.facts import ByHand, FormerFacts, Now, RangeFacts, ScheduleFacts, Then
from tfui.core.states import PLANNED_KINDS, JobKind, Overlap, ScheduleStatus, SkipReason, WaitReason
from tfui.errors import Invalid
from tfui.service import former_triggers
from tfui.store import accounting, circumstances, ledger, turns

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from tfui.core.facts import JobFacts
    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduledJob
    from tfui.service.former_triggers import FormerTrigger
    from tfui.store.connection import Transaction
    from tfui.store.ledger import Range

ABOUT = timedelta(minutes=1)
"""How near a run by hand must be to an instant to be told of with it."""

_TOLD_OF = 5
_SECOND = timedelta(seconds=1)


def of_now(tx: Transaction, schedule: ScheduledJob, now: datetime) -> Now:
    """Gather what bears on the present."""
    live = circumstances.live_jobs(tx, schedule.id)
    job = live[0] if live else None
    newest = schedule.job_id if job is None else job.id
    tried = [] if newest is None else circumstances.attempts(tx, newest)
    facts = _facts(schedule)
    return Now(
        schedule=facts,
        now=now,
        engines=circumstances.engines(tx, now),
        queue=circumstances.queue(
            tx, schedule.queue_id if job is None else job.queue_id, before=job
        ),
        live=tuple(live),
        live_count=len(live)
        if len(live) < circumstances.LOOKED_AT
        else circumstances.count_live(tx, schedule.id),
        last_attempt=tried[-1] if tried else None,
        parents=() if job is None else tuple(circumstances.parents(tx, job.id)),
        after=tuple(circumstances.after(tx, schedule.id, now)) if is_chained(facts) else (),
        rate=None
        if job is None or job.wait_reason is not WaitReason.RATE
        else turns.rate(tx, schedule.organization_id, schedule.job_type, job, now),
    )


def of_instant(tx: Transaction, schedule: ScheduledJob, at: datetime, now: datetime) -> Then:
    """Gather what bears on one instant, or on the occurrence nearest to it."""
    facts = _facts(schedule)
    former = None
    if facts.created_at < at <= facts.effective_at:
        former = former_triggers.at(tx, schedule, at)
    if former is None:
        occurrence = _occurrence(facts, at)
    else:
        facts = _as_it_was(facts, former)
        occurrence = explain_trigger.nearest(
            former.trigger, at, after=former.effective_at, until=former.until
        )
    about = circumstances.jobs_about(tx, schedule.id, at, ABOUT)
    if occurrence is None:
        job = _at_second(about, at)
    else:
        job = circumstances.planned_job(tx, schedule.id, occurrence)
    meant = at if occurrence is None else occurrence
    found = ledger.holding(tx, schedule.id, meant) if job is None else None
    is_overlap = found is not None and found.reason is SkipReason.SKIP_OVERLAP
    return Then(
        schedule=facts,
        at=at,
        occurrence=job.nominal_at if job is not None else occurrence,
        now=now,
        former=None if former is None else _former(former),
        job=job,
        attempts=() if job is None else tuple(circumstances.attempts(tx, job.id)),
        others=_others(about, at),
        by_hand=_by_hand(tx, schedule.id, about, at),
        range=None if found is None else _range(found),
        pause=circumstances.pause_at(tx, schedule.id, meant) if meant <= now else None,
        blocker=circumstances.running_at(tx, schedule.id, meant) if is_overlap else None,
        parents=() if job is None else tuple(circumstances.parents(tx, job.id)),
        after=tuple(circumstances.after(tx, schedule.id, at)) if is_chained(facts) else (),
        engines=circumstances.engines(tx, now),
    )


def _as_it_was(schedule: ScheduleFacts, former: FormerTrigger) -> ScheduleFacts:
    return replace(
        schedule,
        trigger=former.trigger,
        trigger_problem=None,
        timezone=former.draft.timezone,
        starts_at=former.draft.starts_at,
        ends_at=former.draft.ends_at,
        effective_at=former.effective_at,
        deleted_at=former.deleted_at,
    )


def _former(former: FormerTrigger) -> FormerFacts:
    change = former.change
    return FormerFacts(
        changed_at=None if change is None else change.at,
        changed_by="" if change is None else change.by,
    )


def _occurrence(schedule: ScheduleFacts, at: datetime) -> datetime | None:
    """Give the occurrence meant, where the present trigger can say."""
    trigger = schedule.trigger
    if trigger is None or schedule.created_at < at <= schedule.effective_at:
        return None
    found = explain_trigger.nearest(trigger, at)
    if found is not None and found <= schedule.created_at < at:
        return trigger.next_after(at) or found  # it never had the one before
    return found


def _others(about: list[JobFacts], at: datetime) -> tuple[JobFacts, ...]:
    """Give the few jobs nearest to an instant that no plan asked for, in order."""
    unplanned = [job for job in about if job.kind not in PLANNED_KINDS]
    unplanned.sort(key=lambda job: abs(job.nominal_at - at))
    return tuple(sorted(unplanned[:_TOLD_OF], key=lambda job: job.nominal_at))


def _by_hand(
    tx: Transaction, schedule_id: UUID, about: list[JobFacts], at: datetime
) -> ByHand | None:
    job = _at_second(about, at, kinds=(JobKind.MANUAL,))
    if job is None:
        return None
    return ByHand(
        job=job,
        by=circumstances.started_by(tx, schedule_id, job),
        attempts=tuple(circumstances.attempts(tx, job.id)),
        parents=tuple(circumstances.parents(tx, job.id)),
    )


def _at_second(
    jobs: list[JobFacts], at: datetime, *, kinds: Collection[JobKind] = PLANNED_KINDS
) -> JobFacts | None:
    """Give the job of the asked second, the nearest: people do not type fractions."""
    whole = at - timedelta(microseconds=at.microsecond)
    meant = [job for job in jobs if job.kind in kinds and whole <= job.nominal_at < whole + _SECOND]
    return min(meant, key=lambda job: abs(job.nominal_at - at), default=None)


def _facts(schedule: ScheduledJob) -> ScheduleFacts:
    trigger, problem = _read(schedule)
    return ScheduleFacts(
        id=schedule.id,
        name=schedule.name,
        trigger=trigger,
        trigger_problem=problem,
        # Instants must be said on some clock, also when the stored zone is gone.
        timezone="UTC" if trigger is None else schedule.timezone,
        status=unknown.read(ScheduleStatus, schedule.status),
        status_note=schedule.status_note,
        created_at=schedule.created_at,
        deleted_at=schedule.deleted_at,
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        effective_at=schedule.effective_at,
        cursor_at=schedule.cursor_at,
        next_run_at=schedule.next_run_at,
        paused_at=schedule.paused_at,
        paused_by=schedule.paused_by,
        pause_note=schedule.pause_note,
        paused_until=schedule.paused_until,
        max_runs=schedule.max_runs,
        runs_count=schedule.runs_count,
        overlap=unknown.read(Overlap, schedule.overlap),
        jitter=timedelta(seconds=schedule.jitter_seconds),
    )


def _read(schedule: ScheduledJob) -> tuple[Trigger | None, str | None]:
    try:
        return accounting.trigger_of(schedule), None
    except Invalid as bad:
        return None, str(bad)


def _range(found: Range) -> RangeFacts:
    return RangeFacts(
        from_at=found.from_at,
        to_at=found.to_at,
        count=found.count,
        reason=found.reason,
        detail=found.detail,
    )
