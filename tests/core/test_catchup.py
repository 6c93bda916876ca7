"""Catch-up: everything due is accounted for once, and each policy picks what it promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import cpu_seconds, utc
from tfui.core.catchup import Decision, decide
from tfui.core.states import OnMissed, SkipReason
from tfui.core.trigger import Trigger, parse

NOON = utc("2026-01-05 12:00")


def hourly() -> Trigger:
    return parse("cron", "0 * * * *", anchor=NOON)


def shown(decision: Decision) -> list[tuple[str, str, int, str]]:
    return [
        (f"{part.from_at:%d %H:%M}", f"{part.to_at:%d %H:%M}", part.count, part.reason.value)
        for part in decision.skipped
    ]


def test_a_punctual_occurrence_runs() -> None:
    decision = decide(hourly(), first=NOON, now=NOON, on_missed=OnMissed.SKIP)

    assert decision == Decision((NOON,), (), NOON, NOON + timedelta(hours=1))


@pytest.mark.parametrize("policy", list(OnMissed))
def test_what_is_late_by_less_than_the_grace_is_not_missed(policy: OnMissed) -> None:
    now = NOON + timedelta(seconds=60)

    assert decide(hourly(), first=NOON, now=now, on_missed=policy).runs == (NOON,)


def test_several_that_are_late_by_less_than_the_grace_all_run() -> None:
    every = parse("recurring", "2s", anchor=NOON)
    decision = decide(every, first=NOON, now=NOON + timedelta(seconds=9), on_missed=OnMissed.LATEST)

    assert decision.runs == tuple(NOON + timedelta(seconds=2 * step) for step in range(5))
    assert decision.skipped == ()


def test_latest_runs_the_newest_for_all() -> None:
    now = NOON + timedelta(hours=3, minutes=5)
    decision = decide(hourly(), first=NOON, now=now, on_missed=OnMissed.LATEST)

    assert decision.runs == (utc("2026-01-05 15:00"),)
    assert shown(decision) == [("05 12:00", "05 14:00", 3, "coalesced")]
    assert decision.cursor_at == utc("2026-01-05 15:00")
    assert decision.next_run_at == utc("2026-01-05 16:00")


def test_earliest_runs_the_oldest_for_all() -> None:
    now = NOON + timedelta(hours=3)
    decision = decide(hourly(), first=NOON, now=now, on_missed=OnMissed.EARLIEST)

    assert decision.runs == (NOON,)
    assert shown(decision) == [("05 13:00", "05 15:00", 3, "coalesced")]


def test_skip_goes_on_with_the_next() -> None:
    now = NOON + timedelta(hours=3, minutes=5)
    decision = decide(
        hourly(), first=NOON, now=now, on_missed=OnMissed.SKIP,
        missed_reason=SkipReason.MISSED_SLEEP,
    )  # fmt: skip

    assert decision.runs == ()
    assert shown(decision) == [("05 12:00", "05 15:00", 4, "missed_sleep")]


def test_skip_still_runs_the_newest_when_it_is_punctual() -> None:
    now = NOON + timedelta(hours=3, seconds=5)
    decision = decide(hourly(), first=NOON, now=now, on_missed=OnMissed.SKIP)

    assert decision.runs == (utc("2026-01-05 15:00"),)
    assert shown(decision) == [("05 12:00", "05 14:00", 3, "missed_down")]


def test_all_runs_each_within_window_and_cap() -> None:
    now = NOON + timedelta(hours=30)
    decision = decide(hourly(), first=NOON, now=now, on_missed=OnMissed.ALL, cap=10)

    assert decision.runs == tuple(now - timedelta(hours=back) for back in range(9, -1, -1))
    assert shown(decision) == [
        ("05 12:00", "05 17:00", 6, "missed_deadline"),
        ("05 18:00", "06 08:00", 15, "missed_cap"),
    ]


@pytest.mark.parametrize("policy", [OnMissed.LATEST, OnMissed.EARLIEST, OnMissed.ALL])
def test_nothing_runs_that_is_older_than_the_window(policy: OnMissed) -> None:
    monthly = parse("cron", "0 0 1 * *", anchor=NOON)
    first = utc("2026-02-01 00:00")
    decision = decide(monthly, first=first, now=first + timedelta(days=3), on_missed=policy)

    assert decision.runs == ()
    assert shown(decision) == [("01 00:00", "01 00:00", 1, "missed_deadline")]
    assert decision.next_run_at == utc("2026-03-01 00:00")


@pytest.mark.parametrize("policy", list(OnMissed))
def test_a_once_always_runs(policy: OnMissed) -> None:
    trigger = parse("once", "5m", anchor=NOON)
    at = NOON + timedelta(minutes=5)
    decision = decide(trigger, first=at, now=at + timedelta(days=400), on_missed=policy)

    assert decision == Decision((at,), (), at, None)


@pytest.mark.parametrize("policy", [OnMissed.LATEST, OnMissed.EARLIEST, OnMissed.SKIP])
@pytest.mark.parametrize(("kind", "expression"), [("recurring", "1s"), ("cron", "* * * * * *")])
def test_a_year_away_from_every_second_is_a_few_rows_at_once(
    policy: OnMissed, kind: str, expression: str
) -> None:
    trigger = parse(kind, expression, zone="Europe/Berlin", anchor=NOON)
    now = NOON + timedelta(days=365)

    spent = cpu_seconds(lambda: decide(trigger, first=NOON, now=now, on_missed=policy))
    decision = decide(trigger, first=NOON, now=now, on_missed=policy)

    assert len(decision.skipped) <= 2
    assert len(decision.runs) == 1
    assert sum(part.count for part in decision.skipped) == 365 * 86_400
    assert spent < 0.1


@pytest.mark.parametrize("policy", [OnMissed.LATEST, OnMissed.EARLIEST, OnMissed.ALL])
def test_nothing_is_caught_up_once_the_end_has_passed(policy: OnMissed) -> None:
    ends_at = NOON + timedelta(hours=2)
    now = NOON + timedelta(hours=5)
    decision = decide(hourly(), first=NOON, now=now, on_missed=policy, ends_at=ends_at)

    assert decision.runs == ()
    assert shown(decision) == [("05 12:00", "05 14:00", 3, "skip_window")]
    assert decision.next_run_at is None


def test_the_last_occurrence_before_the_end_runs_when_it_is_late_within_the_grace() -> None:
    ends_at = NOON + timedelta(hours=2)
    now = ends_at + timedelta(seconds=59)
    decision = decide(hourly(), first=NOON, now=now, on_missed=OnMissed.LATEST, ends_at=ends_at)

    assert decision.runs == (ends_at,)
    assert shown(decision) == [("05 12:00", "05 13:00", 2, "coalesced")]


def test_a_once_runs_however_late_even_after_an_end() -> None:
    once = parse("once", "2026-01-05T12:00:00Z", anchor=NOON)
    now = NOON + timedelta(days=9)
    decision = decide(once, first=NOON, now=now, on_missed=OnMissed.LATEST, ends_at=NOON)

    assert decision.runs == (NOON,)


def test_the_end_bounds_what_comes_next() -> None:
    ends_at = NOON + timedelta(hours=2)

    assert decide(
        hourly(), first=NOON, now=NOON, on_missed=OnMissed.LATEST, ends_at=ends_at
    ).next_run_at == NOON + timedelta(hours=1)
    assert (
        decide(
            hourly(), first=ends_at, now=ends_at, on_missed=OnMissed.LATEST, ends_at=ends_at
        ).next_run_at
        is None
    )


TRIGGERS = st.one_of(
    st.integers(1, 20_000).map(lambda seconds: ("recurring", f"{seconds}s")),
    st.sampled_from([
        ("cron", "*/10 * * * * *"), ("cron", "30 2 * * *"), ("cron", "*/7 1-3 * * *"),
        ("cron", "0 0 29 2 *"), ("cron", "0 9 * * 1-5"),
    ]),
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    kind_and_expression=TRIGGERS,
    asked=st.datetimes(datetime(2026, 1, 5, 12), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    away=st.timedeltas(timedelta(0), timedelta(days=3)),
    policy=st.sampled_from(list(OnMissed)),
    grace=st.timedeltas(timedelta(0), timedelta(hours=2)),
    window=st.timedeltas(timedelta(0), timedelta(days=2)),
    cap=st.integers(1, 200),
)
def test_each_due_occurrence_is_accounted_for_once(
    kind_and_expression: tuple[str, str],
    asked: datetime,
    away: timedelta,
    policy: OnMissed,
    grace: timedelta,
    window: timedelta,
    cap: int,
) -> None:
    kind, expression = kind_and_expression
    trigger = parse(kind, expression, zone="Europe/Berlin", anchor=NOON)
    first = trigger.next_after(asked)
    assert first is not None
    now = first + away
    decision = decide(
        trigger, first=first, now=now, on_missed=policy, grace=grace, window=window, cap=cap
    )

    parts = [(run, run, 1) for run in decision.runs]
    parts += [(part.from_at, part.to_at, part.count) for part in decision.skipped]
    parts.sort()
    at = first - timedelta(microseconds=1)
    for from_at, to_at, count in parts:
        assert trigger.next_after(at) == from_at
        assert trigger.count(at, to_at) == count
        assert trigger.last_at_or_before(to_at) == to_at
        at = to_at
    assert at == decision.cursor_at == trigger.last_at_or_before(now)
    assert decision.next_run_at == trigger.next_after(now)
    assert list(decision.runs) == sorted(decision.runs)
