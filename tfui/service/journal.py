"""The record for whoever asks: who changed what, whether it was tampered with, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tfui.core.rights import Right
from tfui.errors import Invalid
from tfui.model.journal_filter import EVERYTHING, JournalFilter
from tfui.service import references
from tfui.service.undoing import Turn, redo, revert, undo
from tfui.store import journal, journal_acts, journal_rows, queues, schedules

if TYPE_CHECKING:
    from collections.abc import Collection

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Break

__all__ = ["LARGEST_PAGE", "Turn", "chain", "entries", "ids", "redo", "revert", "rows", "undo"]

LARGEST_PAGE = 100_000


def entries(
    caller: Caller,
    *,
    subject: str | UUID | None = None,
    chosen: JournalFilter = EVERYTHING,
    limit: int = 200,
) -> list[JournalRow]:
    """Give changes, the newest first: all, or those of what has, or then had, a name or an id.

    Raises Invalid.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid({"limit": f"this may be 1 to {LARGEST_PAGE:,}"})
    with caller.reading(Right.AUDIT_READ) as tx:
        wanted = chosen.subject if subject is None else subject
        found = _subjects(tx, caller, wanted)
        return journal_rows.entries(tx, caller.organization_id, chosen, found, limit=limit)


def ids(caller: Caller, chosen: JournalFilter = EVERYTHING) -> list[int]:
    """Give the ids of every entry that meets a filter, the newest first."""
    with caller.reading(Right.AUDIT_READ) as tx:
        found = _subjects(tx, caller, chosen.subject)
        return journal_rows.ids(tx, caller.organization_id, chosen, found)


def rows(caller: Caller, entry_ids: Collection[int]) -> list[JournalRow]:
    """Give entries by their ids, the oldest first; those that are gone are left out."""
    with caller.reading(Right.AUDIT_READ) as tx:
        return journal_acts.by_ids(tx, caller.organization_id, entry_ids)


def chain(caller: Caller, *, since: int = 0) -> tuple[int | None, Break | None]:
    """Recount the chain of hashes, whole or from an entry that was recounted before.

    Gives the newest entry it was recounted to, and the first break.
    """
    with caller.reading(Right.AUDIT_READ) as tx:
        tx.dialect.freeze(tx.connection)
        return journal_rows.newest_id(tx), journal.verify(tx, since=since)


def _subjects(
    tx: Transaction,
    caller: Caller,
    reference: str | UUID | None,
) -> journal_rows.Subjects | None:
    """Give what bears a name now, or has an id that begins so."""
    if reference is None:
        return None
    if isinstance(reference, UUID):
        return journal_rows.Subjects(None, (reference,))
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
    if queue_id is not None:
        found.append(queue_id)
    return journal_rows.Subjects(reference, tuple(found))
