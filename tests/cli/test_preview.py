"""`tfui next`: instants from the rules alone, warnings beside them, mistakes with a caret."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.console import done, tfui

HEAVY = (
    "alembic",
    "fastapi",
    "httpx",
    "pydantic",
    "pydantic_settings",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "textual",
    "yaml",
)


def test_json_is_an_array_of_instants_with_the_zones_offset() -> None:
    answer = done(
        "next",
        "30 2 * * *",
        "--tz",
        "Europe/Berlin",
        "--from",
        "2027-03-27T00:00:00Z",
        "--count",
        "3",
        "--json",
    )

    assert answer.json == [
        "2027-03-27T02:30:00+01:00",
        "2027-03-28T03:00:00+02:00",
        "2027-03-29T02:30:00+02:00",
    ]
    assert "warning:" in answer.err
    assert "28 March 2027" in answer.err


def test_people_get_a_line_each_and_a_sentence() -> None:
    answer = done("next", "0 9 * * mon", "--from", "2027-03-01T09:00:00Z", "--count", "2")

    assert [line[:29] for line in answer.lines] == [
        "Mon 2027-03-08 09:00:00+00:00",
        "Mon 2027-03-15 09:00:00+00:00",
    ]
    assert "\t" not in answer.out
    assert "\x1b" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        ("1h30m", "2027-03-01T10:30:00+00:00"),
        ("PT1H30M", "2027-03-01T10:30:00+00:00"),
        ("2027-06-01 12:00", "2027-06-01T12:00:00+00:00"),
        ("2027-06-01T12:00:00+02:00", "2027-06-01T10:00:00+00:00"),
        ("@daily", "2027-03-02T00:00:00+00:00"),
        ("*/5 * * * *", "2027-03-01T09:05:00+00:00"),
    ],
)
def test_what_kind_of_expression_it_is_shows(expression: str, first: str) -> None:
    answer = done("next", expression, "--from", "2027-03-01T09:00:00Z", "--json")

    assert answer.json[0] == first


@pytest.mark.parametrize(
    ("expression", "zone", "first"),
    [
        ("0 9 * * *", "UTC", "0001-01-01T09:00:00+00:00"),
        ("1h", "Asia/Tokyo", "0001-01-01T10:18:59+09:18:59"),
        ("1h", "America/New_York", "0001-01-01T01:00:00+00:00"),  # there it is the year 0
    ],
)
def test_the_earliest_instant_is_looked_after_as_any_other(
    expression: str, zone: str, first: str
) -> None:
    words = ("--from", "0001-01-01T00:00:00Z", "--tz", zone, "--count", "1", "--json")

    assert done("next", expression, *words).json == [first]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("PT0S", "too short"),
        ("0s", "too short"),
        ("P1M", "months and years have no fixed length"),
        ("10y", "years have no fixed length"),
        ("1h 30m", "a duration has no spaces"),
        ("-5m", "a duration has no sign"),
        ("1.5h", "whole numbers only"),
    ],
)
def test_what_looks_like_a_duration_is_told_the_mistake_of_a_duration(text: str, part: str) -> None:
    answer = tfui("next", "--", text)

    assert (answer.code, answer.out) == (2, "")
    assert part in answer.err
    assert "cron takes" not in answer.err


def test_an_instant_that_is_past_fires_no_more() -> None:
    answer = done("next", "2020-01-01 00:00", "--type", "once", "--json")

    assert answer.json == []
    assert "never fires" in answer.err


def test_a_mistake_is_told_with_a_caret_under_it() -> None:
    answer = tfui("next", "0 25 * * *")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "tfui: the expression: hour: 25 is outside 0–23\n    0 25 * * *\n      ^^\n"
    )


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("next", "0 9 * * *", "--tz", "Mars/Olympus"), "--tz: 'Mars/Olympus' is not a time zone"),
        (("next", "0 0 30 2 *"), "never comes"),
        (("next", "2027-02-30 09:00", "--type", "once"), "does not exist"),
        (("next", "* " * 2500), "5,000 characters are too many"),
        (("next", "0 9 * * *", "--count", "0"), "outside the range"),
        (("next", "0 9 * * *", "--count", "x"), "not a whole number"),
        (("next", "0 9 * * *", "--type", "never"), "not one of once, recurring, cron"),
        (("next", "0 9 * * *", "--from", "yesterday"), "--from"),
        (("next",), "Missing argument 'EXPR'"),
        (("nxt", "x"), "Did you mean 'next'?"),
        (("next", "--nonsense", "x"), "No such option"),
        (("next", "\x1b[31mred\x07 * * * *"), "cannot stand in a cron expression"),
    ],
)
def test_bad_input_exits_with_2_and_a_sentence(words: tuple[str, ...], part: str) -> None:
    answer = tfui(*words)

    assert (answer.code, answer.out) == (2, "")
    assert part in answer.err
    assert "\x1b" not in answer.err
    assert "Traceback" not in answer.err


def test_options_of_the_program_stand_before_or_after_the_command() -> None:
    assert done("--db", "x.db", "next", "@daily").out == done("next", "@daily", "--db", "x.db").out


def test_nothing_heavy_is_imported() -> None:
    """What a plain command waits for is a promise: no database, no screen, no validation library."""
    program = (
        "import sys\n"
        "from tfui.cli.main import app\n"
        "try: app(['next', '*/5 * * * *'], prog_name='tfui')\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert found.stderr.splitlines()[-1] == "[]"


def test_help_and_mistakes_import_nothing_heavy_either() -> None:
    program = (
        "import sys\n"
        "from tfui.cli.main import app\n"
        "for words in (['next', '--help'], ['next', '--count', 'x', 'y'], ['--version']):\n"
        "    try: app(words, prog_name='tfui')\n"
        "    except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert found.stderr.splitlines()[-1] == "[]"


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    """`tfui next … | head -1` prints no traceback and no complaint."""
    with subprocess.Popen(
        [sys.executable, "-m", "tfui", "next", "* * * * * *", "--count", "50000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(timeout=20)

    assert (code, said) == (0, b"")


def test_a_comparison_says_where_croniter_reads_otherwise() -> None:
    """A range from a value to itself is, to croniter 7, the whole field."""
    told = done("next", "5-5 2 * * *", "--compare")
    untold = done("next", "5-5 2 * * *")

    assert "croniter reads" in told.err
    assert "croniter" not in untold.err
