"""Cron expressions made together with what they mean, so that no parser judges itself.

Every field is drawn as a text and the values or days it stands for, worked out one by one.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from zoneinfo import ZoneInfo

WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
CORRECTION = timedelta(hours=3)


@dataclass(frozen=True)
class Expression:
    """A text and its meaning."""

    text: str
    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    is_day: Callable[[date], bool]
    is_fixed: bool

    def __repr__(self) -> str:
        return repr(self.text)

    def matches(self, wall: datetime) -> bool:
        return (
            wall.second in self.seconds
            and wall.minute in self.minutes
            and wall.hour in self.hours
            and wall.month in self.months
            and self.is_day(wall.date())
        )

    def scan(
        self, zone: ZoneInfo, start: datetime, end: datetime, step: timedelta
    ) -> list[datetime]:
        """Look at each `step` in `[start, end]` by itself and tell which ones fire."""
        found = []
        instant = start
        before = (start - step).astimezone(zone).replace(tzinfo=None)
        while instant <= end:
            aware = instant.astimezone(zone)
            wall = aware.replace(tzinfo=None)
            jump = wall - before - step
            fires = self.matches(wall)
            if self.is_fixed and aware.fold:
                repeated = _offset(aware, fold=0) - _offset(aware, fold=1)
                fires = fires and repeated >= CORRECTION
            if self.is_fixed and timedelta(0) < jump < CORRECTION:
                skipped = before + step
                while skipped < wall:
                    fires = fires or self.matches(skipped)
                    skipped += step
            if fires:
                found.append(instant)
            before = wall
            instant += step
        return found


def _offset(aware: datetime, *, fold: int) -> timedelta:
    offset = aware.replace(fold=fold).utcoffset()
    assert offset is not None
    return offset


def walk(first: int, last: int, low: int, high: int, step: int) -> frozenset[int]:
    """Go from first to last, round the end if need be, and keep each `step`-th value."""
    values = [first]
    while values[-1] != last:
        values.append(low if values[-1] == high else values[-1] + 1)
    return frozenset(values[::step])


@st.composite
def plain_items(
    draw: st.DrawFn, low: int, high: int, names: tuple[str, ...] = ()
) -> tuple[str, frozenset[int]]:
    """Draw a value, range or stepped item."""

    def written(value: int) -> str:
        is_named = draw(st.booleans())
        if names and is_named:
            name = names[value - low]
            return draw(st.sampled_from([name, name.lower(), name.title()]))
        return draw(st.sampled_from([str(value), f"{value:02}"]))

    values = st.integers(low, high)
    steps = st.integers(1, high + 3)
    first, last, step = draw(values), draw(values), draw(steps)
    form = draw(st.sampled_from(["one", "range", "range step", "open", "star", "star step"]))
    if form == "one":
        return written(first), frozenset({first})
    if form == "range":
        return f"{written(first)}-{written(last)}", walk(first, last, low, high, 1)
    if form == "range step":
        return f"{written(first)}-{written(last)}/{step}", walk(first, last, low, high, step)
    if form == "open":
        return f"{written(first)}/{step}", walk(first, high, low, high, step)
    if form == "star":
        return "*", walk(low, high, low, high, 1)
    return f"*/{step}", walk(low, high, low, high, step)


@st.composite
def plain_fields(
    draw: st.DrawFn, low: int, high: int, names: tuple[str, ...] = ()
) -> tuple[str, frozenset[int]]:
    """Draw a list of one to three plain items."""
    items = draw(st.lists(plain_items(low, high, names), min_size=1, max_size=3))
    return ",".join(text for text, _ in items), frozenset().union(*(found for _, found in items))


@st.composite
def month_day_items(draw: st.DrawFn) -> tuple[str, Callable[[date], bool]]:
    form = draw(st.sampled_from(["plain", "plain", "plain", "L", "L-n", "nW", "LW"]))
    number = draw(st.integers(1, 31))
    if form == "plain":
        text, days = draw(plain_items(1, 31))
        return text, lambda day: day.day in days
    if form == "L":
        return "L", lambda day: day.day == _length(day)
    if form == "L-n":
        return f"L-{number - 1}", lambda day: day.day == _length(day) - number + 1
    if form == "LW":
        return "lw", lambda day: day == _last_workday(day)
    return f"{number}W", lambda day: day == _nearest_workday(day, number)


@st.composite
def week_day_items(draw: st.DrawFn) -> tuple[str, Callable[[date], bool]]:
    form = draw(st.sampled_from(["plain", "plain", "plain", "#", "L", "7"]))
    weekday = draw(st.integers(0, 6))
    written = draw(st.sampled_from([str(weekday), WEEKDAYS[weekday]]))
    if form == "plain":
        text, days = draw(plain_items(0, 6, WEEKDAYS))
        return text, lambda day: day.isoweekday() % 7 in days
    if form == "7":
        first = draw(st.integers(0, 6))
        days = walk(first, 7, 0, 7, 1)
        return f"{first}-7", lambda day: day.isoweekday() in days or day.isoweekday() % 7 in days
    if form == "#":
        nth = draw(st.integers(1, 5))
        return (
            f"{written}#{nth}",
            lambda day: day.isoweekday() % 7 == weekday and (day.day + 6) // 7 == nth,
        )
    return f"{written}L", lambda day: day.isoweekday() % 7 == weekday and day.day + 7 > _length(day)


@st.composite
def expressions(draw: st.DrawFn, *, seconds: bool = False) -> Expression:
    """Draw a whole expression of five fields, or six with seconds first."""
    second_text, second_set = ("0", frozenset({0}))
    if seconds:
        second_text, second_set = draw(plain_fields(0, 59))
    minute_text, minutes = draw(plain_fields(0, 59))
    hour_text, hours = draw(plain_fields(0, 23))
    anything = st.just([("*", lambda day: True)])  # noqa: ARG005  # a predicate like the others
    dates = draw(anything | st.lists(month_day_items(), min_size=1, max_size=3))
    weekdays = draw(anything | st.lists(week_day_items(), min_size=1, max_size=2))
    month_text, months = draw(
        st.just(("*", frozenset(range(1, 13)))) | plain_fields(1, 12, MONTHS),
    )
    date_text = ",".join(text for text, _ in dates)
    weekday_text = ",".join(text for text, _ in weekdays)
    joined = date_text.startswith("*") or weekday_text.startswith("*")

    def is_day(day: date) -> bool:
        by_date = any(matches(day) for _, matches in dates)
        by_weekday = any(matches(day) for _, matches in weekdays)
        return (by_date and by_weekday) if joined else (by_date or by_weekday)

    fields = [minute_text, hour_text, date_text, month_text, weekday_text]
    return Expression(
        " ".join([second_text, *fields] if seconds else fields),
        second_set,
        minutes,
        hours,
        months,
        is_day,
        not minute_text.startswith("*") and not hour_text.startswith("*"),
    )


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _last_workday(day: date) -> date:
    found = day.replace(day=_length(day))
    while found.isoweekday() > 5:
        found -= timedelta(days=1)
    return found


def _nearest_workday(day: date, number: int) -> date | None:
    if number > _length(day):
        return None
    wanted = day.replace(day=number)
    month = [day.replace(day=each) for each in range(1, _length(day) + 1)]
    # The day before wins over the day after; neither leaves the month.
    return min(
        (each for each in month if each.isoweekday() <= 5),
        key=lambda each: (abs(each - wanted), each),
    )


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """Find the days of a year on which a zone's offset changes, by looking at each."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=number) for number in range(367)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [
        day
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    ]
