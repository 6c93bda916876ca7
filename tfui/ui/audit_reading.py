"""Reads the record of changes: which entries there are, those near what is seen, and its chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.core.record_filter import RecordFilter
    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller

PAGE = 128
"""Entries read at once: three screens of a large terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries, and what of them is seen."""

    filter: RecordFilter
    cursor_id: int | None
    top: int
    """The first line that is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLook:
    """The record at one moment."""

    filter: RecordFilter
    ids: Sequence[int]
    """The newest first."""
    rows: Sequence[JournalRow]
    cursor: int | None
    """Where the cursor's entry is now."""


@dataclass(frozen=True, slots=True)
class ChainLook:
    """What recounting the chain of hashes came to."""

    until: int | None
    """The newest entry it was recounted to; None of an empty record."""
    broken_at: int | None = None
    why: str = ""


def read(caller: Caller, wanted: Wanted) -> AuditLook:
    """Read the record. Raises Unavailable, Forbidden."""
    from tfui.model.journal_filter import JournalFilter
    from tfui.service import journal

    asked = wanted.filter
    chosen = JournalFilter(
        words=asked.words,
        actor=asked.actor,
        named=asked.named,
        verb=asked.verb,
        since=None if asked.since is None else caller.now() - asked.since,
    )
    ids = journal.ids(caller, chosen)
    cursor = None
    if wanted.cursor_id is not None and wanted.cursor_id in ids:
        cursor = ids.index(wanted.cursor_id)
    first = max(0, (wanted.top if cursor is None else min(wanted.top, cursor)) - PAGE // 2)
    return AuditLook(
        filter=asked,
        ids=ids,
        rows=journal.rows(caller, ids[first : first + 2 * PAGE]),
        cursor=cursor,
    )


def rows(caller: Caller, ids: Sequence[int]) -> list[JournalRow]:
    """Read entries that are missing."""
    from tfui.service import journal

    return journal.rows(caller, ids)


def chain(caller: Caller, before: ChainLook | None) -> ChainLook:
    """Recount the chain of hashes, on from where it was recounted before. Raises Unavailable."""
    from tfui.service import journal

    if before is not None and before.why:
        return before
    since = 0 if before is None or before.until is None else before.until
    until, broken = journal.chain(caller, since=since)
    if broken is None:
        return ChainLook(until)
    return ChainLook(until, broken.entry_id, broken.text)
