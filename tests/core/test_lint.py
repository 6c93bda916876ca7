"""What a preview warns about, and that it stays silent about the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import utc
from tfui.core.lint import warnings
from tfui.core.trigger import parse

NOW = utc("2026-01-12 00:00")
SPRING = utc("2026-03-28 12:00")
AUTUMN = utc("2026-10-24 12:00")


def texts(kind: str, expression: str, zone: str = "UTC", now: object = NOW) -> dict[str, str]:
    assert hasattr(now, "year")
    trigger = parse(kind, expression, zone=zone, anchor=now)  # type: ignore[arg-type]
    return {warning.code: warning.text for warning in warnings(trigger, now=now)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "expression", ["30 2 * * *", "*/15 * * * *", "0 9 * * 1-5", "0 0 1 * *", "0 */6 * * *", "0 9-17 * * *",
                   "* 9-17 * * *", "0 0 28-31 * *", "0 0 31 1,3 *", "0 0 * * MON/2", "@daily", "0 0 ? * MON"],
)  # fmt: skip
def test_common_rules_are_left_alone(expression: str) -> None:
    assert texts("cron", expression) == {}


@pytest.mark.parametrize(
    ("expression", "code", "words"),
    [
        ("0 0 13 * 5", "days_or", "either"),
        ("0 0 */2 * 1", "days_and", "both match"),
        ("0 0 29 2 *", "rare", "2028, 2032, 2036, 2040"),
        ("0 0 31 * *", "short_months", "L means the last day"),
        ("0 0 1,30 * *", "short_months", "without a day 30"),
        ("*/7 * * * *", "uneven_step", "from :56 to :00 are 4 minutes"),
        ("*/7 * * * * *", "uneven_step", "from :56 to :00 are 4 seconds"),
        ("0 */5 * * *", "uneven_step", "from 20:00 to 00:00 are 4 hours"),
        ("0 0 */2 * *", "uneven_step", "restarts on the 1st"),
        ("0 0 1 */5 *", "uneven_step", "2 months after month 11"),
        ("0 0 * * */2", "uneven_step", "a day after Saturday"),
        ("*/90 * * * *", "wide_step", "means one value"),
        ("5-10/20 * * * *", "wide_step", "means one value"),
        ("0 0 9 * * 2", "six_fields", "Quartz counts from 1"),
        ("0 0 9 * * MON", "six_fields", "the first is seconds"),
        ("* 2 * * *", "every_minute", "60 times; 0 2 * * * runs once"),
        ("* 30 2 * * *", "every_second", "60 times; 0 30 2 * * * runs once"),
    ],
)
def test_a_rule_seldom_meant_is_told(expression: str, code: str, words: str) -> None:
    assert words in texts("cron", expression)[code]


def test_a_time_in_a_gap_is_told_with_its_date() -> None:
    found = texts("cron", "30 2 * * *", "Europe/Berlin", SPRING)

    assert found["gap"] == (
        "29 March 2026: clocks go forward from 02:00 to 03:00; 02:30 runs at 03:00 instead."
    )


def test_times_in_a_gap_are_told_to_be_left_out_of_a_wildcard() -> None:
    found = texts("cron", "*/30 2 * * *", "Europe/Berlin", SPRING)

    assert "02:00, 02:30 do not exist then and are left out" in found["gap"]


def test_a_repeated_hour_is_told_by_the_kind_of_job() -> None:
    fixed = texts("cron", "30 2 * * *", "Europe/Berlin", AUTUMN)["fold"]
    wildcard = texts("cron", "*/20 2 * * *", "Europe/Berlin", AUTUMN)["fold"]

    assert "02:30 runs once, the first time" in fixed
    assert "02:00, 02:20, 02:40 come twice and run both times" in wildcard


def test_a_change_that_touches_no_run_is_told_as_a_change_of_offset() -> None:
    found = texts("cron", "0 9 * * *", "Europe/Berlin", SPRING)

    assert "no run is touched, the offset becomes +02:00" in found["offset_change"]


def test_a_missing_day_is_told_as_a_correction() -> None:
    found = texts("cron", "0 12 * * *", "Pacific/Apia", utc("2011-12-28 00:00"))

    assert "12:00 is left out" in found["clock_correction"]


def test_a_recurring_day_is_told_to_move() -> None:
    assert (
        "runs 1 hour later by the clock" in texts("recurring", "1d", "Europe/Berlin")["moving_day"]
    )
    assert texts("recurring", "1d") == {}
    assert texts("recurring", "90m", "Europe/Berlin") == {}


def test_a_once_in_a_gap_or_fold_is_told() -> None:
    gap = texts("once", "2026-03-29 02:30", "Europe/Berlin")["gap"]
    fold = texts("once", "2026-10-25 02:30", "Europe/Berlin")["fold"]

    assert "02:30 does not exist on that day; it runs at 03:00" in gap
    assert "comes twice" in fold
    assert texts("once", "2026-03-29 12:30", "Europe/Berlin") == {}


def test_runs_that_take_longer_than_their_distance_are_told() -> None:
    trigger = parse("cron", "*/5 * * * *", anchor=NOW)

    found = warnings(trigger, now=NOW, usual_duration=timedelta(minutes=7))
    assert [warning.code for warning in found] == ["overlap"]
    assert "5 minutes apart and usually take 7 minutes" in found[0].text
    assert warnings(trigger, now=NOW, usual_duration=timedelta(minutes=5)) == []


def test_each_warning_about_an_instant_carries_it() -> None:
    trigger = parse("cron", "30 2 * * *", zone="Europe/Berlin", anchor=SPRING)

    (found,) = warnings(trigger, now=SPRING)
    assert found.at == utc("2026-03-29 01:00")
