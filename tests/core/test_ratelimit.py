"""The sliding minute: exact, without buckets to burst between."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON
from tfui.core.ratelimit import MINUTE, clear_at, remaining, turn

SECOND = timedelta(seconds=1)


def test_a_start_counts_for_exactly_a_minute() -> None:
    starts = [NOON]

    assert remaining(starts, limit=1, now=NOON + MINUTE - SECOND) == 0
    assert remaining(starts, limit=1, now=NOON + MINUTE) == 1
    assert clear_at(starts, limit=1, now=NOON + SECOND) == NOON + MINUTE
    assert clear_at(starts, limit=1, now=NOON + MINUTE) == NOON + MINUTE


def test_those_in_front_take_their_places_first() -> None:
    starts = [NOON, NOON + 10 * SECOND]
    now = NOON + 20 * SECOND

    turns = [turn(starts, limit=2, now=now, before=[NOON] * ahead) for ahead in range(4)]
    assert turns == [
        (0, NOON + MINUTE),
        (1, NOON + MINUTE + 10 * SECOND),
        (2, NOON + 2 * MINUTE),
        (3, NOON + 2 * MINUTE + 10 * SECOND),
    ]


def test_one_that_may_start_only_after_the_turn_is_not_in_front() -> None:
    before = [NOON, NOON + 2 * MINUTE, NOON + 3 * MINUTE + SECOND]

    assert turn([NOON], limit=1, now=NOON, before=before) == (2, NOON + 3 * MINUTE)


def test_a_limit_of_zero_never_clears() -> None:
    assert clear_at([], limit=0, now=NOON) is None
    assert remaining([], limit=0, now=NOON) == 0


@given(waits=st.lists(st.integers(0, 90), max_size=40), limit=st.integers(1, 5))
def test_no_minute_ever_holds_more_than_the_limit(waits: list[int], limit: int) -> None:
    """Jobs ask one after another, `waits` seconds apart, and start as soon as they may."""
    starts: list[datetime] = []
    now = NOON
    for wait in waits:
        now += wait * SECOND
        clear = clear_at(starts, limit=limit, now=now)
        assert clear is not None
        assert (clear == now) == (remaining(starts, limit=limit, now=now) > 0)
        now = clear
        starts.append(now)

    for start in starts:
        assert sum(start <= other < start + MINUTE for other in starts) <= limit
