"""What somebody else saved while the editor was open, as the store has it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.ui.plain import plain
from tfui.ui.stored import whole

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.service.caller import Caller
    from tfui.ui.merging import Version


@dataclass(frozen=True, slots=True)
class Newer:
    """The schedule as it is in the store now."""

    version: Version
    revision: int
    authors: tuple[str, ...]
    """Who changed it since, newest first: `ana through the cli`."""


def fetch_newer(caller: Caller, schedule_id: UUID, *, since: int) -> Newer | None:
    """Read what is stored; None when that is no newer than `since`. Runs in a thread."""
    from tfui.service import journal, schedules

    row = schedules.rows(caller, [schedule_id])
    if not row or row[0].revision <= since:
        return None
    version = whole(caller, schedule_id)
    entries = journal.entries(caller, subject=schedule_id, limit=row[0].revision - since)
    return Newer(version, row[0].revision, tuple(dict.fromkeys(map(_author, entries))))


def _author(entry: JournalRow) -> str:
    return f"{plain(entry.by)} through the {plain(entry.via)}, {entry.at:%H:%M} UTC"
