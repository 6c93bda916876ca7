"""The status segments of the list: which conditions each lets through."""

from __future__ import annotations

from enum import StrEnum

from tfui.core.health import Condition


class Segment(StrEnum):
    """A part of all schedules, as the filter bar offers them."""

    ALL = "all"
    OK = "ok"
    FAIL = "fail"
    RUN = "run"
    OFF = "off"
    LATE = "late"
    """Only from the summary bar's count."""
    PROBLEMS = "problems"
    """Whatever may need a person; `!` turns it on and off."""


SHOWN = (Segment.ALL, Segment.OK, Segment.FAIL, Segment.RUN, Segment.OFF)
"""Those that `f` goes round and that always have a place on the bar."""

CONDITIONS: dict[Segment, frozenset[Condition] | None] = {
    Segment.ALL: None,
    Segment.OK: frozenset({Condition.OK}),
    Segment.FAIL: frozenset({Condition.FAILED}),
    Segment.RUN: frozenset(
        {Condition.RUNNING, Condition.RETRYING, Condition.QUEUED, Condition.BLOCKED}
    ),
    Segment.OFF: frozenset({Condition.PAUSED, Condition.DISABLED}),
    Segment.LATE: frozenset({Condition.LATE}),
    Segment.PROBLEMS: frozenset(
        {Condition.FAILED, Condition.LATE, Condition.RETRYING, Condition.BLOCKED}
    ),
}


def following(segment: Segment) -> Segment:
    """Give the next one for `f`."""
    if segment not in SHOWN:
        return Segment.ALL
    return SHOWN[(SHOWN.index(segment) + 1) % len(SHOWN)]
