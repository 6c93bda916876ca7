"""Carving: occurrences moved out of a ledger range into jobs, and put back when that is undone.

Both are exact: what is taken out of a range, and what is left on either side, are the occurrences it
counted; what is put back says again what its range said of it. Whoever asks holds the schedule.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_

from tfui.model.columns import table_of
from tfui.model.occurrence import Occurrence
from tfui.store import accounting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from tfui.core.trigger import Trigger
    from tfui.store.accounting import Schedule
    from tfui.store.connection import Transaction
    from tfui.store.ledger import Range

_TICK = timedelta(microseconds=1)
_RANGE = table_of(Occurrence)
_R = _RANGE.c
_INSTANTS = ("from_at", "to_at", "created_at", "waived_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Occurrences in a row, and what their range says of them."""

    from_at: datetime
    to_at: datetime
    count: int
    reason: str
    detail: str | None
    created_at: datetime
    waived_at: datetime | None
    waived_by: str | None
    waive_note: str | None

    def told(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


_NAMES = tuple(field.name for field in fields(Block))


def block_of(told: Mapping[str, Any]) -> Block:
    """Read a block as `told` gives it."""
    values = {name: told[name] for name in _NAMES}
    for name in _INSTANTS:
        if values[name] is not None:
            values[name] = datetime.fromisoformat(values[name])
    return Block(**values)


def carve(tx: Transaction, trigger: Trigger, whole: Range, chosen: Sequence[datetime]) -> Block:
    """Take occurrences (in a row, all of them in the range) out of a range; they become jobs.

    What is left keeps its reason, its detail, and whether it was waived.
    """
    row = tx.connection.execute(_RANGE.select().where(_R.id == whole.id)).mappings().one()
    tx.connection.execute(_RANGE.delete().where(_R.id == whole.id))
    block = _block(row)
    first, last = chosen[0], chosen[-1]
    taken = replace(block, from_at=first, to_at=last, count=len(chosen))
    left = []
    if (before := trigger.previous_before(first)) is not None and before >= block.from_at:
        count = trigger.count(block.from_at - _TICK, before)
        left.append(replace(block, to_at=before, count=count))
    if (after := trigger.next_after(last)) is not None and after <= block.to_at:
        left.append(replace(block, from_at=after, count=trigger.count(last, block.to_at)))
    if sum(part.count for part in left) + taken.count != block.count:
        message = f"range {whole.id} does not hold what is taken out of it"
        raise AssertionError(message)
    _write(tx, row["scheduled_job_id"], left)
    return taken


def parts(schedule: Schedule, block: Block, instants: Sequence[datetime]) -> list[Block]:
    """Give what of a block (of one trigger) some instants (ascending) are, in rows without a gap.

    Which follows upon which is not known when their trigger is not in force any more; then each is
    by itself, unless they are the whole.
    """
    chosen = [instant for instant in instants if block.from_at <= instant <= block.to_at]
    if len(chosen) == block.count:
        return [block]
    trigger = accounting.trigger_of(schedule) if block.from_at > schedule.effective_at else None
    found: list[Block] = []
    for instant in chosen:
        if found and trigger is not None and trigger.next_after(found[-1].to_at) == instant:
            found[-1] = replace(found[-1], to_at=instant, count=found[-1].count + 1)
        else:
            found.append(replace(block, from_at=instant, to_at=instant, count=1))
    return found


def put_back(tx: Transaction, schedule: Schedule, block: Block) -> None:
    """Make occurrences a range again, as one with what else is left of the range they came from.

    What is beside them is not known when their trigger is not in force any more; then they stay apart.
    """
    if block.from_at > schedule.effective_at:
        trigger = accounting.trigger_of(schedule)
        before, after = trigger.previous_before(block.from_at), trigger.next_after(block.to_at)
        beside = tx.connection.execute(
            _RANGE.select().where(
                _R.scheduled_job_id == schedule.id,
                _R.from_at > schedule.effective_at,
                or_(_R.to_at == before, _R.from_at == after),
            ),
        )
        for row in beside.mappings().all():
            other = _block(row)
            at_one = replace(other, from_at=block.from_at, to_at=block.to_at, count=block.count)
            if at_one == block:
                tx.connection.execute(_RANGE.delete().where(_R.id == row["id"]))
                block = replace(
                    block,
                    from_at=min(block.from_at, other.from_at),
                    to_at=max(block.to_at, other.to_at),
                    count=block.count + other.count,
                )
    _write(tx, schedule.id, [block])


def _block(row: RowMapping) -> Block:
    return Block(**{name: row[name] for name in _NAMES})


def _write(tx: Transaction, schedule_id: UUID, blocks: Sequence[Block]) -> None:
    if tx.now is None:
        raise AssertionError("a ledger range is written by a writing transaction")
    if not blocks:
        return
    made = tx.ids.make_many(tx.now, len(blocks))
    tx.connection.execute(
        _RANGE.insert(),
        [
            asdict(block) | {"id": range_id, "scheduled_job_id": schedule_id}
            for range_id, block in zip(made, blocks, strict=True)
        ],
    )
