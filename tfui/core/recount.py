"""The law, recounted instant by instant: what a trigger planned against what is on record.

The record comes in order and is looked at once, so a year of a one-second schedule needs no more
memory than a day of it. A chained schedule's trigger plans nothing: its firings are counted from
their record alone, which leaves nothing to hold it against.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tfui.core.zone import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tfui.core.trigger import Trigger

_TICK = timedelta(microseconds=1)


class Entry(NamedTuple):
    """A job (both instants its nominal one, one occurrence) or a ledger range.

    Instants are whole microseconds since 1970 UTC: a million of these pass by.
    """

    from_micros: int
    to_micros: int
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
    """Hold entries, ascending, against the occurrences in `(after, until]`."""
    done = (after - EPOCH) // _TICK  # every occurrence up to here is accounted for
    end_of_all = (until - EPOCH) // _TICK
    following = trigger.next_micros
    for entry in entries:
        start, end, _ = entry
        if start != following(done) or end > end_of_all or not _is_right(trigger, entry):
            yield from _wrong(trigger, entry, after=_instant(done), until=until)
        done = max(done, end)
    yield from _lost(trigger, _instant(done), until)


def _is_right(trigger: Trigger, entry: Entry) -> bool:
    """Whether an entry that begins at an occurrence counts what lies in it."""
    start, end, number = entry
    if start == end:
        return number == 1
    return number == trigger.count(_instant(start) - _TICK, _instant(end))


def _wrong(
    trigger: Trigger,
    entry: Entry,
    *,
    after: datetime,
    until: datetime,
) -> Iterator[Discrepancy]:
    """Say what is wrong with an entry, given that all up to `after` is accounted for."""
    start, end, number = _instant(entry.from_micros), _instant(entry.to_micros), entry.number
    if start > after:
        yield from _lost(trigger, after, min(start - _TICK, until))
    else:
        doubled = trigger.count(start - _TICK, min(end, after))
        if doubled:
            yield Discrepancy(Fault.DOUBLED, start, min(end, after), doubled)
    if end > until:
        yield Discrepancy(Fault.AHEAD, max(start, until), end, number)
    planned = trigger.count(start - _TICK, end)
    if not planned:
        yield Discrepancy(Fault.STRAY, start, end, number)
    elif planned != number:
        yield Discrepancy(Fault.MISCOUNTED, start, end, number - planned)


def _instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _lost(trigger: Trigger, after: datetime, until: datetime) -> Iterator[Discrepancy]:
    count = trigger.count(after, until) if after < until else 0
    first, last = trigger.next_after(after), trigger.last_at_or_before(until)
    if count and first is not None and last is not None:
        yield Discrepancy(Fault.LOST, first, last, count)
