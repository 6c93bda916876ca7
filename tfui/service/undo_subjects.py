"""The schedules that entries of the journal are about, held while these are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.service.refusing import Refused
from tfui.store import schedules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction


def held(
    tx: Transaction, caller: Caller, entries: Sequence[JournalRow]
) -> Iterator[tuple[JournalRow, ScheduledJob]]:
    """Hold them at once; give each entry with its schedule, the last first.

    Raises Refused on coming to an entry whose schedule is gone.
    """
    found = schedules.lock(tx, caller.organization_id, [entry.subject_id for entry in entries])
    return ((entry, _there(entry, found)) for entry in reversed(entries))


def _there(entry: JournalRow, found: Mapping[UUID, ScheduledJob]) -> ScheduledJob:
    schedule = found.get(entry.subject_id)
    if schedule is None:
        raise Refused(entry, "it is gone")
    return schedule
