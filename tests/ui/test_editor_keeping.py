"""Unsaved work outlives a crash: kept in a file, offered again, gone once saved or discarded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.editor_desk import BILLING, desk_of, editing, settle, shown, type_in
from tfui.service import schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from textual.pilot import Pilot

    from tfui.service.caller import Caller
    from tfui.ui.office import Opening

OFFER = "An unsaved draft was left behind"


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts"


@pytest.fixture
def billing(caller: Caller) -> UUID:
    return schedules.create(caller, BILLING).id


async def _put(pilot: Pilot[None], key: str, text: str) -> None:
    desk_of(pilot).editor._form.field(key).text = text
    await settle(pilot)
    desk_of(pilot).editor._keep()


def _files(drafts: Path) -> list[str]:
    return sorted(path.suffix for path in drafts.iterdir()) if drafts.exists() else []


async def test_what_was_typed_before_a_crash_is_offered_and_saved(
    caller: Caller, open_office: Callable[[], Opening], drafts: Path, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, drafts=drafts) as pilot:
        assert _files(drafts) == []
        await _put(pilot, "priority", "7")
        assert _files(drafts) == [".json", ".lock"]
    async with editing(BILLING, billing, 1, open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        assert OFFER in shown(pilot)
        assert "with 1 field unlike what is here" in shown(pilot)
        await pilot.press("g")
        await settle(pilot)
        assert "priority  5 → 7" in shown(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk_of(pilot).saved == billing

    assert schedules.draft(caller, billing).priority == 7
    assert _files(drafts) == []


async def test_a_draft_of_an_older_revision_is_merged_when_it_is_saved(
    caller: Caller, open_office: Callable[[], Opening], drafts: Path, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, drafts=drafts) as pilot:
        await _put(pilot, "priority", "7")
    schedules.edit(caller, billing, {"queue": "default", "max_runs": 9, "priority": 2})
    now = schedules.draft(caller, billing)
    async with editing(now, billing, 2, open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        assert "a save will show both sides" in shown(pilot)
        await pilot.press("g")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "was changed while you edited it" in shown(pilot)


async def test_a_new_schedules_draft_is_offered_to_the_next_new_one_alone(
    open_office: Callable[[], Opening], drafts: Path, billing: UUID
) -> None:
    async with editing(open_office=open_office, drafts=drafts) as pilot:
        await type_in(pilot, "nightly")
        desk_of(pilot).editor._keep()
    async with editing(BILLING, billing, 1, open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        assert OFFER not in shown(pilot)
    copy = replace(BILLING, name="a copy")
    async with editing(copy, open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        assert OFFER not in shown(pilot)
    async with editing(open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert _files(drafts) == [".json", ".lock"]  # not now is not never
    async with editing(open_office=open_office, drafts=drafts) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)

    assert _files(drafts) == []


async def test_discarding_and_typing_it_back_take_the_file_away(
    open_office: Callable[[], Opening], drafts: Path, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, drafts=drafts) as pilot:
        await _put(pilot, "priority", "7")
        await _put(pilot, "priority", "5")
        assert _files(drafts) == []
        await _put(pilot, "priority", "8")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert desk_of(pilot).has_closed
    assert _files(drafts) == []


async def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_lost(
    open_office: Callable[[], Opening], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    drafts = tmp_path / "file" / "drafts"
    async with editing(BILLING, open_office=open_office, drafts=drafts) as pilot:
        await _put(pilot, "priority", "7")

        assert "no draft is kept" in shown(pilot)
