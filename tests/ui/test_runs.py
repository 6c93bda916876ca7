"""View 3: every run of every schedule, its filters, its keys, and up to four logs side by side."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tfui.clock import FrozenClock
from tfui.core.states import JobStatus
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.ui import runs_reading
from tfui.ui.keys import BY_ID
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen
from tfui.ui.views import runs as runs_view
from tfui.ui.views.runs import RunsView
from tfui.ui.widgets.log_pane import LogPane
from tfui.ui.widgets.run_table import RunTable

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.service.caller import Caller
    from tfui.store.connection import Store

CERT = tuple(part for part in stage.CAST if part.name == "cert-expiry-check")
LIVE = tuple(part for part in stage.CAST if part.live)


def _view(pilot: Pilot[None]) -> RunsView:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, MainScreen)
    assert isinstance(screen.view, RunsView)
    return screen.view


def _panes(pilot: Pilot[None]) -> list[LogPane]:
    return list(pilot.app.screen.query(LogPane))


def _status(store: Store, job_id: int) -> JobStatus:
    job = table_of(Job)
    with store.reading() as tx:
        found = (
            tx.connection.execute(job.select().where(job.c.id == UUID(int=job_id))).mappings().one()
        )
    return JobStatus(found["status"])


async def test_3_shows_all_runs_newest_first_and_1_goes_back(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        text = await press(pilot, "3")
        times = [line.split()[4] for line in text.splitlines() if "05 Jan 08:" in line]
        assert times == sorted(times, reverse=True)
        assert "225" in text

        assert "Overview" in await press(pilot, "1")


async def test_a_click_on_the_strip_opens_a_view(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        column = shown(pilot).splitlines()[1].index("Runs")
        await pilot.click("#view-strip", offset=(column, 0))
        await settle(pilot)

        assert isinstance(_view(pilot), RunsView)


async def test_the_view_is_remembered(sqlite_store: Store, tmp_path: Path) -> None:
    options = Options(engine=False, state_path=tmp_path / "ui.json")
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        await press(pilot, "3")

    async with playing(an_app(sqlite_store, cast=(), options=options)) as pilot:
        assert isinstance(_view(pilot), RunsView)
        assert "what happened" in shown(pilot)


async def test_what_did_not_run_has_a_line_with_its_reason(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(200, 50)) as pilot:
        text = await press(pilot, "3", "f", "f", "f", "f")

        assert "[skip]" in text
        assert "the machine was asleep, from 31 Dec 01:30" in text
        assert "the schedule was paused, from 11 Dec 02:15 (disk is replaced)" in text
        assert "succeeded" not in text


async def test_enter_typed_ahead_opens_what_the_new_filter_lists(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, read = threading.Event(), runs_reading.read

    def slow(caller: Caller, wanted: runs_reading.Wanted) -> runs_reading.RunsLook:
        assert not wanted.filter.is_narrow or gate.wait(10)
        return read(caller, wanted)

    monkeypatch.setattr(runs_reading, "read", slow)
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3")
        await pilot.press("f", "f", "enter")
        assert not pilot.app.screen.query(LogPane)
        gate.set()
        await settle(pilot)

        assert "✗ failed exit 69  09:00:00  try 3/3" in shown(pilot)


async def test_enter_on_what_did_not_run_says_why(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3", "f", "f", "f", "f", "j", "enter")

        assert await appears(pilot, "Why did db-backup not run")


async def test_f_goes_round_the_segments(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3")
        seen = []
        for _ in range(5):
            text = await press(pilot, "f")
            seen.append(next(word for word in text.split() if word[:1] == "["))

        assert seen == ["[ok]", "[fail]", "[live]", "[skip]", "[all]"]


async def test_a_typed_filter_narrows_and_escape_takes_it_back(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        text = await press(pilot, "3", "slash", *"refused", "enter")
        assert "cert-expiry-check" in text
        assert "session-sweep" not in text

        assert "session-sweep" in await press(pilot, "escape")
        assert "Nothing matches 'zz'" in await press(pilot, "slash", "z", "z")
        assert "session-sweep" in await press(pilot, "escape")


async def test_an_empty_store_says_what_to_do(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=()), size=(80, 24)) as pilot:
        assert "Nothing has run yet" in await press(pilot, "3")
        assert "Nothing scheduled yet" in await press(pilot, "1")


async def test_on_a_low_terminal_the_summary_says_which_view_it_is(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        assert shown(pilot).startswith(" 1 Schedules ")
        assert (await press(pilot, "3")).startswith(" 3 Runs ")


async def test_waiting_for_another_try_says_when_it_comes(sqlite_store: Store) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(an_app(sqlite_store, clock=clock), size=(120, 36)) as pilot:
        assert "2/3 00:08" in shown(pilot)
        line = next(
            line for line in (await press(pilot, "3")).splitlines() if "webhook-dispatch" in line
        )
        assert "2/3" in line
        assert "again in 00:08" in line

        clock.advance(timedelta(seconds=3))
        _view(pilot).tick(clock.now())
        await pilot.pause()
        assert "again in 00:05" in shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_enter_opens_the_log_and_escape_closes_it(
    sqlite_store: Store, size: tuple[int, int]
) -> None:
    async with playing(an_app(sqlite_store, cast=CERT), size=size) as pilot:
        text = await press(pilot, "3", "enter")
        assert "try 3/3" in text
        assert "connection refused" in text
        assert _panes(pilot)[0].has_focus_within

        assert "try 3/3" not in await press(pilot, "escape")
        assert isinstance(pilot.app.screen.focused, RunTable)


async def test_marked_runs_open_side_by_side_with_their_names(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(200, 50)) as pilot:
        text = await press(pilot, "3", "f", "f", "space", "space", "space", "enter")
        assert "3 marked" in text
        line = next(line for line in text.splitlines() if line.count("▌") == 3)
        assert [word for word in line.split() if "-" in word] == [
            "cert-expiry-check",
            "dns-verify",
            "billing-export",
        ]
        assert len(_panes(pilot)) == 3

        await press(pilot, "escape")
        assert not _panes(pilot)
        assert "marked" not in await press(pilot, "escape")


async def test_no_more_than_four_logs_are_opened_and_that_is_said(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(200, 50)) as pilot:
        await press(pilot, "3", *["space"] * 10, "enter")

        assert len(_panes(pilot)) == 4
        assert "The first 4 of 10 marked runs are shown" in shown(pilot)


async def test_plus_gives_the_logs_all_the_room(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=CERT)) as pilot:
        text = await press(pilot, "3", "enter", "plus")
        assert "what" not in text.splitlines()[4]

        assert "what" in await press(pilot, "escape")


async def test_x_cancels_after_asking(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=LIVE)) as pilot:
        await press(pilot, "3", "slash", *"canary", "enter", "x")
        assert "Cancel the job of api-canary?" in await appears(pilot, "Cancel the job")

        await pilot.press("y")
        await appears(pilot, "Cancelled the job of api-canary")
        assert _status(sqlite_store, 4900) is JobStatus.CANCELLED


async def test_a_tries_a_failed_run_again(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=CERT)) as pilot:
        await press(pilot, "3", "A")

        await appears(pilot, "Trying again: the job of cert-expiry-check")
        assert _status(sqlite_store, 1011) is JobStatus.QUEUED
        assert "x cancel" in (await press(pilot, "j", "k")).splitlines()[-1]


async def test_a_asks_before_several_are_tried_again(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3", "f", "f", "space", "space", "A")
        await appears(pilot, "Try 2 jobs of cert-expiry-check, dns-verify again?")
        await pilot.press("y")

        await appears(pilot, "Trying again: 2 jobs")


async def test_what_succeeded_cannot_be_tried_again_and_the_palette_says_so(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3", "f")

        reasons = {
            action.id: _view(pilot).why_not(action)
            for action in (BY_ID["runs.retry"], BY_ID["runs.cancel"])
        }
        assert reasons["runs.retry"] == "only what failed or was cancelled can be tried again"
        assert reasons["runs.cancel"] == "it is not running or waiting"


async def test_nothing_is_changed_when_read_only(sqlite_store: Store) -> None:
    options = Options(engine=False, read_only=True)
    async with playing(an_app(sqlite_store, cast=CERT, options=options)) as pilot:
        assert "A again" not in (await press(pilot, "3", "A")).splitlines()[-1]
        assert _status(sqlite_store, 1011) is JobStatus.FAILED


async def test_i_and_o_lead_to_the_reason_and_to_the_schedule(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3", "slash", *"fx-rates", "enter", "i")
        await appears(pilot, "fx-rates")
        await press(pilot, "escape", "o")

        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.view is screen.home
        assert screen.home.row is not None
        assert screen.home.row.name == "fx-rates"


async def test_a_in_the_detail_tries_the_run_under_the_cursor_again(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=CERT)) as pilot:
        tab = "right_square_bracket"
        await press(pilot, "enter", tab, tab, "A")

        await appears(pilot, "Trying again: the job of cert-expiry-check")
        assert _status(sqlite_store, 1011) is JobStatus.QUEUED


async def test_another_view_can_ask_for_a_jobs_log(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        screen.home.post_message(screen.home.OpenJob(UUID(int=1011)))
        text = await appears(pilot, "try 3/3")

        assert "01:30:00" in text


async def test_older_runs_are_listed_when_the_end_is_reached(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_view, "FIRST_DEPTH", 60)
    async with playing(an_app(sqlite_store)) as pilot:
        assert "newest" in await press(pilot, "3")
        for _ in range(4):
            await press(pilot, "G")

        assert "newest" not in shown(pilot)
        assert _view(pilot).table.line_count() == 225


async def test_the_cursor_stays_with_its_run_as_new_ones_come_in(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        await press(pilot, "3", "j", "j", "j", "j")
        view = _view(pilot)
        here = view.table.cursor_id
        with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
            job = table_of(Job)
            like = dict(
                tx.connection.execute(job.select().where(job.c.id == UUID(int=1011)))
                .mappings()
                .one()
            )
            tx.connection.execute(
                job.insert(), [like | {"id": UUID(int=99_999), "nominal_at": stage.MONDAY}]
            )
        view._read_list()
        await settle(pilot)

        assert view.table.cursor_id == here
        assert view.table.cursor == 5


def test_rows_that_are_gone_have_no_place() -> None:
    lines = runs_reading.Lines([UUID(int=1)])

    assert lines.place(UUID(int=1)) == 0
    assert lines.place(UUID(int=2)) is None
