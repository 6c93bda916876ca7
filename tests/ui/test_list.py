"""The list under the fingers: every key that moves, filters or sorts, and the mouse."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from tests.ui import stage
from tests.ui.play import an_app, playing, press, settle, shown
from tests.world import a_schedule
from tfui.clock import FrozenClock
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob
from tfui.ui import list_reading
from tfui.ui.live import ListRead
from tfui.ui.screens.main import MainScreen
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store


def _table(pilot: Pilot[None]) -> ScheduleTable:
    return pilot.app.screen.query_one(ScheduleTable)


def _names(text: str) -> list[str]:
    """Give the names of the cast in the order in which a screen lists them."""
    known = [part.name for part in stage.CAST]
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if "name" in line and " next" in line)
    found = [name for line in lines[first:-2] for name in known if f" {name} " in line]
    return list(dict.fromkeys(found))


async def test_the_worst_stands_first(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        assert _names(shown(pilot))[:5] == [
            "billing-export",
            "cert-expiry-check",
            "warehouse-sync",
            "risk-recompute",
            "webhook-dispatch",
        ]


async def test_every_movement_has_its_keys(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, cast=stage.a_crowd(500))
    async with playing(app, size=(80, 24)) as pilot:
        table, page = _table(pilot), _table(pilot).page_height
        for keys, expected in (
            (("j", "down", "k"), 1),
            (("up",), 0),
            (("pagedown",), page),
            (("ctrl+d",), page + page // 2),
            (("ctrl+u",), page),
            (("pageup",), 0),
            (("G",), 499),
            (("g",), 0),
            (("end",), 499),
            (("home",), 0),
        ):
            await press(pilot, *keys)
            assert table.cursor == expected, keys


async def test_rows_far_down_are_read_when_they_are_looked_at(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=stage.a_crowd(2000)), size=(80, 24)) as pilot:
        text = await press(pilot, "G")

        assert "tenant-001999-sync" in text
        assert "tenant-001985-sync" in text
        assert "2,000 of 2,000" in text


async def test_typing_a_filter_narrows_the_list_and_escape_takes_it_back(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "slash", "s", "y", "n", "c")
        assert _names(text) == ["warehouse-sync", "legacy-sync"]
        assert f"2 of {len(stage.CAST)}" in text

        text = await press(pilot, "escape")
        assert pilot.app.screen.query_one(Input).value == ""
        assert "billing-export" in text
        assert pilot.app.screen.focused is _table(pilot)


async def test_enter_keeps_the_filter_and_goes_to_the_list(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "slash", "s", "y", "n", "c", "enter")

        assert pilot.app.screen.focused is _table(pilot)
        assert "billing-export " not in text
        assert "billing-export" in await press(pilot, "escape")


async def test_a_filter_that_matches_nothing_says_so_and_comes_back(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        assert "Nothing matches 'zzz'" in await press(pilot, "slash", "z", "z", "z")
        assert "billing-export" in await press(pilot, "escape")
        await press(pilot, "f", "f", "slash", *"mail")
        assert "⏎ f shows 1 that matches in other segments" in shown(pilot)
        assert "mail-digest" in await press(pilot, "enter", "f")


async def test_f_goes_round_the_segments_and_back(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        seen = []
        for _ in range(5):
            text = await press(pilot, "f")
            seen.append((next(word for word in text.split() if word[:1] == "["), _names(text)))

        assert [segment for segment, _ in seen] == ["[ok]", "[fail]", "[run]", "[off]", "[all]"]
        assert seen[1][1] == ["billing-export", "cert-expiry-check"]
        assert seen[3][1] == ["legacy-sync", "fiscal-year-open"]


async def test_the_exclamation_mark_shows_problems_and_all_again(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "exclamation_mark")
        assert "[problems]" in text
        assert "audit-log-ship" not in text
        assert "warehouse-sync" in text
        assert "! all schedules" in text

        text = await press(pilot, "exclamation_mark")
        assert "audit-log-ship" in text
        assert "! problems" in text


async def test_the_cursor_is_on_its_schedule_again_after_a_list_without_any(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, "slash", *"mail", "enter")
        assert "mail-digest" not in await press(pilot, "exclamation_mark")
        await press(pilot, "escape")
        row = _table(pilot).cursor_row
        assert row is not None
        assert row.name == "mail-digest"


async def test_sorting_by_menu_flipping_and_the_heading(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        assert "Sort by" in await press(pilot, "s")
        text = await press(pilot, "n")
        assert _names(text)[0] == "api-canary"
        assert _names(await press(pilot, "S"))[0] == "webhook-dispatch"

        await pilot.click("#heading", offset=(5, 0))
        await settle(pilot)
        assert _names(shown(pilot))[0] == "api-canary"


async def test_the_order_is_remembered(sqlite_store: Store) -> None:
    app = an_app(sqlite_store)
    async with playing(app) as pilot:
        await press(pilot, "s", "x", "S")

        assert (app.choices.sort, app.choices.descending) == ("next", True)


async def test_a_count_in_the_summary_bar_is_a_button(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(120, 36)) as pilot:
        column = shown(pilot).splitlines()[0].index("failing")
        await pilot.click("#summary", offset=(column, 0))
        await settle(pilot)

        assert "[fail]" in shown(pilot)


async def test_a_click_selects_and_a_double_click_opens(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await pilot.click("#schedules", offset=(10, 3))
        assert _table(pilot).cursor == 3

        await pilot.click("#schedules", offset=(10, 3), times=2)
        await settle(pilot)
        assert "Overview" in shown(pilot)


async def test_the_cursor_stays_with_its_schedule_when_the_list_is_sorted_anew(
    sqlite_store: Store,
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        await press(pilot, "j")
        chosen = _table(pilot).cursor_id
        await press(pilot, "s", "n")

        assert _table(pilot).cursor_id == chosen
        assert _table(pilot).cursor == 5


async def test_what_others_write_appears_by_itself(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, cast=stage.CAST[:3])
    async with playing(app, size=(80, 24)) as pilot:
        with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
            a_schedule(tx, app.office.caller.organization_id, name="written-elsewhere",
                       next_run_at=None)  # fmt: skip
        for _ in range(20):
            await settle(pilot)
            if "written-elsewhere" in shown(pilot):
                break

        assert "written-elsewhere" in shown(pilot)


async def test_a_reading_without_news_draws_no_line_anew(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(an_app(sqlite_store), size=(80, 24)) as pilot:
        table, drawn = _table(pilot), list[tuple[object, ...]]()
        monkeypatch.setattr(table, "refresh", lambda *regions, **_: drawn.append(regions))
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        screen.reread()
        await settle(pilot)

        assert drawn == []


async def test_a_deleted_schedule_leaves_the_cursor_near(sqlite_store: Store) -> None:
    app = an_app(sqlite_store)
    async with playing(app, size=(80, 24)) as pilot:
        await press(pilot, "j", "j", "j")
        gone = _table(pilot).cursor_id
        with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
            table = table_of(ScheduledJob)
            tx.connection.execute(
                table.update().where(table.c.id == gone).values(deleted_at=stage.MONDAY)
            )
        app.screen.reread()  # type: ignore[attr-defined]  # the main screen's
        await settle(pilot)

        assert _table(pilot).cursor == 3
        assert _table(pilot).cursor_id not in {gone, None}


async def test_countdowns_go_on_by_themselves_and_touch_only_their_lines(
    sqlite_store: Store,
) -> None:
    clock = FrozenClock(stage.MONDAY)
    async with playing(an_app(sqlite_store, clock=clock), size=(80, 24)) as pilot:
        assert "in 05:12" in shown(pilot)
        clock.advance(timedelta(seconds=2))
        _table(pilot).tick()
        await pilot.pause()

        assert "in 05:10" in shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_wide_names_move_no_column(sqlite_store: Store, size: tuple[int, int]) -> None:
    async with playing(an_app(sqlite_store, cast=stage.STRANGE), size=size) as pilot:
        lines = [line for line in shown(pilot).splitlines() if "* * * * *  " in line]
        places = {cell_len(line[: line.index("* * *")]) for line in lines}

        assert len(lines) == len(stage.STRANGE)
        assert len(places) == 1
        assert "[red]x[/red]" in shown(pilot)
        assert "line␊break" in shown(pilot)


async def test_below_sixty_by_sixteen_there_is_one_line(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store), size=(40, 10)) as pilot:
        text = " ".join(shown(pilot).split())
        assert "terminal too small (need 60×16)" in text

        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "billing-export" in shown(pilot)


async def test_the_first_start_offers_what_to_do(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=()), size=(80, 24)) as pilot:
        text = shown(pilot)

        assert "Nothing scheduled yet" in text
        assert "import a crontab" in text


async def test_a_reading_that_comes_late_leaves_the_cursor_where_the_person_has_moved_it(
    sqlite_store: Store,
) -> None:
    """A list asked for at one line and answered at the next must not pull the cursor back."""
    app = an_app(sqlite_store)
    async with playing(app) as pilot:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        table = _table(pilot)
        late = list_reading.look(app.office.caller, screen.home.wanted_list())
        await press(pilot, "j", "j")
        there = table.cursor_id

        screen.post_message(ListRead(late))
        await settle(pilot)

        assert table.cursor_id == there
        assert table.cursor == 2


async def test_a_key_pressed_while_nothing_has_the_keys_is_not_lost(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store)) as pilot:
        first = _table(pilot).cursor_id
        pilot.app.screen.focused = None

        pilot.app.simulate_key("j")
        await settle(pilot)

        assert _table(pilot).cursor_id != first
        assert _table(pilot).has_focus
