"""The filter bar: the language under the fingers, its completions, and its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui import stage
from tests.ui.play import an_app, playing, press, shown
from tests.ui.scenes import typed
from tfui.ui.screens.main import MainScreen
from tfui.ui.widgets.filter_input import FilterInput

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store


def _field(pilot: Pilot[None]) -> FilterInput:
    return pilot.app.screen.query_one(FilterInput)


async def test_words_narrow_the_list_as_they_are_typed(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "slash", *typed("queue:nightly"))
        assert "2 of 21" in text
        assert "billing-export" in text
        assert "db-backup" in text

        text = await press(pilot, *typed(" !status:failed"))
        assert "1 of 21" in text
        text = await press(pilot, "enter", "escape")
        assert "21 of 21" in text


async def test_a_mistake_is_told_below_and_the_list_stays(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "slash", *typed("sync queu:x"))

        assert "^^^^ there is no word 'queu': did you mean queue?" in text
        assert "2 of 21" in text
        text = await press(pilot, "enter")
        assert _field(pilot).has_focus
        text = await press(pilot, "escape")
        assert "no word" not in text
        assert "21 of 21" in text


async def test_what_is_only_unfinished_is_no_mistake(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "slash", *typed("status:"))

        assert "status: failed  late  running" in text
        assert "21 of 21" in text
        assert "21 of 21" in await press(pilot, *typed("pau"))
        assert "1 of 21" in await press(pilot, *typed("sed"))


async def test_the_arrow_accepts_a_completion(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "slash", *typed("qu"), "right", *typed("ni"), "right")
        assert _field(pilot).value == "queue:nightly"

        await press(pilot, *typed(" tag:bi"), "right")
        assert _field(pilot).value == "queue:nightly tag:billing"
        assert "1 of 21" in shown(pilot)


async def test_the_hints_go_when_the_keys_go(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        assert "status: queue: tag:" in await press(pilot, "slash")
        assert "status: queue: tag:" not in await press(pilot, "enter")


async def test_going_to_a_schedule_by_name_takes_the_name_as_text(sqlite_store: Store) -> None:
    cast = [stage.Part(name=name, cron="@daily") for name in ("next:up -x", "other")]
    async with playing(an_app(sqlite_store, cast=cast), size=(80, 24)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        await screen.go_to("next:up -x")
        text = await press(pilot)

        assert "1 of 2" in text
        assert "next:up -x" in text
