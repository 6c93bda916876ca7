"""Jitter: stable, spread, and inside its bound."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON
from tfui.core.jitter import offset


@given(schedule_id=st.uuids(), jitter=st.timedeltas(timedelta(0), timedelta(days=1)))
def test_an_offset_is_stable_and_below_the_jitter(schedule_id: object, jitter: timedelta) -> None:
    found = offset(str(schedule_id), NOON, jitter)

    assert timedelta(0) <= found < max(jitter, timedelta(microseconds=1))
    assert offset(str(schedule_id), NOON, jitter) == found


def test_schedules_and_occurrences_are_spread() -> None:
    minute = timedelta(minutes=1)
    by_schedule = {offset(str(number), NOON, minute) for number in range(100)}
    by_occurrence = {offset("a", NOON + number * minute, minute) for number in range(100)}

    assert len(by_schedule) > 90
    assert len(by_occurrence) > 90


def test_an_offset_never_changes_between_versions() -> None:
    """The record of what ran would otherwise not match what is computed later."""
    assert offset("a", NOON, timedelta(minutes=5)) == timedelta(seconds=275, milliseconds=984)
