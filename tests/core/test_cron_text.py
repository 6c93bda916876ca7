"""What the reader of expressions refuses, with which words and at which place."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.world import cpu_seconds
from tfui.core.cron_text import cron_fields
from tfui.core.trigger import parse
from tfui.errors import Invalid

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def refused(expression: str) -> tuple[str, str | None]:
    """Give the message, and the piece of text it points at."""
    with pytest.raises(Invalid) as caught:
        parse("cron", expression, anchor=NOW)
    problem = caught.value.fields["schedule_expression"]
    assert list(caught.value.fields) == ["schedule_expression"]
    place = problem.span
    return problem.text, None if place is None else expression[slice(*place)]


@pytest.mark.parametrize(
    ("expression", "piece", "words"),
    [
        ("30 25 * * 1-5", "25", "hour: 25 is outside 0\N{EN DASH}23"),
        ("5-70 * * * *", "70", "minute: 70 is outside 0\N{EN DASH}59"),
        ("0 0 32 * *", "32", "day of month: 32 is outside 1\N{EN DASH}31"),
        ("0 0 * 0 *", "0", "month: 0 is outside 1\N{EN DASH}12"),
        ("0 0 * * 8", "8", "day of week: 8 is outside 0\N{EN DASH}7"),
        ("61 * * * * *", "61", "second: 61 is outside 0\N{EN DASH}59"),
        ("0 0 * foo *", "foo", "it may be 1\N{EN DASH}12 or JAN\N{EN DASH}DEC"),
        ("mon * * * *", "mon", "minute: MON is not understood"),
        ("*/0 * * * *", "0", "the step 0 is not a whole number above 0"),
        ("1,,2 * * * *", ",", "a value is missing"),
        ("1-2-3 * * * *", "1-2-3", "too many dashes"),
        ("* ? * * *", "?", "only in a day field"),
        ("0 0 L-31 * *", "L-31", "no more than 30 days"),
        ("0 0 0W * *", "0W", "outside 1\N{EN DASH}31"),
        ("0 0 * * 1#6", "1#6", "no 6th weekday"),
        ("0 0 * * L", "L", "needs a weekday before it"),
        ("0 0 * * 15W", "15W", "W belongs in the day of month"),
        ("0 0 1#2 * *", "1#2", "# belongs in the day of week"),
        ("L * * * *", "L", "belongs in a day field"),
        ("H(5-99) * * * *", "H(5-99)", "is not H"),
        ("~ * * * *", "~", "H gives a value that stays the same"),
        ("R * * * *", "R", "H gives a value that stays the same"),
        ("0 0 30 2 *", "30 2 *", "never comes"),
        ("0 0 31 2,4,6,9,11 *", "31 2,4,6,9,11 *", "never comes"),
        ("0 0 31W 2 *", "31W 2 *", "never comes"),
        ("0 0 30 feb mon,x", "x", "day of week: X is not understood"),
        ("* * * *", "*", "day of week missing"),
        ("@reboot", "@reboot", "an event, not a time"),
        ("@every 5m", "@every", "make it a recurring schedule"),
        ("@dayly", "@dayly", "names are @yearly"),
        ("@daily 5", "@daily", "stands alone"),
        ("0 0 12 ? * MON 2027", "2027", "a year cannot be given"),
        ("1 2 3\n4 5", "\n", "ASCII only"),
        ("0 0 \N{ARABIC-INDIC DIGIT ONE} * *", "\N{ARABIC-INDIC DIGIT ONE}", "ASCII only"),
        ("0 0 * * ²", "²", "ASCII only"),
    ],
)
def test_a_refusal_names_the_field_and_points_at_the_place(
    expression: str, piece: str, words: str
) -> None:
    text, shown = refused(expression)

    assert words in text
    assert shown == piece


def test_an_empty_expression_says_what_to_write() -> None:
    assert refused("  ") == (
        "the expression is empty; write minute, hour, day, month and weekday",
        None,
    )


def test_a_thousand_characters_are_enough() -> None:
    longest = ",".join(["0"] * 496) + " * * * *"

    assert len(longest) == 999
    parse("cron", longest, anchor=NOW)
    assert "at most 1,000" in refused("0," + longest)[0]


def test_a_number_of_four_thousand_digits_is_only_too_large() -> None:
    text, _ = refused("9" * 900 + " * * * *")

    assert "outside" in text
    assert len(text) < 200


def test_a_wrong_zone_is_reported_beside_a_wrong_expression() -> None:
    with pytest.raises(Invalid) as caught:
        parse("cron", "99 * * * *", zone="Mars/Olympus", anchor=NOW)

    assert set(caught.value.fields) == {"schedule_expression", "timezone"}


@pytest.mark.parametrize("expression", ["0 0 29 2 *", "0 0 30 2 1", "0 0 29 2 */7", "0 0 L-28 2 *"])
def test_what_is_rare_is_not_taken_for_impossible(expression: str) -> None:
    assert parse("cron", expression, anchor=NOW).next_after(NOW) is not None


_SYNTAX = st.text("0123456789*/-,?LWHR#~@() \tJANSUNMO", max_size=60)
_NUMBER = st.integers(-1, 99).map(str)
_FIELD = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "*", "L", "H", "H(", "?", "MON", "JAN", "R"]) | _NUMBER,
    st.sampled_from(["", "-", ",", "#", "W", "L", "/"]),
    _NUMBER | st.just(""),
    st.sampled_from(["", "/", ",", ")", "W"]),
    _NUMBER | st.just(""),
)
_FIELDS = st.lists(_FIELD, min_size=5, max_size=6).map(" ".join)


@settings(deadline=None, max_examples=400)
@given(st.text(max_size=80) | _SYNTAX | _FIELDS)
@example("9" * 5000)
@example("\ud800 * * * *")
@example("*," * 499)
@example("@" * 1000)
@example("1-" * 500)
@example("H(0-59)/" * 100)
def test_any_text_is_read_or_refused_with_a_place_inside_it(text: str) -> None:
    for kind in ("cron", "recurring", "once"):
        # The promise is 50 ms; the rest is for a first import and a busy machine.
        assert cpu_seconds(partial(_read, kind, text)) < 0.15


def _read(kind: str, text: str) -> None:
    try:
        trigger = parse(kind, text, zone="Europe/Berlin", anchor=NOW, seed=text)
        step = trigger.next_after(NOW)
        trigger.describe()
        assert step is None or step > NOW
    except Invalid as bad:
        (problem,) = bad.fields.values()
        assert 0 < len(problem.text) < 400
        if problem.span is not None:
            assert 0 <= problem.span[0] < problem.span[1] <= len(text)


@settings(deadline=None)
@given(st.text(max_size=40) | _SYNTAX | _FIELDS)
def test_fields_are_told_for_any_text(text: str) -> None:
    spans = cron_fields(text)

    assert len(spans) <= 6
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


def test_fields_are_told_while_the_text_is_still_being_typed() -> None:
    assert [(span.name, span.start, span.end) for span in cron_fields("*/5  99 ")] == [
        ("minute", 0, 3),
        ("hour", 5, 7),
        ("day of month", 8, 8),
    ]
    assert cron_fields("0 0 0 * * *")[0].name == "second"
    assert cron_fields("@daily") == []
    assert [span.name for span in cron_fields("")] == ["minute"]
