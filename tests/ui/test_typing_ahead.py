"""Keys that arrive in one burst, as a slow line sends them: none is lost, and none does something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tests.ui.play import an_app, appears, playing, press, settle, shown
from tfui.service import jobs, schedules
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store


async def _burst(pilot: Pilot[None], *keys: str) -> None:
    """Send keys without waiting for what they do."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await settle(pilot)


async def test_what_is_typed_right_after_the_slash_belongs_to_the_filter(
    sqlite_store: Store,
) -> None:
    app = an_app(sqlite_store)
    async with playing(app, size=(80, 24)) as pilot:
        before = jobs.listing(app.office.caller)
        await _burst(pilot, "slash", *"risk-recompute")
        await appears(pilot, "1 of 21")

        screen = app.screen
        assert isinstance(screen, MainScreen)
        assert screen.home._field.value == "risk-recompute"
        assert jobs.listing(app.office.caller) == before  # its r has started nothing


async def test_a_save_does_not_overtake_the_last_words_of_a_field(sqlite_store: Store) -> None:
    app = an_app(sqlite_store)
    async with playing(app) as pilot:
        await press(pilot, "e")
        await _burst(pilot, "end", *"-of-the-whole-month", "ctrl+s")
        await appears(pilot, "billing-export-of-the-whole-month")

        assert "billing-export-of-the-whole-month" in schedules.names(app.office.caller)
        assert "unsaved" not in shown(pilot)


async def test_a_key_for_what_has_gone_holds_up_no_other(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await _burst(pilot, "s", "escape", "2", "1", "slash", *"sync")

        assert "/ sync" in shown(pilot)
