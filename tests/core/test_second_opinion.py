"""Where croniter reads a text otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.core.cron_expressions import Expression, expressions
from tests.world import NOON
from tfui.core.second_opinion import differences
from tfui.core.trigger import Cron, parse
from tfui.errors import Invalid


def texts(expression: str, seed: str = "a") -> list[str]:
    found = parse("cron", expression, anchor=NOON, seed=seed)
    assert isinstance(found, Cron)
    return [warning.text for warning in differences(found)]


@pytest.mark.parametrize(
    "expression",
    [
        "30 2 * * 1-5",
        "*/15 9-17 * jan-mar *",
        "0 0 L * *",
        "30 0 9 * * MON",
        "0 0 ? * 7",
        "@daily",
        "H H * * *",
    ],
)
def test_on_common_rules_both_agree(expression: str) -> None:
    assert texts(expression) == []


def test_a_range_of_one_is_told_apart() -> None:
    assert texts("5-5 * * * *") == ["croniter reads minute as every one, not 5."]


def test_what_croniter_refuses_is_told() -> None:
    (text,) = texts("0 0 L-3 * *")

    assert text.startswith("croniter refuses this expression: ")


@settings(deadline=None, max_examples=100)
@given(expressions(seconds=True))
def test_nothing_but_an_answer_comes_back(expression: Expression) -> None:
    try:
        texts(expression.text)
    except Invalid as bad:
        message = str(bad)
    else:
        message = "never comes"

    assert "never comes" in message
