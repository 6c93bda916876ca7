"""The first start: asked once, over an empty store of one's own, and never in anybody's way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.play import an_app, appears, playing, press, settle, shown
from tfui.service import schedules
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen
from tfui.ui.state import Remembered, load, save

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.store.connection import Store

_QUESTION = "How would you like to begin?"
_CRONTAB = "# mine\n30 2 * * * /opt/bin/backup --all\n@reboot /opt/bin/never\n"


@pytest.fixture
def at_first(tmp_path: Path) -> Options:
    return Options(state_path=tmp_path / "state" / "ui.json", zone="Europe/Berlin")


@pytest.fixture
def own_crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crontab of the person's own, told by a program of cron's name."""
    (tmp_path / "tab").write_text(_CRONTAB, encoding="utf-8")
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\n[ "$1" = -l ] && exec cat {tmp_path}/tab\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@pytest.fixture
def no_crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without cron."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("own_crontab")
async def test_ones_own_crontab_is_shown_line_by_line_and_imported_when_that_is_wanted(
    sqlite_store: Store, at_first: Options
) -> None:
    app = an_app(sqlite_store, cast=(), options=at_first)
    async with playing(app, size=(80, 24)) as pilot:
        await appears(pilot, _QUESTION)
        await pilot.press("i")
        dry_run = await appears(pilot, "1 would be created")
        assert "/opt/bin/backup" in dry_run
        assert "x line 3" in dry_run
        assert "cron goes on" in dry_run
        await pilot.press("enter")
        await appears(pilot, "Imported 1 schedule")
        await settle(pilot)

        assert "30 2 * * *" in shown(pilot)

        await pilot.press("I", *"crontab -l", "enter")
        again = await appears(pilot, "Nothing to import: 1 here already, the same")
        assert "⏎ import" not in again
        await pilot.press("escape")
        caller = app.office.caller
        schedules.edit(
            caller, schedules.find(caller, "backup"), {"schedule_expression": "0 5 * * *"}
        )
        await pilot.press("I", *"crontab -l", "enter")
        kept = await appears(pilot, "Nothing to import: 1 edited here since, kept so")
        assert "kept as edited here: schedule expression" in kept


@pytest.mark.usefixtures("no_crontab")
async def test_without_a_crontab_there_is_none_to_import(
    sqlite_store: Store, at_first: Options
) -> None:
    app = an_app(sqlite_store, cast=(), options=at_first)
    async with playing(app, size=(80, 24)) as pilot:
        asked = await appears(pilot, _QUESTION)

        assert "crontab" not in asked.partition(_QUESTION)[2].partition("Demo")[0]
        await pilot.press("d")
        await pilot.pause()
    assert app.leads_to_demo


@pytest.mark.usefixtures("no_crontab")
@pytest.mark.parametrize("key", ["e", "escape", "enter"])
async def test_it_is_asked_once(sqlite_store: Store, at_first: Options, key: str) -> None:
    async with playing(an_app(sqlite_store, cast=(), options=at_first)) as pilot:
        await appears(pilot, _QUESTION)
        await pilot.press(key)
        assert "Nothing scheduled yet" in await appears(pilot, "a add one")
        assert at_first.state_path is not None
        assert load(at_first.state_path).is_welcomed

    async with playing(an_app(sqlite_store, cast=(), options=at_first)) as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, MainScreen)


@pytest.mark.usefixtures("no_crontab")
@pytest.mark.parametrize(
    "changes", [{"engine": False}, {"read_only": True}, {"state_path": None}], ids=str
)
async def test_nobody_is_asked_who_only_looks_or_is_in_the_demo(
    sqlite_store: Store, at_first: Options, changes: dict[str, object]
) -> None:
    options = replace(at_first, **changes)  # type: ignore[arg-type]  # by name
    async with playing(an_app(sqlite_store, cast=(), options=options)) as pilot:
        await settle(pilot)

        assert isinstance(pilot.app.screen, MainScreen)


@pytest.mark.usefixtures("no_crontab")
async def test_a_store_with_schedules_is_no_first_start(
    sqlite_store: Store, at_first: Options
) -> None:
    async with playing(an_app(sqlite_store, options=at_first)) as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, MainScreen)
    assert at_first.state_path is not None

    assert load(at_first.state_path).is_welcomed


async def test_whoever_filters_an_empty_store_is_left_to_it(
    sqlite_store: Store, at_first: Options
) -> None:
    save(at_first.state_path, Remembered(search="nightly"))
    async with playing(an_app(sqlite_store, cast=(), options=at_first)) as pilot:
        assert "Nothing matches" in await press(pilot)
