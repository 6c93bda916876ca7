"""Bad days: a store that is not there, that goes away, and a bug. Nothing leaks and nothing lies."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ui import stage
from tests.ui.play import an_app, caller_of, playing, settle, shown
from tfui.clock import FrozenClock
from tfui.errors import Unavailable
from tfui.ui import live
from tfui.ui.app import TfuiApp
from tfui.ui.office import Opening
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.store.connection import Store


def _main(pilot: Pilot[None]) -> MainScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, MainScreen)
    return screen


async def test_a_store_that_cannot_be_opened_is_said_and_tried_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_TRY_AGAIN", 0.05)
    clock = FrozenClock(stage.MONDAY)
    caller = caller_of(sqlite_store, clock)
    tries: list[int] = []

    def open_office() -> Opening:
        tries.append(1)
        if len(tries) < 4:
            raise Unavailable("the database is locked (/data/tfui.db)")
        return Opening(
            caller=caller, open_watch=sqlite_store.watch, background=None, close=lambda: None
        )

    app = TfuiApp(open_office=open_office, clock=clock, options=Options(engine=False))
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(100):
            await pilot.pause(0.01)
            if len(tries) > 1:
                break
        _main(pilot)._tick()
        await pilot.pause()
        assert "the database is locked" in shown(pilot)

        for _ in range(100):
            await pilot.pause(0.01)
            if app.office.is_open:
                break
        await settle(pilot)
        assert "Nothing scheduled yet" in shown(pilot)
        assert "locked" not in shown(pilot)


async def test_a_store_that_breaks_is_said_and_what_is_shown_is_called_stale(
    sqlite_store: Store,
) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(an_app(sqlite_store, clock=clock), size=(80, 24)) as pilot:
        assert sqlite_store.path is not None
        for path in sqlite_store.path.parent.glob("tfui.db*"):
            path.write_bytes(b"this is not a database, it only used to be one" * 500)
        clock.advance(timedelta(seconds=12))
        _main(pilot).reread()
        await settle(pilot)
        _main(pilot)._tick()
        await pilot.pause()
        text = shown(pilot)

        assert "STALE 12s" in text
        assert "billing-export" in text
        assert pilot.app.return_code is None


async def test_a_bug_leaves_three_lines_and_a_file_without_secrets(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFUI_TEST_TOKEN", "s3cr3t-value")
    app = an_app(sqlite_store, options=Options(engine=False, log_folder=tmp_path / "logs"))

    def broken() -> None:
        password = "s3cr3t-value"
        raise ValueError(f"could not log in with {password}")

    monkeypatch.setattr(app, "action_save_picture", broken)
    with pytest.raises(ValueError, match="could not log in"):
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("f8")
            await pilot.pause()

    (log,) = (tmp_path / "logs").iterdir()
    written = log.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "s3cr3t-value" not in written


async def test_without_an_engine_anywhere_it_says_that_nothing_will_start(
    sqlite_store: Store,
) -> None:
    clock = FrozenClock(stage.MONDAY + timedelta(days=1))  # the other engine's heart has stopped
    async with playing(an_app(sqlite_store, clock=clock), size=(120, 36)) as pilot:
        text = shown(pilot)

        assert "no engine" in text.splitlines()[0]
        assert "no engine is running; nothing will start here" in text


async def test_an_engine_elsewhere_is_seen(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert "another engine" in shown(pilot).splitlines()[0]


async def test_the_theme_is_switched_and_remembered(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    app = an_app(sqlite_store, options=Options(engine=False, state_path=path))
    async with playing(app) as pilot:
        await pilot.press("T")
        assert app.theme == "tfui-light"

    again = TfuiApp(
        open_office=lambda: pytest.fail("not opened"),
        clock=FrozenClock(stage.MONDAY),
        options=Options(state_path=path),
    )
    assert again.theme == "tfui-light"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def test_f8_saves_a_picture(sqlite_store: Store, here: Path) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await pilot.press("f8")
        await pilot.pause()

    (name,) = os.listdir(here)  # noqa: PTH208  # a look after the app has gone
    assert name.endswith(".svg")
