"""What an expression means, and what changes of the clock do to it, by examples worth reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.world import cpu_seconds, utc
from tfui.core.trigger import Cron, parse

NOW = utc("2026-01-01 00:00")


def cron(expression: str, zone: str = "UTC", seed: str = "") -> Cron:
    found = parse("cron", expression, zone=zone, anchor=NOW, seed=seed)
    assert isinstance(found, Cron)
    return found


def fires(
    expression: str, after: str, until: str, zone: str = "UTC", written: str = "%m-%d %H:%M"
) -> list[str]:
    """Give the runs between two instants, written in UTC."""
    found = cron(expression, zone).between(utc(after), utc(until))
    assert cron(expression, zone).count(utc(after), utc(until)) == len(found)
    return [f"{instant:{written}}" for instant in found]


def days(expression: str, month: str) -> list[int]:
    """Give the days of a month on which an expression runs."""
    start = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    end = (start + timedelta(days=32)).replace(day=1)
    found = cron(expression).between(start - timedelta(seconds=1), end - timedelta(seconds=1))
    return sorted({instant.day for instant in found})


def values(field: str) -> list[int]:
    """Give the hours that an hour field stands for."""
    return [
        int(text)
        for text in fires(f"0 {field} * * *", "2026-01-01 23:59", "2026-01-02 23:59", written="%H")
    ]


def test_an_answer_is_strictly_after_the_question() -> None:
    noon = utc("2026-01-05 12:00")

    assert cron("0 12 * * *").next_after(noon) == noon + timedelta(days=1)
    assert cron("0 12 * * *").next_after(noon - timedelta(microseconds=1)) == noon
    assert cron("0 12 * * *").previous_before(noon) == noon - timedelta(days=1)
    assert cron("0 12 * * *").previous_before(noon + timedelta(microseconds=1)) == noon
    assert cron("0 12 * * *").last_at_or_before(noon) == noon


def test_six_fields_begin_with_seconds() -> None:
    assert fires("30 * * * * *", "2026-01-01 00:00", "2026-01-01 00:02", written="%H:%M:%S") == [
        "00:00:30",
        "00:01:30",
    ]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("5-5", [5]),
        ("22-2", [0, 1, 2, 22, 23]),
        ("23-3/2", [1, 3, 23]),
        ("20/2", [20, 22]),
        ("*/9", [0, 9, 18]),
        ("1-10/4,3", [1, 3, 5, 9]),
        ("07", [7]),
        ("3-5/90", [3]),
    ],
)
def test_ranges_wrap_and_steps_go_along_with_them(field: str, expected: list[int]) -> None:
    assert values(field) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 0 * * 0", [4, 11, 18, 25]),
        ("0 0 * * 7", [4, 11, 18, 25]),
        ("0 0 * * sun", [4, 11, 18, 25]),
        ("0 0 * * 5-7", [2, 3, 4, 9, 10, 11, 16, 17, 18, 23, 24, 25, 30, 31]),
        ("0 0 * * FRI-MON", [2, 3, 4, 5, 9, 10, 11, 12, 16, 17, 18, 19, 23, 24, 25, 26, 30, 31]),
        ("0 0 * * 5/1", [2, 3, 9, 10, 16, 17, 23, 24, 30, 31]),
        ("0 0 * * 7-7", [4, 11, 18, 25]),
        ("0 0 * * 7-1", [4, 5, 11, 12, 18, 19, 25, 26]),
        ("0 0 * * tue#1", [6]),
        ("0 0 * * 5#5,1#1", [5, 30]),
        ("0 0 * * 7L", [25]),
        ("0 0 L * *", [31]),
        ("0 0 L-2 * ?", [29]),
        ("0 0 LW * *", [30]),
        ("0 0 3W * *", [2]),
        ("0 0 4W * *", [5]),
        ("0 0 31W * *", [30]),
        ("0 0 1,15W * ?", [1, 15]),
        ("0 0 ? * 1#2", [12]),
        ("0 0 30-2 * *", [1, 2, 30, 31]),
    ],
)
def test_days_of_january_2026(expression: str, expected: list[int]) -> None:
    """It begins on a Thursday."""
    assert days(expression, "2026-01") == expected


def test_a_working_day_never_leaves_its_month() -> None:
    """1 August 2026 is a Saturday and 31 May 2026 a Sunday."""
    assert days("0 0 1W 8 *", "2026-08") == [3]
    assert days("0 0 31W 5 *", "2026-05") == [29]


def test_either_day_field_matches_when_both_are_restricted() -> None:
    assert days("0 0 13 * 5", "2026-01") == [2, 9, 13, 16, 23, 30]


def test_a_day_field_that_starts_with_a_star_joins_by_and() -> None:
    assert days("0 0 */2 * 5", "2026-01") == [9, 23]
    assert days("0 0 13,20 * */2", "2026-01") == [13, 20]
    assert days("0 0 *,13 * 5", "2026-01") == [2, 9, 16, 23, 30]


@pytest.mark.parametrize(
    ("alias", "fields"),
    [
        ("@hourly", "0 * * * *"),
        ("@Daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        (" @annually\t", "0 0 1 1 *"),
    ],
)
def test_an_alias_is_its_fields(alias: str, fields: str) -> None:
    window = (NOW, NOW + timedelta(days=800))

    assert cron(alias).between(*window) == cron(fields).between(*window)


def test_h_is_the_same_for_a_schedule_and_spread_over_schedules() -> None:
    assert cron("H H * * *", seed="a").fields[1:4] == cron("h h * * *", seed="a").fields[1:4]
    minutes = {cron("H * * * *", seed=str(number)).fields.minutes for number in range(200)}
    assert len(minutes) > 50
    assert all(mask.bit_count() == 1 for mask in minutes)


def test_h_never_changes_between_versions() -> None:
    """A schedule whose time moved with an upgrade would run twice or not at all that day."""
    assert cron("H H H * H", seed="a").describe() == "At 20:52, on the 24th or on Sunday"


def test_h_draws_each_field_by_itself() -> None:
    same = sum(
        cron("H H H H H", seed=str(number)).fields.minutes
        == cron("H H * * *", seed=str(number)).fields.hours
        for number in range(100)
    )
    assert same < 20


@pytest.mark.parametrize("seed", [str(number) for number in range(20)])
def test_h_keeps_to_its_range_and_step(seed: str) -> None:
    minutes = cron("H(10-19) H/6 H * *", seed=seed).fields.minutes
    hours = cron("H(10-19) H/6 H * *", seed=seed).fields.hours
    dates = cron("H(10-19) H/6 H * *", seed=seed).fields.days.month_days.plain

    assert minutes.bit_count() == 1
    assert minutes & ((1 << 20) - (1 << 10))
    assert hours.bit_count() == 4
    assert hours & 0x3F
    assert dates < 1 << 29  # every month has it


def test_a_fixed_time_in_a_gap_runs_once_at_its_end() -> None:
    """Berlin has no 02:00-03:00 on 29 March 2026; 03:00 there is 01:00 UTC."""
    night = ("2026-03-28 12:00", "2026-03-29 12:00", "Europe/Berlin")

    assert fires("30 2 * * *", *night) == ["03-29 01:00"]
    assert fires("0,20,40 2,3 * * *", *night) == ["03-29 01:00", "03-29 01:20", "03-29 01:40"]
    assert fires("5 0-23/2 * * *", *night)[5:8] == [
        "03-28 23:05",
        "03-29 01:00",
        "03-29 02:05",
    ]


def test_a_gap_is_answered_for_from_the_second_before_it_too() -> None:
    rule = cron("30 2 * * *", "Europe/Berlin")
    end = utc("2026-03-29 01:00")

    for before in (timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1)):
        assert rule.next_after(end - before) == end
        assert rule.count(end - before, end) == 1
    assert rule.next_after(end) == end + timedelta(hours=23, minutes=30)
    assert rule.previous_before(end + timedelta(seconds=1)) == end


def test_a_fixed_time_in_a_repeated_hour_runs_once_the_first_time() -> None:
    night = ("2026-10-24 23:00", "2026-10-25 03:00", "Europe/Berlin")

    assert fires("30 2 * * *", *night) == ["10-25 00:30"]
    assert fires("30 1-3 * * *", *night) == ["10-24 23:30", "10-25 00:30", "10-25 02:30"]


def test_a_wildcard_follows_real_time() -> None:
    spring = ("2026-03-29 00:00", "2026-03-29 02:00", "Europe/Berlin")
    autumn = ("2026-10-25 00:00", "2026-10-25 02:00", "Europe/Berlin")

    assert fires("*/30 * * * *", *spring) == [
        "03-29 00:30", "03-29 01:00", "03-29 01:30", "03-29 02:00",
    ]  # fmt: skip
    assert fires("*/30 * * * *", *autumn) == [
        "10-25 00:30", "10-25 01:00", "10-25 01:30", "10-25 02:00",
    ]  # fmt: skip
    assert fires("*/30 2 * * *", *spring) == []
    assert fires("*/30 2 * * *", "2026-10-24 23:00", "2026-10-25 03:00", "Europe/Berlin") == [
        "10-25 00:00", "10-25 00:30", "10-25 01:00", "10-25 01:30",
    ]  # fmt: skip


def test_all_hours_written_out_is_still_a_fixed_time() -> None:
    autumn = ("2026-10-25 00:00", "2026-10-25 02:00", "Europe/Berlin")

    assert fires("0 0-23 * * *", *autumn) == ["10-25 02:00"]
    assert fires("0 * * * *", *autumn) == ["10-25 01:00", "10-25 02:00"]


def test_seconds_do_not_make_a_time_less_fixed() -> None:
    autumn = ("2026-10-24 23:00", "2026-10-25 03:00", "Europe/Berlin")

    assert fires("*/30 30 2 * * *", *autumn, "%m-%d %H:%M:%S") == [
        "10-25 00:30:00",
        "10-25 00:30:30",
    ]


def test_half_an_hour_repeats_on_lord_howe() -> None:
    """On 5 April 2026 02:00 becomes 01:30 (15:00 UTC the day before)."""
    night = ("2026-04-04 14:00", "2026-04-04 16:00", "Australia/Lord_Howe")

    assert fires("45 1 * * *", *night) == ["04-04 14:45"]
    assert fires("*/15 1 * * *", *night)[-4:] == [
        "04-04 14:30", "04-04 14:45", "04-04 15:00", "04-04 15:15",
    ]  # fmt: skip


def test_a_fold_across_midnight_keeps_both_days_in_order() -> None:
    """St. John's went from 00:01 back to 23:01 on 7 November 2010 (02:31 UTC)."""
    night = ("2010-11-07 01:30", "2010-11-07 04:00", "America/St_Johns")

    assert fires("30 23 * * *", *night) == ["11-07 02:00"]
    assert fires("*/30 * * * *", *night) == [
        "11-07 02:00", "11-07 02:30", "11-07 03:00", "11-07 03:30", "11-07 04:00",
    ]  # fmt: skip
    assert fires("0 0 7 * *", *night) == ["11-07 02:30"]


def test_a_missing_day_is_a_correction_and_is_not_made_up() -> None:
    """Apia had no 30 December 2011."""
    assert fires("0 12 * * *", "2011-12-29 00:00", "2012-01-01 00:00", "Pacific/Apia") == [
        "12-29 22:00",
        "12-30 22:00",
        "12-31 22:00",
    ]
    assert fires("0 12 30 12 *", "2011-12-01 00:00", "2012-01-31 00:00", "Pacific/Apia") == []


def test_a_clock_corrected_by_three_hours_back_runs_on_both_passes() -> None:
    """Casey went from +11 to +8 at 15:00 UTC on 4 March 2010: 02:00 became 23:00."""
    assert fires("30 23,1 * * *", "2010-03-04 12:00", "2010-03-04 19:00", "Antarctica/Casey") == [
        "03-04 12:30", "03-04 14:30", "03-04 15:30", "03-04 17:30",
    ]  # fmt: skip


def test_an_offset_in_seconds_is_kept() -> None:
    """Monrovia was 44 minutes 30 seconds behind until 7 January 1972."""
    assert fires("0 12 * * *", "1972-01-05 00:00", "1972-01-08 00:00", "Africa/Monrovia", "%d %T") == [
        "05 12:44:30", "06 12:44:30", "07 12:00:00",
    ]  # fmt: skip


def test_the_end_of_time_is_none_and_not_an_error() -> None:
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        last = cron("* * * * * *", zone).previous_before(datetime.max.replace(tzinfo=UTC))
        assert last is not None
        assert last.year == 9999
        assert cron("* * * * * *", zone).next_after(last) is None
        assert cron("0 0 1 1 *", zone).next_after(datetime.max.replace(tzinfo=UTC)) is None
        first = cron("* * * * * *", zone).next_after(datetime.min.replace(tzinfo=UTC))
        assert first is not None
        assert first.year == 1
        assert cron("0 0 1 1 *", zone).previous_before(datetime.min.replace(tzinfo=UTC)) is None
    assert (
        cron("0 0 1 1 *").count(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        == 9998
    )


def test_a_leap_day_on_a_given_weekday_is_found_across_a_century_without_one() -> None:
    """29 February 2096 is followed by 2104; the star joins the fields by AND."""
    rule = cron("0 0 29 2 */7", "Europe/Berlin")
    found = rule.between(utc("2026-01-01 00:00"), utc("2200-01-01 00:00"))

    assert [(instant + timedelta(hours=1)).year for instant in found] == [
        2032, 2060, 2088, 2128, 2156, 2184,
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("expression", ["* * * * * *", "*/7 0-58 * 1-31 * 1-5"])
def test_a_year_of_seconds_is_counted_and_not_visited(zone: str, expression: str) -> None:
    rule = cron(expression, zone)
    start = utc("2026-01-01 00:00")
    rule.count(start, utc("2027-01-01 00:00"))

    spent = cpu_seconds(lambda: rule.count(start, utc("2027-01-01 00:00")))

    assert rule.count(start, utc("2027-01-01 00:00")) > 2_000_000
    assert spent < 0.05


def test_every_second_of_a_year_is_counted_in_berlin_too() -> None:
    rule = cron("* * * * * *", "Europe/Berlin")

    assert rule.count(utc("2026-01-01 00:00"), utc("2027-01-01 00:00")) == 365 * 86_400


def test_a_limit_stops_a_listing() -> None:
    found = cron("* * * * * *").between(NOW, NOW + timedelta(days=1), limit=3)

    assert found == [NOW + timedelta(seconds=number) for number in (1, 2, 3)]
    assert cron("* * * * * *").between(NOW, NOW + timedelta(days=1), limit=0) == []
