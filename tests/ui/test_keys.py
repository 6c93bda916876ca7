"""The registry of actions, from which bindings, footer, help and palette are made."""

from __future__ import annotations

from collections import Counter

from tfui.ui.keys import ACTIONS, BY_ID, Where, bindings, key_name, spell
from tfui.ui.screens.help import help_text


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


def test_keys_are_written_as_people_read_them() -> None:
    assert key_name(BY_ID["palette"]) == "^p"
    assert key_name(BY_ID["open"]) == "⏎"
    assert key_name(BY_ID["open"], ascii=True) == "enter"
    assert spell("shift+tab") == "shift-tab"


def test_the_help_has_every_action_and_can_be_narrowed() -> None:
    everything = help_text("", ascii=False).plain

    assert all(action.help in everything for action in ACTIONS)
    narrowed = help_text("delete", ascii=False).plain
    assert "Delete the schedule" in narrowed
    assert "Run it now" not in narrowed
    assert "No key is about" in help_text("xylophone", ascii=False).plain


def test_the_help_in_ascii_is_ascii() -> None:
    assert help_text("", ascii=True).plain.isascii()
