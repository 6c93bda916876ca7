"""A time zone cut into stretches of constant offset, in whole seconds.

A schedule's search runs over these stretches and never over aware datetimes, whose arithmetic
ignores the zone. `zoneinfo` is the only source of the rules; each year is read once and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from tfui.errors import Invalid, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = -62_135_596_800
"""The first second a datetime can hold, 0001-01-01T00:00:00Z, counted from 1970."""
LAST = 253_402_300_799
"""The last second a datetime can hold, 9999-12-31T23:59:59Z."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
CORRECTION = 3 * 3600  # cron's own limit: a larger jump is a corrected clock, not daylight saving

_CHUNK = 1 << 25  # 388 days: a year of rules is read at a time
_STRIDE = 3 * DAY  # the two closest changes of any zone are four days apart (Freetown, 1939)
_LONGEST_NAME = 100


class Stretch(NamedTuple):
    """A span of real time during which the offset does not change."""

    start: int
    """First second of it, counted from 1970 in UTC."""
    end: int
    """The second after its last."""
    offset: int
    """Seconds to add to UTC for the wall clock."""
    low: int
    """First wall second that counts; above `start + offset` while an hour repeats."""
    limit: int
    """Wall second that counts no more; above `end + offset` when a gap's times move to `end`."""


_EVERYTHING = Stretch(FIRST, LAST + 1, 0, FIRST, LAST + 1)


class Change(NamedTuple):
    """A moment at which a zone's offset changes."""

    at: int
    before: int
    after: int


class Zone:
    """The offsets of one named zone. Made by `zone()`, which shares one instance a name."""

    __slots__ = ("_chunks", "_info", "name")

    def __init__(self, name: str, info: ZoneInfo) -> None:
        self.name = name
        self._info = info
        self._chunks: dict[
            int, tuple[tuple[int, ...], tuple[Stretch, ...], tuple[Stretch, ...]]
        ] = {}

    def stretch(self, second: int, *, fixed: bool) -> Stretch:
        """Give the stretch that holds `second`.

        `fixed` asks for daylight saving's rule for jobs at a set time: a repeated hour counts
        once, and times inside a gap move to its end. Otherwise only real wall seconds count.
        """
        if self.name == "UTC":
            return _EVERYTHING
        number = second // _CHUNK
        chunk = self._chunks.get(number)
        if chunk is None:
            chunk = self._chunks[number] = self._read(number * _CHUNK)
        starts, plain, moved = chunk
        return (moved if fixed else plain)[bisect_right(starts, second) - 1]

    def offset(self, second: int) -> int:
        """Give the seconds to add to UTC at `second`."""
        inside = min(max(second, FIRST + 2 * DAY), LAST - 2 * DAY)
        utc = (EPOCH + timedelta(seconds=inside)).replace(tzinfo=self._info)
        shift = self._info.fromutc(utc) - utc
        return shift.days * DAY + shift.seconds

    def changes(self, after: int, until: int) -> Iterator[Change]:
        """Give each change of offset in `(after, until]`, ascending."""
        here, offset = after, self.offset(after)
        while here < until:
            there = min(here + _STRIDE, until)
            new = self.offset(there)
            while offset != new:
                change = self._change(here, offset, there)
                yield change
                here, offset = change.at, change.after
            here = there

    def instant(self, wall: int) -> int:
        """Give the second at which the wall clock shows `wall`: a gap's end, a fold's first."""
        earliest = wall - DAY
        for change in self.changes(earliest - DAY, wall + 2 * DAY):
            if wall < change.at + change.before:
                return wall - change.before
            if wall < change.at + change.after:
                return change.at
        return wall - self.offset(wall + 2 * DAY)

    def wall(self, second: int) -> datetime:
        """Give what the wall clock shows at `second`, as an aware datetime for display."""
        return (EPOCH + timedelta(seconds=second)).astimezone(self._info)

    def _change(self, before: int, offset: int, after: int) -> Change:
        while after - before > 1:
            middle = (before + after) // 2
            if self.offset(middle) == offset:
                before = middle
            else:
                after = middle
        return Change(after, offset, self.offset(after))

    def _read(self, start: int) -> tuple[tuple[int, ...], tuple[Stretch, ...], tuple[Stretch, ...]]:
        end = min(start + _CHUNK, LAST + 1)
        low, limit = start, end
        changes = list(self.changes(start - CORRECTION, end))
        earlier = [change for change in changes if change.at < start]
        inside = [change for change in changes if start <= change.at < end]
        final = [change for change in changes if change.at == end]
        offset = self.offset(start - 1)
        # A fold that began just before this chunk still repeats hours inside it.
        low = max([start + offset, *(_first_new(change) for change in earlier)])
        starts, plain, moved = [], [], []
        if inside and inside[0].at == start:
            low = _first_new(inside[0])
            offset = inside[0].after
            del inside[0]
        for change in [*inside, *final]:
            starts.append(start)
            plain.append(
                Stretch(start, change.at, offset, start + offset, change.at + offset),
            )
            moved.append(Stretch(start, change.at, offset, low, _first_old(change)))
            start, offset, low = change.at, change.after, _first_new(change)
        if not final:
            limit = end + offset
            starts.append(start)
            plain.append(Stretch(start, end, offset, start + offset, limit))
            moved.append(Stretch(start, end, offset, low, limit))
        return tuple(starts), tuple(plain), tuple(moved)


def _first_new(change: Change) -> int:
    """Wall second from which times after the change have not been seen before it."""
    if 0 < change.before - change.after < CORRECTION:
        return change.at + change.before
    return change.at + change.after


def _first_old(change: Change) -> int:
    """Wall second up to which times before the change are answered for by it."""
    if 0 < change.after - change.before < CORRECTION:
        return change.at + change.after
    return change.at + change.before


@lru_cache(maxsize=1024)
def zone(name: str) -> Zone:
    """Give the zone called `name`; Invalid names `timezone` if there is none."""
    if not name or len(name) > _LONGEST_NAME or name.startswith(("posix/", "right/")):
        raise Invalid({"timezone": _unknown(name)})
    try:
        return Zone(name, ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # unknown; not a safe path; a folder or unreadable
        raise Invalid({"timezone": _unknown(name)}) from None


def _unknown(name: str) -> Problem:
    shown = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    text = f"{shown!r} is not a time zone; write one like Europe/Berlin or UTC"
    close = _alike(name)
    return Problem(f"{shown!r} is not a time zone; did you mean {close}?" if close else text)


def _alike(name: str) -> str | None:
    """Find the zone whose whole name or city differs only in case and spaces."""
    wanted = name.strip().replace(" ", "_").casefold()
    for known in _names():
        if wanted in {known.casefold(), known.rpartition("/")[2].casefold()}:
            return known
    return None


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    from importlib.resources import files

    return tuple((files("tzdata") / "zones").read_text("ascii").split())
