"""The law, recounted instant by instant: what a trigger planned against what is on record.

The record comes in order and is looked at once, so a year of a one-second schedule needs no more
memory than a day of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tfui.core.trigger import Trigger

_TICK = timedelta(microseconds=1)


class Entry(NamedTuple):
    """A job (both instants its nominal one, one occurrence) or a ledger range."""

    from_at: datetime
    to_at: datetime
    number: int


class Fault(StrEnum):
    """What can be wrong with the record of an occurrence."""

    LOST = "lost"
    """Planned, and nowhere on record."""
    DOUBLED = "doubled"
    """In two places."""
    STRAY = "stray"
    """On record, and not an instant of the trigger."""
    MISCOUNTED = "miscounted"
    """A range whose count is not what the trigger has between its ends."""
    AHEAD = "ahead"
    """On record past the cursor, so that it will be planned again."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Occurrences from `from_at` to `to_at`, both included, whose record is wrong."""

    fault: Fault
    from_at: datetime
    to_at: datetime
    count: int


def discrepancies(
    trigger: Trigger,
    entries: Iterable[Entry],
    *,
    after: datetime,
    until: datetime,
) -> Iterator[Discrepancy]:
    """Hold entries, ascending by `from_at`, against the occurrences in `(after, until]`."""
    at = after  # every occurrence up to here is accounted for
    for entry in entries:
        start, end, count = entry
        if start > at:
            yield from _lost(trigger, at, min(start - _TICK, until))
        else:
            doubled = trigger.count(start - _TICK, min(end, at))
            if doubled:
                yield Discrepancy(Fault.DOUBLED, start, min(end, at), doubled)
        if end > until:
            yield Discrepancy(Fault.AHEAD, max(start, until), end, count)
        planned = trigger.count(start - _TICK, end)
        if not planned:
            yield Discrepancy(Fault.STRAY, start, end, count)
        elif planned != count:
            yield Discrepancy(Fault.MISCOUNTED, start, end, count - planned)
        at = max(at, end)
    yield from _lost(trigger, at, until)


def _lost(trigger: Trigger, after: datetime, until: datetime) -> Iterator[Discrepancy]:
    count = trigger.count(after, until) if after < until else 0
    first, last = trigger.next_after(after), trigger.last_at_or_before(until)
    if count and first is not None and last is not None:
        yield Discrepancy(Fault.LOST, first, last, count)
