"""What dealing with one schedule's missed runs does within a transaction, with its journal entry.

Whoever calls holds the schedule, and journals the entries last. Ranges from before the schedule's
present trigger cannot be told apart into occurrences any more, so these can only be waived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tfui.model.missed import TriageRow
from tfui.service import backfill_changes
from tfui.service.schedule_changes import entry_about
from tfui.store import accounting, missed, waiving

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

_OLD = "its trigger was changed since, so they can only be waived"


def run_latest(tx: Transaction, caller: Caller, schedule: ScheduledJob, since: datetime) -> Dealt:
    """Run the newest missed occurrence; waive the others, for which it stands."""
    found = missed.ranges(tx, schedule.id, since=since)
    count = sum(one.count for one in found)
    if not found or found[-1].from_at <= schedule.effective_at:
        return _row(schedule, left=count, why_left=_OLD if found else None), None
    newest = found[-1].to_at
    made, blocks = backfill_changes.run(tx, caller, schedule, [(found[-1], [newest])])
    if not made:
        return _row(schedule, left=count, why_left=backfill_changes.LIVE), None
    rest = missed.ranges(tx, schedule.id, since=since)
    backfill_changes.waive_for(tx, caller, schedule, [one.id for one in rest], newest)
    waived = {"waived": count - 1, "waived_from": rest[0].from_at.isoformat()} if rest else {}
    row = _row(schedule, job_ids=made, waived=count - 1)
    return row, backfill_changes.told(schedule, blocks, **waived)


def run_all(tx: Transaction, caller: Caller, schedule: ScheduledJob, since: datetime) -> Dealt:
    """Run the newest missed occurrences, as many as one catching up may make."""
    found = missed.ranges(tx, schedule.id, since=since)
    count = sum(one.count for one in found)
    ours = [one for one in found if one.from_at > schedule.effective_at]
    if not ours:
        return _row(schedule, left=count, why_left=_OLD if found else None), None
    trigger = accounting.trigger_of(schedule)
    taken = list(_newest(trigger, ours, schedule.max_catchup))
    made, blocks = backfill_changes.run(tx, caller, schedule, taken)
    if not made:
        return _row(schedule, left=count, why_left=backfill_changes.LIVE), None
    left = count - len(made)
    why = _OLD if len(made) < schedule.max_catchup else None
    why = why or f"one catching up makes {schedule.max_catchup:,} at most (max_catchup)"
    row = _row(schedule, job_ids=made, left=left, why_left=why if left else None)
    return row, backfill_changes.told(schedule, blocks)


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


def _newest(
    trigger: Trigger,
    ranges: Sequence[Range],
    limit: int,
) -> list[tuple[Range, list[datetime]]]:
    """Give the newest occurrences of ranges, `limit` at most, by range, ascending."""
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
    return found[::-1]


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
