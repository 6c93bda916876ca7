"""Undo and redo: taking one's own last act back, and doing again what one has taken back.

An act belongs to whoever did it, by name and in this organization, through whichever edge it came.
Nobody undoes another's by accident: that takes naming the entry (`journal.revert`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.explain_trigger import local
from tfui.core.rights import Right
from tfui.errors import Conflict, NotFound
from tfui.service import passing_over, spent, taking_back
from tfui.service.caller import twice
from tfui.service.journal_words import said, said_together
from tfui.service.refusing import Refused
from tfui.service.spent import Spent
from tfui.store import journal_acts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.service.taking_back import Taken
    from tfui.store.connection import Transaction


@dataclass(frozen=True, slots=True)
class Turn:
    """What one undo or redo came to."""

    act: tuple[JournalRow, ...]
    """The act's own entries, which do not stand any more, or do again."""
    passed: tuple[JournalRow, ...] = ()
    """What the person did since then, and which no undo takes back: it was left as it is."""
    spent: tuple[Spent, ...] = ()
    """What the person did (or undid) since then and has ended by itself, or had its effect."""
    partly: tuple[str, ...] = ()
    """How far it was taken back, where that is not whole."""

    @property
    def words(self) -> str:
        """Say the act: `paused 7 schedules`."""
        partly = f" ({'; '.join(self.partly)})" if self.partly else ""
        return f"{said_together(self.act)}{partly}"

    @property
    def passed_words(self) -> str:
        """Say what was left as it is, or nothing."""
        return "; ".join(said_together([entry]) for entry in self.passed)

    @property
    def left_words(self) -> str:
        """Say all that was left as it is, or nothing."""
        found = [self.passed_words, *(one.words for one in self.spent)]
        return "; ".join(words for words in found if words)


@twice
def undo(caller: Caller) -> Turn:
    """Take back the caller's last act that stands. Undoing again goes one act further back.

    What has ended by itself since is passed over, and told. Raises Conflict, with a sentence, when
    there is none, something stands in the way, or the last act has had its effect: that is left as it
    is, and nothing is taken back until undo is asked for again.
    """
    while True:
        with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
            act, over = _next(tx, caller, undos=False)
            if not act:
                raise passing_over.nothing(tx, caller, over)
            runs = passing_over.runs_since(tx, caller, act[-1].id)
            untold = passing_over.untold(tx, caller, over, runs)
            newer = [entry for entry in untold if entry.batch_id != act[0].batch_id]
            stopped = passing_over.stopped(tx, caller, act, newer, over) if newer else None
            taken = None if stopped else _take_back(tx, caller, act, over=over)
            if taken is not None:
                if untold:
                    first = min(entry.id for entry in (*act, *untold))
                    passing_over.mark(tx, caller, untold, from_entry=first)
                told = passing_over.named(tx, caller, over)
                return Turn(taken.roots, tuple(runs), told, taken.partly)
        if stopped is not None:
            raise stopped  # once its mark is on record
        # Somebody else took that act back just before; this goes one further.


@twice
def redo(caller: Caller) -> Turn:
    """Do the caller's newest undone act again, whole. Redoing again goes one act further on.

    As in an editor, a later act of the caller's about the same ends that; such an act, and what time
    has ended, is passed over, and told. Raises Conflict, with a sentence, when there is nothing or
    something stands in the way.
    """
    while True:
        with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
            undone, over = _next(tx, caller, undos=True)
            if not undone:
                raise _nothing_again(passing_over.named(tx, caller, over))
            taken = _take_back(tx, caller, undone, again=True)
            if taken is not None:
                return Turn(taken.roots, spent=passing_over.named(tx, caller, over))


@twice
def revert(caller: Caller, entry_id: int) -> Turn:
    """Take one entry back, whoever's it is and however long ago, as a new entry.

    Raises NotFound, and Conflict, with a sentence, when it was taken back, cannot be, or something
    newer stands in the way.
    """
    with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
        found = journal_acts.by_ids(tx, caller.organization_id, [entry_id])
        if not found:
            raise NotFound(f"there is no entry {entry_id}")
        (entry,) = found
        if entry.verb not in taking_back.VERBS:
            raise Conflict(
                f"that {entry.by} {said(entry)} cannot be taken back: {passing_over.RUNS}"
            )
        taken = None if entry.undone_by else _take_back(tx, caller, found)
        if taken is None:
            raise Conflict(f"that {entry.by} {said(entry)} was taken back already")
        return Turn(taken.roots, partly=taken.partly)


def _take_back(
    tx: Transaction,
    caller: Caller,
    act: list[JournalRow],
    *,
    over: Sequence[Spent] = (),
    again: bool = False,
) -> Taken | None:
    """Take an act back, or do it again by taking its undo back. Raises Conflict in the asker's terms."""
    try:
        return taking_back.take_back(tx, caller, act, over=passing_over.ids(over))
    except Refused as refused:
        why = f"{refused.why}{_by_whom(tx, caller, refused)}"
        links = journal_acts.chains(tx, [refused.entry.id])
        (root,) = journal_acts.by_ids(tx, caller.organization_id, [links[refused.entry.id].root])
        who = "you" if root.by == caller.name else root.by
        end = "is not done again" if again else "cannot be taken back"
        raise Conflict(f"that {who} {said(root)} {end}: {why}") from None


def _by_whom(tx: Transaction, caller: Caller, refused: Refused) -> str:
    """Say who has changed since what an entry had changed, if anybody is known."""
    if not refused.why.endswith(" changed since"):
        return ""
    fields = (refused.entry.after or {}).keys()
    entries = [refused.entry]
    pairs = journal_acts.later(tx, caller.organization_id, entries, verbs=taking_back.VERBS)
    newer = [new for _, new in pairs if not fields.isdisjoint(new.after or {})]
    if not newer:
        return ""
    new = max(newer, key=lambda entry: entry.id)
    who = "you" if new.by == caller.name else new.by
    return f", by {who} at {local(new.at, 'UTC')}"


def _next(tx: Transaction, caller: Caller, *, undos: bool) -> tuple[list[JournalRow], list[Spent]]:
    """Give what is to be taken back of the newest act (or undo) that can be, and what was passed over."""
    over: list[Spent] = []
    for act in _standing(tx, caller, undos=undos):
        newer = _newer_act(tx, caller, act) if undos else None
        if newer is not None:
            over.append(Spent(tuple(act), f"you {said(newer)} since you undid it"))
            continue
        found = spent.find(tx, caller, act, over=passing_over.ids(over))
        over += found
        left = [entry for entry in act if entry.id not in passing_over.ids(found)]
        if left:
            return left, over
    return [], over


def _standing(tx: Transaction, caller: Caller, *, undos: bool) -> Iterator[list[JournalRow]]:
    return journal_acts.standing(
        tx,
        caller.organization_id,
        by=caller.name,
        verbs=taking_back.VERBS,
        undos=undos,
    )


def _newer_act(tx: Transaction, caller: Caller, undone: list[JournalRow]) -> JournalRow | None:
    """Give an act of the caller's own, later than an undo, about something that this is about."""
    pairs = journal_acts.later(tx, caller.organization_id, undone, verbs=taking_back.VERBS)
    own = [new for _, new in pairs if new.by == caller.name and new.undoes is None]
    return max(own, key=lambda entry: entry.id, default=None)


def _nothing_again(over: Sequence[Spent]) -> Conflict:
    """Say why there is nothing to do again."""
    if not over:
        return Conflict("there is nothing to do again: you have undone nothing")
    return Conflict(f"that you {said_together(over[0].entries)} is not done again: {over[0].why}")
