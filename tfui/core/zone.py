"""A time zone cut into stretches of constant offset, in whole seconds.

A schedule's search runs over these stretches and never over aware datetimes, whose arithmetic
ignores the zone. `zoneinfo` is the only source of the rules; each year is read once and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
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
_EDGE = 2 * DAY  # room for any offset beside the first and last instants
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


_Chunk: TypeAlias = tuple[tuple[int, ...], tuple[Stretch, ...]]


class Change(NamedTuple):
    """A moment at which a zone's offset changes."""

    at: int
    before: int
    after: int


class Zone:
    """The offsets of one named zone. Made by `zone()`, which shares one instance a name."""

    __slots__ = ("_info", "_moved", "_plain", "name")

    def __init__(self, name: str, info: ZoneInfo) -> None:
        self.name = name
        self._info = info
        self._plain: dict[int, _Chunk] = {}
        self._moved: dict[int, _Chunk] = {}

    def stretch(self, second: int, *, fixed: bool) -> Stretch:
        """Give the stretch that holds `second`.

        `fixed` asks for daylight saving's rule for jobs at a set time: a repeated hour counts
        once, and times inside a gap move to its end. Otherwise only real wall seconds count.
        """
        number = second // _CHUNK
        chunk = (self._moved if fixed else self._plain).get(number)
        if chunk is None:
            plain, moved = self._read(number * _CHUNK)
            self._plain[number], self._moved[number] = plain, moved
            chunk = moved if fixed else plain
        starts, stretches = chunk
        return stretches[bisect_right(starts, second) - 1]

    def offset(self, second: int) -> int:
        """Give the seconds to add to UTC at `second`."""
        moment = self._moment(min(max(second, FIRST + _EDGE), LAST - _EDGE))
        shift = self._info.fromutc(moment) - moment
        return shift.days * DAY + shift.seconds

    def changes(self, after: int, until: int) -> Iterator[Change]:
        """Give each change of offset in `(after, until]`, ascending."""
        fromutc, stride = self._info.fromutc, timedelta(seconds=_STRIDE)
        # Outside of what a datetime can hold, the last offset goes on.
        here = min(max(after, FIRST + _EDGE), LAST - _EDGE)
        until = min(until, LAST - _EDGE)
        moment = self._moment(here)
        shift = fromutc(moment) - moment
        while here < until:
            there = here + _STRIDE
            if there > until:  # asked first: the calendar ends soon after the last `until`
                there, moment = until, self._moment(until)
            else:
                moment += stride
            new = fromutc(moment) - moment
            while shift != new:
                change = self._change(here, there)
                yield change
                here, shift = change.at, timedelta(seconds=change.after)
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

    def _moment(self, second: int) -> datetime:
        """Give UTC's wall time at `second`, labelled with the zone as `fromutc` wants it."""
        return (EPOCH + timedelta(seconds=second)).replace(tzinfo=self._info)

    def _change(self, before: int, after: int) -> Change:
        """Find the first second with another offset, given one on each side of it."""
        offset = self.offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self.offset(middle) == offset:
                before = middle
            else:
                after = middle
        return Change(after, offset, self.offset(after))

    def _read(self, start: int) -> tuple[_Chunk, _Chunk]:
        """Cut a chunk into stretches, once for real wall time and once for fixed jobs."""
        if self.name == "UTC":
            return (((FIRST,), (_EVERYTHING,)),) * 2
        end = min(start + _CHUNK, LAST + 1)
        changes = list(self.changes(start - CORRECTION, end))
        offset = self.offset(start - 1)
        low = start + offset
        plain, moved = [], []
        for change in changes:
            # One just before the chunk matters too: its repeated hours may reach into it.
            if change.at > start:
                wall = start + offset
                plain.append(Stretch(start, change.at, offset, wall, change.at + offset))
                moved.append(
                    Stretch(start, change.at, offset, max(low, wall), _first_old(change)),
                )
            start, offset, low = max(start, change.at), change.after, _first_new(change)
        if start < end:
            plain.append(Stretch(start, end, offset, start + offset, end + offset))
            moved.append(Stretch(start, end, offset, max(low, start + offset), end + offset))
        starts = tuple(stretch.start for stretch in plain)
        return (starts, tuple(plain)), (starts, tuple(moved))


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
