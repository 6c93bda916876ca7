"""Changes of two people, brought together field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.ui.editor_desk import BILLING
from tfui.core.parent_text import read_parents
from tfui.core.states import ScheduleType
from tfui.ui.merging import Pick, Version, differences, settle

WAS = Version(BILLING)


def _version(text: str = "", **changes: object) -> Version:
    return Version(replace(BILLING, **changes), read_parents(text))  # type: ignore[arg-type]


def test_what_one_side_changed_says_which_and_what_both_changed_says_neither() -> None:
    theirs = _version(priority=9, jitter=timedelta(minutes=1))
    mine = _version(priority=7, queue="nightly")

    found = {each.key: each for each in differences(WAS, theirs, mine)}

    assert {key: each.only for key, each in found.items()} == {
        "queue": Pick.MINE,
        "priority": None,
        "jitter": Pick.THEIRS,
    }
    priority = found["priority"]
    assert (priority.label, priority.was, priority.theirs, priority.mine) == (
        "priority", "5", "9", "7",
    )  # fmt: skip


def test_the_same_change_on_both_sides_is_no_difference() -> None:
    assert differences(WAS, _version(priority=9), _version(priority=9)) == []


def test_what_is_picked_from_mine_goes_on_top_of_theirs() -> None:
    theirs = _version(priority=9, jitter=timedelta(minutes=1))
    mine = _version(priority=7, queue="nightly")

    result = settle(WAS, theirs, mine, {"queue": Pick.MINE, "priority": Pick.THEIRS})

    assert result == _version(priority=9, jitter=timedelta(minutes=1), queue="nightly")


def test_a_payload_is_merged_key_by_key_and_a_key_taken_away_stays_away() -> None:
    theirs = _version(payload={**BILLING.payload, "cwd": "/srv"})
    mine = _version(payload={"command": "/bin/true"})
    picks = {each.key: each.only for each in differences(WAS, theirs, mine)}

    assert picks == {
        "payload.command": Pick.MINE,
        "payload.env": Pick.MINE,
        "payload.cwd": Pick.THEIRS,
    }
    only = {key: pick for key, pick in picks.items() if pick is not None}
    assert settle(WAS, theirs, mine, only).draft.payload == {"command": "/bin/true", "cwd": "/srv"}


def test_another_kind_of_trigger_takes_its_expression_along() -> None:
    """A cron expression under a recurring trigger would be what neither side wrote."""
    theirs = _version(schedule_expression="0 4 * * *")
    mine = _version(schedule_type=ScheduleType.RECURRING, schedule_expression="90s")

    (found,) = differences(WAS, theirs, mine)

    assert (found.only, found.theirs, found.mine) == (None, "cron 0 4 * * *", "recurring 90s")
    assert settle(WAS, theirs, mine, {found.key: Pick.MINE}) == mine
    assert settle(WAS, theirs, mine, {found.key: Pick.THEIRS}) == theirs


def test_another_job_type_takes_its_payload_along() -> None:
    theirs = _version(payload={"command": "/bin/false"})
    mine = _version(job_type="http", payload={"url": "https://example.org"})

    (found,) = differences(WAS, theirs, mine)

    assert found.only is None
    assert settle(WAS, theirs, mine, {found.key: Pick.MINE}) == mine


def test_what_it_comes_after_is_merged_parent_by_parent() -> None:
    was, theirs, mine = _version("a\nb"), _version("a\nb:parallel\nc"), _version("b")

    found = differences(was, theirs, mine)
    picks = {each.key: each.only for each in found}

    assert picks == {"after.a": Pick.MINE, "after.b": Pick.THEIRS, "after.c": Pick.THEIRS}
    merged = settle(was, theirs, mine, {"after.a": Pick.MINE})
    assert merged.parents == read_parents("b:parallel\nc")


def test_notes_of_both_sides_stay() -> None:
    theirs = _version(metadata={**BILLING.metadata, "owner": "ana"})
    mine = _version(metadata={"tags": ["billing"], "description": "Exports the day's invoices"})

    merged = settle(WAS, theirs, mine, {"metadata.tags": Pick.MINE})

    assert merged.draft.metadata == {
        "tags": ["billing"], "description": "Exports the day's invoices", "owner": "ana",
    }  # fmt: skip
