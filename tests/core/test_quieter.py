"""The choice of a quieter minute is the same every time, and near the one that was wanted."""

from __future__ import annotations

import pytest

from tfui.core.quieter import minute_of, quieter, with_minute


def _hour(**starts: int) -> list[int]:
    """Make an hour with one start in each minute but those named."""
    return [starts.get(f"at_{minute}", 1) for minute in range(60)]


def test_the_fewest_starts_win_then_the_nearest_then_the_earlier() -> None:
    assert quieter(_hour(at_30=9, at_37=0, at_50=0), 30) == 37
    assert quieter(_hour(at_30=9, at_25=0, at_35=0), 30) == 25
    assert quieter(_hour(at_30=9), 30) == 29


def test_what_is_as_good_as_any_stays() -> None:
    assert quieter(_hour(), 30) is None
    assert quieter(_hour(at_30=0, at_31=0), 30) is None


@pytest.mark.parametrize(
    ("expression", "minute"),
    [
        ("30 2 * * *", 30),
        ("0  5 2 * * mon", 5),
        ("*/5 * * * *", None),
        ("H 2 * * *", None),
        ("1,2 2 * * *", None),
        ("@daily", None),
        ("90 2 * * *", None),
        ("", None),
    ],
)
def test_only_a_written_minute_can_be_moved(expression: str, minute: int | None) -> None:
    assert minute_of(expression) == minute


def test_only_the_minute_is_written_anew() -> None:
    assert with_minute("30 2 * * 1-5", 37) == "37 2 * * 1-5"
    assert with_minute("0 30 2 * * *", 7) == "0 7 2 * * *"
