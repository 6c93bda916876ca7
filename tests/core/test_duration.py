"""Durations: what is read, what is refused and where, and that writing undoes reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.duration import format_duration, parse_duration
from tfui.errors import Invalid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("1w2d3h4m5s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("007m", timedelta(minutes=7)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P2DT1H", timedelta(days=2, hours=1)),
        ("P3W", timedelta(weeks=3)),
        ("P1D", timedelta(days=1)),
        ("3653d", timedelta(days=3653)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "piece"),
    [
        ("", "is missing", None),
        ("90", "has no unit", None),
        ("1h 30m", "no spaces", " "),
        ("-5m", "no sign", "-"),
        ("+5m", "no sign", "+"),
        ("1.5h", "whole numbers", "."),
        ("2M", "months have no fixed length", "M"),
        ("1y", "years have no fixed length", "y"),
        ("30m1h", "h is out of order", "1h"),
        ("1m1m", "m comes twice", "1m"),
        ("1h30", "no unit", "30"),
        ("h", "number is missing", "h"),
        ("1hm", "number is missing", "m"),
        ("10µs", "not a digit", "µ"),
        ("\N{ARABIC-INDIC DIGIT FIVE}m", "not a digit", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("P1M", "months and years", None),
        ("P1Y", "months and years", None),
        ("PT", "is not like", None),
        ("P", "is not like", None),
        ("P1DT", "is not like", None),
        ("PT1.5H", "is not like", None),
        ("P-1D", "is not like", None),
        ("0s", "too short", None),
        ("0w0d", "too short", None),
        ("11000d", "too long", None),
        ("9" * 13 + "s", "too large", "9" * 13),
        ("9" * 5000, "too long", None),
    ],
)
def test_a_refusal_says_why_and_where(text: str, words: str, piece: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        parse_duration(text, field="timeout")

    problem = caught.value.fields["timeout"]
    assert words in problem.text
    assert (None if problem.span is None else text[slice(*problem.span)]) == piece


def test_zero_is_read_where_zero_is_allowed() -> None:
    assert parse_duration("0s", least=timedelta(0)) == timedelta(0)


@given(st.integers(1, 3653 * 86_400))
def test_what_is_written_is_read_again(seconds: int) -> None:
    span = timedelta(seconds=seconds)

    assert parse_duration(format_duration(span)) == span


def test_ninety_minutes_are_written_short() -> None:
    assert format_duration(timedelta(minutes=90)) == "1h30m"
    assert format_duration(timedelta(0)) == "0s"


@pytest.mark.parametrize("span", [timedelta(milliseconds=1), timedelta(seconds=-1)])
def test_no_text_is_invented_for_what_cannot_be_written(span: timedelta) -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        format_duration(span)


@given(st.text(max_size=40) | st.text("0123456789wdhmsPTHMSDW.-", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert parse_duration(text) > timedelta(0)
    except Invalid as bad:
        span = bad.fields["duration"].span
        assert span is None or 0 <= span[0] < span[1] <= len(text)
