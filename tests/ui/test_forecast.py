"""The forecast under the fingers: every key of it, its words, and many schedules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.ui import stage
from tests.ui.play import an_app, playing, press, settle, shown
from tests.world import utc
from tfui.clock import FrozenClock
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.ui.options import Options
from tfui.ui.screens.editor import EditorScreen
from tfui.ui.screens.inspecting import InspectScreen
from tfui.ui.screens.main import MainScreen
from tfui.ui.views.forecast import ForecastView
from tfui.ui.widgets.forecast_starts import StartList

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store
    from tfui.ui.widgets.forecast_grid import ForecastGrid

OPTIONS = Options(engine=False, zone="UTC")


def _view(pilot: Pilot[None]) -> ForecastView:
    return pilot.app.screen_stack[0].query_one(ForecastView)


def _grid(pilot: Pilot[None]) -> ForecastGrid:
    return _view(pilot).grid


def _title(text: str) -> str:
    return next(line for line in text.splitlines() if "a cell" in line)


def _line(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if name in line)


def _lane(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line[1:].lstrip("› ").startswith(name))


def _app(store: Store, **more: Any) -> Any:
    return an_app(store, options=OPTIONS, **more)


async def test_it_opens_on_a_day_with_now_under_the_cursor(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        text = await press(pilot, "2")

        assert "Mon 05 Jan 05:00 – Tue 06 Jan 05:00 +00:00   24 h, a cell 15 min" in text
        assert "peak 17:00: 10 starts in that minute, 8 seats are enough" in text
        assert "Mon 05 Jan 09:00–09:15  all" in text
        assert _grid(pilot).has_focus
        assert "◔ waits  ⊘ skipped  ∥ side by side  ⊗ cancels" in text
        assert "past  ✓ succeeded  ✗ failed" in text


async def test_the_past_shows_what_ran_and_the_future_what_will(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        line = _line(await press(pilot, "2"), " dns-verify ")
        before, after = line.split("┊")

        assert "✗" in before
        assert before.count("✓") == 7
        assert after.count("◆") == 20


async def test_zoom_goes_both_ways_and_stops_at_the_ends(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2")
        spans = [_title(await press(pilot, "plus")) for _ in range(5)]
        assert ["12 h" in spans[0], "1 h, a cell 1 min" in spans[3], "1 h" in spans[4]] == [
            True
        ] * 3
        for _ in range(7):
            text = await press(pilot, "minus")
        assert "7 d, a cell 2 h" in text


async def test_it_zooms_around_the_cursor_once_that_has_left_now(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", *("right",) * 20)
        at = _view(pilot)._instant
        await press(pilot, "equals_sign")

        assert _view(pilot)._instant == at


async def test_h_and_l_pan_and_0_comes_back_to_now(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        home = _title(await press(pilot, "2"))
        assert "Mon 05 Jan 13:00" in _title(await press(pilot, "l"))
        assert _title(await press(pilot, "h")) == home
        assert "Sun 04 Jan 21:00" in _title(await press(pilot, "h"))
        assert _title(await press(pilot, "0")) == home
        assert "09:00–09:15" in shown(pilot)


async def test_the_cursor_walks_over_cells_and_takes_the_stretch_along(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert "09:30–10:00" in await press(pilot, "right")
        assert "09:00–09:30" in await press(pilot, "left")
        text = await press(pilot, *("left",) * 9)
        assert "04:30–05:00" in text
        assert "Sun 04 Jan 21:00" in _title(text)
        assert "nothing starts in this cell" in await press(pilot, "j", "enter")
        await press(pilot, "escape", "k")
        assert "api-canary · */5 * * * *" in await press(pilot, "j")
        assert "all" in await press(pilot, "g")


async def test_enter_lists_what_starts_in_the_cell_and_why(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        text = await press(pilot, "2", *("right",) * 32, "enter")

        assert pilot.app.screen.query_one(StartList).has_focus
        assert "17:00:00  ◆  fx-rates" in text
        assert "is skipped: what it comes after does not run" in text
        text = await press(pilot, "escape")
        assert _grid(pilot).has_focus
        assert "17:00:00" not in text


async def test_the_list_follows_the_cursor_and_opens_a_schedule(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", *("right",) * 32, "enter")
        text = await press(pilot, "G")
        assert "›" in text
        line = pilot.app.screen.query_one(StartList).line
        assert line is not None
        text = await press(pilot, "enter")
        assert isinstance(pilot.app.screen, MainScreen)
        assert pilot.app.screen.view is pilot.app.screen.home


async def test_a_run_of_the_past_opens_its_log(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", *("left",) * 8, "enter", "enter")
        main = pilot.app.screen
        assert isinstance(main, MainScreen)
        assert type(main.view).__name__ == "RunsView"


async def test_a_skipped_range_of_the_past_tells_its_reason(sqlite_store: Store) -> None:
    app = _app(sqlite_store)
    with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
        tx.connection.execute(
            table_of(Occurrence)
            .insert()
            .values(
                id=tx.ids.make(stage.MONDAY),
                scheduled_job_id=UUID(int=14),
                from_at=utc("2026-01-05 06:00"),
                to_at=utc("2026-01-05 06:00"),
                count=3,
                reason="missed_sleep",
                detail="the lid was closed",
                created_at=stage.MONDAY,
            )
        )
    async with playing(app) as pilot:
        text = await press(pilot, "2")
        assert "⊘" in _line(text, " invoice-remind ").split("┊")[0]
        lines = [line for line in text.splitlines() if line.startswith(("│  ", "│› "))]
        row = next(place for place, line in enumerate(lines) if " invoice-remind " in line)
        first = next(place for place, line in enumerate(lines) if " load " in line)
        text = await press(pilot, *("left",) * 12, *("j",) * (row - first), "enter")
        assert "06:00:00  ⊘  invoice-remind" in text
        assert "skipped: the machine was asleep, 3 times (the lid was closed)" in text


async def test_a_firing_that_was_skipped_is_drawn_as_skipped_and_says_why(
    sqlite_store: Store,
) -> None:
    app = _app(sqlite_store, cast=[part for part in stage.CAST if part.name == "dns-verify"])
    jobs = table_of(Job)
    with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
        tx.connection.execute(
            jobs.update()
            .where(jobs.c.nominal_at == utc("2026-01-05 08:20"))
            .values(
                status="cancelled",
                kind="chained",
                attempt=0,
                started_at=None,
                error="skip_dependency: its parent db-backup failed",
            )
        )
    async with playing(app) as pilot:
        text = await press(pilot, "2", *("left",) * 3, "j", "enter")

        assert "⊘" in _lane(text, "dns-verify").split("┊")[0]
        assert "⊗" not in _lane(text, "dns-verify")
        assert "08:20:00  ⊘  dns-verify" in text
        assert "skipped: what it depends on did not succeed (its parent db-backup failed)" in text


@pytest.mark.parametrize(
    ("policy", "mark", "words"),
    [
        ("skip", "⊘", "15 starts: 8 on time, 7 skipped (the run before it still runs)"),
        ("buffer_one", "⊘", "15 starts: 11 waiting for the run before it, 4 skipped"),
        ("allow", "∥", "15 starts, all side by side with the run before it"),
        ("cancel_running", "⊗", "15 starts, all cancelling the run before it"),
    ],
)
async def test_a_schedule_that_will_overlap_itself_shows_it_at_every_zoom(
    sqlite_store: Store, policy: str, mark: str, words: str
) -> None:
    crawl = stage.Part(
        name="crawl", cron="* * * * *", seconds=9, next_in=12, changes=(("overlap", policy),)
    )
    async with playing(_app(sqlite_store, cast=[crawl])) as pilot:
        text = await press(pilot, "2", "j", "right")

        assert "1 schedule will overlap itself: crawl (" in text
        assert words in text
        for zoom in ("plus", "minus"):
            line = _lane(await press(pilot, *(zoom,) * 4), "crawl")
            assert line.split("┊")[-1].count(mark) > 10


async def test_i_explains_the_start_under_the_cursor(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", "j", "i")
        assert isinstance(pilot.app.screen, InspectScreen)
        await press(pilot, "escape", "enter", "i")
        assert isinstance(pilot.app.screen, InspectScreen)


async def test_a_adds_a_schedule_at_the_time_of_the_cell(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", "right", "right", "a")
        assert isinstance(pilot.app.screen, EditorScreen)
        assert "30 9 * * *" in shown(pilot)
        await press(pilot, *"gap", "ctrl+s")
        assert isinstance(pilot.app.screen, EditorScreen)  # it has no command yet


async def test_a_time_that_has_passed_takes_no_schedule(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", "left", "a")

        assert isinstance(pilot.app.screen, MainScreen)


async def test_b_and_u_go_to_the_busiest_and_to_quiet_times(sqlite_store: Store) -> None:
    quiet = tuple(
        part for part in stage.CAST if part.name in {"db-backup", "fx-rates", "vat-return"}
    )
    async with playing(_app(sqlite_store, cast=quiet)) as pilot:
        text = await press(pilot, "2")
        assert "quiet " in text
        assert "11:00" in await press(pilot, "b")
        first = await press(pilot, "u")
        assert "0 starts" in first
        assert await press(pilot, "u") != first


async def test_the_clock_follows_the_choice_of_zone(sqlite_store: Store) -> None:
    options = Options(engine=False, zone="Europe/Berlin")
    async with playing(an_app(sqlite_store, options=options)) as pilot:
        assert "10:00–10:15" in await press(pilot, "2")
        await press(pilot, "t")
        assert "09:00–09:15" in await press(pilot, "t")


async def test_a_click_goes_to_the_cell_and_a_double_click_lists_it(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2")
        grid = _grid(pilot)
        await pilot.click(grid, offset=(grid.name_width + 4 + 20, 3))
        await settle(pilot)
        assert "billing-export · 30 2 * * 1-5" in shown(pilot)
        assert (grid.cursor, grid.column) == (3, 20)
        await pilot.click(grid, offset=(grid.name_width + 4 + 20, 3), times=2)
        await settle(pilot)
        assert _view(pilot).has_class("-open")


async def test_time_goes_on_and_the_stretch_with_it(sqlite_store: Store) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(_app(sqlite_store, clock=clock)) as pilot:
        await press(pilot, "2")
        clock.advance(timedelta(minutes=15))
        _view(pilot).tick(clock.now())
        await settle(pilot)

        assert "Mon 05 Jan 05:15" in _title(shown(pilot))


async def test_without_schedules_it_says_so_and_can_add_one(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store, cast=())) as pilot:
        assert "Nothing is scheduled, so nothing is coming" in await press(pilot, "2")
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, EditorScreen)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_resize_reads_for_other_cells(sqlite_store: Store, size: tuple[int, int]) -> None:
    async with playing(_app(sqlite_store)) as pilot:
        await press(pilot, "2", "l")
        await pilot.resize_terminal(*size)
        await settle(pilot)

        assert ("a cell 30 min" if size[0] == 80 else "a cell 10 min") in shown(pilot)


async def test_a_thousand_schedules_are_laid_out_a_screenful_at_a_time(sqlite_store: Store) -> None:
    async with playing(_app(sqlite_store, cast=stage.a_crowd(1000))) as pilot:
        await press(pilot, "2", "G", "g", "pagedown")

        assert _grid(pilot).line_count() == 1001
        assert len(_grid(pilot)._cells) < 100


async def test_it_is_all_ascii_when_asked(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=Options(engine=False, zone="UTC", ascii=True))
    async with playing(app) as pilot:
        text = await press(pilot, "2", "j", "j", "enter")

        assert [character for character in text if not character.isascii()] == []
