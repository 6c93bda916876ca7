"""What an undo leaves as it is on its way to the act that it takes back: whether it may, and its words.

What has ended by itself it passes over. What has had its effect somebody is to know of first: the undo
that meets it changes nothing, and leaves a mark in the journal, past which the next one goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.errors import Conflict
from tfui.service import spent, taking_back
from tfui.service.journal_words import said, said_together
from tfui.service.spent import Spent
from tfui.store import journal_acts, journal_rows
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

PASSED = 20
"""How many acts that cannot be taken back an undo names."""

RUNS = "what was done to a run stays done"

_FROM = "from_entry"


def ids(over: Sequence[Spent]) -> set[int]:
    """Give the entries of what was passed over."""
    return {entry.id for one in over for entry in one.entries}


def runs_since(tx: Transaction, caller: Caller, entry_id: int) -> list[JournalRow]:
    """Give what the caller did to runs after an entry, the newest first."""
    return journal_acts.passed(
        tx,
        caller.organization_id,
        by=caller.name,
        after=entry_id,
        verbs=taking_back.VERBS,
        limit=PASSED,
    )


def untold(
    tx: Transaction, caller: Caller, over: Sequence[Spent], runs: Sequence[JournalRow]
) -> list[JournalRow]:
    """Give what has had its effect and no undo of the caller's has stopped at."""
    entries = [entry for one in over for entry in one.entries if not spent.ends_by_itself(entry)]
    entries += runs
    if not entries:
        return []
    first = min(entry.id for entry in entries)
    marks = journal_acts.marks(tx, caller.organization_id, by=caller.name, after=first)
    spans = [((mark.after or {})[_FROM], mark.id) for mark in marks]
    return [entry for entry in entries if not any(begin <= entry.id < end for begin, end in spans)]


def mark(
    tx: Transaction, caller: Caller, entries: Sequence[JournalRow], *, from_entry: int
) -> None:
    """Put on record that the caller was told of entries, and of all from one on."""
    newest = max(entries, key=lambda entry: entry.id)
    found = Entry(
        verb=f"{newest.subject_type}.{journal_rows.PASSED_OVER}",
        subject_type=newest.subject_type,
        subject_id=newest.subject_id,
        subject=newest.subject,
        after={_FROM: from_entry},
    )
    caller.record(tx, [found])


def stopped(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
    entries: Sequence[JournalRow],
    over: Sequence[Spent],
) -> Conflict:
    """Mark entries that an undo stops at before an act; say what they are, and what comes next."""
    mark(tx, caller, entries, from_entry=act[-1].id + 1)
    those = {entry.id for entry in entries}
    parts = [
        Spent(tuple(entry for entry in one.entries if entry.id in those), one.why) for one in over
    ]
    runs = [entry for entry in entries if entry.id not in ids(over)]
    told = named(tx, caller, [part for part in parts if part.entries])
    if runs:
        told = (Spent(tuple(runs), RUNS), *told)
    (following,) = named(tx, caller, [Spent(tuple(act), "")])
    words = "; ".join(one.words for one in told)
    return Conflict(
        f"nothing was taken back: you {words}; "
        f"the next undo takes back: {said_together(following.entries)}"
    )


def named(tx: Transaction, caller: Caller, over: Sequence[Spent]) -> tuple[Spent, ...]:
    """Have what was passed over told by the acts' own entries, also where an undo or redo of them was."""
    few = over[:PASSED]
    links = journal_acts.chains(tx, ids(few))
    found = []
    for one in few:
        roots = {links[entry.id].root for entry in one.entries}
        own = journal_acts.by_ids(tx, caller.organization_id, roots)
        found.append(Spent(tuple(own), one.why))
    return tuple(found)


def nothing(tx: Transaction, caller: Caller, over: Sequence[Spent]) -> Conflict:
    """Say why there is nothing to take back."""
    if over:
        (first,) = named(tx, caller, over[:1])
        return Conflict(f"there is nothing to take back: you {first.words}")
    own = runs_since(tx, caller, 0)
    if own:
        return Conflict(f"there is nothing to take back: you {said(own[0])}, and {RUNS}")
    last = journal_rows.newest_of_others(tx, caller.organization_id, by=caller.name)
    if last is None:
        return Conflict("there is nothing to take back")
    return Conflict(
        f"you have changed nothing that could be taken back; {last.by} {said(last)}, "
        "and what another did is reverted in the record of changes (view 5)",
    )
