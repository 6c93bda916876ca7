"""The graph: its keys, what it says, and that it follows the store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.ui import stage
from tests.ui.play import an_app, playing, press, settle, shown
from tests.ui.ties import CIRCLE, FAMILY, part
from tfui.core.states import DependencyStatus, DependencyType
from tfui.model.dependency import DependencyRow
from tfui.service.graph import Edge, Graph
from tfui.ui.graph_reading import Wanted, lay_out
from tfui.ui.options import Options
from tfui.ui.screens.main import MainScreen
from tfui.ui.views.graph import GraphView
from tfui.ui.widgets.graph_canvas import GraphCanvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.pilot import Pilot

    from tests.ui.stage import Part
    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp

NARROW, MID = (80, 24), (120, 36)
_SUCCESS = DependencyType.CONDITIONAL


def opened(store: Store, cast: Sequence[Part] = FAMILY) -> TfuiApp:
    return an_app(store, cast=cast)


def under_cursor(pilot: Pilot[None]) -> str:
    node = pilot.app.screen.query_one(GraphCanvas).cursor_node
    return "" if node is None else node.row.name


async def walked(pilot: Pilot[None], *keys: str) -> list[str]:
    found = []
    for key in keys:
        await press(pilot, key)
        found.append(under_cursor(pilot))
    return found


async def test_in_layers_the_keys_go_along_edges_and_up_and_down(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=MID) as pilot:
        screen = await press(pilot, "4")

        assert "12 schedules, 10 dependencies · 2 stand alone" in screen
        assert under_cursor(pilot) == "db-backup"
        assert await walked(pilot, "l", "right", "h", "left") == [
            "billing-export",
            "mail-digest",
            "billing-export",
            "db-backup",
        ]
        assert await walked(pilot, "j", "down", "k", "up", "up") == [
            "warehouse-sync",
            "fx-rates",
            "warehouse-sync",
            "db-backup",
            "db-backup",
        ]
        assert await walked(pilot, "G", "g", "ctrl+d", "ctrl+u", "pagedown", "pageup") == [
            "thumbnail-gc",
            "db-backup",
            "thumbnail-gc",
            "db-backup",
            "thumbnail-gc",
            "db-backup",
        ]


async def test_as_a_tree_the_keys_go_line_by_line(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=NARROW) as pilot:
        screen = await press(pilot, "4")

        assert "└─ ⊟ board-pack-render waits: billing-export  end+ok, also risk-recompute" in screen
        assert await walked(pilot, "j", "j", "G", "h", "l", "g", "l") == [
            "billing-export",
            "mail-digest",
            "cache-evict",
            "thumbnail-gc",
            "cache-evict",
            "db-backup",
            "billing-export",
        ]


async def test_what_waits_for_what_is_said_in_words(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=MID) as pilot:
        screen = await press(pilot, "4", "l")

        assert "⊟ billing-export waits: db-backup" in screen
        assert "after   ► db-backup running (on success, same time, waits now)" in screen
        assert "✓ mail-digest ok (on start, within 1d)" in screen


async def test_enter_shows_the_schedule_in_the_list(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=MID) as pilot:
        await press(pilot, "4", "l", "enter")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)

        assert screen.view is screen.home
        assert screen.home.table.cursor_row is not None
        assert screen.home.table.cursor_row.name == "billing-export"


async def test_a_click_moves_the_cursor_and_a_double_click_opens(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=MID) as pilot:
        lines = (await press(pilot, "4")).splitlines()
        row = next(y for y, line in enumerate(lines) if "risk-recompute" in line)
        spot = (lines[row].index("risk-recompute") + 2, row)

        await pilot.click(offset=spot)
        assert under_cursor(pilot) == "risk-recompute"
        await pilot.click(offset=spot, times=2)
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.view is screen.home


async def test_only_what_leads_to_it_and_follows_until_escape(sqlite_store: Store) -> None:
    async with playing(opened(sqlite_store), size=MID) as pilot:
        around = await press(pilot, "4", "l", "o")
        assert "4 schedules, 3 dependencies" in around
        assert "only around billing-export" in around
        assert "warehouse-sync failed" not in around

        again = await press(pilot, "escape")
        assert "12 schedules, 10 dependencies" in again
        assert under_cursor(pilot) == "billing-export"
        assert "4 schedules" in await press(pilot, "o")
        assert "12 schedules" in await press(pilot, "o")


async def test_where_nothing_comes_after_anything_it_says_how_that_is_done(
    sqlite_store: Store,
) -> None:
    alone = [each for each in stage.CAST if each.name in {"fx-rates", "dns-verify"}]
    async with playing(opened(sqlite_store, alone), size=MID) as pilot:
        screen = await press(pilot, "4")

        assert "No schedule comes after another" in screen
        assert "In the editor, After names what a schedule comes after" in screen
        view = pilot.app.screen.query_one(GraphView)
        assert await press(pilot, "o", "enter", "l", "j")
        assert view.display
        assert "Schedules" in await press(pilot, "1")


async def test_it_follows_what_others_do_and_keeps_the_cursor(sqlite_store: Store) -> None:
    app = opened(sqlite_store)
    async with playing(app, size=MID) as pilot:
        await press(pilot, "4", "l")
        from tfui.service import dependencies, schedules

        caller = app.office.caller
        child = schedules.find(caller, "dns-verify")
        dependencies.add(caller, child, schedules.find(caller, "geoip-refresh"))
        pilot.app.screen.query_one(GraphView).reread()
        await settle(pilot)

        assert "14 schedules, 11 dependencies" in shown(pilot)
        assert under_cursor(pilot) == "billing-export"


async def test_a_big_graph_scrolls_with_the_cursor(sqlite_store: Store) -> None:
    cast = [part("step-000", "@daily", outcomes="")]
    cast += [
        part(f"step-{n:03}", "", (f"step-{n - 1:03}", _SUCCESS, None), outcomes="")
        for n in range(1, 30)
    ]
    async with playing(opened(sqlite_store, cast), size=MID) as pilot:
        await press(pilot, "4", *["l"] * 29)
        assert under_cursor(pilot) == "step-029"
        assert "step-029" in shown(pilot)
        assert "step-000 ok" not in shown(pilot)

        await press(pilot, *["h"] * 29)
        assert "›✓ step-000 ok" in shown(pilot)


def _graph(count: int, pairs: Sequence[tuple[int, int]]) -> Graph:
    from tests.ui.stage import MONDAY
    from tfui.core.states import ScheduleStatus, ScheduleType
    from tfui.model.schedule import ScheduleRow

    def row(number: int) -> ScheduleRow:
        return ScheduleRow(
            id=UUID(int=number), name=f"job-{number:03}", schedule_type=ScheduleType.CRON,
            schedule_expression="@daily", timezone="UTC", queue="default", job_type="shell",
            command="true", status=ScheduleStatus.ACTIVE, status_note=None, pause_note=None,
            paused_until=None, next_run_at=None, last_run_at=None, last_outcome=None,
            consecutive_failures=0, runs_count=0, max_runs=None, priority=0, jitter_seconds=0,
            revision=1, deleted_at=None, live=None, recent=(),
        )  # fmt: skip

    def edge(parent: int, child: int) -> Edge:
        link = DependencyRow(
            id=UUID(int=parent * 1000 + child), parent_id=UUID(int=parent), parent=f"job-{parent:03}",
            child_id=UUID(int=child), child=f"job-{child:03}", dependency_type=_SUCCESS,
            window_seconds=None, is_chained=False, created_at=MONDAY,
        )  # fmt: skip
        return Edge(dependency=link, status=DependencyStatus.PENDING if child % 7 == 0 else None)

    return Graph(
        nodes=tuple(row(n) for n in range(count)),
        edges=tuple(edge(*pair) for pair in pairs),
        alone=0,
    )


async def test_a_circle_in_the_store_is_drawn_but_for_the_edge_to_cut_which_is_named(
    sqlite_store: Store,
) -> None:
    async with playing(opened(sqlite_store, CIRCLE), size=MID) as pilot:
        screen = await press(pilot, "4")

        assert "! a circle, so none of it can start; take away: extract after load" in screen
        assert await walked(pilot, "l", "l", "l") == ["transform", "load", "report"]


def test_a_circle_is_told_by_the_edge_to_cut() -> None:
    look = lay_out(_graph(3, [(0, 1), (1, 2), (2, 0)]), Wanted(), now=stage.MONDAY)

    assert look.cut == [("job-002", "job-000")]
    assert len(look.routes.ways) == 2


def test_around_one_leaves_out_siblings() -> None:
    graph = _graph(6, [(0, 1), (0, 2), (1, 3), (4, 3)])
    look = lay_out(graph, Wanted(UUID(int=1)), now=stage.MONDAY)

    assert {node.row.name for node in look.nodes.values()} == {"job-000", "job-001", "job-003"}


@pytest.mark.parametrize("ascii_only", [False, True])
def test_five_hundred_schedules_are_laid_out_while_one_looks_up(
    ascii_only: bool,
) -> None:  # a parameter
    pairs = [(n, n + 1 + (n * 7) % 20) for n in range(479)] + [
        (n, n + 1 + (n * 3) % 11) for n in range(0, 470, 2)
    ]
    begun = time.thread_time()
    look = lay_out(_graph(500, pairs), Wanted(ascii=ascii_only), now=stage.MONDAY)

    assert len(look.nodes) == 500
    assert time.thread_time() - begun < 3


@pytest.mark.parametrize("size", [NARROW, MID])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_whatever_the_names_every_line_is_as_wide_as_the_graph(
    sqlite_store: Store,
    size: tuple[int, int],
    ascii_only: bool,  # a parameter
) -> None:
    names = [each.name for each in stage.STRANGE]
    cast = [part(names[0], "@daily")]
    cast += [part(name, "@daily", (names[0], _SUCCESS, None)) for name in names[1:]]
    cast.append(part("x" * 90, "@daily", *((name, _SUCCESS, None) for name in names[1:])))
    app = an_app(sqlite_store, cast=cast, options=Options(ascii=ascii_only, engine=False))
    async with playing(app, size=size) as pilot:
        screen = await press(pilot, "4")
        canvas = pilot.app.screen.query_one(GraphCanvas)
        widths = {canvas.render_line(y).cell_length for y in range(canvas.size.height)}

        assert widths == {canvas.size.width}
        assert "[red]x[/red]" in screen
        assert "line␊break" in screen
