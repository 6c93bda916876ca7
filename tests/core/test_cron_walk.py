"""The walk over sets against a look at every minute or second by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.cron_expressions import Expression, changes, expressions
from tfui.core.trigger import Cron, parse
from tfui.errors import Invalid

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ODD_ZONES = (
    "Africa/Casablanca",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Chatham",
)
ALL_ZONES = sorted(available_timezones())


def cron(expression: Expression | str, zone: str = "UTC") -> Cron:
    text = expression if isinstance(expression, str) else expression.text
    try:
        found = parse("cron", text, zone=zone, anchor=datetime(2020, 1, 1, tzinfo=UTC))
    except Invalid as bad:
        assume("never comes" not in str(bad))
        raise
    assert isinstance(found, Cron)
    return found


def assert_all_agree(
    found: Cron, expected: list[datetime], after: datetime, until: datetime
) -> None:
    assert found.between(after, until) == expected
    for instant in expected:
        assert found.next_after(instant - SECOND) == instant
    assert found.count(after, until) == len(expected)
    backwards = []
    step = found.previous_before(until + SECOND)
    while step is not None and step > after:
        backwards.append(step)
        step = found.previous_before(step)
    assert backwards[::-1] == expected


@settings(deadline=None, max_examples=150)
@given(
    expression=expressions(),
    zone=st.sampled_from(ODD_ZONES) | st.sampled_from(ALL_ZONES),
    year=st.integers(1990, 2040),
    pick=st.integers(0, 10),
)
def test_each_minute_around_a_change_of_the_clock_fires_as_the_rules_say(
    expression: Expression, zone: str, year: int, pick: int
) -> None:
    info = ZoneInfo(zone)
    days = changes(info, year)
    start = days[pick % len(days)] if days else datetime(year, 3, 1, tzinfo=UTC)
    start -= timedelta(hours=4)
    end = start + timedelta(hours=34)

    expected = expression.scan(info, start + MINUTE, end, MINUTE)

    assert_all_agree(cron(expression, zone), expected, start, end)


@settings(deadline=None, max_examples=40)
@given(
    expression=expressions(seconds=True),
    zone=st.sampled_from(ODD_ZONES),
    year=st.integers(1990, 2040),
    pick=st.integers(0, 10),
    shift=st.integers(-90 * 60, 90 * 60),
)
def test_each_second_around_a_change_of_the_clock_fires_as_the_rules_say(
    expression: Expression, zone: str, year: int, pick: int, shift: int
) -> None:
    info = ZoneInfo(zone)
    days = changes(info, year)
    day = days[pick % len(days)] if days else datetime(year, 3, 1, tzinfo=UTC)
    before = day.astimezone(info).utcoffset()
    hour = day
    while hour < day + timedelta(days=1) and hour.astimezone(info).utcoffset() == before:
        hour += timedelta(minutes=15)
    start = hour + timedelta(seconds=shift) - timedelta(minutes=50)
    end = start + timedelta(minutes=100)

    expected = expression.scan(info, start + SECOND, end, SECOND)

    assert_all_agree(cron(expression, zone), expected, start, end)


@settings(deadline=None, max_examples=150)
@given(
    expression=expressions(seconds=True),
    zone=st.sampled_from(ODD_ZONES),
    start=st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    length=st.timedeltas(timedelta(0), timedelta(days=900)),
)
def test_forwards_backwards_and_counting_agree_over_any_window(
    expression: Expression, zone: str, start: datetime, length: timedelta
) -> None:
    found = cron(expression, zone)
    forwards = found.between(start, start + length, limit=200)
    until = forwards[-1] if len(forwards) == 200 else start + length

    assert found.count(start, until) == len(forwards)
    assert all(after > before for before, after in pairwise(forwards))
    step = found.last_at_or_before(until)
    for expected in reversed(forwards):
        assert step == expected
        step = found.previous_before(step)
    assert step is None or step <= start


@settings(deadline=None, max_examples=100)
@given(
    expression=expressions(seconds=True),
    zone=st.sampled_from(ODD_ZONES),
    cuts=st.lists(
        st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
        min_size=3,
        max_size=3,
    ),
)
def test_counts_of_two_windows_side_by_side_add_up(
    expression: Expression, zone: str, cuts: list[datetime]
) -> None:
    first, middle, last = sorted(cuts)
    found = cron(expression, zone)

    whole = found.count(first, middle) + found.count(middle, last)

    assert found.count(first, last) == whole
