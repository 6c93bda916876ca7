"""Marks and what is done to all that are marked: asked once, one act, one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press
from tests.ui.scenes import typed
from tfui.model.schedule import ScheduleQuery
from tfui.service import schedules
from tfui.store.connection import Author
from tfui.ui.app import TfuiApp
from tfui.ui.options import Options
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store


def _marked(pilot: Pilot[None]) -> set[str]:
    app = pilot.app
    assert isinstance(app, TfuiApp)
    marks = app.screen_stack[0].query_one(ScheduleTable).marks
    return {row.name for row in schedules.rows(app.office.caller, marks.ids)}


def _are(pilot: Pilot[None], what: str) -> dict[str, str]:
    app = pilot.app
    assert isinstance(app, TfuiApp)
    rows = schedules.page(app.office.caller, ScheduleQuery(), limit=1000).jobs
    return {row.name: str(getattr(row, what)) for row in rows}


async def test_space_marks_and_goes_on_and_marks_survive_sorting(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "space", "space")
        assert "2 marked" in text
        assert text.count("▌✗") == 2

        text = await press(pilot, "s", "n")
        assert _marked(pilot) == {"billing-export", "cert-expiry-check"}
        assert text.count("▌✗") == 2
        await press(pilot, "g", "j", "j", "space")
        assert _marked(pilot) == {"cert-expiry-check"}


async def test_a_range_goes_from_the_last_mark_to_here(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, "j", "v", "j", "j", "v")
        assert len(_marked(pilot)) == 3
        assert "billing-export" not in _marked(pilot)


async def test_all_that_match_are_marked_also_off_the_screen(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, cast=stage.a_crowd(300))
    async with playing(app, size=(80, 24)) as pilot:
        text = await press(pilot, "slash", *typed("sync !000001"), "enter", "V")
        assert "299 marked" in text
        await press(pilot, "V")
        assert _marked(pilot) == set()


async def test_escape_takes_marks_away_before_the_filter(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "slash", *typed("sync"), "enter", "space", "space")
        text = await press(pilot, "escape")
        assert "marked" not in text
        assert "/ sync" in text
        assert "/ sync" not in await press(pilot, "escape")


async def test_many_are_paused_after_one_question_and_taken_back_at_once(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "space", "space", "space", "p")
        text = await appears(pilot, "Pause 3 schedules?")
        assert "billing-export, cert-expiry-check, warehouse-sync" in text
        await press(pilot, "n")
        assert len(_marked(pilot)) == 3

        await press(pilot, "p")
        await appears(pilot, "Pause 3")
        await press(pilot, "y")
        assert "z undo" in await appears(pilot, "Paused 3 schedules")
        assert _marked(pilot) == set()
        assert _are(pilot, "status")["warehouse-sync"] == "paused"
        await press(pilot, "z")
        assert _are(pilot, "status")["warehouse-sync"] == "active"


async def test_more_than_twenty_ask_for_their_count(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "V", "D")
        text = await appears(pilot, "Delete 21 schedules?")
        assert "and 18 more" in text
        assert "type 21 to go on" in text

        await press(pilot, "2", "enter", "y")
        assert len(_are(pilot, "name")) == 21
        await press(pilot, "1", "enter")
        # billing-export comes after db-backup, but both go: nothing is left without its parent
        await appears(pilot, "Deleted 21 schedules")
        assert _are(pilot, "name") == {}
        await press(pilot, "z")
        assert len(_are(pilot, "name")) == 21


async def test_marked_ones_are_run_and_resumed(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "slash", *typed("name:legacy,mail"), "enter", "V", "p")
        assert "1 of them is paused now" in await appears(pilot, "Pause or resume 2")
        await press(pilot, "y")
        await appears(pilot, "Paused 1 schedule")
        await press(pilot, "V", "p")
        await appears(pilot, "Resume 2 schedules?")
        await press(pilot, "y")
        await appears(pilot, "Resumed 2 schedules")
        await press(pilot, "V", "r")
        await appears(pilot, "Run 2 schedules?")
        with sqlite_store.writing(by=Author(name="olga", via="cli"), now=stage.MONDAY):
            await pilot.press("y")
            await appears(pilot, "Still at work")
        await appears(pilot, "Started 2 schedules")


async def test_a_queue_is_chosen_and_all_that_are_marked_move(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "j", "space", "space", "Q")
        await appears(pilot, "Move 2 schedules to the queue")
        await press(pilot, *"night", "enter")
        await appears(pilot, "Move to nightly 2 schedules?")
        await press(pilot, "y")
        await appears(pilot, "Moved 2 schedules")
        assert _are(pilot, "queue")["warehouse-sync"] == "nightly"


async def test_a_zone_is_set_for_the_one_under_the_cursor(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "C")
        await appears(pilot, "Time zone of 1 schedule")
        await press(pilot, *typed("asia/tokyo"), "enter")
        await appears(pilot, "Set the zone of 1 schedule")
        assert _are(pilot, "timezone")["billing-export"] == "Asia/Tokyo"


async def test_nothing_is_done_to_many_when_read_only(sqlite_store: Store) -> None:
    options = Options(read_only=True, engine=False)
    async with playing(an_app(sqlite_store, options=options), size=(120, 36)) as pilot:
        text = await press(pilot, "space", "space", "p", "D", "r", "Q", "C")
        assert "2 marked" in text
        assert "?" not in text.splitlines()[20]


async def test_deleting_marked_parents_asks_what_becomes_of_what_comes_after_them(
    sqlite_store: Store,
) -> None:
    """billing-export and cert-expiry-check are marked; board-pack-render and mail-digest follow."""
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "space", "space", "D")
        await appears(pilot, "Delete 2 schedules?")
        await press(pilot, "y")
        text = await appears(pilot, "What becomes of what comes after 2 schedules?")
        assert "board-pack-render and mail-digest come after 2 schedules." in text
        assert "Delete all 4" in text

        await press(pilot, "d")
        await appears(pilot, "Deleted 2 schedules")
        left = _are(pilot, "name")
        assert len(left) == 19
        assert {"board-pack-render", "mail-digest"} <= left.keys()
