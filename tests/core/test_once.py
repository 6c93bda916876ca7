"""A single instant in its three spellings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import utc
from tfui.core.trigger import Once, parse
from tfui.errors import Invalid

NOW = utc("2026-06-01 12:00")


def once(expression: str, zone: str = "Europe/Berlin") -> Once:
    found = parse("once", expression, zone=zone, anchor=NOW)
    assert isinstance(found, Once)
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("2027-03-01T09:00:00+01:00", "2027-03-01 08:00"),
        ("2027-03-01t09:00:00z", "2027-03-01 09:00"),
        ("2027-03-01T09:00-05:30", "2027-03-01 14:30"),
        ("2027-03-01 09:00", "2027-03-01 08:00"),
        ("2027-07-01T09:00:30", "2027-07-01 07:00:30"),
        ("2027-03-28 02:30", "2027-03-28 01:00"),
        ("2027-10-31 02:30", "2027-10-31 00:30"),
        ("30m", "2026-06-01 12:30"),
        ("P1DT1H", "2026-06-02 13:00"),
        ("2028-02-29 12:00", "2028-02-29 11:00"),
    ],
)
def test_an_instant_is_read(expression: str, expected: str) -> None:
    assert once(expression).at == utc(expected)


def test_a_missing_day_gives_the_first_instant_after_it() -> None:
    assert once("2011-12-30 12:00", "Pacific/Apia").at == utc("2011-12-30 10:00")


def test_a_fraction_of_a_second_is_kept() -> None:
    at = once("2027-03-01T09:00:00.25Z").at

    assert at == utc("2027-03-01 09:00") + timedelta(milliseconds=250)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("2027-02-29 12:00", "does not exist"),
        ("2027-13-01 12:00", "does not exist"),
        ("2027-01-01 24:00", "does not exist"),
        ("2027-01-01 12:60", "does not exist"),
        ("2016-12-31T23:59:60Z", "does not exist"),
        ("2027-01-01T12:00+25:00", "does not exist"),
        ("9999-12-31T23:59:59-12:00", "beyond the year 9999"),
        ("0000-01-01 00:00", "does not exist"),
        ("2027-01-01", "is not a date and time"),
        ("01/02/2027 12:00", "is not a date and time"),
        ("12:30", "is not a date and time"),
        ("tomorrow", "or give a time like 2027-03-01 09:00"),
        ("", "or give a time like 2027-03-01 09:00"),
    ],
)
def test_what_is_not_an_instant_is_refused(expression: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        once(expression)

    assert words in caught.value.fields["schedule_expression"].text


def test_it_fires_once() -> None:
    found = once("30m")

    assert found.next_after(NOW) == found.at
    assert found.next_after(found.at) is None
    assert found.previous_before(found.at) is None
    assert found.last_at_or_before(found.at) == found.at
    assert found.between(NOW, found.at) == [found.at]
    assert found.count(found.at, found.at + timedelta(days=1)) == 0


def test_it_is_described_on_its_zones_clock() -> None:
    assert once("2027-03-01T08:00:00Z").describe() == "Once, 1 March 2027 09:00 +01:00"


@given(st.text("0123456789-:T Z+.P", max_size=30))
def test_any_date_like_text_is_read_or_refused(text: str) -> None:
    try:
        fields = {"schedule_expression": once(text).describe()}
    except Invalid as bad:
        fields = {name: problem.text for name, problem in bad.fields.items()}

    assert list(fields) == ["schedule_expression"]
    assert fields["schedule_expression"]
