"""Settings: defaults, config.toml, TFUI_ variables and flags, and how mistakes in them are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import tfui
from tfui import settings
from tfui.errors import Invalid


def _config(home: Path, text: str | bytes) -> Path:
    path = home / "config" / "tfui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _problems(home: Path, text: str | bytes) -> dict[str, str]:
    path = _config(home, text)
    with pytest.raises(Invalid) as caught:
        settings.load()
    return {
        place.replace(str(path), "config.toml"): str(problem)
        for place, problem in caught.value.fields.items()
    }


def test_without_anything_the_database_is_in_the_data_folder(home: Path) -> None:
    found = settings.load()

    assert found.db == str(home / "data" / "tfui" / "tfui.db")
    assert (found.org, found.seats, found.read_only) == ("default", 8, False)


def test_flags_win_over_variables_and_variables_over_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _config(home, 'db = "file.db"\norg = "file"\nseats = 2\n')
    monkeypatch.setenv("TFUI_ORG", "variable")
    monkeypatch.setenv("TFUI_SEATS", "3")

    found = settings.load({"seats": 4, "org": None})

    assert (found.db, found.org, found.seats) == ("file.db", "variable", 4)


def test_variables_read_flags_and_numbers_as_words(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del home
    monkeypatch.setenv("TFUI_READ_ONLY", "true")
    monkeypatch.setenv("TFUI_ASCII", "1")
    monkeypatch.setenv("TFUI_ORG", "2024")
    monkeypatch.setenv("TFUI_SCHEDULE", "a running job has this one")

    found = settings.load()

    assert (found.read_only, found.ascii, found.org) == (True, True, "2024")


def test_a_bad_variable_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.setenv("TFUI_SEATS", "many")

    with pytest.raises(Invalid) as caught:
        settings.load()

    assert str(caught.value) == "TFUI_SEATS: this must be a whole number from 1 to 1000, not 'many'"


def test_every_mistake_in_the_file_is_told_by_its_line(home: Path) -> None:
    text = '# mine\norgg = "x"\nseats = 0\nascii = "yes"\n\n[ui]\ntheme = "dark"\n'

    assert _problems(home, text) == {
        "config.toml:2": "there is no setting 'orgg'; did you mean 'org'?",
        "config.toml:3": "seats must be a whole number from 1 to 1000, not 0",
        "config.toml:4": "ascii must be true or false, not 'yes'",
        "config.toml:6": "there is no setting 'ui'; "
        "there are db, org, seats, theme, ascii, read_only, zone",
    }


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("seats = \n", "config.toml:1", "invalid value"),
        ('org = "x"\ndb = "open\n', "config.toml:2", ""),
        ("a = [", "config.toml:1", ""),
        (b"org = '\xff'\n", "config.toml", "not UTF-8"),
        ("seats = true\n", "config.toml:1", "whole number"),
        ("read_only = [1]\n", "config.toml:1", "true or false"),
        ('org = "  "\n', "config.toml:1", "a name"),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_line(
    home: Path, text: str | bytes, place: str, words: str
) -> None:
    problems = _problems(home, text)

    assert list(problems) == [place]
    assert words in problems[place]


def test_the_command_line_tells_it_in_one_line_and_exits_with_2(home: Path) -> None:
    path = _config(home, "thme = 'dark'\n")

    answer = tfui("db", "path")

    assert answer.code == 2
    assert answer.err == f"tfui: {path}:1: there is no setting 'thme'; did you mean 'theme'?\n"


@pytest.mark.parametrize(
    ("variable", "zone"), [("Europe/Berlin", "Europe/Berlin"), (":UTC", "UTC")]
)
def test_the_host_zone_is_tz_where_that_is_set(
    monkeypatch: pytest.MonkeyPatch, variable: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", variable)

    assert settings.host_zone() == zone


def test_the_host_zone_is_always_one_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Not/AZone")

    assert settings.host_zone()
    assert Path("/usr/share/zoneinfo").exists() or settings.host_zone() == "UTC"
