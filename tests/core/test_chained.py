"""A schedule without a time of its own: nothing of it is ever planned, counted or missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import NOON
from tfui.core.chained import Chained
from tfui.core.trigger import parse
from tfui.errors import Invalid

DAY = timedelta(days=1)


def test_it_has_no_instant_at_all() -> None:
    found = parse("chained", "", zone="Europe/Berlin", anchor=NOON)

    assert isinstance(found, Chained)
    assert found.zone == "Europe/Berlin"
    answers = [
        found.next_after(NOON),
        found.previous_before(NOON),
        found.last_at_or_before(NOON),
        found.next_micros(0),
    ]
    assert answers == [None] * 4
    assert found.count(NOON - DAY, NOON) == 0
    assert found.between(NOON - DAY, NOON) == []
    assert "after" in found.describe()


def test_a_time_or_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        parse("chained", "5m", zone="Mars/Phobos", anchor=NOON)

    assert set(caught.value.fields) == {"schedule_expression", "timezone"}
