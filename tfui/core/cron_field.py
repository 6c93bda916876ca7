"""One field of a cron expression: its text in, a bit mask of the values it means out.

The grammar is crontab(5)'s with ranges that wrap, Jenkins' `H`, and Quartz's `L`, `W` and `#`.
What the other fields say, and what time it is, is no concern of this module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tfui.core.days import ALL_DAYS, ALL_WEEKDAYS, MonthDays, WeekDays
from tfui.core.draw import draw

_DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, eq=False)  # six exist; hashing by identity is faster
class FieldKind:
    """What one of the six fields may hold."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    """Three-letter names of the values, from `low` up."""
    forms: str = ""
    """Forms beyond numbers, lists, ranges and steps, for messages."""

    @property
    def allowed(self) -> str:
        """What may be written here, in a phrase."""
        span = f"{self.low}{_DASH}{self.high}"
        if self.names:
            span += f" or {self.names[0]}{_DASH}{self.names[-1]}"
        return span + (f", {self.forms}" if self.forms else "")


SECOND = FieldKind("second", 0, 59)
MINUTE = FieldKind("minute", 0, 59)
HOUR = FieldKind("hour", 0, 23)
DAY_OF_MONTH = FieldKind("day of month", 1, 31, forms="L, L-3, 15W, LW or ?")
MONTH = FieldKind(
    "month",
    1,
    12,
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
DAY_OF_WEEK = FieldKind(
    "day of week",
    0,
    7,
    ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
    forms="2#1, 5L or ?",
)


class BadFieldError(ValueError):
    """A field's text breaks the grammar between two positions of it."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text)
        self.text = text
        self.start = start
        self.end = end


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
    if len(text) < 3 and text.isdigit() and kind.low <= (value := int(text)) <= kind.high:
        return 1 << value
    return _values(kind, text, seed)


@lru_cache(maxsize=8192)
def _values(kind: FieldKind, text: str, seed: str) -> int:
    mask = 0
    start = 0
    for item in text.split(","):
        found = _plain(kind, item, seed)
        if found is None:
            raise _problem(kind, item, start)
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
            raise _problem(DAY_OF_MONTH, item, start)
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
            and (day := _value(DAY_OF_WEEK, match[1])) is not None
            and 1 <= int(match[2]) <= 5
        ):
            nth |= 1 << 8 * int(match[2]) + day % 7
        elif (match := _LAST_WEEKDAY.fullmatch(item)) and (
            day := _value(DAY_OF_WEEK, match[1])
        ) is not None:
            last |= 1 << day % 7
        else:
            raise _problem(DAY_OF_WEEK, item, start)
        start += len(item) + 1
    return WeekDays(plain, nth, last)


def _plain(kind: FieldKind, item: str, seed: str) -> int | None:
    """Read `*`, a value, a range or `H`, with or without a step; None if it is none of them."""
    if item.isdigit() and len(item) < 10:
        value = int(item)
        if not kind.low <= value <= kind.high:
            return None
        return 1 << (value % 7 if kind is DAY_OF_WEEK else value)
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
    low = _value(kind, first)
    if low is None:
        return None
    if last is None:
        low = low % 7 if kind is DAY_OF_WEEK else low
        return 1 << low if stride is None else _mask(low, top, step)
    high = _value(kind, last)
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
    for value in range(low, high + 1, step):
        mask |= 1 << value
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
    for value in range(low, high + width + 1, step):
        mask |= 1 << (value - floor) % width + floor
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


def _value(kind: FieldKind, text: str) -> int | None:
    if text[0] <= "9":
        value = int(text)
        return value if kind.low <= value <= kind.high else None
    return kind.names.index(text) + kind.low if text in kind.names else None


def _problem(kind: FieldKind, item: str, start: int) -> BadFieldError:
    """Find what is wrong with an item that no rule accepted."""
    end = start + len(item)

    def bad(text: str, first: int = start, last: int = end) -> BadFieldError:
        return BadFieldError(f"{kind.name}: {text}", first, last)

    if not item:
        return bad(f"a value is missing beside the comma; it may be {kind.allowed}", start, end + 1)
    if item == "?":
        return bad("? may stand only alone, and only in a day field")
    if item[0] == "@":
        return bad("an @name stands alone, without other fields")
    if "~" in item:
        return bad("~ (a random value) is refused; H gives a value that stays the same")
    if item in {"R", "RANDOM"} or item.startswith("R("):
        return bad("R (a random value) is refused; H gives a value that stays the same")
    if item[0] == "H":
        return bad(f"{_cut(item)} is not H, H({kind.low}-{kind.high}), H(a-b) or H/n")
    special = _special_problem(kind, item)
    if special:
        return bad(special)
    body, slash, step = item.partition("/")
    if slash and not (step.isdigit() and step.isascii() and step.strip("0")):
        first = start + len(body) + 1
        return bad(
            f"the step {_cut(step)} is not a whole number above 0" if step else "a step is missing",
            first if step else first - 1,
            end,
        )
    at = start
    for number, part in enumerate(body.split("-")):
        wrong = _part_problem(kind, part, alone=body == part)
        if number > 1:
            return bad(f"{_cut(body)} has too many dashes for a range")
        if wrong:
            return bad(wrong, at, max(at + len(part), at + 1))
        at += len(part) + 1
    return bad(f"{_cut(item)} is not understood; it may be {kind.allowed}")


def _special_problem(kind: FieldKind, item: str) -> str | None:
    """Explain the day forms where they are out of place or out of range."""
    if kind is DAY_OF_MONTH:
        if (match := _FROM_LAST.fullmatch(item)) and match[1]:
            return f"{item}: a month has no more than 30 days before its last"
        if _NEAREST.fullmatch(item):
            return f"{item}: the day before W is outside 1{_DASH}31"
        if "W" in item or "L" in item:
            return f"{_cut(item)} is not L, L-n, nW or LW"
        if "#" in item:
            return "# belongs in the day of week, as in 2#1 for the first Tuesday"
    elif kind is DAY_OF_WEEK:
        if item == "L":
            return "L needs a weekday before it, as in 5L for the last Friday"
        if match := _NTH.fullmatch(item):
            if _value(kind, match[1]) is None:
                return f"{match[1]} is not a weekday (0{_DASH}7 or SUN{_DASH}SAT)"
            return f"a month has no {match[2]}th weekday; # takes 1{_DASH}5"
        if "#" in item:
            return f"{_cut(item)} is not a weekday, # and a number from 1 to 5"
        if re.fullmatch(r"[0-9]{1,9}W|LW", item):
            return "W belongs in the day of month, as in 15W"
    elif re.fullmatch(r"L(?:-[0-9]+)?|LW|[0-9]+[LW]|[0-9A-Z]+#[0-9]+", item):
        return f"{_cut(item)} belongs in a day field"
    return None


def _part_problem(kind: FieldKind, part: str, *, alone: bool) -> str | None:
    if part == "*":
        return None if alone else "* cannot be an end of a range"
    if not part:
        return f"a value is missing; it may be {kind.allowed}"
    if part.isascii() and part.isdigit():
        if len(part) > 9 or not kind.low <= int(part) <= kind.high:
            return f"{_cut(part)} is outside {kind.low}{_DASH}{kind.high}"
        return None
    if part in kind.names:
        return None
    return f"{_cut(part)} is not understood; it may be {kind.allowed}"


def _cut(text: str) -> str:
    """Shorten what is quoted back in a message."""
    return text if len(text) <= 20 else text[:20] + "…"
