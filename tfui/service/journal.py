"""The record for whoever asks: who changed what, and taking the last act back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from tfui.core.rights import Right
from tfui.errors import Conflict, Invalid
from tfui.service import dependency_undo, queue_undo, rate_undo, references, schedule_undo
from tfui.store import journal, journal_rows, queues, schedules

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

LARGEST_PAGE = 100_000

UNDOABLE = (
    *schedule_undo.VERBS,
    *queue_undo.VERBS,
    *dependency_undo.VERBS,
    *rate_undo.VERBS,
)
"""Verbs of acts that can be taken back."""


def entries(
    caller: Caller,
    *,
    subject: str | UUID | None = None,
    limit: int = 200,
) -> list[JournalRow]:
    """Give changes, the newest first: all, or those of what has, or then had, a name or an id.

    Raises Invalid.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid({"limit": f"this may be 1 to {LARGEST_PAGE:,}"})
    with caller.reading(Right.AUDIT_READ) as tx:
        subjects = [subject] if isinstance(subject, UUID) else []
        if isinstance(subject, str):
            subjects = _subjects(tx, caller, subject)
        return journal_rows.entries(
            tx,
            caller.organization_id,
            name=subject if isinstance(subject, str) else None,
            subject_ids=subjects,
            limit=limit,
        )


def undo(caller: Caller) -> list[JournalRow]:
    """Take back the organization's last act that was not taken back yet; give its entries.

    It is undone whole, by new entries. Undoing again goes one act further back; what was undone
    stays so. Raises Conflict, with a sentence, when there is nothing or it cannot be taken back.
    """
    while True:
        with caller.writing(Right.SCHEDULED_JOB_WRITE) as tx:
            act = journal_rows.last_act(tx, caller.organization_id, verbs=UNDOABLE)
            if not act:
                raise _nothing(tx, caller)
            if journal_rows.hold(tx, [entry.id for entry in act]):
                pairs = schedule_undo.take_back(tx, caller, act)
                pairs += queue_undo.take_back(tx, caller, act)
                pairs += dependency_undo.take_back(tx, caller, act)
                pairs += rate_undo.take_back(tx, caller, act)
                return _recorded(tx, caller, pairs)
        # Somebody else took that act back just before; this goes one further.


def _recorded(
    tx: Transaction,
    caller: Caller,
    pairs: list[tuple[JournalRow, Entry]],
) -> list[JournalRow]:
    news = [replace(entry, undoes=old.id) for old, entry in pairs]
    undone = []
    for (old, _), new_id in zip(pairs, caller.record(tx, news), strict=True):
        journal.mark_undone(tx, old.id, by_entry=new_id)
        undone.append(replace(old, undone_by=new_id))
    return undone


def _nothing(tx: Transaction, caller: Caller) -> Conflict:
    """Say why there is nothing to take back."""
    last = journal_rows.last_act(tx, caller.organization_id)
    if not last:
        return Conflict("there is nothing to take back")
    _, _, verb = last[0].verb.partition(".")
    return Conflict(
        f"there is nothing to take back but that {last[0].by} {verb} {last[0].subject}, "
        "and what has begun to run cannot be taken back",
    )


def _subjects(tx: Transaction, caller: Caller, reference: str) -> list[UUID]:
    """Give what bears a name now, or has an id that begins so."""
    organization_id = caller.organization_id
    found = [
        schedule_id
        for is_deleted in (False, True)
        for schedule_id, _ in schedules.matches(
            tx,
            organization_id,
            name=reference,
            id_range=references.id_range(reference) if len(reference) >= 8 else None,
            deleted=is_deleted,
        )
    ]
    queue_id = queues.ids_by_name(tx, organization_id).get(reference)
    return found if queue_id is None else [*found, queue_id]
