"""What of an act is over since: an engine resumed it at its time, or has begun what it made.

Nobody stands in the way of taking such an act back, and nothing is left of it to take back either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.explain_trigger import local
from tfui.core.states import ScheduleStatus, ScheduleType
from tfui.service import missed_undo, queue_undo, schedule_changes, schedule_undo
from tfui.service.draft_columns import TRIGGER
from tfui.service.journal_words import said_together
from tfui.store import journal_acts, queues, schedules

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

_STANDING = ("schedule.paused", "schedule.resumed", "schedule.failed")
_EDITED = "schedule.edited"
_QUEUE = "queue.paused"
_BY_ITSELF = (*_STANDING, _EDITED, _QUEUE)
_OURS = (*_BY_ITSELF, "queue.created", "queue.resumed", *missed_undo.VERBS)
_ENDING = (*_STANDING, _QUEUE, "queue.resumed")
_OTHERS = ("schedule.deleted", "schedule.restored", _QUEUE, "queue.edited", "queue.resumed")


@dataclass(frozen=True, slots=True)
class Spent:
    """Entries of one act that no undo takes back any more, and why."""

    entries: tuple[JournalRow, ...]
    why: str

    @property
    def words(self) -> str:
        """Say it: `paused backup (it was resumed since, at 2026-01-05 12:01 +00:00)`."""
        return f"{said_together(self.entries)} ({self.why})"


def find(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
    *,
    over: Collection[int] = (),
) -> list[Spent]:
    """Give what of an act is over; what another person changed since is left out.

    `over` are the caller's later entries that have: what they changed is not coming back.
    """
    ours = [entry for entry in act if entry.verb in _OURS]
    if not ours:
        return []
    why = _over(tx, caller, ours)
    by_itself = _ended(tx, caller, [entry for entry in ours if entry.id not in why], over)
    taken_over = _taken_over(tx, caller, [entry for entry in ours if entry.id in by_itself])
    why |= {entry: text for entry, text in by_itself.items() if entry not in taken_over}
    told: dict[str, list[JournalRow]] = {}
    for entry in ours:
        if entry.id in why:
            told.setdefault(why[entry.id], []).append(entry)
    return [Spent(tuple(entries), reason) for reason, entries in told.items()]


def ends_by_itself(entry: JournalRow) -> bool:
    """Whether time alone ends what an entry did, as a pause; anything else is over by its effect."""
    return entry.verb in _ENDING


def _over(tx: Transaction, caller: Caller, entries: Sequence[JournalRow]) -> dict[int, str]:
    """Say why entries will never be taken back, whoever does what: their time has passed, or they ran."""
    known = queues.ids_by_name(tx, caller.organization_id)
    found = {}
    for entry in entries:
        if entry.subject_type == "queue":
            why = queue_undo.why_over(tx, entry, caller.now())
        elif (schedule := schedules.get(tx, caller.organization_id, entry.subject_id)) is None:
            continue
        elif entry.verb in missed_undo.VERBS:
            why = missed_undo.why_over(tx, entry, schedule)
        else:
            why = schedule_undo.why_over(tx, entry, schedule, known)
        if why is not None:
            found[entry.id] = why
    return found


def _ended(
    tx: Transaction,
    caller: Caller,
    entries: Sequence[JournalRow],
    over: Collection[int],
) -> dict[int, str]:
    """Say which entries an engine, or a later act that is over itself, has put an end to."""
    ours = [entry for entry in entries if entry.verb in _BY_ITSELF]
    organization_id = caller.organization_id
    ends = ("schedule.resumed", "schedule.failed", _EDITED, "queue.resumed")
    by_engines = ("schedule.paused", *ends)
    pairs = journal_acts.later(tx, organization_id, ours, verbs=by_engines, by_engines=True)
    if over:
        own = journal_acts.later(tx, organization_id, ours, verbs=ends)
        pairs += [(old, new) for old, new in own if new.id in over]
    ended: dict[int, JournalRow] = {}
    for old, new in pairs:
        if _is_of(old, new) and (old.id not in ended or new.id < ended[old.id].id):
            ended[old.id] = new
    found = {}
    for entry in ours:
        why = _why(tx, organization_id, entry, ended.get(entry.id))
        if why is not None:
            found[entry.id] = why
    return found


def _is_of(old: JournalRow, new: JournalRow) -> bool:
    """Whether a later entry is about what an entry changed."""
    if old.verb != _EDITED:
        return new.verb != _EDITED
    return new.verb == _EDITED and not (old.after or {}).keys().isdisjoint(new.after or {})


def _why(
    tx: Transaction, organization_id: UUID, entry: JournalRow, ended: JournalRow | None
) -> str | None:
    """Say what has ended an entry; None when it stands, or somebody's act is what changed it."""
    if entry.verb == _QUEUE:
        return None if ended is None else _told(ended, "UTC")
    schedule = schedules.get(tx, organization_id, entry.subject_id)
    if schedule is None:
        return None
    after = entry.after or {}
    is_over = schedule.status is ScheduleStatus.COMPLETED
    if entry.verb == _EDITED:
        is_once = schedule.schedule_type is ScheduleType.ONCE and "status" not in after
        is_spent = is_over and is_once and not after.keys().isdisjoint(TRIGGER)
        if ended is not None:
            return _told(ended, schedule.timezone)
        return "its time has come since, and it is completed" if is_spent else None
    present = schedule_changes.standing(schedule)
    if all(present.get(name, value) == value for name, value in after.items()):
        return None
    if ended is not None:
        return _told(ended, schedule.timezone)
    return "it is completed since" if is_over else None


def _told(ended: JournalRow, zone: str) -> str:
    _, _, verb = ended.verb.partition(".")
    return f"it was {verb} since, at {local(ended.at, zone)}"


def _taken_over(tx: Transaction, caller: Caller, entries: list[JournalRow]) -> set[int]:
    """Give the entries whose matter another person has changed since, which stands."""
    pairs = [
        (old, new)
        for old, new in journal_acts.later(
            tx, caller.organization_id, entries, verbs=(*_STANDING, _EDITED, *_OTHERS)
        )
        if new.verb != _EDITED or old.verb == _EDITED
    ]
    others = [(old, new) for old, new in pairs if new.by != caller.name and new.undone_by is None]
    links = journal_acts.chains(tx, [new.id for _, new in others])
    return {old.id for old, new in others if not links[new.id].is_undo}
