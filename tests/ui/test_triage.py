"""Dealing with missed runs in the dashboard: the verdict, the dialog and each of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from textual.widgets import Input

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tests.world import utc
from tfui.core.states import JobKind, SkipReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.missed import MissedRow, MissedTally, TriageRow
from tfui.model.occurrence import Occurrence
from tfui.ui.missed_words import dealt_words, left_words, tally_words, window_words
from tfui.ui.options import Options
from tfui.ui.screens.triage import TriageScreen

if TYPE_CHECKING:
    from tests.ui.stage import Part
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp

WELL = tuple(part for part in stage.CAST if part.name in {"fx-rates", "cache-evict", "dns-verify"})
UTC = Options(engine=False, zone="UTC")


def missing_some(store: Store, *, cast: tuple[Part, ...] = WELL, options: Options = UTC) -> TfuiApp:
    app = an_app(store, cast=cast, options=options)
    stage.oversleep(store)
    return app


def made(store: Store) -> list[int]:
    """Give the schedules of the jobs that were made up."""
    table = table_of(Job)
    with store.reading() as tx:
        query = table.select().where(table.c.kind == JobKind.BACKFILL)
        found = tx.connection.execute(query.order_by(table.c.nominal_at)).all()
    return [int(job.scheduled_job_id) for job in found]


def waived(store: Store) -> dict[int, str | None]:
    """Give the notes of waived ranges by schedule."""
    table = table_of(Occurrence)
    with store.reading() as tx:
        query = table.select().where(table.c.waived_at.is_not(None))
        return {
            int(one.scheduled_job_id): one.waive_note for one in tx.connection.execute(query).all()
        }


async def test_the_verdict_counts_what_was_missed_and_names_the_key(sqlite_store: Store) -> None:
    async with playing(missing_some(sqlite_store), size=(80, 24)) as pilot:
        text = shown(pilot)
        assert "⊘ 3 schedules missed 64 runs: the machine was asleep" in text
        assert "m missed" in text


async def test_worse_trouble_keeps_the_number_beside_it(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, options=UTC), size=(120, 36)) as pilot:
        assert "m missed (2)  ! problems" in shown(pilot)


async def test_m_lists_them_by_schedule_and_l_runs_the_latest(sqlite_store: Store) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "m")
        assert "3 schedules missed 64 runs in the last 7 days" in text
        assert "the machine was asleep" in text

        text = await press(pilot, "l")
        assert "Missed runs: started 1 run, waived" in text
        assert len(made(sqlite_store)) == 1
        assert "2 schedules missed" in text


async def test_space_marks_and_w_waives_those_with_a_note(sqlite_store: Store) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "m", "space", "space")
        pilot.app.screen.query_one("#triage-note", Input).value = "on holiday"
        text = await press(pilot, "w")

        assert "Missed runs: waived" in text
        assert set(waived(sqlite_store).values()) == {"on holiday"}
        assert len(waived(sqlite_store)) == 2
        assert made(sqlite_store) == []

        await press(pilot, "escape", "z")
        assert waived(sqlite_store) == {}


async def test_capital_a_asks_before_it_starts_many(sqlite_store: Store) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "m", "A")
        await appears(pilot, "Start 64 runs?")
        await press(pilot, "n")
        assert made(sqlite_store) == []

        await press(pilot, "A")
        await appears(pilot, "Start 64 runs?")
        await pilot.press("y")
        await appears(pilot, "Missed runs: started 64 runs")
        assert len(made(sqlite_store)) == 64
        assert not isinstance(pilot.app.screen, TriageScreen)


@pytest.mark.parametrize(("key", "runs"), [("a", 1), ("L", 3), ("W", 0)])
async def test_every_other_key_does_its_part(sqlite_store: Store, key: str, runs: int) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "m")
        await press(pilot, "G", key)
        await settle(pilot)

        found = made(sqlite_store)
        assert len(set(found)) == runs
        assert bool(waived(sqlite_store)) is (key != "a")


async def test_nothing_missed_says_so(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=WELL, options=UTC), size=(80, 24)) as pilot:
        text = await press(pilot, "m")
        assert "Nothing was missed that nobody has dealt with" in text
        await press(pilot, "a", "escape")
        assert made(sqlite_store) == []


async def test_read_only_deals_with_nothing_and_says_why(sqlite_store: Store) -> None:
    options = Options(engine=False, zone="UTC", read_only=True)
    async with playing(missing_some(sqlite_store, options=options), size=(120, 36)) as pilot:
        text = await press(pilot, "m", "W")
        assert "read-only" in text
        assert waived(sqlite_store) == {}


def test_the_words() -> None:
    row = MissedRow(
        schedule_id=UUID(int=1),
        schedule="x",
        timezone="UTC",
        count=2,
        from_at=utc("2026-01-04 23:00"),
        to_at=utc("2026-01-05 02:00"),
        reasons=(SkipReason.MISSED_SLEEP,),
        max_catchup=100,
    )
    assert window_words(row, None) == "04 Jan 23:00 – 05 Jan 02:00"
    assert tally_words(MissedTally(schedules=1, runs=1, reason=None)) == "1 schedule missed 1 run"
    left = TriageRow(schedule_id=UUID(int=1), schedule="x", left=3, why_left="it may not overlap")
    assert dealt_words([left]) == "nothing was done"
    assert left_words([left]) == "x: 3 runs left, it may not overlap"


async def test_shift_r_makes_up_for_the_run_that_is_pointed_at(sqlite_store: Store) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        await pilot.press("R")
        await appears(pilot, "one more run, now")
        pilot.app.screen.query_one("#run-at", Input).value = "2026-01-05 01:12"
        await appears(pilot, "it then counts as run")
        await pilot.press("enter")
        await appears(pilot, "Started cache-evict for Mon 05 Jan 01:12 +01:00")
        assert len(made(sqlite_store)) == 1

        await pilot.press("R")
        await appears(pilot, "one more run, now")
        pilot.app.screen.query_one("#run-at", Input).value = "2026-01-05 01:13"
        await settle(pilot)
        await pilot.press("enter")
        await appears(pilot, "not one of its times")
        assert len(made(sqlite_store)) == 1


@pytest.mark.parametrize(("typed", "said"), [("yesterday", "✗"), ("2030-01-01 00:00", "to come")])
async def test_what_cannot_be_made_up_for_is_told_as_it_is_typed(
    sqlite_store: Store, typed: str, said: str
) -> None:
    async with playing(missing_some(sqlite_store), size=(120, 36)) as pilot:
        await pilot.press("R")
        await appears(pilot, "one more run, now")
        pilot.app.screen.query_one("#run-at", Input).value = typed
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert pilot.app.screen.query("#run-at")
        assert said == "✗" or said in shown(pilot)
        await press(pilot, "escape")
        assert made(sqlite_store) == []
