"""Taking back what was done to rate limits, entry by entry, as new changes made now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.core.rights import Right
from tfui.service import rates
from tfui.service.refusing import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

VERBS = ("rate.set",)


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about rate limits; give each with the new one.

    Raises Conflict, with a sentence, when a later change stands in the way.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if ours:
        caller.require(Right.QUEUE_WRITE)
    pairs = []
    for entry in reversed(ours):
        before: Mapping[str, Any] = entry.before or {}
        after: Mapping[str, Any] = entry.after or {}
        new = rates.change(tx, caller, before["job_type"], before["per_minute"])
        if new is None or (new.before or {}).get("per_minute") != after["per_minute"]:
            raise Refused(entry, "it changed since")
        pairs.append((entry, new))
    return pairs
