"""The registry of actions, from which bindings, footer, help and palette are made."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from typing import TYPE_CHECKING

from textual.binding import BindingsMap
from textual.dom import DOMNode

import tfui.ui
from tfui.ui.keys import ACTIONS, BY_ID, FORM_KEYS, Where, bindings, key_name, spell
from tfui.ui.screens.help import help_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_HANDLERS = {
    "Choice.on_key": "chooses among the options of one field",
    "JumpScreen.on_key": "takes the letters that it put on the places itself",
    "MainScreen.on_key": "holds a key until something has the focus again",
    "MenuScreen.on_key": "takes the keys that its lines' actions have in the key map",
}
"""What sees keys itself, and why that is not a binding."""


def test_every_id_is_one_actions_alone() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_key_means_two_things_where_both_are_live() -> None:
    schedules = (Where.SCHEDULES, Where.DETAIL)
    # A log has its keys by focus, so those of the list beside it wait.
    logs = (Where.LOG, Where.LOGS)
    for more in (schedules, (Where.DETAIL, Where.LOG), (Where.RUNS,), logs):
        places = {Where.EVERYWHERE, Where.VIEWS, Where.MOVING, *more}
        counts = Counter(key for each in ACTIONS if each.where in places for key in each.keys)
        assert [key for key, count in counts.items() if count > 1] == []


def test_every_binding_carries_its_actions_id() -> None:
    made = bindings(*Where)

    assert {binding.id for binding in made} == set(BY_ID)


def _of_the_dashboard(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("tfui."):
            yield child
        yield from _of_the_dashboard(child)


def test_no_key_bypasses_the_registry() -> None:
    for found in pkgutil.walk_packages(tfui.ui.__path__, "tfui.ui."):
        importlib.import_module(found.name)
    kinds = list(dict.fromkeys(_of_the_dashboard(DOMNode)))
    bound = {
        f"{kind.__qualname__}: {each.key}"
        for kind in kinds
        for here in BindingsMap(vars(kind).get("BINDINGS", ())).key_to_bindings.values()
        for each in here
        if each.id not in BY_ID and each.key not in FORM_KEYS
    }
    handlers = {
        f"{kind.__qualname__}.{name}"
        for kind in kinds
        for name in vars(kind)
        if name in {"on_key", "_on_key"} or name.startswith("key_")
    }

    assert len(kinds) > 50
    assert bound == set()
    assert handlers == set(_HANDLERS)


def test_keys_are_written_as_people_read_them() -> None:
    assert key_name(BY_ID["palette"]) == "^p"
    assert key_name(BY_ID["open"]) == "⏎"
    assert key_name(BY_ID["open"], ascii=True) == "enter"
    assert spell("shift+tab") == "shift-tab"


def test_the_help_has_every_action_and_can_be_narrowed() -> None:
    everything = help_text("", ascii=False).plain

    assert all(action.help in everything for action in ACTIONS)
    narrowed = help_text("delete", ascii=False).plain
    assert "Delete the schedule; can be undone\n              delete" in narrowed
    assert "Run it now" not in narrowed
    assert "No key is about" in help_text("xylophone", ascii=False).plain


def test_the_help_in_ascii_is_ascii() -> None:
    assert help_text("", ascii=True).plain.isascii()
