"""The one printer: aligned, plain through a pipe, and never obeying what a person named a schedule."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.cli import encoding, moments, output
from tfui.cli.output import Styled
from tfui.core.states import JobStatus
from tfui.errors import Invalid
from tfui.model.queue import Queue

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Screen(io.StringIO):
    """A standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A terminal of 40 columns, for standard output to be redirected to."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Screen()


def test_columns_are_aligned_by_what_a_terminal_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """A wide character takes two columns, a combining one none."""
    output.table(["NAME", "N"], [["日本", "1"], ["e\u0301a", "2"], ["plain", "3"]])

    assert capsys.readouterr().out.splitlines() == [
        "NAME   N",
        "日本   1",
        "e\u0301a     2",
        "plain  3",
    ]


def test_a_pipe_gets_every_character_and_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(["A", "B"], [[Styled("x" * 100, "red"), "y" * 300]], flexible="B")

    assert capsys.readouterr().out.splitlines()[1] == "x" * 100 + "  " + "y" * 300


def test_a_terminal_gets_rows_that_fit(terminal: Screen) -> None:
    with redirect_stdout(terminal):
        output.table(["A", "B"], [["x" * 10, "y" * 300]], flexible="B")

    line = terminal.getvalue().splitlines()[1]
    assert output.width(line) == 40
    assert line.endswith("…")


def test_colour_is_for_terminals_and_not_with_no_color(
    terminal: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redirect_stdout(terminal):
        output.say(Styled("red", "red"))
        monkeypatch.setenv("NO_COLOR", "1")
        output.say(Styled("red", "red"))

    assert terminal.getvalue() == "\x1b[31mred\x1b[0m\nred\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x1b[31mb\x1b[0m", "ab"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://e\x1b\\link", "link"),
        ("bell\x07\x00", "bell"),
        ("\u202eevil", "evil"),
        ("\x9b31mc1", "c1"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("[bold]markup[/]", "[bold]markup[/]"),
        ("🚀 launch", "🚀 launch"),
    ],
)
def test_names_are_text_and_never_orders(terminal: Screen, written: str, shown: str) -> None:
    with redirect_stdout(terminal):
        output.table(["N"], [[written]])

    assert terminal.getvalue().splitlines()[1:] == [shown]


@given(st.text())
def test_no_text_whatever_keeps_a_control_character(text: str) -> None:
    shown = output.one_line(text)

    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    assert output.clean(shown) == shown


def test_what_a_job_printed_is_passed_on_to_a_pipe_as_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.write("\x1b[32mgreen\x1b[0m\n")
    output.write("oops\n", "stderr")

    found = capsys.readouterr()
    assert (found.out, found.err) == ("\x1b[32mgreen\x1b[0m\n", "oops\n")


def test_json_keeps_instants_with_their_offset_and_identifiers_as_text() -> None:
    value = {
        "at": NOON,
        "id": UUID(int=1),
        "status": JobStatus.FAILED,
        "span": timedelta(seconds=1.5),
        "none": None,
        "list": (1, 2.5, "é"),
    }

    assert encoding.plain(value) == {
        "at": "2026-01-05T12:00:00+00:00",
        "id": "00000000-0000-0000-0000-000000000001",
        "status": "failed",
        "span": 1.5,
        "none": None,
        "list": [1, 2.5, "é"],
    }
    assert encoding.to_json("é") == '"\\u00e9"'


def test_json_keeps_a_tables_row_by_its_columns() -> None:
    queue = Queue(id=UUID(int=1), organization_id=UUID(int=2), name="q", created_at=NOON)

    assert encoding.plain(queue)["created_at"] == "2026-01-05T12:00:00+00:00"
    assert encoding.plain(queue)["pause_note"] is None


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(), "now"),
        (timedelta(seconds=59), "in 59s"),
        (timedelta(minutes=4, seconds=12), "in 4m 12s"),
        (timedelta(minutes=14, seconds=12), "in 14m"),
        (timedelta(hours=-6), "6h ago"),
        (timedelta(days=1, hours=4), "in 1d 4h"),
        (timedelta(days=-400), "400d ago"),
    ],
)
def test_distance_is_said_in_the_two_units_that_matter(away: timedelta, words: str) -> None:
    assert moments.relative(NOON + away, NOON) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0s"), (0.25, "0.25s"), (1.5, "1.5s"), (12, "12s"), (3600, "1h")]
)
def test_lengths_are_short(seconds: float, words: str) -> None:
    assert moments.span(seconds) == words


@pytest.mark.parametrize(
    ("text", "is_past", "instant"),
    [
        ("now", False, NOON),
        ("2026-01-06T09:00:00+01:00", False, datetime(2026, 1, 6, 8, tzinfo=UTC)),
        ("2026-01-06 09:00", False, datetime(2026, 1, 6, 8, tzinfo=UTC)),
        ("2026-01-06", False, datetime(2026, 1, 5, 23, tzinfo=UTC)),
        ("2h", False, datetime(2026, 1, 5, 14, tzinfo=UTC)),
        ("2h", True, datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("1d12h", True, datetime(2026, 1, 4, 0, tzinfo=UTC)),
    ],
)
def test_instants_are_read_on_the_zones_clock_or_from_now(
    text: str, instant: datetime, *, is_past: bool
) -> None:
    found = moments.read_instant(
        text, option="--at", now=NOON, zone_name="Europe/Berlin", is_past=is_past
    )

    assert found == instant


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "25:00", "-1h", "9" * 50])
def test_an_instant_that_is_none_names_its_option(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        moments.read_instant(text, option="--at", now=NOON, zone_name="UTC")

    assert list(caught.value.fields) == ["--at"]
