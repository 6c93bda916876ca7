"""The engine room: engines, queues and limits as they are, and every key that changes a queue."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.ui import engine_room, stage
from tests.ui.play import an_app, appears, caller_of, playing, press, shown
from tests.world import utc
from tfui.clock import FrozenClock
from tfui.service import queues, rates
from tfui.ui import queue_words
from tfui.ui.engine_facts import size_words
from tfui.ui.log_ring import LogRing
from tfui.ui.options import Options
from tfui.ui.views.engine import EngineView
from tfui.ui.widgets.node_table import NodeTable
from tfui.ui.widgets.queue_list import QueueList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from tfui.model.queue import QueueRow
    from tfui.store.connection import Store

UTC = Options(engine=False, zone="UTC")
NARROW, MID = (80, 24), (120, 36)


@asynccontextmanager
async def in_the_room(
    store: Store, size: tuple[int, int] = MID, options: Options = UTC
) -> AsyncIterator[Pilot[None]]:
    """Have the view of the engine open."""
    app = an_app(store, options=options)
    engine_room.work(store)
    async with playing(app, size=size) as pilot:
        await press(pilot, "6")
        yield pilot


def queue(store: Store, name: str) -> QueueRow:
    caller = caller_of(store, FrozenClock(stage.MONDAY))
    (found,) = (row for row in queues.listing(caller) if row.name == name)
    return found


def line(text: str, start: str) -> str:
    return next(each for each in text.splitlines() if start in each)


def test_it_says_nothing_of_engines_before_it_has_read_of_any() -> None:
    table = NodeTable(ascii=False, id="nodes")

    assert [line.plain for line in table._lines(80)] == [""]


async def test_it_tells_who_works_how_punctually_and_who_fell_silent(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store) as pilot:
        text = shown(pilot)

        told = " ".join(line(text, "atlas:4711").split())
        assert told == "│ ● live atlas:4711 app 0.1.0 1/4 1.2 3ms 12ms 2s ago 2h 14m │"
        assert "! silent" in line(text, "rigel:17")
        assert "5m ago" in line(text, "rigel:17")
        assert "○ stopped" in line(text, "atlas:3980")
        assert "1.6 starts a second · 1 of 12 seats taken" in text
        assert "slept 7h 35m, woke Mon 05 Jan 06:58:12 +00:00" in text


async def test_it_tells_what_each_queue_does_and_holds(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store, size=(200, 50)) as pilot:
        text = await press(pilot, "j", "j")

        assert "28 queue full" in line(text, " bulk ")
        assert "5 queue paused" in line(text, "› nightly")
        assert "·▃▅▆▆" in line(text, "› nightly")
        assert '9m ago by ana "disk is replaced", until Mon 05 Jan 18:00' in text
        assert "12 of 30 a minute left" in text


async def test_a_used_up_limit_tells_when_the_next_may_start(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=UTC)
    engine_room.stumble(sqlite_store)
    async with playing(app, size=(200, 50)) as pilot:
        text = await press(pilot, "6", "j")

        assert "none of 18 a minute left, next 09:01:13 in 00:25" in text
        assert "✗ atlas:4711 the disk is full" in text
        assert "set back 1h 00m" in line(text, "clock ")


async def test_p_pauses_the_queue_and_opens_it_and_z_takes_it_back(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store) as pilot:
        text = await press(pilot, "p")
        assert queue(sqlite_store, "bulk").paused_by == "ana"
        assert "Paused the queue bulk · z undo" in text
        assert "⊝ paused" in line(text, "› bulk")

        await press(pilot, "z")
        assert queue(sqlite_store, "bulk").paused_at is None
        await press(pilot, "p")
        text = await press(pilot, "p")
        assert queue(sqlite_store, "bulk").paused_at is None
        assert "Opened the queue bulk" in text


async def test_capital_p_asks_for_an_end_and_a_note(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store) as pilot:
        await press(pilot, "P", "3", "h", "tab", *"disk", "enter")
        paused = queue(sqlite_store, "bulk")

        assert (paused.paused_until, paused.pause_note) == (utc("2026-01-05 12:00:48"), "disk")


async def test_e_sets_how_many_run_at_once_and_an_empty_field_leaves_it_to_the_seats(
    sqlite_store: Store,
) -> None:
    async with in_the_room(sqlite_store) as pilot:
        await press(pilot, "e", "backspace", "5", "enter")
        assert queue(sqlite_store, "bulk").concurrency == 5
        assert "0/5" in line(shown(pilot), "› bulk")

        await press(pilot, "e", "backspace", "enter")
        assert queue(sqlite_store, "bulk").concurrency is None
        await press(pilot, "z")
        assert queue(sqlite_store, "bulk").concurrency == 5


async def test_what_is_no_number_is_said_and_not_taken(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store) as pilot:
        text = await press(pilot, "e", "x", "enter")
        assert "✗ not a whole number from 1 to 100,000" in text

        await press(pilot, "escape")
        assert queue(sqlite_store, "bulk").concurrency == 2


async def test_l_limits_a_job_type_and_z_takes_it_back(sqlite_store: Store) -> None:
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    async with in_the_room(sqlite_store) as pilot:
        await press(pilot, "j", "l")
        text = await appears(pilot, "Limit the starts of which job type?")
        assert "30 a minute" in line(text, "shell")
        assert "120 a minute" in line(text, "every other type")
        text = await press(pilot, "enter", "backspace", "backspace", *"60", "enter")

        assert "shell: 60 a minute" in text
        limits = {limit.job_type: limit.per_minute for limit in rates.limits(caller)}
        assert limits == {None: 120, "shell": 60}
        await press(pilot, "z")
        assert rates.limits(caller)[1].per_minute == 30


async def test_enter_shows_a_queue_whole_where_there_is_one_pane(sqlite_store: Store) -> None:
    async with in_the_room(sqlite_store, size=NARROW) as pilot:
        text = await press(pilot, "G", "enter")
        assert "9m ago by ana" in text
        assert "esc back" in text.splitlines()[-1]

        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, QueueList)


async def test_nothing_can_be_changed_read_only(sqlite_store: Store) -> None:
    options = Options(engine=False, zone="UTC", read_only=True)
    async with in_the_room(sqlite_store, options=options) as pilot:
        await press(pilot, "p", "e", "l")
        view = pilot.app.screen.query_one(EngineView)

        assert queue(sqlite_store, "bulk").paused_at is None
        assert [view.check_action(act, ()) for act in ("pause", "concurrency", "limit")] == [
            None
        ] * 3


async def test_warnings_are_kept_off_the_screen_and_shown_here(
    sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    async with in_the_room(sqlite_store) as pilot:
        logging.getLogger("tfui.engine").warning("the engine waits for the store: %s", "locked")
        await press(pilot, "j")

        assert "! the engine waits for the store:" in shown(pilot)
    assert capsys.readouterr().err == ""


def test_of_an_exception_only_its_kind_is_kept() -> None:
    ring = LogRing()
    ring.listen()
    try:
        int("s3cr3t")
    except ValueError:
        logging.getLogger("tfui.engine").exception("a turn went wrong")
    finally:
        ring.leave()

    assert [line.text for line in ring.lines] == ["a turn went wrong (ValueError)"]


@pytest.mark.parametrize(
    ("depths", "width", "drawn"),
    [
        ((), 5, ""),
        ((0, 0, 0), 3, "···"),
        ((0, 1, 6), 3, "·▁▆"),
        ((0, 0, 5, 0), 2, "·▆"),
        ((1, 1), 9, "▆▆"),
    ],
)
def test_depths_are_drawn_as_the_peak_of_each_stretch(
    depths: tuple[int, ...], width: int, drawn: str
) -> None:
    assert queue_words.sparkline(depths, width, ascii=False) == drawn
    assert queue_words.sparkline(depths, width, ascii=True).isascii()


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1536, "1.5 KiB"),
        (2**20 * 300, "300 MiB"),
        (2**50, "1024 TiB"),
    ],
)
def test_sizes_are_said_in_their_unit(size: int, words: str) -> None:
    assert size_words(size) == words
