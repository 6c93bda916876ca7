"""The ledger: what became of every planned occurrence of a schedule, and why.

The plan of a chained schedule is its parents' firings: each run of a parent, by hand too, that let it
go or ended so that it could not is one planned occurrence, and several parents' of one instant are
one. It is counted where it is on record, as a job by its status or its reason to be skipped. Not
counted are parents' runs that have not got there yet, runs outside of its start and end or after it
was completed, and what was pruned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import explain as explain_
from tfui.core.chained import Chained
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus, ScheduleType, SkipReason
from tfui.errors import Invalid, NotFound
from tfui.model.occurrence import LedgerSum, OccurrenceRow
from tfui.service import circumstances
from tfui.service.draft_fields import instant_problem
from tfui.store import accounting, ledger, schedules

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.explanation import Explanation
    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.ledger import Range

RANGES = 200
"""How many ranges a sum lists."""

_TICK = timedelta(microseconds=1)


def total(
    caller: Caller,
    schedule_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> LedgerSum:
    """Account for a schedule's occurrences after `since` and up to `until`; by default all so far.

    Raises NotFound and Forbidden.
    """
    now = caller.now()
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        tx.dialect.freeze(tx.connection)
        schedule = _schedule(tx, caller, schedule_id)
        since = since or _beginning(tx, schedule)
        until = max(since, until or now)
        return _sum(tx, schedule, since, until, now)


def explain(caller: Caller, schedule_id: UUID, *, at: datetime | None = None) -> Explanation:
    """Say why a schedule did, or did not, run at an instant; or what it waits for now.

    Raises NotFound, Forbidden, and Invalid when no such instant can be told of in every zone.
    """
    if problem := instant_problem(at):
        raise Invalid({"at": problem})
    now = caller.now()
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        tx.dialect.freeze(tx.connection)
        schedule = _schedule(tx, caller, schedule_id)
        if at is None:
            return explain_.explain(circumstances.of_now(tx, schedule, now))
        return explain_.explain(circumstances.of_instant(tx, schedule, at, now))


def _schedule(tx: Transaction, caller: Caller, schedule_id: UUID) -> ScheduledJob:
    found = schedules.get(tx, caller.organization_id, schedule_id)
    if found is None:
        raise NotFound(f"there is no schedule {schedule_id}")
    return found


def _beginning(tx: Transaction, schedule: ScheduledJob) -> datetime:
    """Give the instant after which all of it lies: a firing's is its parent's, which may be older."""
    begun = min(schedule.created_at, schedule.effective_at)
    is_chained = schedule.schedule_type == ScheduleType.CHAINED
    first = ledger.first_firing(tx, schedule.id) if is_chained else None
    return begun if first is None else min(begun, first - _TICK)


def _sum(
    tx: Transaction,
    schedule: ScheduledJob,
    since: datetime,
    until: datetime,
    now: datetime,
) -> LedgerSum:
    trigger, bound, unreadable = _in_force(schedule, until)
    jobs = ledger.job_counts(tx, schedule.id, after=since, until=until, bound=bound)
    parts = ledger.range_sums(tx, schedule.id, after=since, until=until, bound=bound)
    edges = _edges(tx, schedule, trigger, since, until)
    firings, beside = ledger.beside_trigger(tx, schedule.id, after=since, until=until)
    begin = max(since, bound)
    counted = _count(trigger, begin, min(until, schedule.cursor_at))
    skipped: Counter[SkipReason] = Counter(firings.skipped)
    for part in parts:
        skipped[part.reason] += part.count
    for edge in edges:
        skipped[edge.reason] += edge.count
    pruned = skipped.pop(SkipReason.RAN, 0)
    listed = ledger.newest_skips(tx, schedule.id, after=since, until=until, limit=RANGES)
    if firings.skipped:
        listed += ledger.newest_unfired(tx, schedule.id, after=since, until=until, limit=RANGES)
    shown = [edge for edge in edges if edge.reason is not SkipReason.RAN]
    cut = {edge.id for edge in shown}
    rows = [_row(one) for one in (*shown, *(one for one in listed if one.id not in cut))]
    ranges = sum(part.ranges for part in parts if part.reason is not SkipReason.RAN)
    ranges += len(shown) + sum(firings.skipped.values())
    return LedgerSum(
        since=since,
        until=until,
        planned=counted + jobs.old + sum(part.count for part in parts if part.is_old) + firings.all,
        ran=jobs.all - jobs.live + pruned + firings.ran,
        pending=jobs.live + firings.pending,
        skipped={
            reason: skipped[reason]
            for reason in dict.fromkeys((*SkipReason, *skipped))
            if skipped[reason]
        },
        ranges=tuple(sorted(rows, key=lambda row: row.to_at, reverse=True)[:RANGES]),
        ranges_left_out=max(0, ranges - RANGES),
        counted_since=bound
        if unreadable is None and since < bound and (jobs.old or any(p.is_old for p in parts))
        else None,
        unreadable=unreadable,
        beside=beside,
        unplanned=_unplanned(schedule, trigger, begin, min(until, now)),
        completed=_completed(schedule),
    )


def _completed(schedule: ScheduledJob) -> str | None:
    is_chained = schedule.schedule_type == ScheduleType.CHAINED
    if not is_chained or schedule.status != ScheduleStatus.COMPLETED or schedule.max_runs is None:
        return None
    return f"{schedule.runs_count:,} of {schedule.max_runs:,} runs are used; later firings are not counted"


def _in_force(schedule: ScheduledJob, until: datetime) -> tuple[Trigger, datetime, str | None]:
    """Give the trigger, and since when it counts; none, never, and why where it cannot be read."""
    try:
        return accounting.trigger_of(schedule), schedule.effective_at, None
    except Invalid as bad:
        return Chained("", "UTC"), until, str(bad)


def _edges(
    tx: Transaction,
    schedule: ScheduledJob,
    trigger: Trigger,
    since: datetime,
    until: datetime,
) -> list[Range]:
    """Cut the ranges that reach over an edge of the window to what lies in it."""
    found: dict[UUID, Range] = {}
    for edge in (since, until):
        if edge >= schedule.effective_at:
            found |= {one.id: one for one in ledger.reaching_over(tx, schedule.id, edge)}
    cut = [_cut(one, trigger, since, until) for one in found.values()]
    return [one for one in cut if one is not None]


def _cut(whole: Range, trigger: Trigger, since: datetime, until: datetime) -> Range | None:
    after, end = max(since, whole.from_at - _TICK), min(until, whole.to_at)
    count = _count(trigger, after, end)
    first, last = trigger.next_after(after), trigger.last_at_or_before(end)
    if not count or first is None or last is None:
        return None
    return replace(whole, from_at=first, to_at=last, count=count)


def _unplanned(
    schedule: ScheduledJob,
    trigger: Trigger,
    since: datetime,
    until: datetime,
) -> int:
    if schedule.status == ScheduleStatus.COMPLETED or schedule.deleted_at is not None:
        return 0
    if schedule.ends_at is not None:
        until = min(until, schedule.ends_at)
    return _count(trigger, max(since, schedule.cursor_at), until)


def _count(trigger: Trigger, after: datetime, until: datetime) -> int:
    return trigger.count(after, until) if after < until else 0


def _row(one: Range) -> OccurrenceRow:
    return OccurrenceRow(
        from_at=one.from_at,
        to_at=one.to_at,
        count=one.count,
        reason=one.reason,
        detail=one.detail,
        created_at=one.created_at,
        waived_by=one.waived_by,
    )
