"""What making up for one schedule's past occurrences does within a transaction, with its journal entry.

Whoever calls holds the schedule, and journals the entry last. An entry keeps what undo needs: the
blocks of occurrences that became jobs, and from where on others were waived for them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tfui.core import explain_trigger
from tfui.core.explain_trigger import local
from tfui.core.identifiers import short
from tfui.core.states import SkipReason
from tfui.errors import Conflict, Invalid
from tfui.service.schedule_changes import entry_about
from tfui.store import accounting, backfilling, carving, circumstances, ledger, waiving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.carving import Block
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry
    from tfui.store.ledger import Range

LIVE = "a job of it is live, and it may not overlap"

_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)


def one(
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
    made, blocks = run(tx, caller, schedule, [(whole, [instant])])
    if not made:
        raise Conflict(f"{schedule.name} is not run: {LIVE}")
    return made[0], told(schedule, blocks)


def find(
    tx: Transaction,
    schedule: ScheduledJob,
    blocks: Sequence[Mapping[str, Any]],
) -> list[tuple[Range, list[datetime]]] | str:
    """Find blocks that an entry tells of, put back since, in their ranges; or say why they are not."""
    trigger = accounting.trigger_of(schedule)
    found = []
    for block in map(carving.block_of, blocks):
        if block.from_at <= schedule.effective_at:
            return "its trigger was changed since"
        whole = ledger.holding(tx, schedule.id, block.from_at)
        if whole is None or whole.to_at < block.to_at or _marks(whole) != _marks(block):
            return "these runs were dealt with since"
        some = trigger.between(block.from_at - _TICK, block.to_at, limit=block.count)
        found.append((whole, some))
    return found


def again(
    tx: Transaction,
    caller: Caller,
    schedule: ScheduledJob,
    before: Mapping[str, Any],
) -> Entry | None:
    """Run what an entry tells of once more, and waive what was waived for it; None, when it may not."""
    found = find(tx, schedule, before["blocks"])
    made, blocks = ([], []) if isinstance(found, str) else run(tx, caller, schedule, found)
    if not made:
        return None
    if "waived" not in before:
        return told(schedule, blocks)
    first, last = datetime.fromisoformat(before["waived_from"]), blocks[-1].to_at
    waive_for(tx, caller, schedule, waiving.undealt_between(tx, schedule.id, first, last), last)
    return told(schedule, blocks, waived=before["waived"], waived_from=before["waived_from"])


def run(
    tx: Transaction,
    caller: Caller,
    schedule: ScheduledJob,
    taken: Sequence[tuple[Range, list[datetime]]],
) -> tuple[list[UUID], list[Block]]:
    """Make jobs of occurrences in ranges (ascending); give both, or nothing, when they may not overlap."""
    instants = [instant for _, some in taken for instant in some]
    made = backfilling.make_up(tx, schedule, instants, by=caller.name)
    trigger = accounting.trigger_of(schedule)
    return made, [carving.carve(tx, trigger, whole, some) for whole, some in taken if made]


def waive_for(
    tx: Transaction,
    caller: Caller,
    schedule: ScheduledJob,
    range_ids: Sequence[UUID],
    instant: datetime,
) -> None:
    """Waive ranges because the run of an instant stands for them."""
    note = f"the run of {local(instant, schedule.timezone)} stands for it"
    waiving.waive(tx, range_ids, by=caller.name, note=note)


def told(schedule: ScheduledJob, blocks: Sequence[Block], **waived: object) -> Entry:
    """Say for the journal which blocks became jobs, and which runs were waived for them."""
    after = extent(blocks) | waived
    return entry_about("schedule.backfilled", schedule, before=None, after=after)


def extent(blocks: Sequence[Block]) -> dict[str, Any]:
    """Give what an entry tells of blocks (ascending, at least one)."""
    return {
        "runs": sum(block.count for block in blocks),
        "from": blocks[0].from_at.isoformat(),
        "to": blocks[-1].to_at.isoformat(),
        "blocks": [block.told() for block in blocks],
    }


def _marks(found: Range | Block) -> tuple[str, str | None]:
    return found.reason, found.waived_by


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
