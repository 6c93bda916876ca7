"""Spans and moments in few cells."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.world import utc
from tfui.ui import spans
from tfui.ui.spans import ZoneChoice


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0s"), (41, "41s"), (300, "5m"), (6 * 3600, "6h"), (86_400 * 3, "3d"), (-5, "0s")],
)
def test_a_short_span_is_said_by_its_largest_unit(seconds: int, said: str) -> None:
    assert spans.short(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(252, "04:12"), (0.2, "00:01"), (62_940, "17h 29m"), (86_400 * 3, "3d 00h"), (-3, "00:00")],
)
def test_a_countdown_rounds_up_so_that_it_ends_when_it_says_zero(seconds: float, said: str) -> None:
    assert spans.countdown(timedelta(seconds=seconds)) == said


def test_every_countdown_below_a_hundred_days_fits_in_seven_cells() -> None:
    for seconds in range(0, 86_400 * 99, 977):
        assert len(spans.countdown(timedelta(seconds=seconds))) <= 7


def test_a_moment_has_its_offset_and_the_year_only_when_it_is_another() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = utc("2026-01-05 09:00")

    assert spans.moment(utc("2026-01-06 01:30"), berlin, now) == "Tue 06 Jan 02:30 +01:00"
    assert spans.moment(utc("2027-07-01 00:00"), UTC, now) == "Thu 01 Jul 2027 00:00 +00:00"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("due at 2026-01-05 02:30 +01:00.", "due at Mon 05 Jan 02:30 +01:00."),
        ("at 2027-01-06 02:30:05 -03:30", "at Wed 06 Jan 2027 02:30:05 -03:30"),
        ("is 2026-01-05 01:30:00Z", "is Mon 05 Jan 01:30 UTC"),
        ("exit 1: no 9999-99-99 10:00 +01:00", "exit 1: no 9999-99-99 10:00 +01:00"),
    ],
)
def test_the_instants_of_a_sentence_are_told_as_all_are(said: str, told: str) -> None:
    assert spans.retold(said, utc("2026-01-05 09:00")) == told


def test_the_zone_goes_round_and_an_unknown_one_is_read_as_utc() -> None:
    assert ZoneChoice.UTC.following() is ZoneChoice.SCHEDULE
    assert spans.zone_of(ZoneChoice.SCHEDULE, "Mars/Olympus", None) is UTC
