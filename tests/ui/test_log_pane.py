"""The log of a run in view 3: following, searching, times, saving, copying, and logs of any length."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tests.ui.printing import print_lines
from tfui.ui.log_window import KEPT
from tfui.ui.widgets.log_pane import LogPane

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.store.connection import Store
    from tfui.ui.widgets.log_view import LogView

RUNNING = tuple(part for part in stage.CAST if part.name == "risk-recompute")
JOB = 1900


def _pane(pilot: Pilot[None]) -> LogPane:
    return pilot.app.screen.query_one(LogPane)


def _log(pilot: Pilot[None]) -> LogView:
    return _pane(pilot).log_view


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def test_what_is_printed_appears_and_scrolling_up_stands_still(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        assert "portfolio 31 of 40" in await press(pilot, "3", "enter")
        print_lines(sqlite_store, JOB, ["portfolio 32 of 40 valued"])
        await appears(pilot, "portfolio 32 of 40")

        await press(pilot, "k", "k")
        print_lines(sqlite_store, JOB, ["portfolio 33 of 40 valued"], first=2000)
        _pane(pilot).reread()
        await settle(pilot)
        assert "portfolio 33" not in shown(pilot)
        assert "portfolio 33" in await press(pilot, "F")


async def test_wrapping_shows_the_whole_of_a_long_line(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        print_lines(sqlite_store, JOB, ["x" * 200 + " the end"])
        text = await press(pilot, "3", "enter")
        assert "the end" not in text
        assert "x›" in text  # more follows
        assert "the end" in await press(pilot, "w")


async def test_a_search_counts_its_matches_and_goes_round_them(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        text = await press(pilot, "3", "enter", "slash", *"LIO 3", "enter")
        assert "match 3/3" in text
        assert "portfolio 31 of 40" in text

        text = await press(pilot, "n")
        assert "match 1/3" in text
        assert "portfolio 3 of 40" in text
        assert "match 3/3" in await press(pilot, "N")

        print_lines(sqlite_store, JOB, ["portfolio 32 of 40 valued"])
        _pane(pilot).reread()
        await settle(pilot)
        assert "match 3/4" in shown(pilot)

        monkeypatch.delattr("tfui.ui.log_reading.places")  # a needle is read for once
        assert "match 4/4" in await press(pilot, "slash", "enter")

        text = await press(pilot, "escape")
        assert "match" not in text
        assert "► running" in text


async def test_a_search_without_a_match_says_so(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        assert "match 0" in await press(pilot, "3", "enter", "slash", *"zz", "enter", "n")


async def test_times_can_be_shown(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        assert "09:00:48 portfolio" not in await press(pilot, "3", "enter")
        assert "09:00:48 portfolio 31" in await press(pilot, "ctrl+t")
        assert "09:00:48 portfolio" not in await press(pilot, "ctrl+t")


async def test_colours_are_kept_and_all_else_is_scrubbed(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        print_lines(
            sqlite_store, JOB, ["\x1b[2J\x1b[31mred\x1b[0m \x1b]0;title\x07[bold]not markup[/bold]"]
        )
        text = await press(pilot, "3", "enter")

        assert "red [bold]not markup[/bold]" in text
        assert "title" not in text


async def test_saving_writes_a_new_file_every_time(sqlite_store: Store, here: Path) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(120, 36)) as pilot:
        await press(pilot, "3", "enter", "s")
        await appears(pilot, "risk-recompute-20260105T090007Z.log")
        await press(pilot, "s")
        await appears(pilot, "-2.log")

    names = sorted(os.listdir(here))  # noqa: PTH208  # a look after the app has gone
    assert names == [
        "risk-recompute-20260105T090007Z-2.log",
        "risk-recompute-20260105T090007Z.log",
    ]
    text = (here / names[1]).read_text(encoding="utf-8")
    assert text.startswith("portfolio 1 of 40 valued\n")
    assert len(text.splitlines()) == 31


async def test_copying_takes_the_whole_log(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        await press(pilot, "3", "enter", "y")
        await appears(pilot, "Copied 31 lines")

        assert pilot.app.clipboard.startswith("portfolio 1 of 40 valued\n")


async def test_any_part_of_a_huge_log_is_a_key_away_and_only_ten_thousand_lines_are_held(
    sqlite_store: Store,
) -> None:
    app = an_app(sqlite_store, cast=RUNNING)
    print_lines(sqlite_store, JOB, [f"line {number}" for number in range(16_000)], together=40)
    async with playing(app, size=(80, 24)) as pilot:
        text = await press(pilot, "3", "enter")
        assert "line 15999" in text
        assert "lines 6,032-16,031 of 16,031" in text

        assert "portfolio 1 of 40" in await press(pilot, "g")
        assert _log(pilot).window.first == 0
        text = await press(pilot, "slash", *"line 8000", "enter")
        assert "line 8000" in text
        assert "match 1/1" in text
        assert _log(pilot).window.height(None) == KEPT

        assert "line 15999" in await press(pilot, "G")


async def test_scrolling_over_the_edge_of_what_is_held_goes_on_in_the_store(
    sqlite_store: Store,
) -> None:
    app = an_app(sqlite_store, cast=RUNNING)
    print_lines(sqlite_store, JOB, [f"line {number}" for number in range(12_000)], together=40)
    async with playing(app, size=(80, 24)) as pilot:
        await press(pilot, "3", "enter")
        log = _log(pilot)
        log.scroll_to(y=1, animate=False, immediate=True, force=True)
        await press(pilot, "pageup", "pageup")

        assert log.window.first == 0
        assert "line 1990" in shown(pilot)


async def test_a_huge_log_does_not_hold_up_the_keys(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, cast=RUNNING)
    print_lines(sqlite_store, JOB, [f"line {number}" for number in range(12_000)], together=40)
    async with playing(app, size=(80, 24)) as pilot:
        await press(pilot, "3", "enter")
        begun = time.process_time()
        for _ in range(20):
            await pilot.press("k")

        assert time.process_time() - begun < 2.0
        print_lines(sqlite_store, JOB, ["and one more"], first=5000)
        begun = time.process_time()
        _log(pilot).action_last()
        _pane(pilot).reread()
        await settle(pilot)
        assert "and one more" in shown(pilot)
        assert time.process_time() - begun < 2.0


def test_the_time_of_a_line_is_that_of_its_end() -> None:
    from tfui.model.job import OutputChunk
    from tfui.ui.log_lines import LogReader

    at = stage.MONDAY
    chunks = [
        OutputChunk(fence=1, seq=0, at=at, stream="stdout", text="be"),
        OutputChunk(fence=1, seq=1, at=at + timedelta(seconds=2), stream="stdout", text="gun\n"),
    ]
    (line,) = LogReader().read(chunks)

    assert (line.text.plain, line.at) == ("begun", at + timedelta(seconds=2))


async def test_a_second_that_passes_while_a_log_is_taken_away_does_no_harm(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING)) as pilot:
        await press(pilot, "3", "enter")
        pane, now = _pane(pilot), pilot.app.office.clock.now()  # type: ignore[attr-defined]  # our own app
        state = pane.query_one(".log-state")

        going = pane.remove()
        await state.remove()  # as Textual does: a widget's parts end before it does
        pane.tick(now)
        await going

        assert not pilot.app.screen.query(LogPane)
