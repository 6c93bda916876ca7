"""The part of a log that is held, and its rows at any width."""

from __future__ import annotations

from rich.text import Text

from tfui.ui import log_window
from tfui.ui.log_lines import LogLine
from tfui.ui.log_window import LogWindow, broken


def _lines(first: int, count: int) -> list[LogLine]:
    return [LogLine(Text(f"line {number}"), "stdout") for number in range(first, first + count)]


def _said(line: LogLine | None) -> str | None:
    return None if line is None else line.text.plain


def test_only_the_newest_lines_are_held_and_all_are_counted() -> None:
    window = LogWindow()
    for start in range(0, 25_000, 5_000):
        window.append(_lines(start, 5_000), [])

    assert (window.first, window.end, window.total) == (15_000, 25_000, 25_000)
    assert window.height(None) == log_window.KEPT
    assert _said(window.line(14_999)) is None
    assert _said(window.line(15_000)) == "line 15000"


def test_what_is_still_being_written_stands_after_the_last_line() -> None:
    window = LogWindow()
    window.append(_lines(0, 2), _lines(2, 1))

    assert window.height(None) == 3
    assert _said(window.line(2)) == "line 2"
    assert not window.holds(2)


def test_away_from_the_end_new_lines_are_only_counted() -> None:
    window = LogWindow()
    window.append(_lines(0, 100), [])
    window.put(10, _lines(10, 20))
    window.append(_lines(100, 5), _lines(105, 1))

    assert (window.first, window.end, window.total) == (10, 30, 105)
    assert window.height(None) == 20
    assert not window.is_at_end


def test_rows_and_lines_find_each_other_when_lines_are_wrapped() -> None:
    window = LogWindow()
    texts = ("a" * 25, "", "b" * 10, "c" * 11)
    window.append([LogLine(Text(text), "stdout") for text in texts], [])

    assert window.height(10) == 3 + 1 + 1 + 2
    places = [window.at_row(row, 10) for row in range(7)]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (3, 0), (3, 1)]
    assert [window.row_of(number, 10) for number in range(4)] == [0, 3, 4, 5]


def test_a_wide_character_is_never_cut_in_two() -> None:
    text = "日本語レポート"

    assert [text[start:end] for start, end in broken(text, 5)] == ["日本", "語レ", "ポー", "ト"]
