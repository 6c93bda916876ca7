"""Counting by buckets: starts, what runs at once, the longest wait, the peak and the gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tfui.core.forecast import MINUTE, Grid
from tfui.core.load import Gap, Peak, gaps, longest, most_at_once, peak, tally

GRID = Grid(100, 10, 4)

SPANS = st.lists(st.tuples(st.integers(80, 150), st.integers(1, 40)), max_size=20)


def test_a_bucket_includes_its_beginning_and_excludes_its_end() -> None:
    assert tally(GRID, [99, 100, 109, 110, 139, 140]) == [2, 1, 0, 1]


def test_a_span_lies_over_every_bucket_that_it_touches() -> None:
    assert most_at_once(GRID, [95], [121]) == [1, 1, 1, 0]


def test_a_span_that_ends_as_another_begins_does_not_meet_it() -> None:
    assert most_at_once(GRID, [100, 105, 110], [105, 110, 120]) == [1, 1, 0, 0]


def test_a_span_without_an_end_goes_on() -> None:
    assert most_at_once(GRID, [115, 116], [118]) == [0, 2, 1, 1]


@given(SPANS)
def test_what_runs_at_once_is_what_a_look_at_every_instant_finds(
    spans: list[tuple[int, int]],
) -> None:
    begins, ends = [at for at, _ in spans], [at + span for at, span in spans]
    expected = [
        max(
            sum(at <= instant < at + span for at, span in spans)
            for instant in range(edge, edge + 10)
        )
        for edge in range(100, 140, 10)
    ]

    assert most_at_once(GRID, begins, ends) == expected


def test_the_longest_span_of_a_bucket_counts() -> None:
    assert longest(GRID, [100, 101, 139, 150], [3, 2, 7, 9]) == [3, 0, 0, 7]


def test_the_peak_is_the_first_of_the_busiest_buckets() -> None:
    assert peak(GRID, [1, 5, 5, 0]) == Peak(110, 5)
    assert peak(GRID, [0, 0, 0, 0]) is None


def test_gaps_are_idle_for_ten_minutes_and_the_longest_come_first() -> None:
    grid = Grid(0, MINUTE, 60)
    starts, running = [0] * 60, [0] * 60
    starts[5] = starts[30] = running[31] = starts[41] = 1

    assert gaps(grid, starts, running) == (
        Gap(6 * MINUTE, 30 * MINUTE),
        Gap(42 * MINUTE, 60 * MINUTE),
    )
