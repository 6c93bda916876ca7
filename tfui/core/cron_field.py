"""One field of a cron expression: its text in, a bit mask of the values it means out.

The grammar is crontab(5)'s with ranges that wrap, Jenkins' `H`, and Quartz's `L`, `W` and `#`.
What the other fields say, and what time it is, is no concern of this module.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tfui.core.cron_kind import DAY_OF_MONTH, DAY_OF_WEEK, FieldKind, value
from tfui.core.cron_problem import problem
from tfui.core.days import ALL_DAYS, ALL_WEEKDAYS, MonthDays, WeekDays
from tfui.core.draw import draw

_EVERY_DATE = MonthDays(ALL_DAYS)
_EVERY_WEEKDAY = WeekDays(ALL_WEEKDAYS)

_ITEM = re.compile(
    r"(?:(\*)|([0-9]{1,9}|[A-Z]{3})(?:-([0-9]{1,9}|[A-Z]{3}))?)(?:/([0-9]{1,9}))?",
)
_HASHED = re.compile(r"H(?:\(([0-9]{1,9})-([0-9]{1,9})\))?(?:/([0-9]{1,9}))?")
_FROM_LAST = re.compile(r"L(?:-([0-9]{1,9}))?")
_NEAREST = re.compile(r"([0-9]{1,9})W")
_NTH = re.compile(r"([0-9]|[A-Z]{3})#([0-9]{1,9})")
_LAST_WEEKDAY = re.compile(r"([0-9]|[A-Z]{3})L")


def is_hashed(text: str) -> bool:
    """Whether the upper-case `text` of a field or expression holds an `H`."""
    return "H" in text and "H" in text.replace("THU", "")


def values(kind: FieldKind, text: str, seed: str) -> int:
    """Read an upper-case field of plain values into a mask, bit n for n.

    `seed` decides what `H` stands for. BadFieldError tells what is wrong and where.
    """
    if text == "*":
        return (2 << kind.high) - (1 << kind.low)
    if len(text) < 3 and text.isdigit() and kind.low <= (number := int(text)) <= kind.high:
        return 1 << number
    return _values(kind, text, seed)


@lru_cache(maxsize=8192)
def _values(kind: FieldKind, text: str, seed: str) -> int:
    mask = 0
    start = 0
    for item in text.split(","):
        found = _plain(kind, item, seed)
        if found is None:
            raise problem(kind, item, start)
        mask |= found
        start += len(item) + 1
    return mask


def month_days(text: str, seed: str) -> MonthDays:
    """Read an upper-case day-of-month field."""
    return _EVERY_DATE if text in {"*", "?"} else _month_days(text, seed)


@lru_cache(maxsize=4096)
def _month_days(text: str, seed: str) -> MonthDays:
    plain = from_last = nearest = 0
    last_workday = False
    start = 0
    for item in text.split(","):
        found = _plain(DAY_OF_MONTH, item, seed)
        if found is not None:
            plain |= found
        elif item == "LW":
            last_workday = True
        elif (match := _FROM_LAST.fullmatch(item)) and int(match[1] or 0) <= 30:
            from_last |= 1 << int(match[1] or 0)
        elif (match := _NEAREST.fullmatch(item)) and 1 <= int(match[1]) <= 31:
            nearest |= 1 << int(match[1])
        else:
            raise problem(DAY_OF_MONTH, item, start)
        start += len(item) + 1
    return MonthDays(plain, from_last, nearest, last_workday)


def week_days(text: str, seed: str) -> WeekDays:
    """Read an upper-case day-of-week field; 7 is Sunday, as is 0."""
    return _EVERY_WEEKDAY if text in {"*", "?"} else _week_days(text, seed)


@lru_cache(maxsize=4096)
def _week_days(text: str, seed: str) -> WeekDays:
    plain = nth = last = 0
    start = 0
    for item in text.split(","):
        found = _plain(DAY_OF_WEEK, item, seed)
        if found is not None:
            plain |= found
        elif (
            (match := _NTH.fullmatch(item))
            and (day := value(DAY_OF_WEEK, match[1])) is not None
            and 1 <= int(match[2]) <= 5
        ):
            nth |= 1 << 8 * int(match[2]) + day % 7
        elif (match := _LAST_WEEKDAY.fullmatch(item)) and (
            day := value(DAY_OF_WEEK, match[1])
        ) is not None:
            last |= 1 << day % 7
        else:
            raise problem(DAY_OF_WEEK, item, start)
        start += len(item) + 1
    return WeekDays(plain, nth, last)


def _plain(kind: FieldKind, item: str, seed: str) -> int | None:
    """Read `*`, a value, a range or `H`, with or without a step; None if it is none of them."""
    if item.isdigit() and len(item) < 10:
        number = int(item)
        if not kind.low <= number <= kind.high:
            return None
        return 1 << (number % 7 if kind is DAY_OF_WEEK else number)
    match = _ITEM.fullmatch(item)
    if match is None:
        return _hashed(kind, item, seed) if item[:1] == "H" else None
    star, first, last, stride = match.groups()
    step = 1 if stride is None else int(stride)
    if not step:
        return None
    top = 6 if kind is DAY_OF_WEEK else kind.high
    if star:
        return _mask(kind.low, top, step)
    low = value(kind, first)
    if low is None:
        return None
    if last is None:
        low = low % 7 if kind is DAY_OF_WEEK else low
        return 1 << low if stride is None else _mask(low, top, step)
    high = value(kind, last)
    if high is None:
        return None
    if kind is DAY_OF_WEEK:
        return _weekday_range(low, high, step)
    if low <= high:
        return _mask(low, high, step)
    return _wrapped(low, high, step, kind.low, top)


def _mask(low: int, high: int, step: int) -> int:
    if step == 1:
        return (2 << high) - (1 << low)
    mask = 0
    for number in range(low, high + 1, step):
        mask |= 1 << number
    return mask


def _weekday_range(low: int, high: int, step: int) -> int:
    """Read a range of weekdays, which may begin or end on 7, Sunday either way."""
    if low == 7:
        low = 0
        high %= 7
    if low > high:
        return _wrapped(low, high, step, 0, 6)
    mask = _mask(low, high, step)
    return (mask | mask >> 7) & 0x7F


def _wrapped(low: int, high: int, step: int, floor: int, top: int) -> int:
    """Go on from the beginning where a range passes the end, steps and all."""
    width = top - floor + 1
    mask = 0
    for number in range(low, high + width + 1, step):
        mask |= 1 << (number - floor) % width + floor
    return mask


def _hashed(kind: FieldKind, item: str, seed: str) -> int | None:
    match = _HASHED.fullmatch(item)
    if match is None:
        return None
    low, high = kind.low, {"day of month": 28, "day of week": 6}.get(kind.name, kind.high)
    if match[1] is not None:
        low, high = int(match[1]), int(match[2])
        if not kind.low <= low <= high <= kind.high:
            return None
    step = int(match[3] or 0)
    if match[3] is not None and not step:
        return None
    width = high - low + 1
    chosen = low + draw(seed, kind.name) % (min(step, width) or width)
    mask = _mask(chosen, high, step) if step else 1 << chosen
    return (mask | mask >> 7) & 0x7F if kind is DAY_OF_WEEK else mask
