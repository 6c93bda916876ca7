"""The stretch that the forecast shows: whole cells, an axis that can be read, and bounds."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.world import NOON
from tfui.ui.forecast_window import FARTHEST, SPANS, around, around_now, axis, zoomed

HOUR = timedelta(hours=1)
NOW = NOON + timedelta(minutes=7, seconds=30)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("room", [60, 99, 180])
def test_every_stretch_fits_begins_on_a_whole_cell_and_has_a_little_past(
    span: timedelta, room: int
) -> None:
    window = around_now(NOW, span, room)

    assert 28 <= window.columns <= room
    assert window.end - window.begin == span
    assert window.begin.timestamp() % window.cell.total_seconds() == 0
    assert window.columns // 8 <= window.column(NOW) <= window.columns // 4
    assert window.at(window.column(NOW)) <= NOW < window.at(window.column(NOW) + 1)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/Berlin")])
def test_the_axis_has_labels_that_do_not_touch(span: timedelta, zone: ZoneInfo) -> None:
    labels = axis(around_now(NOW, span, 99), zone)

    assert len(labels) >= 3
    for (column, text), (following, _) in pairwise(labels):
        assert column + len(text) < following


def test_midnight_is_named_by_its_day() -> None:
    assert "Tue 06" in [text for _, text in axis(around_now(NOW, 24 * HOUR, 99), UTC)]


def test_zoom_goes_from_an_hour_to_a_week_and_no_further() -> None:
    assert zoomed(24 * HOUR, 1) == 12 * HOUR
    assert zoomed(24 * HOUR, -1) == 72 * HOUR
    assert zoomed(SPANS[0], 1) == SPANS[0] == HOUR
    assert zoomed(SPANS[-1], -1) == SPANS[-1] == timedelta(days=7)


def test_it_cannot_be_moved_farther_than_two_weeks_from_now() -> None:
    window = around_now(NOW, 24 * HOUR, 99)

    assert window.moved(100_000, NOW).end <= NOW + FARTHEST
    assert window.moved(-100_000, NOW).begin >= NOW - FARTHEST
    assert window.moved(4, NOW).begin == window.begin + 4 * window.cell


def test_what_is_zoomed_into_keeps_its_place() -> None:
    at = NOON + 5 * HOUR
    window = around(at, 0.5, HOUR, 60, NOW)

    assert window.column(at) == 30
