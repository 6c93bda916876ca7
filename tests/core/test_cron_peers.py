"""Agreement with croniter and cronsim wherever they are right and read the same dialect.

Left out are croniter's wrapped steps, `a-a`, clock changes and day rules, cronsim's `a/n` of
weekdays, its refusal to wrap, and days on which either mistakes a change of the clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from cronsim import CronSim, CronSimError
from hypothesis import given, settings
from hypothesis import strategies as st

from tfui.core.trigger import Cron, parse
from tfui.errors import Invalid

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


@st.composite
def fields(draw: st.DrawFn, low: int, high: int) -> str:
    first = draw(st.integers(low, high - 1))
    last = draw(st.integers(first + 1, high))
    step = draw(st.integers(1, high))
    items = st.sampled_from([
        str(first), f"{first}-{last}", f"{first}-{last}/{step}", f"*/{step}", "*", "*",
    ])  # fmt: skip
    return ",".join(draw(st.lists(items, min_size=1, max_size=2)))


plain = st.tuples(*(fields(*bounds) for bounds in RANGES)).map(" ".join)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def cron(expression: str, zone: str = "UTC") -> Cron:
    found = parse("cron", expression, zone=zone, anchor=NOW)
    assert isinstance(found, Cron)
    return found


def is_refused(expression: str) -> bool:
    try:
        cron(expression)
    except Invalid:
        return True
    return False


@settings(deadline=None, max_examples=150)
@given(plain)
def test_croniter_expands_fields_to_the_same_values(expression: str) -> None:
    if is_refused(expression):
        return
    expanded, _ = croniter.expand(expression)
    ours = cron(expression).fields

    for mask, theirs, (low, high) in zip(
        (
            ours.minutes,
            ours.hours,
            ours.days.month_days.plain,
            ours.days.months,
            ours.days.week_days.plain,
        ),
        expanded,
        RANGES,
        strict=True,
    ):
        everything = set(range(low, high + 1))
        expected = everything if "*" in theirs else {int(value) for value in theirs}
        if high == 6:
            expected = {value % 7 for value in expected}
        assert {bit for bit in range(low, high + 1) if mask >> bit & 1} == expected


@settings(deadline=None, max_examples=150)
@given(
    expression=plain
    | st.sampled_from(["0 0 L * *", "5 4 LW * *", "0 9 * * 5L", "0 9 * * 2#3", "1 2 29 2 *"]),
    start=instants,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
)
def test_cronsim_walks_to_the_same_instants(expression: str, start: datetime, zone: str) -> None:
    info = ZoneInfo(zone)
    try:
        theirs = CronSim(expression, start.astimezone(info))
        expected: list[datetime] = []
        while len(expected) < 12:
            instant = next(theirs).astimezone(UTC)
            # Times that a gap moves to one point come once from us, each by itself from cronsim.
            if instant not in expected and instant > start:
                expected.append(instant)
    except CronSimError:
        assert is_refused(expression)
        return

    assert cron(expression, zone).between(start, expected[-1], limit=20) == expected


@pytest.mark.parametrize("expression", ["0 0 30 2 *", "0 0 31 4 *"])
def test_cronsim_refuses_what_never_comes_as_well(expression: str) -> None:
    with pytest.raises(CronSimError):
        CronSim(expression, NOW)

    assert is_refused(expression)


def test_croniter_is_known_to_be_wrong_where_we_differ() -> None:
    """These keep the reasons for walking ourselves honest: should one fail, look again."""
    assert croniter.expand("5-5 * * * *")[0][0] != [5]
    step = croniter("0 12 * * *", datetime(2026, 1, 1, tzinfo=UTC)).get_next(datetime)
    assert step - NOW == timedelta(hours=12)
