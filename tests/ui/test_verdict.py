"""The verdict: what matters most comes first, in its order, and each leads where it can be dealt with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.world import NOON, new_id
from tfui.core.crowding import Crowded
from tfui.core.likely_cause import Cause, Failure, Signature
from tfui.core.states import SkipReason
from tfui.model.backlog import PausedQueue
from tfui.model.missed import MissedTally
from tfui.model.schedule import Pulse, Summary
from tfui.ui.absence_words import Absence
from tfui.ui.engine_words import EngineWords
from tfui.ui.key_map import KeyMap
from tfui.ui.keys import BY_ID
from tfui.ui.verdict import Standing, judge

SUMMARY = Summary(total=150, active=142, paused=8, completed=0, failed=0, due_now=0)
PULSE = Pulse(
    summary=SUMMARY,
    running=0,
    queued=0,
    retrying=0,
    failing=0,
    late=0,
    next_name="api-canary",
    next_run_at=NOON + timedelta(minutes=4, seconds=12),
)
WELL = Standing(
    pulse=PULSE,
    troubled=(),
    engine=EngineWords("● engine", "●", "st-ok", starts_nothing=False),
    engine_error=None,
    store_trouble=None,
    clock_step=None,
    paused=(),
    causes=(),
    crowded=(),
    missed=MissedTally(schedules=0, runs=0, reason=None),
    drafts=(),
    are_problems_shown=False,
    now=NOON,
)


def a_cause(*after: float, kind: str = "exit 69", said: str = "no") -> Cause:
    failures = [
        Failure(
            schedule=f"job-{place}",
            began_at=NOON + timedelta(seconds=seconds),
            exit_code=69,
            error=None,
        )
        for place, seconds in enumerate(after)
    ]
    return Cause(signature=Signature(kind, said), failures=tuple(failures))


TROUBLES: tuple[tuple[dict[str, Any], str, str], ...] = (
    (
        {
            "engine": EngineWords("○ engine stopped", "○", "st-fail", starts_nothing=True),
            "engine_error": "OSError: no space",
        },
        "no engine is running: OSError: no space; nothing will start here",
        "view.engine",
    ),
    ({"store_trouble": "the disk is full"}, "the store: the disk is full", "view.engine"),
    (
        {"clock_step": Absence(NOON - timedelta(minutes=4), timedelta(hours=-1), "atlas")},
        "the clock was set back 1h 00m, 4m ago; nothing runs twice",
        "view.engine",
    ),
    (
        {"paused": (PausedQueue(name="nightly", waiting=5, paused_until=None),)},
        "the paused queue nightly holds 5 jobs",
        "view.engine",
    ),
    (
        {"pulse": replace(PULSE, failing=2), "causes": (a_cause(0, 8),)},
        "2 failing, same exit 69 within 8s: likely one cause",
        "problems",
    ),
    (
        {"pulse": replace(PULSE, late=1), "troubled": ("warehouse-sync",)},
        "1 late: warehouse-sync",
        "problems",
    ),
    (
        {"crowded": (Crowded(new_id(), "backup", 9, SkipReason.SKIP_OVERLAP),)},
        "backup skipped 9 of its last 10 runs: it overlaps itself",
        "problems",
    ),
    (
        {"missed": MissedTally(schedules=1, runs=3, reason=SkipReason.MISSED_SLEEP)},
        "1 schedule missed 3 runs: the machine was asleep",
        "missed",
    ),
    ({"drafts": ("billing-export",)}, "unsaved work on billing-export", ""),
)


def test_all_is_well_says_how_many_and_what_comes_next() -> None:
    verdict = judge(WELL, KeyMap())

    assert verdict.text == "all 142 on time, next api-canary in 04:12"
    assert (verdict.hint, verdict.leads) == ("", "")


@pytest.mark.parametrize("place", range(len(TROUBLES)))
def test_each_trouble_is_said_with_where_it_leads(place: int) -> None:
    wrong, text, leads = TROUBLES[place]
    verdict = judge(replace(WELL, **wrong), KeyMap())

    assert (verdict.text, verdict.leads) == (text, leads)
    assert not leads or KeyMap().name(BY_ID[leads]) in verdict.hint


@pytest.mark.parametrize("place", range(len(TROUBLES)))
def test_what_matters_more_stands_before_all_that_matters_less(place: int) -> None:
    wrong: dict[str, Any] = {}
    for changes, _, _ in reversed(TROUBLES[place:]):
        merged = changes
        if "pulse" in wrong and "pulse" in changes:
            merged = changes | {"pulse": replace(changes["pulse"], late=1)}
        wrong |= merged
    _, text, _ = TROUBLES[place]

    assert judge(replace(WELL, **wrong), KeyMap()).text == text


@pytest.mark.parametrize(
    ("failing", "cause", "text"),
    [
        (2, a_cause(0, 0), "2 failing, same exit 69 in the same second: likely one cause"),
        (5, a_cause(0, 1, 4), "5 failing, 3 with the same exit 69 within 4s: likely one cause"),
        (
            2,
            a_cause(0, 1, kind="", said="refused"),
            '2 failing, same "refused" within 1s: likely one cause',
        ),
    ],
)
def test_failures_of_one_cause_are_told_once(failing: int, cause: Cause, text: str) -> None:
    standing = replace(WELL, pulse=replace(PULSE, failing=failing), causes=(cause,))

    assert judge(standing, KeyMap()).text == text


def test_failures_without_one_cause_are_named() -> None:
    standing = replace(WELL, pulse=replace(PULSE, failing=4), troubled=("a", "b", "c"))

    assert judge(standing, KeyMap()).text == "4 failing: a, b, c and 1 more"


def test_a_paused_queue_that_holds_nothing_up_is_not_the_verdict() -> None:
    held = PausedQueue(name="nightly", waiting=0, paused_until=None)

    assert judge(replace(WELL, paused=(held,)), KeyMap()).text.startswith("all 142")


def test_a_step_of_the_clock_gives_way_after_ten_minutes() -> None:
    step = Absence(NOON - timedelta(minutes=11), timedelta(hours=1), "atlas")

    assert judge(replace(WELL, clock_step=step), KeyMap()).text.startswith("all 142")


def test_what_was_missed_is_named_beside_what_fails() -> None:
    missed = MissedTally(schedules=2, runs=14, reason=None)
    standing = replace(WELL, pulse=replace(PULSE, failing=1), troubled=("a",), missed=missed)

    assert judge(standing, KeyMap()).hint == "m missed (14)  ! problems"


def test_problems_that_are_shown_are_not_offered_but_the_way_back() -> None:
    standing = replace(WELL, pulse=replace(PULSE, failing=1), are_problems_shown=True)

    assert judge(standing, KeyMap()).hint == "! all schedules"
