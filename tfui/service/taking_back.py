"""Taking back what entries of the journal say, whatever they are about, as new entries.

Undo, redo and reverting one entry all end here: taking an undo back is doing the act again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tfui.service import dependency_undo, missed_undo, queue_undo, rate_undo, schedule_undo
from tfui.store import journal, journal_acts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

VERBS = (
    *schedule_undo.VERBS,
    *queue_undo.VERBS,
    *dependency_undo.VERBS,
    *rate_undo.VERBS,
    *missed_undo.VERBS,
)
"""Verbs of what can be taken back."""


class Taken(NamedTuple):
    """What of an act was taken back."""

    roots: tuple[JournalRow, ...]
    """What was at the root of each of its entries."""
    partly: tuple[str, ...]
    """How far, where not whole."""


def take_back(
    tx: Transaction,
    caller: Caller,
    entries: Sequence[JournalRow],
    *,
    over: Collection[int] = (),
) -> Taken | None:
    """Take entries of one act back; None, when it is too late.

    `over` are later entries that have ended by themselves, and stand in nobody's way. Raises Conflict, with a sentence, when something stands in the way.
    """
    if not journal_acts.hold(tx, [entry.id for entry in entries]):
        return None
    pairs = schedule_undo.take_back(tx, caller, entries, over=over)
    pairs += queue_undo.take_back(tx, caller, entries)
    pairs += dependency_undo.take_back(tx, caller, entries)
    pairs += rate_undo.take_back(tx, caller, entries)
    runs = missed_undo.take_back(tx, caller, entries)
    pairs += runs
    _record(tx, caller, pairs)
    found = journal_acts.chains(tx, [entry.id for entry in entries])
    roots = {chain.root for chain in found.values()}
    own = journal_acts.by_ids(tx, caller.organization_id, roots)
    return Taken(tuple(own), missed_undo.partly(runs))


def _record(tx: Transaction, caller: Caller, pairs: list[tuple[JournalRow, Entry]]) -> None:
    news = [replace(entry, undoes=old.id) for old, entry in pairs]
    new_ids = caller.record(tx, news)
    journal.mark_undone(tx, [(old.id, new) for (old, _), new in zip(pairs, new_ids, strict=True)])
