"""Settings: defaults, config.toml, TFUI_ variables and flags, and how mistakes in them are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.console import done, tfui
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
        "there are db, org, seats, theme, ascii, read_only, zone, animation, keys, filters",
    }


def test_tables_keep_the_place_of_each_entry(home: Path) -> None:
    text = 'seats = 2\n[keys]\nrun = "f5"\npause.until = ["U", "f6"]\n"tab.next" = "n"\n'
    path = _config(home, f'{text}\n[filters]\n"my own" = "queue:nightly"\n')

    found = settings.load()

    assert {name: (each.text, each.place) for name, each in found.keys.items()} == {
        "run": ("f5", f"{path}:3"),
        "pause.until": ("U f6", f"{path}:4"),
        "tab.next": ("n", f"{path}:5"),
    }
    assert found.filters["my own"].place == f"{path}:8"


def test_an_entry_that_is_no_text_is_told_by_its_line(home: Path) -> None:
    text = 'filters = 3\n[keys]\nrun = 5\nhelp = []\npause = ""\n'

    assert _problems(home, text) == {
        "config.toml:1": "filters must be a table: [filters]",
        "config.toml:3": "run must be a key or a list of keys, not 5",
        "config.toml:4": "help must be a key or a list of keys, not []",
        "config.toml:5": "pause must be a key or a list of keys, not ''",
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


def test_a_zone_that_is_none_names_the_line_and_the_nearest(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _problems(home, 'seats = 2\nzone = "Europe/Berln"\n') == {
        "config.toml:2": "zone must be the name of a time zone, not 'Europe/Berln'; "
        "did you mean 'Europe/Berlin'?"
    }
    _config(home, "")
    monkeypatch.setenv("TFUI_ZONE", "Xyzzy")
    with pytest.raises(Invalid) as caught:
        settings.load()
    assert str(caught.value) == "TFUI_ZONE: this must be the name of a time zone, not 'Xyzzy'"


def test_a_theme_that_is_none_is_told_by_its_line_before_anything_is_drawn(home: Path) -> None:
    path = _config(home, '# mine\ntheme = "tfui-drak"\n')

    answer = tfui("config", "validate")

    assert answer.code == 2
    assert answer.err == (
        f"tfui: {path}:2: there is no theme 'tfui-drak'; did you mean 'tfui-dark'?\n"
    )


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


def test_the_configuration_can_be_checked(home: Path) -> None:
    path = _config(home, '[keys]\nrun = "f5"\n\n[filters]\nnight = "queue:nightly"\n')

    assert done("config", "path").out == f"{path}\n"
    assert done("config", "validate").out == f"{path} is in order\n"
    assert done("config", "validate", "--json").json == {
        "path": str(path),
        "exists": True,
        "keys": 1,
        "filters": 1,
    }


def test_every_mistake_in_keys_and_filters_is_told_with_2(home: Path) -> None:
    path = _config(home, '[keys]\nrun = "e"\npuase = "U"\n[filters]\nnight = "queu:x"\n')

    answer = tfui("config", "validate")

    clash = "e is the key of edit already (Edit the schedule); give run or edit another"
    mistake = "the filter 'night': there is no word 'queu': did you mean queue?"
    assert answer.code == 2
    assert answer.err.replace(" (text goes in quotes)", "").splitlines() == [
        f"tfui: {path}:2: {clash}",
        f"tfui: {path}:3: there is no action 'puase'; did you mean 'pause'?",
        f"tfui: {path}:5: {mistake}",
    ]


def test_without_a_file_everything_is_as_usual(home: Path) -> None:
    del home

    assert "everything is as usual" in done("config", "validate").out
