"""Coming back to the dashboard as it was left, and opening it at a place that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tests.ui.scenes import typed
from tfui import assembly
from tfui.errors import Invalid
from tfui.settings import Settings
from tfui.ui.options import Options
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.store.connection import Store


def _here(pilot: Pilot[None]) -> str:
    row = pilot.app.screen.query_one(ScheduleTable).cursor_row
    return "" if row is None else row.name


async def test_filter_order_segment_view_and_schedule_are_as_they_were(
    sqlite_store: Store, tmp_path: Path
) -> None:
    options = Options(state_path=tmp_path / "ui.json", engine=False)
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        await press(pilot, "slash", *typed("type:cron"), "enter", "f", "s", "n", "j", "j")
        left = _here(pilot)
        await press(pilot, "2")

    async with playing(an_app(sqlite_store, cast=(), options=options)) as pilot:
        assert pilot.app.screen.view.id == "view-forecast"  # type: ignore[attr-defined]
        text = await press(pilot, "1")
        assert "/ type:cron" in text
        assert "[ok]" in text
        assert "name ▴" in text
        assert _here(pilot) == left


async def test_damaged_choices_are_as_if_never_made(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    path.write_text('{"segment": "x", "sort": "y", "view": "z", "schedule": "q", "zone": "w"}')
    options = Options(state_path=path, engine=False)
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        assert "21 of 21  status" in shown(pilot)


async def test_a_schedule_that_is_named_is_what_it_opens_on(sqlite_store: Store) -> None:
    options = Options(schedule="mail-digest", engine=False)
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        await settle(pilot)
        assert _here(pilot) == "mail-digest"


async def test_a_schedule_that_is_not_there_is_told(sqlite_store: Store) -> None:
    options = Options(schedule="mail-digst", engine=False)
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        assert "did you mean" in await appears(pilot, "no schedule 'mail-digst'")


async def test_a_view_that_is_named_is_what_it_opens(sqlite_store: Store) -> None:
    options = Options(view="runs", engine=False)
    async with playing(an_app(sqlite_store, cast=stage.CAST, options=options)) as pilot:
        assert pilot.app.screen.view.id == "view-runs"  # type: ignore[attr-defined]


def test_an_unknown_view_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no view 'foo'; there are schedules, forecast"):
        assembly.dashboard(Settings(db=str(tmp_path / "x.db")), view="foo")
