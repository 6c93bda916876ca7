"""One act on many schedules: one transaction, one entry each in the record, one undo.

Runs are no change to take back, and are begun some at a time.

What cannot be done to some of them passes these over and says which, so that one schedule that has
nothing left to run does not keep a thousand others from being paused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tfui.core import zone
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus
from tfui.errors import Conflict, Invalid
from tfui.service import drafts, schedule_changes
from tfui.service.draft_columns import draft_of
from tfui.store import queues
from tfui.store import schedules as store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

WRITE = Right.SCHEDULED_JOB_WRITE
_AT_ONCE = 100
"""Runs begun in one transaction: an engine that wants to write waits for no more."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act on many."""

    count: int
    """How many it changed."""
    passed: tuple[str, ...] = ()
    """Names of those it passed over, because it could not be done to them."""


def pause(caller: Caller, ids: Sequence[UUID]) -> Done:
    """Let schedules rest; those that have nothing left to run are passed over."""
    return _turn(
        caller,
        ids,
        lambda tx, each: schedule_changes.pause(tx, each, note=None, until=None, by=caller.name),
    )


def resume(caller: Caller, ids: Sequence[UUID]) -> Done:
    """Set schedules going again; those that have nothing left to run are passed over."""
    return _turn(caller, ids, schedule_changes.resume)


def run_now(caller: Caller, ids: Sequence[UUID]) -> Done:
    """Make a job of each at once; those that are not let through are passed over."""
    count = 0
    passed: list[str] = []
    for first in range(0, len(ids), _AT_ONCE):
        with caller.writing(Right.JOB_RUN) as tx:
            started = []
            for each in _held(tx, caller, ids[first : first + _AT_ONCE]):
                try:
                    started.append(schedule_changes.start(tx, each)[1])
                except Conflict as refused:
                    passed.append(str(refused))
            caller.record(tx, started)
        count += len(started)
    return Done(count, tuple(passed))


def move(caller: Caller, ids: Sequence[UUID], queue: str) -> Done:
    """Put schedules into another queue. Raises Invalid when there is none of that name."""
    return _edit(caller, ids, lambda draft: replace(draft, queue=queue))


def set_zone(caller: Caller, ids: Sequence[UUID], timezone: str) -> Done:
    """Have schedules read the clock of another zone from now on. Raises Invalid when it is unknown."""
    name = zone.zone(timezone).name
    return _edit(caller, ids, lambda draft: replace(draft, timezone=name))


def _edit(
    caller: Caller, ids: Sequence[UUID], changed: Callable[[ScheduleDraft], ScheduleDraft]
) -> Done:
    with caller.writing(WRITE) as tx:
        known = queues.ids_by_name(tx, caller.organization_id)
        names = {queue_id: name for name, queue_id in known.items()}
        found = _held(tx, caller, ids)
        entries: list[Entry | None] = []
        passed: list[str] = []
        with store.together(tx):
            for each in found:
                old = draft_of(each, names[each.queue_id])
                new = changed(old)
                if new.queue not in known:
                    raise Invalid({"queue": f"there is no queue {new.queue!r}"})
                if drafts.has_new_timing(old, new) and _problems(caller, each, new, known):
                    passed.append(each.name)
                else:
                    queue_id = known[new.queue]
                    entries.append(schedule_changes.edit(tx, each, old, new, queue_id=queue_id))
        return _recorded(tx, caller, entries, passed)


def _problems(
    caller: Caller, each: ScheduledJob, new: ScheduleDraft, known: Mapping[str, UUID]
) -> bool:
    now = caller.now()
    setting = drafts.Setting(
        now=now,
        anchor_at=drafts.anchor_of(new.schedule_type, created_at=each.created_at, now=now),
        seed=str(each.id),
        queues=known.keys(),
        is_trigger_new=True,
        is_payload_new=False,
    )
    return bool(drafts.find_problems(new, setting))


def _turn(
    caller: Caller,
    ids: Sequence[UUID],
    verb: Callable[[Transaction, ScheduledJob], Entry | None],
) -> Done:
    """Pause or resume those that have something left to run."""
    with caller.writing(WRITE) as tx:
        found = _held(tx, caller, ids)
        done = [each.name for each in found if each.status is ScheduleStatus.COMPLETED]
        with store.together(tx):
            entries = [
                verb(tx, each) for each in found if each.status is not ScheduleStatus.COMPLETED
            ]
        return _recorded(tx, caller, entries, done)


def _held(tx: Transaction, caller: Caller, ids: Sequence[UUID]) -> list[ScheduledJob]:
    """Hold those that are still there, in the order asked for."""
    found = store.lock(tx, caller.organization_id, ids)
    held = [found[one] for one in dict.fromkeys(ids) if one in found]
    return [each for each in held if each.deleted_at is None]


def _recorded(
    tx: Transaction, caller: Caller, entries: Sequence[Entry | None], passed: Sequence[str]
) -> Done:
    written = [entry for entry in entries if entry is not None]
    caller.record(tx, written)
    return Done(len(written), tuple(passed))
