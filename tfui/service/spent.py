"""What of an act has ended by itself since: an engine resumed it at its time, failed or completed it.

Nobody stands in the way of taking such an act back, and nothing is left of it to take back either,
so undo passes it over and goes on to what was done before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.states import ScheduleStatus, ScheduleType
from tfui.service import schedule_changes
from tfui.service.draft_columns import TRIGGER
from tfui.service.journal_words import said_together
from tfui.store import journal_acts, schedules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

_STANDING = ("schedule.paused", "schedule.resumed", "schedule.failed")
_EDITED = "schedule.edited"
_QUEUE = "queue.paused"
_OTHERS = ("schedule.deleted", "schedule.restored", _QUEUE, "queue.edited", "queue.resumed")


@dataclass(frozen=True, slots=True)
class Spent:
    """Entries of one act that no undo takes back any more, and why."""

    entries: tuple[JournalRow, ...]
    why: str

    @property
    def words(self) -> str:
        """Say it: `paused backup (it was resumed since, at 2026-01-05T12:01:00+00:00)`."""
        return f"{said_together(self.entries)} ({self.why})"


def find(tx: Transaction, caller: Caller, act: Sequence[JournalRow]) -> list[Spent]:
    """Give what of an act has ended by itself; what another person changed since is left out."""
    ours = [entry for entry in act if entry.verb in (*_STANDING, _EDITED, _QUEUE)]
    if not ours:
        return []
    organization_id = caller.organization_id
    ended: dict[int, JournalRow] = {}
    ends = (*_STANDING, "queue.resumed")
    for old, new in journal_acts.later(tx, organization_id, ours, verbs=ends, by_engines=True):
        if old.id not in ended or new.id < ended[old.id].id:
            ended[old.id] = new
    why: dict[int, str] = {}
    for entry in ours:
        found = _why(tx, organization_id, entry, ended.get(entry.id))
        if found is not None:
            why[entry.id] = found
    taken_over = _taken_over(tx, caller, [entry for entry in ours if entry.id in why])
    told: dict[str, list[JournalRow]] = {}
    for entry in ours:
        if entry.id in why and entry.id not in taken_over:
            told.setdefault(why[entry.id], []).append(entry)
    return [Spent(tuple(entries), reason) for reason, entries in told.items()]


def _why(
    tx: Transaction, organization_id: UUID, entry: JournalRow, ended: JournalRow | None
) -> str | None:
    """Say what has ended an entry; None when it stands, or somebody's act is what changed it."""
    told = None if ended is None else _told(ended)
    if entry.verb == _QUEUE:
        return told
    schedule = schedules.get(tx, organization_id, entry.subject_id)
    if schedule is None:
        return None
    after = entry.after or {}
    is_over = schedule.status is ScheduleStatus.COMPLETED
    if entry.verb == _EDITED:
        is_once = schedule.schedule_type is ScheduleType.ONCE and "status" not in after
        is_spent = is_over and is_once and not after.keys().isdisjoint(TRIGGER)
        return "its time has come since, and it is completed" if is_spent else None
    present = schedule_changes.standing(schedule)
    if all(present.get(name, value) == value for name, value in after.items()):
        return None
    return told or ("it is completed since" if is_over else None)


def _told(ended: JournalRow) -> str:
    _, _, verb = ended.verb.partition(".")
    return f"it was {verb} since, at {ended.at.isoformat(timespec='seconds')}"


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
