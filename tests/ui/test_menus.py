"""The action menu, copying, duplicating and saved filters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.ui import stage
from tests.ui.play import an_app, appears, caller_of, playing, press, shown
from tests.ui.scenes import typed
from tfui.clock import FrozenClock
from tfui.service import dependencies, schedules
from tfui.ui.options import Options
from tfui.ui.screens.editor import EditorScreen
from tfui.ui.screens.jumping import JumpScreen

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.store.connection import Store


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the clipboard of whoever runs the tests as it is."""
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)


async def test_the_menu_shows_keys_and_why_something_cannot_be_done(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "full_stop")
        text = await appears(pilot, "Pause or resume the schedule")
        assert "p  Pause or resume" in text
        assert "x  Cancel: nothing is running or waiting" in text

        await press(pilot, "p")
        assert "Paused billing-export" in await appears(pilot, "Paused")


async def test_a_right_click_opens_the_menu_of_that_line(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await pilot.click("#schedules", offset=(10, 2), button=3)
        text = await appears(pilot, "Pause or resume the schedule")

        assert "warehouse-sync" in text
        assert "Edit the schedule" not in await press(pilot, "escape")


async def test_the_menu_can_be_walked_through(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "full_stop", "down", "down", "down", "enter")
        await appears(pilot, "Edit billing-export")

        assert isinstance(pilot.app.screen, EditorScreen)

        help_ = await press(pilot, "f1")
        assert help_.index("Save the schedule") < help_.index("Show every key")


async def test_with_marks_the_menu_offers_what_is_done_to_many(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "space", "space", "full_stop")
        text = await appears(pilot, "Move to another queue")

        assert " 2 marked" in text
        assert "Edit the schedule" not in text


async def test_a_letter_leads_to_each_part_of_the_screen(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        places = [widget.id for widget in pilot.app.screen.focus_chain]
        await press(pilot, "ctrl+o")
        assert isinstance(pilot.app.screen, JumpScreen)
        await press(pilot, "a")

        focused = pilot.app.screen.focused
        assert focused is not None
        assert focused.id == places[0] == "filter"
        await press(pilot, "escape", "ctrl+o", "escape")
        assert not isinstance(pilot.app.screen, JumpScreen)


async def _copied(pilot: Pilot[None], key: str) -> str:
    await press(pilot, "y")
    await appears(pilot, "Copy from billing-export")
    await press(pilot, key)
    await appears(pilot, "Copied the")
    return pilot.app.clipboard


async def test_everything_of_a_schedule_can_be_copied(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert await _copied(pilot, "n") == "billing-export"
        assert await _copied(pilot, "i") == "00000000-0000-0000-0000-000000000001"
        assert await _copied(pilot, "e") == "30 2 * * 1-5"
        assert await _copied(pilot, "c") == "/opt/bin/export --day yesterday"
        assert json.loads(await _copied(pilot, "j"))["queue"] == "nightly"
        line = await _copied(pilot, "l")
        assert line.startswith("tfui add billing-export --cron '30 2 * * 1-5' --tz Europe/Berlin")


async def test_what_took_the_text_is_told(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "tmux"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/text\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("TMUX", "here")
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "c", "n")

        await appears(pilot, "Copied the name of billing-export · tmux")
        assert (tmp_path / "text").read_text() == "billing-export"


async def test_a_duplicate_begins_as_the_one_under_the_cursor(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "Y")
        text = await appears(pilot, "billing-export-copy")
        assert "30 2 * * 1-5" in text
        assert "Add a schedule" in text

        await press(pilot, "ctrl+s")
        text = await appears(pilot, "22 of 22")
        assert "billing-export-copy" in text


async def test_a_duplicate_comes_after_what_the_first_comes_after(sqlite_store: Store) -> None:
    app = an_app(sqlite_store)
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    child, parent = (schedules.find(caller, name) for name in ("billing-export", "warehouse-sync"))
    dependencies.add(caller, child, parent)
    async with playing(app, size=(120, 36)) as pilot:
        await press(pilot, "Y")
        await appears(pilot, "billing-export-copy")
        await press(pilot, "ctrl+s")
        await appears(pilot, "22 of 22")

    links = [(row.child, row.parent) for row in dependencies.listing(caller)]
    assert ("billing-export-copy", "warehouse-sync") in links


async def test_a_saved_filter_is_chosen_by_name(sqlite_store: Store) -> None:
    saved = {"last night": "queue:nightly status:failed", "off": "status:paused"}
    app = an_app(sqlite_store, options=Options(filters=saved, engine=False))
    async with playing(app, size=(120, 36)) as pilot:
        await press(pilot, "F")
        text = await appears(pilot, "Saved filters")
        assert "queue:nightly status:failed" in text

        text = await press(pilot, *typed("night"), "enter")
        assert "1 of 21" in text
        assert "/ queue:nightly status:failed" in text


async def test_without_saved_filters_it_is_said_where_they_go(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "F")
        assert "[filters]" in await appears(pilot, "No filter is saved")
        assert "Saved filters" not in shown(pilot)
