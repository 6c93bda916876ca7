"""Every action of the registry: its key, pressed in its place, is seen to do what it says."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from tests.ui import engine_room
from tests.ui.deeds import EDITED, JOURNEYS
from tests.ui.play import an_app, playing, press, shown
from tfui.ui.keys import ACTIONS, BY_ID
from tfui.ui.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.ui.deeds import Journey, Step
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own for what is saved, an $EDITOR that changes nothing, and no desktop."""
    monkeypatch.chdir(tmp_path)
    for name in ("VISUAL", "TMUX", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\ntouch {EDITED}\n")
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(program))
    monkeypatch.setattr(App, "suspend", _as_if_suspended)


@contextmanager
def _as_if_suspended(_app: App[None]) -> Iterator[None]:
    """A test has no terminal to lend."""
    yield


def test_every_action_has_a_step_and_only_one() -> None:
    counts = Counter(step.action for journey in JOURNEYS for step in journey.steps)

    assert {name: counts[name] for name in BY_ID if counts[name] != 1} == {}
    assert counts.keys() == {action.id for action in ACTIONS}


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
async def test_each_key_does_what_it_says(journey: Journey, sqlite_store: Store) -> None:
    options = Options(engine=False, zone="UTC", filters=journey.filters)
    app = an_app(sqlite_store, cast=journey.cast, options=options)
    if journey.past is not None:
        journey.past(sqlite_store)
    with engine_room.a_known_machine():
        async with playing(app, size=journey.size) as pilot:
            if journey.laid_on_top is not None:
                app.push_screen(journey.laid_on_top())
                await press(pilot)
            for step in journey.steps:
                await _play(pilot, app, step)


async def _play(pilot: Pilot[None], app: TfuiApp, step: Step) -> None:
    await press(pilot, *step.before)
    given: list[object] = []
    if step.asked is not None:
        app.push_screen(step.asked(), given.append)
        await press(pilot)
    key = BY_ID[step.action].keys[0]
    assert not _is_seen(pilot, app, step, given), (
        f"{step.action}: so it was before {key}\n{shown(pilot)}"
    )
    await pilot.press(key)
    for _ in range(200):
        await pilot.pause()
        if _is_seen(pilot, app, step, given):
            break
        await asyncio.sleep(0.02)
    else:
        raise AssertionError(f"{step.action}: nothing came of {key}\n{shown(pilot)}")
    if step.after:
        await press(pilot, *step.after)


def _is_seen(pilot: Pilot[None], app: TfuiApp, step: Step, given: list[object]) -> bool:
    text = shown(pilot) if step.sees or step.gone else ""
    focused = app.focused
    return (
        (not step.sees or step.sees in text)
        and (not step.gone or step.gone not in text)
        and (not step.opens or type(app.screen).__name__ == step.opens)
        and (not step.focus or (focused is not None and focused.id == step.focus))
        and (not step.gives or given == [step.gives])
        and (step.holds is None or step.holds(app))
    )
