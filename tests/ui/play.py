"""Running the dashboard in a test: a store with a cast, an app on it, and how to wait for its rest."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual.widgets import Input

from tests.ui import stage
from tfui.clock import FrozenClock
from tfui.service.caller import Caller, local_caller
from tfui.ui.app import TfuiApp
from tfui.ui.office import Opening
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from textual.pilot import Pilot

    from tests.ui.stage import Part
    from tfui.store.connection import Store
    from tfui.ui.office import Background

_WAITING = {"act", "dialog", "leaving"}
"""Workers that wait for a person; everything else comes to an end by itself."""


def caller_of(store: Store, clock: FrozenClock) -> Caller:
    """Give the person at the dashboard, whatever the machine's user is called."""
    before = {name: os.environ.get(name) for name in ("LOGNAME", "USER")}
    os.environ.update(LOGNAME="ana", USER="ana")
    try:
        return local_caller(store, clock, via="tui")
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def an_app(
    store: Store,
    *,
    cast: Sequence[Part] = stage.CAST,
    clock: FrozenClock | None = None,
    background: Background | None = None,
    options: Options | None = None,
) -> TfuiApp:
    """Make an app on a store with a cast in it."""
    clock = clock or FrozenClock(stage.MONDAY)
    caller = caller_of(store, clock)
    if cast:
        stage.fill(store, caller.organization_id, cast)
    return TfuiApp(
        open_office=lambda: Opening(
            caller=caller, open_watch=store.watch, background=background, close=lambda: None
        ),
        clock=clock,
        options=options or Options(engine=background is not None),
    )


async def settle(pilot: Pilot[None]) -> None:
    """Let the app come to rest: threads answered, messages handled, lines drawn."""
    app = pilot.app
    quiet = 0
    for _ in range(400):
        await pilot.pause()
        busy = [
            each for each in app.workers if each.group not in _WAITING and each.name != "engine"
        ]
        main = app.screen_stack[0]
        is_quiet = not busy and isinstance(main, MainScreen) and main.is_at_rest
        quiet = quiet + 1 if is_quiet else 0
        if quiet == 2:  # an answer may have come after the messages before it were handled
            await _still_cursors(pilot)
            return
        await asyncio.sleep(0 if is_quiet else 0.005)
    raise AssertionError("the dashboard did not come to rest")


async def _still_cursors(pilot: Pilot[None]) -> None:
    """Keep cursors lit: a picture must not depend on when in its blinking it was taken."""
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await pilot.pause()


@asynccontextmanager
async def playing(app: TfuiApp, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    """Have the app open and at rest."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        try:
            yield pilot
        finally:
            app.office.stop_background("hand_back")


def shown(pilot: Pilot[None]) -> str:
    """Give the screen as text."""
    width, height = pilot.app.size
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text[:width].rstrip() for strip in strips[:height])


async def appears(pilot: Pilot[None], text: str) -> str:
    """Wait until `text` is on the screen, for what other threads and questions bring; give it all."""
    for _ in range(200):
        await pilot.pause()
        if text in (found := shown(pilot)):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text!r} did not appear in\n{shown(pilot)}")


async def press(pilot: Pilot[None], *names: str) -> str:
    """Press keys one after another, and give the screen when it is at rest."""
    for name in names:
        await pilot.press(name)
    await settle(pilot)
    return shown(pilot)
