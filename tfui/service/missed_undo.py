"""Taking back that missed runs were waived, and waiving them again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.rights import Right
from tfui.service.schedule_undo import refusal
from tfui.store import schedules, waiving
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

VERBS = ("schedule.waived", "schedule.unwaived")


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about missed runs; give each with the new one.

    Raises Conflict, with a sentence, when nothing is left to take back.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if not ours:
        return []
    caller.require(Right.SCHEDULED_JOB_WRITE)
    schedules.lock(tx, caller.organization_id, [entry.subject_id for entry in ours])
    return [(entry, _take_back(tx, caller, entry)) for entry in reversed(ours)]


def _take_back(tx: Transaction, caller: Caller, entry: JournalRow) -> Entry:
    told: Mapping[str, Any] = entry.after or entry.before or {}
    if entry.verb == "schedule.waived":
        if not waiving.unwaive(tx, entry.subject_id, entry.at):
            raise refusal(entry, "these runs were backfilled since")
        return _entry("schedule.unwaived", entry, before=told, after=None)
    first, last = (datetime.fromisoformat(told[name]) for name in ("from", "to"))
    found = waiving.undealt_between(tx, entry.subject_id, first, last)
    if not found:
        raise refusal(entry, "these runs were dealt with since")
    waiving.waive(tx, found, by=caller.name, note=told["note"])
    return _entry("schedule.waived", entry, before=None, after=told)


def _entry(
    verb: str,
    old: JournalRow,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Entry:
    return Entry(
        verb=verb,
        subject_type="schedule",
        subject_id=old.subject_id,
        subject=old.subject,
        before=before,
        after=after,
    )
