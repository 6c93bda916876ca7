"""Cron: the instants at which an expression fires in a zone, by a walk over sets.

Days come from `days`, the time of day from three bit masks, and the clock from `zone`'s stretches;
everything is whole seconds from 1970, so a step costs about a microsecond however rare the rule.
croniter is not asked here: it misreads some ranges and most clock changes, and is twenty times
slower. `second_opinion` tells where it reads a text otherwise, and the tests hold the two against
each other where it is right.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.zone import DAY, EPOCH, FIRST, LAST, Stretch, Zone

if TYPE_CHECKING:
    from tfui.core.cron_text import Fields

_UTC = EPOCH.tzinfo
_moment = datetime.fromtimestamp
_NOWHERE = Stretch(0, 0, 0, 0, 0)
_LEAP = 3 * DAY  # farther than any change of offset can move the clock
_SECOND = timedelta(seconds=1)


class Cron:
    """A cron expression in a zone. Made by `trigger.parse`; all instants are aware UTC.

    The methods in seconds (`next_epoch`, `previous_epoch`, `count_epochs`) make no datetimes and
    are for hot paths: whole seconds since 1970 in and out. Safe to share between threads.
    """

    __slots__ = (
        "_days",
        "_every",
        "_first_minute",
        "_first_second",
        "_first_time",
        "_hours",
        "_minutes",
        "_seconds",
        "_stretch",
        "_zone",
        "expression",
        "fields",
        "is_fixed",
        "zone",
    )

    def __init__(self, expression: str, fields: Fields, zone: Zone) -> None:
        self.expression = expression
        self.fields = fields
        self.zone = zone.name
        self._zone = zone
        _, seconds, minutes, hours, self._days, self.is_fixed, _ = fields
        self._seconds, self._minutes, self._hours = seconds, minutes, hours
        self._every = self._days.every
        # What the first match of a day, an hour and a minute adds to its beginning, in seconds.
        self._first_second = (seconds & -seconds).bit_length() - 1
        self._first_minute = (minutes & -minutes).bit_length() * 60 - 60 + self._first_second
        self._first_time = (hours & -hours).bit_length() * 3600 - 3600 + self._first_minute
        # Replaced as a whole by every step, so threads may share it.
        self._stretch = _NOWHERE

    def __repr__(self) -> str:
        return f"Cron({self.expression!r}, {self.zone!r})"

    def next_after(self, instant: datetime) -> datetime | None:
        """Give the first instant strictly after `instant`; None past the year 9999."""
        span = instant - EPOCH
        found = self.next_epoch(span.days * DAY + span.seconds)
        return None if found is None else _moment(found, _UTC)

    def previous_before(self, instant: datetime) -> datetime | None:
        """Give the last instant strictly before `instant`; None before the year 1."""
        span = instant - EPOCH
        found = self.previous_epoch(span.days * DAY + span.seconds + (span.microseconds > 0))
        return None if found is None else EPOCH + timedelta(seconds=found)

    def last_at_or_before(self, instant: datetime) -> datetime | None:
        """Give the last instant that is not after `instant`."""
        span = instant - EPOCH
        found = self.previous_epoch(span.days * DAY + span.seconds + 1)
        return None if found is None else EPOCH + timedelta(seconds=found)

    def between(
        self, after: datetime, until: datetime, *, limit: int | None = None
    ) -> list[datetime]:
        """Give the instants in `(after, until]`, ascending, `limit` of them at most."""
        found: list[datetime] = []
        at, last = _floor(after), _floor(until)
        while limit is None or len(found) < limit:
            step = self.next_epoch(at)
            if step is None or step > last:
                break
            found.append(EPOCH + timedelta(seconds=step))
            at = step
        return found

    def count(self, after: datetime, until: datetime) -> int:
        """Count the instants in `(after, until]` without visiting them."""
        return self.count_epochs(_floor(after), _floor(until))

    def describe(self) -> str:
        """Say in English when it fires."""
        from tfui.core.cron_words import describe

        return describe(self.fields)

    def next_epoch(self, seconds: int) -> int | None:
        """Give the first firing second after `seconds`; None past the year 9999."""
        # The stretch is that of the question, not of the second after it: should a gap lie
        # between the two, this stretch answers for the times that move to the gap's end.
        start, end, offset, low, limit = self._stretch
        if not start <= seconds < end:
            if seconds >= LAST:
                return None
            seconds = max(seconds, FIRST - 1)
            start, end, offset, low, limit = self._enter(seconds)
        at = seconds + 1
        while True:
            wall = at + offset
            found = self._wall_from(wall if wall > low else low)  # noqa: FURB136  # max() is slow
            if found is None:
                return None
            if found < limit:
                found -= offset
                return found if found < end else end  # noqa: FURB136  # max() is slow
            at = end
            if found - limit > _LEAP and limit - wall > _LEAP:
                # Nothing fires on the way, so skip the stretches between.
                at = found - offset - _LEAP
                start, end, offset, low, limit = self._enter(min(found - offset, LAST))
                if low + _LEAP < found < end + offset:
                    return found - offset
            if at > LAST:
                return None
            start, end, offset, low, limit = self._enter(at)

    def _enter(self, at: int) -> Stretch:
        stretch = self._stretch = self._zone.stretch(at, fixed=self.is_fixed)
        return stretch

    def next_micros(self, micros: int) -> int | None:
        """Give the first firing instant after `micros`, in whole microseconds since 1970."""
        found = self.next_epoch(micros // 1_000_000)
        return None if found is None else found * 1_000_000

    def previous_epoch(self, seconds: int) -> int | None:
        """Give the last firing second before `seconds`; None before the year 1."""
        at = min(seconds - 1, LAST)
        while at >= FIRST:
            stretch = self._zone.stretch(at, fixed=self.is_fixed)
            start, _, offset, low, _ = stretch
            found = self._wall_until(at + offset)
            if found is not None and found >= low:
                return found - offset
            if start <= FIRST:
                return None
            if self._is_moved_to(start):
                return start
            if found is None:
                return None
            is_far = low - found > _LEAP and at - start > _LEAP
            at = found - offset + _LEAP if is_far else start - 1
        return None

    def count_epochs(self, after: int, until: int) -> int:
        """Count the firing seconds in `(after, until]`."""
        after, until = max(after, FIRST - 1), min(until, LAST)
        at = after + 1
        total = 0
        while at <= until:
            # As in `next_epoch`, the first stretch is that of the bound itself.
            _, end, offset, low, limit = self._zone.stretch(after, fixed=self.is_fixed)
            stop = min(end, until + 1)
            total += self.wall_count(max(at + offset, low), stop + offset)
            # Times moved by the gap fire once at its end, unless something else does so anyway.
            if end <= until and limit > end + offset and self._is_moved_to(end):
                total += not self.wall_count(limit, limit + 1)
            at = after = end
        return total

    def wall_times(self, start: int, end: int, *, limit: int = 3) -> list[int]:
        """Give the first matching seconds of a wall clock, real or not, in `[start, end)`."""
        found: list[int] = []
        wall = self._wall_from(start)
        while wall is not None and wall < end and len(found) < limit:
            found.append(wall)
            wall = self._wall_from(wall + 1)
        return found

    def wall_count(self, start: int, end: int) -> int:
        """Count the matching seconds of a wall clock, real or not, in `[start, end)`."""
        if start >= end:
            return 0
        first, last = start // DAY, end // DAY
        days = self._days
        a_day = self._hours.bit_count() * self._minutes.bit_count() * self._seconds.bit_count()
        total = days.count(first, last) * a_day
        if start % DAY and days.count(first, first + 1):
            total -= self._clock_count(start % DAY)
        if end % DAY and days.count(last, last + 1):
            total += self._clock_count(end % DAY)
        return total

    def _is_moved_to(self, start: int) -> bool:
        """Whether times inside a gap that ends at `start` fire there."""
        _, end, offset, _, limit = self._zone.stretch(start - 1, fixed=self.is_fixed)
        return limit > end + offset and self.wall_count(end + offset, limit) > 0

    def _wall_from(self, wall: int) -> int | None:
        """First matching wall second from `wall` on."""
        day = wall // DAY
        there = day if self._every else self._days.at_or_after(day)
        if there == day:
            clock = wall - day * DAY
            hour = clock // 3600
            if self._hours >> hour & 1:
                minute = clock // 60 % 60
                if self._minutes >> minute & 1:
                    left = self._seconds >> clock % 60
                    if left:
                        return wall + (left & -left).bit_length() - 1
                left = self._minutes >> minute + 1
                if left:
                    minute = (left & -left).bit_length()
                    return wall - clock % 60 + minute * 60 + self._first_second
            left = self._hours >> hour + 1
            if left:
                hour = (left & -left).bit_length()
                return wall - clock % 3600 + hour * 3600 + self._first_minute
            there = self._days.at_or_after(day + 1)
        return None if there is None else there * DAY + self._first_time

    def _wall_until(self, wall: int) -> int | None:
        """Last matching wall second up to `wall`."""
        day, clock = divmod(wall, DAY)
        last_minute = self._minutes.bit_length() - 1
        last_second = self._seconds.bit_length() - 1
        there = self._days.at_or_before(day)
        if there == day:
            hour, rest = divmod(clock, 3600)
            minute, second = divmod(rest, 60)
            if self._hours >> hour & 1:
                if self._minutes >> minute & 1:
                    left = self._seconds & (2 << second) - 1
                    if left:
                        return wall - second + left.bit_length() - 1
                left = self._minutes & (1 << minute) - 1
                if left:
                    return wall - rest + (left.bit_length() - 1) * 60 + last_second
            left = self._hours & (1 << hour) - 1
            if left:
                hour = left.bit_length() - 1
                return day * DAY + hour * 3600 + last_minute * 60 + last_second
            there = self._days.at_or_before(day - 1)
        if there is None:
            return None
        last_hour = self._hours.bit_length() - 1
        return there * DAY + last_hour * 3600 + last_minute * 60 + last_second

    def _clock_count(self, clock: int) -> int:
        """Count the matching times of day before `clock`."""
        hour, rest = divmod(clock, 3600)
        minute, second = divmod(rest, 60)
        hours, minutes, seconds = self._hours, self._minutes, self._seconds
        a_minute = seconds.bit_count()
        total = (hours & (1 << hour) - 1).bit_count() * minutes.bit_count() * a_minute
        if hours >> hour & 1:
            total += (minutes & (1 << minute) - 1).bit_count() * a_minute
            if minutes >> minute & 1:
                total += (seconds & (1 << second) - 1).bit_count()
        return total


def _floor(instant: datetime) -> int:
    span = instant - EPOCH
    return span.days * DAY + span.seconds
