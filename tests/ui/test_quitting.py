"""Leaving the dashboard: never with jobs running and nothing said, and never with the engine alive."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.ui import stage
from tests.ui.play import an_app, appears, press, settle, shown
from tfui.ui.office import EngineState
from tfui.ui.screens.editor import EditorScreen
from tfui.ui.screens.quitting import QuitScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp
    from tfui.ui.office import StopMode


class Desk:
    """The smallest thing that keeps the promises of a Background: it waits until it is stopped."""

    def __init__(self, busy: int = 0, error: Exception | None = None) -> None:
        self.busy = busy
        self.modes: list[str] = []
        self._error = error
        self._stop = threading.Event()

    def run(self) -> None:
        if self._error is not None:
            raise self._error
        self._stop.wait()

    def stop(self, mode: StopMode = "hand_back") -> None:
        self.modes.append(mode)
        if mode == "hand_back" or not self.busy:
            self._stop.set()

    def end(self) -> None:
        """Let the running jobs end."""
        self.busy = 0
        self._stop.set()


async def _opened(app: TfuiApp, pilot: Pilot[None]) -> None:
    await settle(pilot)
    for _ in range(200):
        if app.office.engine_state is not EngineState.ABSENT:
            return
        await pilot.pause(0.01)
    raise AssertionError("the engine was not started")


def _app(store: Store, background: Desk) -> TfuiApp:
    return an_app(store, cast=stage.CAST[:2], background=background)


async def test_without_running_jobs_q_just_quits(sqlite_store: Store) -> None:
    desk = Desk()
    app = _app(sqlite_store, desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        await pilot.press("q")
        await pilot.pause()

    assert desk.modes == ["hand_back"]
    assert app.return_code == 0
    assert app.office.engine_state is EngineState.STOPPED


async def test_with_running_jobs_it_asks_and_escape_stays(sqlite_store: Store) -> None:
    desk = Desk(busy=2)
    app = _app(sqlite_store, desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        assert "2 jobs are still running" in await press(pilot, "q")
        await press(pilot, "escape")

        assert not isinstance(app.screen, QuitScreen)
        assert desk.modes == []
        assert app.office.engine_state is EngineState.RUNNING


async def test_handing_back_ends_at_once(sqlite_store: Store) -> None:
    desk = Desk(busy=2)
    app = _app(sqlite_store, desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        await press(pilot, "q")
        await pilot.press("h")
        await pilot.pause()

    assert desk.modes == ["hand_back"]
    assert app.return_code == 0


async def test_waiting_says_so_until_the_jobs_have_ended(sqlite_store: Store) -> None:
    desk = Desk(busy=1)
    app = _app(sqlite_store, desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await _opened(app, pilot)
        await press(pilot, "q")
        await pilot.press("w")
        await pilot.pause(1.1)  # the next tick says it
        assert "engine stopping, 1 to end" in shown(pilot)
        assert desk.modes == ["wait"]

        desk.end()
        for _ in range(100):
            await pilot.pause(0.01)
            if app.return_code is not None:
                break

    assert app.return_code == 0


async def test_an_impatient_second_q_hands_back(sqlite_store: Store) -> None:
    desk = Desk(busy=1)
    app = _app(sqlite_store, desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        await press(pilot, "q")
        await pilot.press("w")
        await pilot.pause()
        await pilot.press("q")
        await pilot.pause()

    assert desk.modes[:2] == ["wait", "hand_back"]
    assert app.return_code == 0


async def test_cancelling_ends_them_for_good(sqlite_store: Store) -> None:
    desk = Desk(busy=1)
    app = an_app(sqlite_store, background=desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        await press(pilot, "q")
        await pilot.press("c")
        for _ in range(100):
            await pilot.pause(0.01)
            if "wait" in desk.modes:
                break
        desk.end()
        await pilot.pause()

    with sqlite_store.reading() as tx:
        from tfui.model.columns import table_of
        from tfui.model.job import Job

        table = table_of(Job)
        asked = tx.connection.execute(
            table.select().where(table.c.cancel_requested_at.is_not(None))
        ).all()
    assert len(asked) == 1


async def test_an_engine_that_fails_is_shown_and_the_dashboard_lives(sqlite_store: Store) -> None:
    app = _app(sqlite_store, Desk(error=RuntimeError("no seats left")))
    with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY):
        pass
    async with app.run_test(size=(120, 36)) as pilot:
        await _opened(app, pilot)
        await pilot.pause(0.05)
        await settle(pilot)
        app.screen._tick()  # type: ignore[attr-defined]  # the main screen's second

        assert app.office.engine_error == "RuntimeError: no seats left"
        assert app.return_code is None


async def test_unsaved_work_is_asked_for(sqlite_store: Store) -> None:
    app = _app(sqlite_store, Desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await _opened(app, pilot)
        await press(pilot, "a", "x", "y")
        await pilot.press("ctrl+q")
        await appears(pilot, "Keep editing")

        await press(pilot, "escape")
        assert isinstance(app.screen, EditorScreen)
        app.office.stop_background("hand_back")


async def test_a_signal_hands_jobs_back_without_asking(sqlite_store: Store) -> None:
    desk = Desk(busy=3)
    app = _app(sqlite_store, desk)
    async with app.run_test() as pilot:
        await _opened(app, pilot)
        app.leave_now()
        await pilot.pause()

    assert desk.modes[0] == "hand_back"
    assert app.return_code == 0
