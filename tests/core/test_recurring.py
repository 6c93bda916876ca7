"""The grid of elapsed time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import utc
from tfui.core.trigger import Recurring, parse

ANCHOR = utc("2026-03-28 09:00")
MICROSECOND = timedelta(microseconds=1)


def recurring(expression: str, anchor: datetime = ANCHOR) -> Recurring:
    found = parse("recurring", expression, zone="Europe/Berlin", anchor=anchor)
    assert isinstance(found, Recurring)
    return found


def test_the_anchor_is_the_first_instant() -> None:
    found = recurring("90s")

    assert found.next_after(ANCHOR - timedelta(days=9)) == ANCHOR
    assert found.next_after(ANCHOR - MICROSECOND) == ANCHOR
    assert found.next_after(ANCHOR) == ANCHOR + timedelta(seconds=90)
    assert found.previous_before(ANCHOR) is None
    assert found.previous_before(ANCHOR + MICROSECOND) == ANCHOR


def test_a_day_is_elapsed_time_across_a_change_of_the_clock() -> None:
    assert recurring("1d").next_after(ANCHOR) == ANCHOR + timedelta(hours=24)


@given(
    st.integers(1, 10**7),
    st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
)
def test_next_previous_listing_and_count_agree(
    seconds: int, anchor: datetime, instant: datetime
) -> None:
    found = recurring(f"{seconds}s", anchor)
    step = found.next_after(instant)
    assert step is not None
    assert step > instant
    assert (step - anchor) % found.period == timedelta(0)
    before = found.previous_before(step)
    assert before is None or before <= instant
    until = step + 5 * found.period
    listed = found.between(instant, until)
    assert listed == [step + number * found.period for number in range(6)]
    assert found.count(instant, until) == 6
    assert found.between(instant, until, limit=2) == listed[:2]
    assert found.last_at_or_before(until) == until


def test_ten_years_of_seconds_are_counted_at_once() -> None:
    assert recurring("1s").count(ANCHOR, ANCHOR + timedelta(days=3650)) == 3650 * 86_400


def test_the_end_of_time_is_none() -> None:
    assert recurring("1d").next_after(datetime.max.replace(tzinfo=UTC)) is None


def test_it_is_described_as_people_say_it() -> None:
    assert recurring("90s").describe() == "Every 90 seconds"
    assert recurring("1h").describe() == "Every hour"
    assert recurring("PT1H30M").describe() == "Every 1 hour 30 minutes"
    assert recurring("2w").describe() == "Every 2 weeks"
