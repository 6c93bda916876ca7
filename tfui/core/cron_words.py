"""A cron expression in English: `At 02:30, Monday to Friday`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, MonthDays, WeekDays
from tfui.core.words import listing, ordinal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.core.cron_text import Fields

_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ALL_SIXTY = (1 << 60) - 1
_ALL_HOURS = (1 << 24) - 1
_SPELLED_TIMES = 6  # more times of day than this are said by rule, not one by one


def describe(fields: Fields) -> str:
    """Say when an expression fires, in one phrase without a full stop."""
    parts = [_time(fields), _day(fields), _month(fields)]
    text = ", ".join(part for part in parts if part)
    return text[0].upper() + text[1:]


def _time(fields: Fields) -> str:
    second, minute, hour = fields.texts[:3]
    seconds, minutes, hours = fields.seconds, fields.minutes, fields.hours
    times = seconds.bit_count() * minutes.bit_count() * hours.bit_count()
    if times <= _SPELLED_TIMES:
        clock = [
            f"{h:02}:{m:02}" + (f":{s:02}" if seconds != 1 else "")
            for h in _bits(hours)
            for m in _bits(minutes)
            for s in _bits(seconds)
        ]
        return f"at {listing(clock)}"
    if seconds == 1 and minutes == 1:
        return _on_the_hour(hour, hours)
    if seconds == 1:
        text = _sixtieths("minute", minute, minutes)
        past = "" if text.startswith("every") else " past every hour"
    else:
        text = _sixtieths("second", second, seconds)
        if minutes != _ALL_SIXTY:
            text += f" of {_within(minute, minutes)}"
        elif not text.startswith("every"):
            text += " of every minute"
        past = "" if minutes == _ALL_SIXTY or _even_step(minute, 60) else " past every hour"
    if hours == _ALL_HOURS:
        return text + past
    return f"{text} {_hours(hour, hours)}"


def _within(text: str, minutes: int) -> str:
    """Say the minutes in which seconds count."""
    step = _even_step(text, 60)
    if step:
        return f"every {ordinal(step)} minute"
    return f"minute{'s' if minutes.bit_count() > 1 else ''} {_numbers(minutes, 0, 59, str)}"


def _on_the_hour(text: str, hours: int) -> str:
    if hours == _ALL_HOURS:
        return "every hour, on the hour"
    step = _even_step(text, 24)
    if step:
        return f"every {step} hours from 00:00"
    run = _run(hours, 0, 23)
    if run:
        return f"every hour from {run[0]:02}:00 to {run[1]:02}:00"
    return "at " + listing([f"{hour:02}:00" for hour in _bits(hours)])


def _sixtieths(name: str, text: str, mask: int) -> str:
    step = _even_step(text, 60)
    if mask == _ALL_SIXTY:
        return f"every {name}"
    if step:
        return f"every {step} {name}s"
    plural = "s" if mask.bit_count() > 1 else ""
    return f"at {name}{plural} {_numbers(mask, 0, 59, str)}"


def _hours(text: str, hours: int) -> str:
    step = _even_step(text, 24)
    if step:
        return f"in every {ordinal(step)} hour from 00:00"
    run = _run(hours, 0, 23)
    if run:
        return f"between {run[0]:02}:00 and {run[1]:02}:59"
    if hours.bit_count() == 1:
        hour = hours.bit_length() - 1
        return f"between {hour:02}:00 and {hour:02}:59"
    return f"in hours {_numbers(hours, 0, 23, str)}"


def _day(fields: Fields) -> str:
    wanted = fields.days
    dates = ""
    if wanted.month_days.plain != ALL_DAYS:
        dates = _dates(fields.texts[3], wanted.month_days)
    weekdays = ""
    if wanted.week_days.plain != ALL_WEEKDAYS:
        weekdays = _weekdays(wanted.week_days)
    if not weekdays:
        return f"on {dates}" if dates else ""
    if not dates:
        many = weekdays.count(" ") > 1 and "the" not in weekdays
        return weekdays if many else f"on {weekdays}"
    if wanted.joined:
        return f"on {dates}, but only on {weekdays}"
    return f"on {dates} or on {weekdays}"


def _dates(text: str, wanted: MonthDays) -> str:
    parts = []
    step = _step(text)
    if step:
        parts.append(f"every {ordinal(step)} day of the month from the 1st")
    elif wanted.plain:
        parts.append("the " + _numbers(wanted.plain, 1, 31, ordinal))
    parts += [f"the working day nearest to the {ordinal(day)}" for day in _bits(wanted.nearest)]
    for back in _bits(wanted.from_last):
        nth = f"the {ordinal(back)} day before the last of the month"
        parts.append(nth if back else "the last day of the month")
    if wanted.last_workday:
        parts.append("the last working day of the month")
    return listing(parts)


def _weekdays(wanted: WeekDays) -> str:
    parts = []
    if wanted.plain:
        run = _run(wanted.plain, 0, 6)
        if run:
            parts.append(f"{_WEEKDAYS[run[0]]} to {_WEEKDAYS[run[1]]}")
        else:
            order = sorted(_bits(wanted.plain), key=lambda day: (day - 1) % 7)
            parts += [_WEEKDAYS[day] for day in order]
    for bit in _bits(wanted.nth):
        parts.append(f"the {ordinal(bit // 8)} {_WEEKDAYS[bit % 8]} of the month")
    parts += [f"the last {_WEEKDAYS[day]} of the month" for day in _bits(wanted.last)]
    return listing(parts)


def _month(fields: Fields) -> str:
    months = fields.days.months
    if months == ALL_MONTHS:
        return ""
    run = _run(months, 1, 12)
    if run:
        return f"{_MONTHS[run[0] - 1]} to {_MONTHS[run[1] - 1]}"
    return "in " + listing([_MONTHS[month - 1] for month in _bits(months)])


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _step(text: str) -> int:
    """Give n of `*/n`, or 0 where the text is anything else."""
    return int(text[2:]) if text.startswith("*/") and text[2:].isdigit() else 0


def _even_step(text: str, whole: int) -> int:
    """Give n of `*/n` where it divides `whole`, or 0."""
    step = _step(text)
    return step if step and not whole % step else 0


def _run(mask: int, low: int, high: int) -> tuple[int, int] | None:
    """Give the ends of three or more values in a row, the last followed by the first."""
    if mask.bit_count() < 3 or mask.bit_count() > high - low:
        return None
    width = high - low + 1
    starts = [value for value in _bits(mask) if not mask >> (value - low - 1) % width + low & 1]
    if len(starts) != 1:
        return None
    return starts[0], (starts[0] - low + mask.bit_count() - 1) % width + low


def _numbers(mask: int, low: int, high: int, write: Callable[[int], str]) -> str:
    """Write values as a range where they follow each other, else one by one."""
    run = _run(mask, low, high)
    if run:
        return f"{write(run[0])} to {write(run[1])}"
    values = [write(value) for value in _bits(mask)]
    if len(values) > 12:
        values = [*values[:4], f"{len(values) - 5} more", values[-1]]
    return listing(values)
