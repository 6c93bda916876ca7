"""Which days of the calendar a cron expression means, by bit masks over whole months.

Only 28 kinds of month exist (four lengths, seven first weekdays), so a rule is worked out at most
28 times and then walks centuries in a few steps. Days are counted from 1970-01-01.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

_ORDINAL = 719_163  # date.toordinal() of day 0
LAST_DAY = date.max.toordinal() - _ORDINAL
FIRST_DAY = date.min.toordinal() - _ORDINAL

_THURSDAY = 4  # the weekday of day 0, Sunday being 0
_EVERY_SEVENTH = sum(1 << day for day in range(1, 37, 7))

ALL_DAYS = (1 << 32) - 2
ALL_MONTHS = (1 << 13) - 2
ALL_WEEKDAYS = (1 << 7) - 1

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_LENGTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = tuple(sum(_LENGTHS[:month]) for month in range(13))
_LEAP_BEFORE = tuple(sum(_LEAP_LENGTHS[:month]) for month in range(13))


class MonthDays(NamedTuple):
    """What a day-of-month field asks for."""

    plain: int = 0
    """Bit n for the n-th."""
    from_last: int = 0
    """Bit n for n days before the last: `L`, `L-n`."""
    nearest: int = 0
    """Bit n for the working day nearest to the n-th: `nW`."""
    last_workday: bool = False
    """`LW`."""


class WeekDays(NamedTuple):
    """What a day-of-week field asks for; Sunday is 0."""

    plain: int = 0
    """Bit n for each weekday n."""
    nth: int = 0
    """Bit 8 * n + weekday for the n-th such day of the month: `d#n`."""
    last: int = 0
    """Bit n for the last weekday n of the month: `dL`."""


class DayRule:
    """The days on which an expression fires."""

    __slots__ = ("_masks", "every", "joined", "month_days", "months", "week_days")

    def __init__(
        self, month_days: MonthDays, months: int, week_days: WeekDays, *, joined: bool
    ) -> None:
        """Join the day fields by AND if `joined`, by OR otherwise."""
        self.joined = joined
        self.months = months
        self.every = (
            joined
            and months == ALL_MONTHS
            and month_days.plain == ALL_DAYS
            and week_days.plain == ALL_WEEKDAYS
        )
        self.month_days = month_days
        self.week_days = week_days
        self._masks: list[int | None] = [None] * 28

    def is_possible(self) -> bool:
        """Whether any day of the 400-year cycle matches."""
        if self.every or (not self.joined and self.week_days.plain):
            return True
        # Over 400 years each month begins on each weekday, in leap years too.
        return any(
            self._kind((length - 28) * 7 + first)
            for month in range(1, 13)
            if self.months >> month & 1
            for length in {_LENGTHS[month], _LEAP_LENGTHS[month]}
            for first in range(7)
        )

    def at_or_after(self, day: int) -> int | None:
        """Give the first matching day from `day` on; None past year 9999."""
        if self.every:
            return day if day <= LAST_DAY else None
        if day > LAST_DAY:
            return None
        year, month, number = _civil(day)
        first = day - number + 1
        months = self.months
        if months >> month & 1:
            left = self._mask(year, month, first) >> number
            if left:
                return day + (left & -left).bit_length() - 1
        while True:
            later = months >> month + 1
            if later:
                month += (later & -later).bit_length()
            else:
                year += 1
                if year > 9999:
                    return None
                month = (months & -months).bit_length() - 1
            first = _first_of(year, month)
            left = self._mask(year, month, first)
            if left:
                return first + (left & -left).bit_length() - 2

    def at_or_before(self, day: int) -> int | None:
        """Give the last matching day up to `day`; None before year 1."""
        if self.every:
            return day if day >= FIRST_DAY else None
        if day < FIRST_DAY:
            return None
        year, month, number = _civil(day)
        first = day - number + 1
        months = self.months
        if months >> month & 1:
            left = self._mask(year, month, first) & (2 << number) - 1
            if left:
                return first + left.bit_length() - 2
        while True:
            earlier = months & (1 << month) - 1
            if earlier:
                month = earlier.bit_length() - 1
            else:
                year -= 1
                if year < 1:
                    return None
                month = months.bit_length() - 1
            first = _first_of(year, month)
            left = self._mask(year, month, first)
            if left:
                return first + left.bit_length() - 2

    def count(self, start: int, end: int) -> int:
        """Count the matching days in `[start, end)`."""
        start, end = max(start, FIRST_DAY), min(end, LAST_DAY + 1)
        if start >= end:
            return 0
        if self.every:
            return end - start
        year, month, number = _civil(start)
        first = start - number + 1
        total = 0
        while first < end:
            if self.months >> month & 1:
                mask = self._mask(year, month, first)
                if first < start:
                    mask &= -1 << start - first + 1
                if end - first < 31:
                    mask &= (2 << end - first) - 1
                total += mask.bit_count()
            first += _length(year, month)
            month += 1
            if month > 12:
                year, month = year + 1, 1
        return total

    def _mask(self, year: int, month: int, first: int) -> int:
        kind = (_length(year, month) - 28) * 7 + (first + _THURSDAY) % 7
        mask = self._masks[kind]
        return self._kind(kind) if mask is None else mask

    def _kind(self, kind: int) -> int:
        """Work out the matching days of a month of one length and first weekday."""
        length, first = 28 + kind // 7, kind % 7
        by_date = _by_date(self.month_days, length, first)
        by_weekday = _by_weekday(self.week_days, length, first)
        mask = by_date & by_weekday if self.joined else by_date | by_weekday
        mask &= (2 << length) - 2
        self._masks[kind] = mask
        return mask


def _civil(day: int) -> tuple[int, int, int]:
    found = date.fromordinal(day + _ORDINAL)
    return found.year, found.month, found.day


def _is_leap(year: int) -> bool:
    return not year % 4 and (year % 100 != 0 or not year % 400)


def _length(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else _LENGTHS[month]


def _first_of(year: int, month: int) -> int:
    past = year - 1
    before = _LEAP_BEFORE if _is_leap(year) else _BEFORE
    return past * 365 + past // 4 - past // 100 + past // 400 + before[month] - _ORDINAL + 1


def _by_date(wanted: MonthDays, length: int, first: int) -> int:
    found = wanted.plain
    if wanted.from_last:
        for back in range(length):
            found |= (wanted.from_last >> back & 1) << length - back
    if wanted.nearest:
        for day in range(1, length + 1):
            if wanted.nearest >> day & 1:
                found |= 1 << _nearest_workday(day, length, first)
    if wanted.last_workday:
        found |= 1 << _nearest_before(length, first)
    return found


def _nearest_workday(day: int, length: int, first: int) -> int:
    weekday = (first + day - 1) % 7
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 0:
        return day + 1 if day < length else day - 2
    return day


def _nearest_before(length: int, first: int) -> int:
    weekday = (first + length - 1) % 7
    return length - {6: 1, 0: 2}.get(weekday, 0)


def _by_weekday(wanted: WeekDays, length: int, first: int) -> int:
    if wanted.plain == ALL_WEEKDAYS:
        return ALL_DAYS
    found = 0
    for weekday in range(7):
        start = (weekday - first) % 7
        if wanted.plain >> weekday & 1:
            found |= _EVERY_SEVENTH << start
        if wanted.nth:
            for nth in range(1, 6):
                if wanted.nth >> 8 * nth + weekday & 1:
                    found |= 1 << start + 7 * nth - 6
        if wanted.last >> weekday & 1:
            found |= 1 << start + 1 + (length - start - 1) // 7 * 7
    return found
