"""Expressions in English."""

from __future__ import annotations

import pytest

from tests.world import utc
from tfui.core.trigger import parse


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("30 2 * * 1-5", "At 02:30, Monday to Friday"),
        ("* * * * *", "Every minute"),
        ("* * * * * *", "Every second"),
        ("*/10 * * * * *", "Every 10 seconds"),
        ("*/15 9-17 * * *", "Every 15 minutes between 09:00 and 17:59"),
        ("5 * * * *", "At minute 5 past every hour"),
        ("5,35 * * * *", "At minutes 5 and 35 past every hour"),
        ("0 * * * *", "Every hour, on the hour"),
        ("0 */2 * * *", "Every 2 hours from 00:00"),
        ("0 9-17 * * *", "Every hour from 09:00 to 17:00"),
        ("* 2 * * *", "Every minute between 02:00 and 02:59"),
        ("* 22-2 * * *", "Every minute between 22:00 and 02:59"),
        ("30 * * * * *", "At second 30 of every minute"),
        ("30 */5 * * * *", "At second 30 of every 5th minute"),
        ("*/10 */5 8 * * *", "Every 10 seconds of every 5th minute between 08:00 and 08:59"),
        ("*/10 5 * * * *", "Every 10 seconds of minute 5 past every hour"),
        ("*/10 * 9-17 * * *", "Every 10 seconds between 09:00 and 17:59"),
        ("30 5 2 * * *", "At 02:05:30"),
        ("0 0 1,15 * *", "At 00:00, on the 1st and 15th"),
        ("0 0 13 * 5", "At 00:00, on the 13th or on Friday"),
        ("0 0 */2 * 1", "At 00:00, on every 2nd day of the month from the 1st, but only on Monday"),
        ("0 0 * * 0,6", "At 00:00, Saturday and Sunday"),
        ("0 0 * * FRI-MON", "At 00:00, Friday to Monday"),
        ("0 0 L * *", "At 00:00, on the last day of the month"),
        ("0 0 L-3 * *", "At 00:00, on the 3rd day before the last of the month"),
        ("0 0 LW * *", "At 00:00, on the last working day of the month"),
        ("0 9 15W * *", "At 09:00, on the working day nearest to the 15th"),
        ("0 0 * * 5L", "At 00:00, on the last Friday of the month"),
        ("0 0 * * 2#1", "At 00:00, on the 1st Tuesday of the month"),
        ("0 0 1 1-3 *", "At 00:00, on the 1st, January to March"),
        ("0 0 29 2 *", "At 00:00, on the 29th, in February"),
        ("@daily", "At 00:00"),
    ],
)
def test_an_expression_is_said_in_english(expression: str, expected: str) -> None:
    found = parse("cron", expression, anchor=utc("2026-01-01 00:00"))

    assert found.describe() == expected


def test_what_h_stands_for_is_said() -> None:
    found = parse("cron", "H H H * H", anchor=utc("2026-01-01 00:00"), seed="a")

    assert "H" not in found.describe()
