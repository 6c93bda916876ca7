"""Taking back what was said about which schedule comes after which, as new changes made now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tfui.core.rights import Right
from tfui.core.states import DependencyType
from tfui.model.dependency import After
from tfui.service import dependency_changes, undo_subjects
from tfui.service.refusing import Refused
from tfui.store import dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

VERBS = ("dependency.added", "dependency.removed")


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about dependencies, the last first; give each with the new one.

    Raises Conflict, with a sentence, when a later change stands in the way.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if not ours:
        return []
    caller.require(Right.SCHEDULED_JOB_WRITE)
    return [
        (entry, _take_back(tx, entry, child))
        for entry, child in undo_subjects.held(tx, caller, ours)
    ]


def _take_back(tx: Transaction, entry: JournalRow, child: ScheduledJob) -> Entry:
    told: Mapping[str, Any] = entry.after or entry.before or {}
    parent_id = UUID(told["parent_id"])
    there = dependencies.find(tx, child.id, parent_id)
    if entry.verb == "dependency.added":
        if there is None:
            raise Refused(entry, "it was removed since")
        if (there.dependency_type, there.window_seconds) != (
            told["dependency_type"],
            told["window_seconds"],
        ):
            raise Refused(entry, "it was changed since")
        if entry.before is None:
            return dependency_changes.remove(tx, there)
    if entry.verb == "dependency.removed" and there is not None:
        raise Refused(entry, "it was added since")
    if parent_id not in dependencies.names(tx, [parent_id]):
        raise Refused(entry, f"{told['after']} is gone")
    before: Mapping[str, Any] = entry.before or {}
    wanted = After(
        parent_id=parent_id,
        dependency_type=DependencyType(before["dependency_type"]),
        window_seconds=before["window_seconds"],
    )
    again = dependency_changes.add(tx, child, wanted)
    if again is None:
        raise Refused(entry, "nothing is left of that")
    return again
