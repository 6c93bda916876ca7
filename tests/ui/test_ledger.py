"""The ledger tab, the neighbours' tab and the question why: what a schedule did not do, and what for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, shown
from tfui.clock import FrozenClock
from tfui.core.states import ScheduleStatus, SkipReason
from tfui.model.occurrence import Beside, LedgerSum, OccurrenceRow
from tfui.ui.ledger_facts import range_facts, sum_facts
from tfui.ui.screens.main import MainScreen
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store

NEXT = "right_square_bracket"
RUNS = ("enter", NEXT, NEXT)
LEDGER = (*RUNS, NEXT)
DEPS = (*LEDGER, NEXT)
NIGHT = timedelta(days=1)


def _cursor_name(pilot: Pilot[None]) -> str | None:
    row = pilot.app.screen_stack[0].query_one(ScheduleTable).cursor_row
    return None if row is None else row.name


async def test_the_ledger_tells_the_law_on_one_line_and_every_gap_with_its_reason(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, *("j",) * 9, *LEDGER)

        assert "✓  planned 26 = ran 12 + skipped 14 + pending 0" in text
        newest, _, oldest = (line for line in text.splitlines() if "×  " in line)
        assert "9×  16 Dec 03:15 – 24 Dec 03:15  no engine was running" in newest
        assert "4×  11 Dec 03:15 – 14 Dec 03:15  the schedule was paused" in oldest
        assert "disk is replaced" in oldest


async def test_a_ledger_that_does_not_hold_says_so(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, *LEDGER)

        assert "✗  planned 32 != ran 12 + skipped 2 + pending 0" in text
        assert "the sum does not hold" in text


async def test_the_ledger_of_a_trigger_that_cannot_be_read_says_why(sqlite_store: Store) -> None:
    cast = [stage.Part(name="odd", cron="61 * * * *", outcomes="")]
    async with playing(an_app(sqlite_store, cast=cast), size=(80, 24)) as pilot:
        text = await press(pilot, *LEDGER)

        assert "the trigger cannot be" in text
        assert "planned 0 = ran 0" in text


def test_what_engines_have_not_planned_and_what_is_not_listed_is_told() -> None:
    row = OccurrenceRow(
        from_at=stage.MONDAY - 3 * NIGHT,
        to_at=stage.MONDAY - NIGHT,
        count=1_200,
        reason=SkipReason.MISSED_DOWN,
        detail="[b]host\x1b",
        created_at=stage.MONDAY,
    )
    total = LedgerSum(
        since=stage.MONDAY - 9 * NIGHT,
        until=stage.MONDAY,
        planned=2_000,
        ran=800,
        pending=0,
        skipped={SkipReason.MISSED_DOWN: 1_200},
        ranges=(row,),
        ranges_left_out=7,
        unplanned=12,
        beside=Beside(by_hand=2, failed=1),
        completed="3 of 3 runs are used",
    )
    law = "\n".join(
        fact.value.plain for fact in sum_facts(total, ScheduleStatus.ACTIVE, stage.MONDAY, None)
    )
    ranges = "\n".join(fact.value.plain for fact in range_facts(total, stage.MONDAY, None))

    assert "planned 2,000 = ran 800 + skipped 1,200 + pending 0" in law
    assert "beside the plan: 2 by hand (1 failed)" in law
    assert "completed: 3 of 3 runs are used" in law
    assert "unplanned 12: due by now, but no engine has planned them yet" in law
    assert "[b]host␛" in ranges
    assert "7 older ranges are not listed" in ranges


async def test_i_says_what_a_schedule_waits_for_and_when_that_clears(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, *("j",) * 4, "i")
        text = await appears(pilot, "clears")

        assert "What is webhook-dispatch waiting for?" in text
        assert "✗ Retry" in text
        assert "in 00:08" in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, MainScreen)


async def test_once_it_has_cleared_the_question_is_asked_again(sqlite_store: Store) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(an_app(sqlite_store, clock=clock), size=(80, 24)) as pilot:
        await press(pilot, *("j",) * 4, "i")
        await appears(pilot, "in 00:08")
        clock.advance(timedelta(seconds=10))

        assert "it tries again" not in await appears(pilot, "about to take it up.")


async def test_i_on_a_run_says_what_became_of_it(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, *RUNS, "i")

        text = await appears(pilot, "Why did billing-export run at Mon 05 Jan 02:30 +01:00?")
        assert "✗ Attempt 3" in text


async def test_i_on_what_did_not_run_says_why(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, *("j",) * 9, *RUNS, *("j",) * 12, "i")

        text = await appears(pilot, "Why did db-backup not run at Wed 24 Dec 2025 03:15 +01:00?")
        assert "no engine was running" in text


async def test_the_neighbours_are_shown_as_they_are_and_enter_goes_there(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, *DEPS)
        lines = [
            line.split() for line in text.splitlines() if " on " in line and "19/21" not in line
        ]
        assert [line[:4] for line in lines] == [
            ["›", "after", "✓", "db-backup"],
            ["before", "⊟", "board-pack-render", "waits"],
            ["before", "✓", "mail-digest", "in"],
        ]

        await press(pilot, "j", "enter")
        assert "on success, same time" in await appears(pilot, "billing-export  ")
        assert _cursor_name(pilot) == "board-pack-render"


async def test_a_schedule_without_neighbours_says_so(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        assert "It comes after no other schedule" in await press(pilot, "j", *DEPS)


async def test_going_to_a_schedule_that_the_filter_hides_clears_the_filter(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "slash", *"billing", "enter", *DEPS, "enter")
        await press(pilot)

        assert _cursor_name(pilot) == "db-backup"
        assert "21 of 21" in shown(pilot)


async def test_the_cursor_goes_to_a_schedule_that_was_just_made(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "a")
        await appears(pilot, "Add a schedule")
        await press(pilot, *"zeta", "tab", "tab", "at", *"daily")
        await press(pilot, *("tab",) * 5, *"true", "ctrl+s")
        await appears(pilot, "22 of 22")
        await press(pilot)

        assert _cursor_name(pilot) == "zeta"
