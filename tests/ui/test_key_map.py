"""Keys as a person has them: read from config.toml, refused where they clash, and shown everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.play import an_app, appears, playing, press
from tests.ui.scenes import typed
from tfui.errors import Invalid
from tfui.settings import Placed
from tfui.ui import key_map, preferences
from tfui.ui.keys import ACTIONS, BY_ID
from tfui.ui.options import Options

if TYPE_CHECKING:
    from tfui.store.connection import Store


def _read(**chosen: str) -> tuple[key_map.KeyMap, dict[str, str]]:
    placed = {
        name: Placed(text, f"config.toml:{line}")
        for line, (name, text) in enumerate(chosen.items(), 1)
    }
    return key_map.read(placed)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("U", "U"),
        ("F5", "f5"),
        ("^x", "ctrl+x"),
        ("Ctrl-X", None),
        ("ctrl-x", "ctrl+x"),
        ("?", "question_mark"),
        ("question_mark", "question_mark"),
        ("+", "plus"),
        ("-", "minus"),
        ("é", "é"),
        ("esc", "escape"),
        ("alt+enter", "alt+enter"),
        ("hyper+x", None),
        ("foo", None),
        ("ctrl+", None),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, key: str | None) -> None:
    found, problems = key_map.read({"import": Placed(written, "config.toml:1")})

    if key is None:
        assert "there is no key" in problems["config.toml:1"]
    else:
        assert found.keys(BY_ID["import"]) == (key,)


def test_every_key_of_the_registry_could_be_written() -> None:
    chosen = {each.id: Placed(" ".join(each.keys), each.id) for each in ACTIONS}

    found, problems = key_map.read(chosen)

    assert problems == {}
    assert all(found.keys(each) == each.keys for each in ACTIONS)


def test_a_clash_names_the_line_and_both_actions() -> None:
    _, problems = _read(run="e", pause="x y", zoom="j")

    assert problems == {
        "config.toml:1": "e is the key of edit already (Edit the schedule); "
        "give run or edit another",
        "config.toml:2": "x is the key of cancel already (Cancel its running or waiting jobs); "
        "give pause or cancel another",
        "config.toml:3": "j is the key of down already (One down); give zoom or down another",
    }


def test_keys_clash_with_those_of_the_same_dialog_and_of_no_view() -> None:
    _, problems = _read(**{"ask.yes": "e", "ask.no": "e", "dialog.close": "d", "sort.name": "D"})

    assert problems == {
        "config.toml:1": "e is the key of ask.no already (Leave everything as it is); "
        "give ask.yes or ask.no another",
        "config.toml:2": "e is the key of ask.yes already (Do what is asked about); "
        "give ask.no or ask.yes another",
        "config.toml:3": "d is the key of ask.detach already (Delete it, and free what comes after "
        "it); give dialog.close or ask.detach another",
    }


def test_two_keys_may_be_exchanged() -> None:
    found, problems = _read(run="e", edit="r")

    assert problems == {}
    assert (found.name("run"), found.name("edit")) == ("e", "r")


def test_an_unknown_action_names_the_nearest() -> None:
    _, problems = _read(puase="U")

    assert problems == {"config.toml:1": "there is no action 'puase'; did you mean 'pause'?"}


def test_all_that_is_wrong_in_the_tables_is_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        preferences.read(
            {"run": Placed("e", "c:2")}, {"mine": Placed("queu:x", "c:5"), "ok": Placed("x", "c:6")}
        )

    assert list(caught.value.fields) == ["c:2", "c:5"]
    assert "did you mean queue?" in str(caught.value)


async def test_a_changed_key_works_and_is_shown_everywhere(sqlite_store: Store) -> None:
    chosen = {"pause": "U", "undo": "f5", "ask.yes": "j", "dialog.close": "^g", "sort.name": "0"}
    found, _ = _read(**chosen)
    options = Options(key_map=found, engine=False)
    async with playing(an_app(sqlite_store, options=options), size=(200, 50)) as pilot:
        text = await press(pilot, "j")
        assert " U pause" in text
        assert " p pause" not in text

        assert "Paused" not in await press(pilot, "p")
        assert "Paused cert-expiry-check · F5 undo" in await press(pilot, "U")
        assert "Undid" in await press(pilot, "f5")

        assert " j Delete" in await press(pilot, "D")
        await press(pilot, "ctrl+g", "s")
        assert "0  name" in await appears(pilot, "^g back")
        await press(pilot, "0")

        text = await press(pilot, "question_mark", *typed("pause or resume"))
        assert "  U  " in text
