"""Which columns fit: what is needed least goes first, and nothing is ever cut in half."""

from __future__ import annotations

import itertools

from tfui.ui.widgets.schedule_columns import Column, fitting


def _names(width: int) -> set[Column]:
    return {place.column for place in fitting(width)}


def test_every_width_is_filled_and_never_overrun() -> None:
    for width in range(58, 260):
        places = fitting(width)
        assert places[-1].left + places[-1].width <= width
        for one, other in itertools.pairwise(places):
            assert one.left + one.width < other.left


def test_state_name_next_and_last_are_always_there() -> None:
    for width in range(40, 260):
        assert {Column.STATUS, Column.NAME, Column.NEXT, Column.LAST} <= _names(width)


def test_a_wider_list_never_loses_a_column() -> None:
    for width in range(40, 259):
        assert _names(width) <= _names(width + 1)


def test_the_three_sizes_show_what_they_promise() -> None:
    assert {Column.SCHEDULE, Column.RUNS} <= _names(62)
    assert {Column.SCHEDULE, Column.RUNS, Column.DURATION} <= _names(79)
    assert Column.COMMAND in _names(190)
