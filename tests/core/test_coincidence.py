"""How often a child with a time of its own finds a run of its parent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import NOON
from tfui.core import trigger as triggers
from tfui.core.coincidence import LOOKED_AT, Coincidence, Times, coincidence, warning

HOUR = timedelta(hours=1)


def hourly(offset: timedelta = timedelta(0)) -> Times:
    return Times(triggers.parse("recurring", "1h", anchor=NOON + offset))


def cron(text: str) -> Times:
    return Times(triggers.parse("cron", text, anchor=NOON))


@pytest.mark.parametrize(
    ("child", "parent", "window", "met"),
    [
        (hourly(), hourly(), None, LOOKED_AT),
        (hourly(timedelta(seconds=4)), hourly(), None, 0),
        (hourly(timedelta(seconds=4)), hourly(), timedelta(seconds=4), LOOKED_AT),
        (hourly(timedelta(seconds=4)), hourly(), timedelta(seconds=3), 0),
        (cron("0,30 * * * *"), cron("0 * * * *"), None, LOOKED_AT // 2),
    ],
)
def test_occurrences_meet_at_the_same_instant_or_within_the_window(
    child: Times, parent: Times, window: timedelta | None, met: int
) -> None:
    assert coincidence(child, parent, now=NOON, window=window) == Coincidence(LOOKED_AT, met)


def test_what_bounds_either_side_counts() -> None:
    child = Times(hourly().trigger, ends_at=NOON + 4 * HOUR)
    late = Times(hourly().trigger, starts_at=NOON + 3 * HOUR)

    assert coincidence(child, late, now=NOON, window=None) == Coincidence(4, 2)


def test_a_warning_says_how_many_and_what_to_do() -> None:
    assert warning("dep", "a", Coincidence(64, 64), window=None) is None
    assert warning("dep", "a", Coincidence(0, 0), window=None) is None
    assert warning("dep", "a", Coincidence(64, 0), window=None) == (
        "a has no run at any of dep's next 64 times: none of them runs; "
        "use a window such as 1h, or leave dep without a time of its own"
    )
    some = warning("dep", "a", Coincidence(64, 32), window=HOUR)
    assert some is not None
    assert "no run within the window of 32 of dep's next 64 times: those are skipped" in some
