"""What cannot be hidden: at every size and in every view, the bars say it while it is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ui import engine_room, stage
from tests.ui.play import an_app, caller_of, playing, press, settle, shown
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.service import queues
from tfui.ui import kept_drafts
from tfui.ui.app import TfuiApp
from tfui.ui.kept_drafts import Kept
from tfui.ui.office import EngineState, Opening
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen
from tfui.ui.widgets.summary_bar import SummaryBar
from tfui.ui.widgets.verdict_line import VerdictLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.store.connection import Store

UTC = Options(engine=False, zone="UTC")
SIZES = ((80, 24), (120, 36), (200, 50))
WELL = tuple(part for part in stage.CAST if part.name in {"db-backup", "fx-rates", "mail-digest"})


def bars(text: str) -> tuple[str, str]:
    """Give the top line and the verdict."""
    lines = text.splitlines()
    return lines[0], lines[-2]


async def look_again(pilot: Pilot[None]) -> tuple[str, str]:
    """Have a second pass."""
    main = pilot.app.screen_stack[0]
    assert isinstance(main, MainScreen)
    main._tick()
    await settle(pilot)
    return bars(shown(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_an_engine_that_stopped(sqlite_store: Store, size: tuple[int, int]) -> None:
    clock = FrozenClock(stage.MONDAY + timedelta(days=1))
    app = an_app(sqlite_store, clock=clock, options=UTC)
    async with playing(app, size=size) as pilot:
        app.office.engine_state = EngineState.STOPPED
        for view in "16":
            await press(pilot, view)
            top, verdict = await look_again(pilot)

            assert "○" in top
            assert "stopped" in top
            assert "no engine is running; nothing will start here" in verdict
            assert verdict.endswith("6 engine")


async def test_an_engine_that_is_being_stopped(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=UTC)
    async with playing(app, size=SIZES[0]) as pilot:
        app.office.engine_state = EngineState.STOPPING

        assert "● stopping" in (await look_again(pilot))[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_paused_queue_even_when_it_holds_nothing(
    sqlite_store: Store, size: tuple[int, int]
) -> None:
    app = an_app(sqlite_store, cast=WELL, options=UTC)
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    queues.pause(caller, "nightly")
    async with playing(app, size=size) as pilot:
        top, verdict = bars(shown(pilot))

        assert ("⊝ 1 queue" if size[0] < 100 else "⊝ nightly paused") in top
        assert "on time" in verdict


@pytest.mark.parametrize("size", SIZES)
async def test_a_paused_queue_that_holds_work(sqlite_store: Store, size: tuple[int, int]) -> None:
    app = an_app(sqlite_store, options=UTC)
    engine_room.work(sqlite_store)
    async with playing(app, size=size) as pilot:
        _, verdict = bars(shown(pilot))

        assert "the paused queue nightly holds 5 jobs" in verdict


@pytest.mark.parametrize("size", SIZES)
async def test_a_step_of_the_clock(sqlite_store: Store, size: tuple[int, int]) -> None:
    app = an_app(sqlite_store, options=UTC)
    engine_room.stumble(sqlite_store)
    async with playing(app, size=size) as pilot:
        top, verdict = bars(shown(pilot))

        assert ("! clock" if size[0] < 100 else "! clock set back 1h 00m") in top
        assert "the clock was set back 1h 00m, 4m ago" in verdict
        assert "●" in top


async def test_a_store_that_may_not_be_written(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=UTC)
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    barred = replace(caller, is_barred=True)
    app = TfuiApp(
        open_office=lambda: Opening(
            caller=barred, open_watch=sqlite_store.watch, background=None, close=lambda: None
        ),
        clock=FrozenClock(stage.MONDAY),
        options=UTC,
    )
    async with playing(app, size=SIZES[0]) as pilot:
        top, verdict = bars(shown(pilot))

        assert "READ-ONLY" in top
        assert "! the store: tfui was started read-only" in verdict


async def test_a_store_that_cannot_be_read_and_data_that_grows_old(sqlite_store: Store) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(an_app(sqlite_store, clock=clock, options=UTC), size=SIZES[0]) as pilot:
        assert sqlite_store.path is not None
        for path in sqlite_store.path.parent.glob("tfui.db*"):
            path.write_bytes(b"this is not a database, it only used to be one" * 500)
        clock.advance(timedelta(seconds=12))
        main = pilot.app.screen_stack[0]
        assert isinstance(main, MainScreen)
        main.reread()
        await settle(pilot)
        _, verdict = await look_again(pilot)

        assert "STALE 12s" in shown(pilot)
        assert "! the store: " in verdict
        await press(pilot, "6")
        await look_again(pilot)
        assert "STALE 12s" in shown(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_missed_run(sqlite_store: Store, size: tuple[int, int]) -> None:
    app = an_app(sqlite_store, options=UTC)
    stage.oversleep(sqlite_store)
    async with playing(app, size=size) as pilot:
        assert "missed" in bars(shown(pilot))[1]


async def test_unsaved_work(sqlite_store: Store, tmp_path: Path) -> None:
    options = Options(engine=False, zone="UTC", state_path=tmp_path / "ui.json")
    app = an_app(sqlite_store, cast=WELL, options=options)
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    folder = options.drafts_folder
    assert folder is not None
    file = kept_drafts.begin(folder, caller.organization_id, None)
    file.write(Kept(at=NOON, schedule_id=None, revision=None, base=None, texts={"name": "tea"}))
    file.let_go()
    async with playing(app, size=SIZES[0]) as pilot:
        assert "unsaved work on tea" in bars(shown(pilot))[1]


async def test_the_verdict_leads_there_when_it_is_clicked(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=UTC)
    async with playing(app, size=SIZES[1]) as pilot:
        await press(pilot, "3")
        await pilot.click(VerdictLine)
        await settle(pilot)

        text = shown(pilot)
        assert "failing" in bars(text)[1]
        assert "billing-export" in text
        assert "mail-digest " not in text

        assert "Nothing matches" in await press(pilot, "slash", "z", "z", "enter")
        text = await press(pilot, "i")
        assert "billing-export" in text
        assert "mail-digest " not in text


async def test_exclamation_mark_shows_problems_from_every_view(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, options=UTC), size=SIZES[1]) as pilot:
        text = await press(pilot, "6", "exclamation_mark")

        assert "billing-export" in text
        assert "mail-digest " not in text
        assert "mail-digest " in await press(pilot, "exclamation_mark")


async def test_the_engines_state_and_a_count_are_buttons(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, options=UTC), size=SIZES[1]) as pilot:
        top = bars(shown(pilot))[0]
        await pilot.click(SummaryBar, offset=(top.index("another engine"), 0))
        await settle(pilot)
        assert "Engines" in shown(pilot)

        await pilot.click(SummaryBar, offset=(top.index("failing"), 0))
        await settle(pilot)
        assert "mail-digest " not in shown(pilot)
