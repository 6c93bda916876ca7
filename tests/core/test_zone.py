"""Stretches of constant offset, against zoneinfo asked hour by hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import utc
from tfui.core import cron_text
from tfui.core import zone as zone_module
from tfui.core.cron import Cron
from tfui.core.zone import DAY, EPOCH, LAST, Change, Zone, zone
from tfui.errors import Invalid

SECOND = timedelta(seconds=1)


def epoch(instant: datetime) -> int:
    return (instant - EPOCH) // SECOND


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(sorted(available_timezones())), year=st.integers(1900, 2100))
def test_each_hour_of_a_year_has_the_offset_that_zoneinfo_gives(name: str, year: int) -> None:
    info, found = ZoneInfo(name), zone(name)
    start = epoch(datetime(year, 1, 1, tzinfo=UTC))

    for second in range(start, start + 366 * 86_400, 3 * 3600):
        expected = (EPOCH + timedelta(seconds=second)).astimezone(info).utcoffset()
        assert found.stretch(second, fixed=False).offset * SECOND == expected


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(sorted(available_timezones())),
    start=st.integers(-2_200_000_000, 4_000_000_000),
)
def test_stretches_join_without_a_hole(name: str, start: int) -> None:
    found = zone(name)
    second = start
    for _ in range(6):
        stretch = found.stretch(second, fixed=True)
        assert stretch.start <= second < stretch.end
        assert stretch.offset == found.offset(second) == found.offset(stretch.end - 1)
        assert stretch.low >= stretch.start + stretch.offset
        assert stretch.limit >= stretch.end + stretch.offset
        second = stretch.end


def test_no_zone_changes_twice_within_the_stride_of_the_search() -> None:
    """Changes are looked for every three days; this reads them day by day where they are dense."""
    for name, year in [("Africa/Freetown", 1939), ("America/Recife", 2000), ("Asia/Gaza", 2040)]:
        start = epoch(datetime(year, 1, 1, tzinfo=UTC))
        daily = [
            change
            for day in range(start, start + 366 * 86_400, 86_400)
            for change in zone(name).changes(day, day + 86_400)
        ]
        assert list(zone(name).changes(start, start + 366 * 86_400)) == daily
        assert all(later.at - sooner.at > 3 * 86_400 for sooner, later in pairwise(daily))


def test_a_change_is_found_to_the_second() -> None:
    start = epoch(utc("2026-01-01 00:00"))

    assert list(zone("Europe/Berlin").changes(start, start + 366 * 86_400)) == [
        Change(epoch(utc("2026-03-29 01:00")), 3600, 7200),
        Change(epoch(utc("2026-10-25 01:00")), 7200, 3600),
    ]


@pytest.mark.parametrize(
    "expression", ["30 2 * * *", "*/20 2 * * *", "0-59/20 1-3 * * *", "7 * * * *"]
)
@pytest.mark.parametrize("night", ["2026-03-29 00:00", "2026-10-25 00:00"])
@pytest.mark.parametrize("chunk", [900, 1800, 5000])
def test_it_does_not_matter_where_the_rules_are_cut_into_chunks(
    monkeypatch: pytest.MonkeyPatch, expression: str, night: str, chunk: int
) -> None:
    """A gap or fold at the seam of two chunks is answered for as any other."""
    fields = cron_text.read(expression, "")
    start, end = utc(night) - timedelta(hours=3), utc(night) + timedelta(hours=6)
    whole = Cron(expression, fields, zone("Europe/Berlin"))
    expected = whole.between(start, end)

    monkeypatch.setattr(zone_module, "_CHUNK", chunk)
    cut = Cron(expression, fields, Zone("Europe/Berlin", ZoneInfo("Europe/Berlin")))

    assert cut.between(start, end) == expected
    assert cut.count(start, end) == len(expected)
    assert cut.previous_before(end) == whole.previous_before(end)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-03-29 01:59", "2026-03-29 00:59"),
        ("2026-03-29 02:30", "2026-03-29 01:00"),
        ("2026-03-29 03:00", "2026-03-29 01:00"),
        ("2026-10-25 02:30", "2026-10-25 00:30"),
        ("2026-10-25 03:00", "2026-10-25 02:00"),
    ],
)
def test_a_wall_time_is_moved_past_a_gap_and_taken_the_first_time_from_a_fold(
    wall: str, expected: str
) -> None:
    assert zone("Europe/Berlin").instant(epoch(utc(wall))) == epoch(utc(expected))


@pytest.mark.parametrize(
    "name",
    ["", "Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "posix/UTC", "right/UTC", "a\0b",
     "\ud800", "x" * 5000, "Europe/Berlin ", "+01:00"],
)  # fmt: skip
def test_what_is_not_a_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        zone(name)

    assert len(caught.value.fields["timezone"].text) < 300


@pytest.mark.parametrize("name", ["europe/berlin", "berlin", "Europe/Berlin "])
def test_a_zone_that_is_nearly_right_is_proposed(name: str) -> None:
    with pytest.raises(Invalid, match="did you mean Europe/Berlin"):
        zone(name)


def test_the_end_of_the_calendar_is_no_place_to_fall_off() -> None:
    """Changes are looked for in strides; the last stride must not leave the year 9999."""
    berlin = zone("Europe/Berlin")

    assert list(berlin.changes(LAST - 2 * DAY, LAST)) == []
    assert list(berlin.changes(LAST, LAST + DAY)) == []
