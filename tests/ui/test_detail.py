"""The detail of a schedule: its tabs, its runs, and output that grows while one looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tests.ui.printing import print_lines
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.ui.widgets.log_view import LogView
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store

NEXT = "right_square_bracket"
RUNNING = tuple(part for part in stage.CAST if part.name == "risk-recompute")


def _log(pilot: Pilot[None]) -> LogView:
    return pilot.app.screen.query_one(LogView)


async def test_enter_lays_the_detail_over_the_list_and_escape_takes_it_away(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "enter")
        assert "3 times in a row" in text
        assert "db-backup" not in text

        text = await press(pilot, "escape")
        assert "db-backup" in text
        assert isinstance(pilot.app.screen.focused, ScheduleTable)


async def test_from_mid_on_the_detail_follows_the_cursor(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert "exit 69: connection refused" in shown(pilot)
        text = await press(pilot, "j", "j")

        assert "very hour" in text
        assert "exit 69: connection refused" not in text


async def test_a_schedule_that_never_ran_claims_no_success_and_a_failed_one_no_duration(
    sqlite_store: Store,
) -> None:
    cast = [
        stage.Part(name="failing", cron="* * * * *", outcomes="f"),
        stage.Part(name="new", cron="* * * * *", last_ago=None, outcomes=""),
    ]
    async with playing(an_app(sqlite_store, cast=cast), size=(120, 36)) as pilot:
        text = shown(pilot)
        assert "success  0%" in text
        assert "half within" not in text

        assert "has not run yet" in await press(pilot, "j")
        assert "⏎ open" not in await press(pilot, "enter")
        assert "no run and no skip yet" in await press(pilot, NEXT, NEXT)


async def test_the_tabs_go_round_in_both_directions(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert "Wed 07 Jan 02:30 +01:00" in await press(pilot, NEXT)
        assert "the machine was asleep" in await press(pilot, NEXT)
        assert "try 3/3" in await press(pilot, NEXT, NEXT, NEXT)
        assert "half within" in await press(pilot, NEXT)
        assert "try 3/3" in await press(pilot, "left_square_bracket")


async def test_a_tab_can_be_clicked(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await pilot.click("#tabs", offset=(12, 0))
        await settle(pilot)

        assert "Wed 07 Jan 02:30 +01:00" in shown(pilot)


async def test_a_run_opens_its_own_output(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "enter", NEXT, NEXT, "j", "enter")

        assert "04 Jan 02:30" in text
        assert "1,204 invoices to send" in text
        assert "next attempt" in text


async def test_output_appears_while_the_job_prints_it(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        assert "portfolio 31 of 40" in await press(pilot, "enter", "left_square_bracket")
        print_lines(sqlite_store, 1900, ["portfolio 32 of 40 valued"])

        await appears(pilot, "portfolio 32 of 40")
        assert _log(pilot).follows


async def test_scrolling_up_stands_still_and_the_end_follows_again(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        await press(pilot, "enter", "left_square_bracket", "k", "k")
        assert not _log(pilot).follows
        at = _log(pilot).scroll_offset.y
        print_lines(sqlite_store, 1900, ["one more"])
        for _ in range(12):
            await pilot.pause(0.05)
            await settle(pilot)
        assert _log(pilot).scroll_offset.y == at

        assert "one more" in await press(pilot, "G")
        assert _log(pilot).follows


async def test_a_long_log_is_bounded_and_long_lines_can_be_wrapped(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        await press(pilot, "enter", "left_square_bracket")
        print_lines(sqlite_store, 1900, ["x" * 200 + " the end of a long line"])
        await appears(pilot, "xxxxx")
        assert "the end" not in shown(pilot)

        assert "the end of a long line" in await press(pilot, "w")


async def test_t_shows_times_on_another_clock_with_its_offset(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert "Tue 06 Jan 02:30 +01:00" in shown(pilot)
        await press(pilot, "t")
        text = await press(pilot, "t")

        assert "Tue 06 Jan 01:30 +00:00" in text


async def test_zooming_gives_a_pane_all_the_room(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "plus")
        assert "queue" in text.splitlines()[4]
        assert "Overview" not in text

        assert "Overview" in await press(pilot, "plus")


async def test_a_schedule_that_never_ran_says_so(sqlite_store: Store) -> None:
    cast = [stage.Part(name="new", cron="* * * * *", last_ago=None, outcomes="")]
    async with playing(an_app(sqlite_store, cast=cast), size=(120, 36)) as pilot:
        assert "none yet" in shown(pilot)
        assert "Nothing has run yet" in await press(pilot, "left_square_bracket")


async def test_of_a_crontab_import_the_overview_tells_the_file_alone(sqlite_store: Store) -> None:
    origin = {"source": "/etc/cron.d/nightly", "key": "9f86d081", "work": "5e88", "hash": "ab"}
    kept = {"crontab": origin, "owner": {"team": "data", "pager": "on"}}
    cast = [stage.Part(name="nightly", cron="@daily", changes=(("metadata_", kept),))]
    async with playing(an_app(sqlite_store, cast=cast), size=(120, 36)) as pilot:
        text = shown(pilot)

        assert "/etc/cron.d/nightly" in text
        assert "9f86d081" not in text
        assert "team data, pager on" in text
        assert "{" not in text


async def test_a_run_is_as_late_as_its_first_attempt_however_often_it_was_tried(
    sqlite_store: Store,
) -> None:
    app = an_app(sqlite_store)
    job = table_of(Job)
    with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
        tx.connection.execute(
            job.update()
            .where(job.c.scheduled_job_id == UUID(int=1), job.c.attempt == 3)
            .values(
                started_at=stage.MONDAY - timedelta(minutes=1),
                finished_at=stage.MONDAY,
            )
        )
    async with playing(app, size=(200, 50)) as pilot:
        text = await press(pilot, "enter", NEXT, NEXT)
        line = next(line for line in text.splitlines() if "3/3" in line)

        assert "05 Jan 02:30" in line
        assert "0.0s" in line
