"""What dealing with one schedule's missed runs does within a transaction, with its journal entry.

Whoever calls holds the schedule, and journals the entries last. Ranges from before the schedule's
present trigger cannot be told apart into occurrences any more, so these can only be waived.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from tfui.core import explain_trigger
from tfui.core.explain_trigger import local
from tfui.core.identifiers import short
from tfui.core.states import SkipReason
from tfui.errors import Conflict, Invalid
from tfui.model.missed import TriageRow
from tfui.service.schedule_changes import entry_about
from tfui.store import accounting, backfilling, circumstances, ledger, missed, waiving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry
    from tfui.store.ledger import Range

Dealt: TypeAlias = "tuple[TriageRow, Entry | None]"

_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)

_OLD = "its trigger was changed since, so they can only be waived"
_LIVE = "a job of it is live, and it may not overlap"


def run_latest(tx: Transaction, caller: Caller, schedule: ScheduledJob, since: datetime) -> Dealt:
    """Run the newest missed occurrence; waive the others, for which it stands."""
    found = missed.ranges(tx, schedule.id, since=since)
    count = sum(one.count for one in found)
    if not found or found[-1].from_at <= schedule.effective_at:
        return _row(schedule, left=count, why_left=_OLD if found else None), None
    newest = found[-1]
    made = backfilling.make_up(tx, schedule, [newest.to_at], by=caller.name)
    if not made:
        return _row(schedule, left=count, why_left=_LIVE), None
    missed.carve(tx, accounting.trigger_of(schedule), newest, [newest.to_at])
    rest = [one.id for one in missed.ranges(tx, schedule.id, since=since)]
    note = f"the run of {local(newest.to_at, schedule.timezone)} stands for it"
    waiving.waive(tx, rest, by=caller.name, note=note)
    row = _row(schedule, job_ids=made, waived=count - 1)
    return row, _backfilled(schedule, [newest.to_at], waived=count - 1)


def run_all(tx: Transaction, caller: Caller, schedule: ScheduledJob, since: datetime) -> Dealt:
    """Run the newest missed occurrences, as many as one catching up may make."""
    found = missed.ranges(tx, schedule.id, since=since)
    count = sum(one.count for one in found)
    ours = [one for one in found if one.from_at > schedule.effective_at]
    if not ours:
        return _row(schedule, left=count, why_left=_OLD if found else None), None
    trigger = accounting.trigger_of(schedule)
    taken = list(_newest(trigger, ours, schedule.max_catchup))
    chosen = sorted(instant for _, some in taken for instant in some)
    made = backfilling.make_up(tx, schedule, chosen, by=caller.name)
    if not made:
        return _row(schedule, left=count, why_left=_LIVE), None
    for whole, some in taken:
        missed.carve(tx, trigger, whole, some)
    left = count - len(made)
    why = _OLD if len(chosen) < schedule.max_catchup else None
    why = why or f"one catching up makes {schedule.max_catchup:,} at most (max_catchup)"
    row = _row(schedule, job_ids=made, left=left, why_left=why if left else None)
    return row, _backfilled(schedule, chosen, waived=0)


def waive(
    tx: Transaction,
    caller: Caller,
    schedule: ScheduledJob,
    since: datetime,
    *,
    note: str | None,
) -> Dealt:
    """Say that the missed occurrences need nothing more."""
    found = missed.ranges(tx, schedule.id, since=since)
    if not found:
        return _row(schedule), None
    waiving.waive(tx, [one.id for one in found], by=caller.name, note=note)
    count = sum(one.count for one in found)
    after = {
        "runs": count,
        "from": found[0].from_at.isoformat(),
        "to": found[-1].to_at.isoformat(),
        "note": note,
    }
    entry = entry_about("schedule.waived", schedule, before=None, after=after)
    return _row(schedule, waived=count), entry


def backfill(
    tx: Transaction,
    caller: Caller,
    schedule: ScheduledJob,
    asked: datetime,
) -> tuple[UUID, Entry]:
    """Run one past occurrence that never ran. Raises Invalid and Conflict."""
    trigger = accounting.trigger_of(schedule)
    instant = _occurrence(trigger, asked, schedule)
    whole = ledger.holding(tx, schedule.id, instant)
    when = local(instant, schedule.timezone)
    if whole is None:
        job = circumstances.planned_job(tx, schedule.id, instant)
        if job is None:
            raise Conflict(f"{schedule.name} has nothing on record for {when}; run `tfui doctor`")
        raise Conflict(
            f"{schedule.name} has job {short(job.id)} for {when} already; retry that one"
        )
    if whole.reason is SkipReason.RAN:
        raise Conflict(f"{schedule.name} ran at {when}; the record of its job has been pruned")
    made = backfilling.make_up(tx, schedule, [instant], by=caller.name)
    if not made:
        raise Conflict(f"{schedule.name} is not run: {_LIVE}")
    missed.carve(tx, trigger, whole, [instant])
    return made[0], _backfilled(schedule, [instant], waived=0)


def _occurrence(trigger: Trigger, asked: datetime, schedule: ScheduledJob) -> datetime:
    """Give the planned occurrence of the asked second. Raises Invalid and Conflict."""
    zone = schedule.timezone
    found = trigger.next_after(asked - _TICK)
    if found is None or found >= asked + _SECOND:
        nearest = explain_trigger.nearest(trigger, asked)
        hint = "" if nearest is None else f"; the nearest is {local(nearest, zone)}"
        raise Invalid({"at": f"{local(asked, zone)} is not one of its times{hint}"})
    if found <= schedule.effective_at:
        since = local(schedule.effective_at, zone)
        raise Conflict(f"{schedule.name} has had its present trigger since {since} only")
    if found > schedule.cursor_at:
        raise Conflict(f"{schedule.name} is still to be planned for {local(found, zone)}")
    return found


def _newest(
    trigger: Trigger,
    ranges: Sequence[Range],
    limit: int,
) -> list[tuple[Range, list[datetime]]]:
    """Give the newest occurrences of ranges, `limit` at most, by range and ascending."""
    found = []
    for whole in reversed(ranges):
        some: list[datetime] = []
        step: datetime | None = whole.to_at
        while step is not None and step >= whole.from_at and limit > 0:
            some.append(step)
            limit -= 1
            step = trigger.previous_before(step)
        if some:
            found.append((whole, some[::-1]))
    return found


def _row(
    schedule: ScheduledJob,
    *,
    job_ids: Sequence[UUID] = (),
    waived: int = 0,
    left: int = 0,
    why_left: str | None = None,
) -> TriageRow:
    return TriageRow(
        schedule_id=schedule.id,
        schedule=schedule.name,
        job_ids=tuple(job_ids),
        waived=waived,
        left=left,
        why_left=why_left,
    )


def _backfilled(schedule: ScheduledJob, instants: Sequence[datetime], *, waived: int) -> Entry:
    after: dict[str, object] = {
        "runs": len(instants),
        "from": instants[0].isoformat(),
        "to": instants[-1].isoformat(),
    }
    if waived:
        after["waived"] = waived
    return entry_about("schedule.backfilled", schedule, before=None, after=after)
