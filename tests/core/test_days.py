"""The calendar of a rule against a look at every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.cron_expressions import Expression, expressions
from tfui.core import cron_text
from tfui.core.days import FIRST_DAY, LAST_DAY, DayRule
from tfui.errors import Invalid

ZERO = date(1970, 1, 1)


def rule(text: str) -> DayRule:
    try:
        return cron_text.read(text, "").days
    except Invalid as bad:
        assume("never comes" not in str(bad))
        raise


@settings(deadline=None, max_examples=100)
@given(expression=expressions(), start=st.dates(date(1, 1, 2), date(9996, 1, 1)))
def test_each_day_of_two_years_matches_as_the_fields_say(
    expression: Expression, start: date
) -> None:
    days = rule(expression.text)
    first = (start - ZERO).days
    expected = [
        number
        for number in range(first, first + 731)
        if (day := ZERO + timedelta(days=number)).month in expression.months
        and expression.is_day(day)
    ]

    found, step = [], days.at_or_after(first)
    while step is not None and step < first + 731:
        found.append(step)
        step = days.at_or_after(step + 1)
    assert found == expected
    back, step = [], days.at_or_before(first + 730)
    while step is not None and step >= first:
        back.append(step)
        step = days.at_or_before(step - 1)
    assert back[::-1] == expected
    assert days.count(first, first + 731) == len(expected)


def test_the_calendar_ends_without_an_error() -> None:
    days = rule("0 0 29 2 *")

    assert days.at_or_after(LAST_DAY) is None
    assert days.at_or_after(LAST_DAY + 9) is None
    assert days.at_or_before(FIRST_DAY) is None
    assert days.at_or_before(FIRST_DAY - 9) is None
    assert days.at_or_after(FIRST_DAY - 9) == (date(4, 2, 29) - ZERO).days
    assert days.count(FIRST_DAY - 9, LAST_DAY + 9) == 2424


def test_every_combination_of_short_month_and_weekday_is_known_to_be_possible() -> None:
    """Over 400 years a leap year's February begins on each weekday."""
    for weekday in range(7):
        assert rule(f"0 0 29 2 {weekday}#5,{weekday}").is_possible()
        assert rule(f"0 0 29 2 */{weekday + 1}").at_or_after(0) is not None
