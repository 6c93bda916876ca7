"""Instants by the thousand agree with what a trigger gives one by one, and so do counts by bucket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import NOON, utc
from tfui.core import instants, trigger
from tfui.core.forecast import MINUTE, SECOND, Grid
from tfui.core.instants import micros
from tfui.core.states import ScheduleType

TICK = timedelta(microseconds=1)

TRIGGERS = [
    trigger.parse(ScheduleType.CRON, "*/7 * * * *", anchor=NOON),
    trigger.parse(ScheduleType.CRON, "*/10 */3 * * * *", zone="Europe/Berlin", anchor=NOON),
    trigger.parse(ScheduleType.RECURRING, "90s", anchor=NOON - timedelta(seconds=1.5)),
    trigger.parse(ScheduleType.RECURRING, "1s", anchor=NOON + timedelta(minutes=3)),
    trigger.parse(ScheduleType.ONCE, "2026-01-05 12:30", anchor=NOON),
    trigger.parse(ScheduleType.CHAINED, "", anchor=NOON),
]


@pytest.mark.parametrize("each", TRIGGERS, ids=repr)
def test_a_span_includes_its_beginning_and_excludes_its_end(each: trigger.Trigger) -> None:
    begin, end = NOON, NOON + timedelta(hours=1)
    expected = [micros(at) for at in each.between(begin - TICK, end - TICK)]

    assert instants.between(each, micros(begin), micros(end)) == expected
    assert instants.count(each, micros(begin), micros(end)) == len(expected)


@pytest.mark.parametrize("each", TRIGGERS, ids=repr)
@pytest.mark.parametrize("expected", [0, 1_000_000])
def test_both_ways_to_count_by_bucket_agree(each: trigger.Trigger, expected: int) -> None:
    grid = Grid(micros(NOON), MINUTE, 60)
    begin, end = grid.begin + 90 * SECOND, grid.end - 30 * SECOND
    found = instants.by_bucket(each, grid, begin, end, expected=expected)

    assert sum(found) == instants.count(each, begin, end)
    assert found == instants.by_bucket(each, grid, begin, end, expected=1)


def test_an_empty_span_has_none() -> None:
    assert instants.between(TRIGGERS[0], micros(NOON), micros(NOON)) == []
    assert instants.count(TRIGGERS[0], micros(NOON) + 1, micros(NOON)) == 0


def test_microseconds_are_exact() -> None:
    odd = utc("2031-05-04 03:02:01") + 7 * TICK

    assert instants.instant(micros(odd)) == odd
