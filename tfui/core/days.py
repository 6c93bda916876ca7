"""Which days of the calendar a cron expression means, by bit masks over whole months.

Only 28 kinds of month exist (four lengths, seven first weekdays), so a rule is worked out at most
28 times and then walks centuries in a few steps. Days are counted from 1970-01-01.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

_ORDINAL = 719_163  # date.toordinal() of day 0
LAST_DAY = date.max.toordinal() - _ORDINAL
FIRST_DAY = date.min.toordinal() - _ORDINAL
_LAST_MONTH = 9999 * 12 + 12

_THURSDAY = 4  # the weekday of day 0, Sunday being 0
_WEEKS = sum(2 << 7 * week for week in range(5))  # times a mask of weekdays: one of days
_EVERY_MONTH = (1 << 29) - 2  # days that no month lacks

ALL_DAYS = (1 << 32) - 2
ALL_MONTHS = (1 << 13) - 2
ALL_WEEKDAYS = (1 << 7) - 1

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP_LENGTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = tuple(sum(_LENGTHS[: month + 1]) for month in range(12))
_LEAP_BEFORE = tuple(sum(_LEAP_LENGTHS[: month + 1]) for month in range(12))


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

    __slots__ = ("_masks", "_recent", "every", "joined", "month_days", "months", "week_days")

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
        # The month last found: number, first day, day after its last, mask. Replaced as a
        # whole, so threads may share it.
        self._recent = (0, 0, 0, 0)

    def is_possible(self) -> bool:
        """Whether any day of the 400-year cycle matches."""
        dates, weekdays = self.month_days.plain, self.week_days.plain
        if (dates & _EVERY_MONTH and weekdays) if self.joined else weekdays:
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
        number, first, end, mask = self._recent
        if not first <= day < end:
            if day > LAST_DAY or self.every:
                return day if day <= LAST_DAY else None
            day = max(day, FIRST_DAY)
            found = date.fromordinal(day + _ORDINAL)
            number = found.year * 12 + found.month
            first, end, mask = self._read(number)
        left = mask >> day - first + 1
        if left:
            self._recent = number, first, end, mask
            return day + (left & -left).bit_length() - 1
        return self._in_later_month(number)

    def _in_later_month(self, number: int) -> int | None:
        """Give the first matching day of any month after `number`."""
        months, masks = self.months, self._masks
        while True:
            month = (number - 1) % 12 + 1
            later = months >> month + 1
            if later:
                number += (later & -later).bit_length()
            else:
                number += 11 - month + (months & -months).bit_length()
                if number > _LAST_MONTH:
                    return None
            first, end, kind = _month(number)
            mask = masks[kind]
            if mask is None:
                mask = self._kind(kind)
            if mask:
                self._recent = number, first, end, mask
                return first + (mask & -mask).bit_length() - 2

    def at_or_before(self, day: int) -> int | None:
        """Give the last matching day up to `day`; None before year 1."""
        if day < FIRST_DAY or self.every:
            return day if day >= FIRST_DAY else None
        found = date.fromordinal(day + _ORDINAL)
        number = found.year * 12 + found.month
        first, _, mask = self._read(number)
        mask &= (2 << day - first + 1) - 1
        months = self.months
        while not mask:
            month = (number - 1) % 12 + 1
            earlier = months & (1 << month) - 1
            if earlier:
                number -= month - earlier.bit_length() + 1
            else:
                number -= month + 12 - months.bit_length() + 1
                if number <= 12:
                    return None
            first, _, mask = self._read(number)
        return first + mask.bit_length() - 2

    def count(self, start: int, end: int) -> int:
        """Count the matching days in `[start, end)`."""
        start, end = max(start, FIRST_DAY), min(end, LAST_DAY + 1)
        if start >= end:
            return 0
        if self.every:
            return end - start
        found = date.fromordinal(start + _ORDINAL)
        number = found.year * 12 + found.month
        total = 0
        while True:
            first, after, mask = self._read(number)
            if first >= end:
                return total
            if first < start:
                mask &= -1 << start - first + 1
            if after > end:
                mask &= (2 << end - first) - 1
            total += mask.bit_count()
            number += 1

    def _read(self, number: int) -> tuple[int, int, int]:
        """Give a month's first day, the day after its last, and the mask of matching days."""
        first, end, kind = _month(number)
        if not self.months >> (number - 1) % 12 + 1 & 1:
            return first, end, 0
        mask = self._masks[kind]
        return first, end, self._kind(kind) if mask is None else mask

    def _kind(self, kind: int) -> int:
        """Work out the matching days of a month of one length and first weekday."""
        length, first = 28 + kind // 7, kind % 7
        by_date = _by_date(self.month_days, length, first)
        by_weekday = _by_weekday(self.week_days, length, first)
        mask = by_date & by_weekday if self.joined else by_date | by_weekday
        mask &= (2 << length) - 2
        self._masks[kind] = mask
        return mask


def shortest_month(months: int) -> int:
    """Give the length of the shortest of the months in a mask, in a common year."""
    return min(_LENGTHS[month] for month in range(1, 13) if months >> month & 1)


@lru_cache(maxsize=4096)
def _month(number: int) -> tuple[int, int, int]:
    """Give first day, day after the last, and kind of month `year * 12 + month`."""
    past, month = divmod(number - 1, 12)
    past -= 1
    is_leap = not (past + 1) % 4 and ((past + 1) % 100 != 0 or not (past + 1) % 400)
    before = _LEAP_BEFORE if is_leap else _BEFORE
    first = past * 365 + past // 4 - past // 100 + past // 400 + before[month] + 1 - _ORDINAL
    length = _LEAP_LENGTHS[month + 1] if is_leap else _LENGTHS[month + 1]
    return first, first + length, (length - 28) * 7 + (first + _THURSDAY) % 7


def _by_date(wanted: MonthDays, length: int, first: int) -> int:
    found, from_last, nearest, last_workday = wanted
    if from_last:
        for back in range(length):
            found |= (from_last >> back & 1) << length - back
    if nearest:
        for day in range(1, length + 1):
            if nearest >> day & 1:
                found |= 1 << _nearest_workday(day, length, first)
    if last_workday:
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
    plain = wanted.plain
    found = ((plain | plain << 7) >> first & ALL_WEEKDAYS) * _WEEKS
    if wanted.nth or wanted.last:
        for weekday in range(7):
            start = (weekday - first) % 7 + 1
            for nth in range(1, 6):
                if wanted.nth >> 8 * nth + weekday & 1:
                    found |= 1 << start + 7 * nth - 7
            if wanted.last >> weekday & 1:
                found |= 1 << start + (length - start) // 7 * 7
    return found
