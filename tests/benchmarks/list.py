"""The list of schedules at 100,000 against 100, against Textual's DataTable, and against bare SQLite.

Everything runs headless at 120 by 36 in turns. `load` is from the opened store to the first frame
with rows, `load_cpu` the processor's time for that, which a busy machine does not stretch; `key` and
`page` are from the action to the painted frame; `filter` is from a letter typed into the filter
to the painted answer, the median of three. DataTable is filled with the same visible texts; at 100,000 it takes minutes,
so `--peer` says at how many rows it is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sqlite3
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual.app import App
from textual.widgets import DataTable

from tests.benchmarks.measure import a_store, folder, ratios, report, spread
from tests.ui import stage
from tests.ui.play import an_app, settle
from tfui.store.connection import Store
from tfui.ui.screens.main import MainScreen
from tfui.ui.widgets.schedule_table import ScheduleTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from tfui.ui.list_reading import ListLook
    from tfui.ui.views.schedules import SchedulesView

SIZE = (120, 36)
KEYS = 60


def resident() -> float:
    """Give the process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def painted(pilot: Pilot[None]) -> None:
    """Wait until everything asked for is drawn, without the pauses of a test."""
    await pilot._wait_for_screen()
    pilot.app.screen._on_timer_update()


async def seconds_each(pilot: Pilot[None], act: Callable[[], object], times: int) -> float:
    """Do something over and over, each time to the painted frame; give the mean seconds."""
    begun = time.perf_counter()
    for _ in range(times):
        act()
        await painted(pilot)
    return (time.perf_counter() - begun) / times


async def filtering(pilot: Pilot[None], home: SchedulesView, act: Callable[[], object]) -> float:
    """Change the filter's text; give the seconds until what it finds is painted."""
    answered, take = asyncio.Event(), home.take_list

    def taken(look: ListLook) -> None:
        take(look)
        if look.filter.search == home._field.value:
            answered.set()

    home.take_list = taken  # type: ignore[method-assign]  # no event tells of it
    begun = time.perf_counter()
    act()
    await answered.wait()
    await painted(pilot)
    spent = time.perf_counter() - begun
    del home.take_list
    return spent


async def ours(path: Path) -> dict[str, float]:
    """Open the dashboard on a store and measure it."""
    store = Store(str(path))
    gc.collect()
    before = resident()
    app = an_app(store, cast=())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        gc.freeze()  # as the assembly does once the store is open
        screen = app.screen
        assert isinstance(screen, MainScreen)
        table = screen.query_one(ScheduleTable)

        async def answered(act: Callable[[], object]) -> float:
            begun = time.perf_counter()
            act()
            await app.workers.wait_for_complete(
                [worker for worker in app.workers if worker.group == "list"]
            )
            await painted(pilot)
            return time.perf_counter() - begun

        begun = time.process_time()
        load = await answered(screen.reread)
        load_cpu = time.process_time() - begun
        memory = resident() - before
        await settle(pilot)  # what stands around the list is read after it
        key = await seconds_each(pilot, table.action_cursor_down, KEYS)
        page = await seconds_each(pilot, table.action_page_down, KEYS // 4)
        screen.home.action_filter()
        await settle(pilot)
        field = screen.home._field
        filtered = []
        for act in (lambda: field.insert_text_at_cursor("9"), field.action_delete_left) * 3:
            filtered.append(await filtering(pilot, screen.home, act))
            await settle(pilot)
    gc.unfreeze()
    store.close()
    return {
        "load": load,
        "load_cpu": load_cpu,
        "key": key,
        "page": page,
        "filter": statistics.median(filtered[::2]),
        "memory": memory,
    }


class Peer(App[None]):
    """The same texts in Textual's own table."""

    def __init__(self, rows: Sequence[tuple[str, ...]]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield DataTable(cursor_type="row")

    def fill(self) -> None:
        """Add the rows, as an application would."""
        table = self.query_one(DataTable)
        for name, width in (("st", 1), ("name", 24), ("schedule", 14), ("next", 10), ("last", 7)):
            table.add_column(name, width=width)
        table.add_rows(self._rows)


async def peer(count: int) -> dict[str, float]:
    """Fill a DataTable and measure it."""
    rows = [
        ("✓", part.name, part.cron, f"in {part.next_in}", f"{part.last_ago}")
        for part in stage.a_crowd(count)
    ]
    gc.collect()
    before = resident()
    app = Peer(rows)
    async with app.run_test(size=SIZE) as pilot:
        begun = time.perf_counter()
        app.fill()
        await pilot.pause()
        load = time.perf_counter() - begun
        memory = resident() - before
        table = app.query_one(DataTable)
        table.focus()
        key = await seconds_each(pilot, table.action_cursor_down, KEYS)
        page = await seconds_each(pilot, table.action_page_down, KEYS // 4)
    return {"load": load, "key": key, "page": page, "memory": memory}


def bare(path: Path) -> dict[str, float]:
    """Read the same order and one page with sqlite3 alone: the least that loading can cost."""
    connection = sqlite3.connect(path)
    begun, spent = time.perf_counter(), time.process_time()
    ids = [row[0] for row in connection.execute("SELECT id FROM scheduled_job ORDER BY name, id")]
    marks = ",".join("?" * len(ids[:128]))
    connection.execute(f"SELECT * FROM scheduled_job WHERE id IN ({marks})", ids[:128]).fetchall()
    taken, spent = time.perf_counter() - begun, time.process_time() - spent
    connection.close()
    return {"load": taken, "load_cpu": spent}


async def measure(
    sides: Mapping[str, Callable[[], Awaitable[dict[str, float]]]], rounds: int
) -> dict[str, list[dict[str, float]]]:
    """Run every side once a round."""
    figures: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            figures[name].append(await side())
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--peer", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with folder() as place:
        paths = {}
        for count in (options.few, options.many):
            paths[count] = place / f"{count}.db"
            with a_store(paths[count]) as store:
                an_app(store, cast=stage.a_crowd(count))

        async def few() -> dict[str, float]:
            return await ours(paths[options.few])

        async def many() -> dict[str, float]:
            return await ours(paths[options.many])

        async def table() -> dict[str, float]:
            return await peer(options.peer)

        async def sqlite() -> dict[str, float]:
            return bare(paths[options.many])

        sides = {"few": few, "many": many, "datatable": table, "sqlite3": sqlite}
        figures = asyncio.run(measure(sides, options.rounds + 1))
    figures = {name: values[1:] for name, values in figures.items()}  # the first warms up
    taken = {
        f"{name}_{what}": [each[what] for each in values]
        for name, values in figures.items()
        for what in values[0]
    }
    compared = {
        "key_many_over_few": ("many_key", "few_key"),
        "key_over_datatable": ("many_key", "datatable_key"),
        "page_over_datatable": ("many_page", "datatable_page"),
        "load_over_datatable": ("many_load", "datatable_load"),
        "load_over_sqlite3": ("many_load", "sqlite3_load"),
        "load_over_sqlite3_cpu": ("many_load_cpu", "sqlite3_load_cpu"),
    }
    report(
        "list",
        {"many": options.many, "few": options.few, "datatable_rows": options.peer},
        ["textual"],
        figures={name: spread([1000 * v for v in values]) if "memory" not in name else spread(values)
                 for name, values in taken.items()},
        ratios={
            name: ratios({one: taken[one], other: taken[other]}, one)[other]
            for name, (one, other) in compared.items()
        },
        units="milliseconds; memory in MB",
    )  # fmt: skip


if __name__ == "__main__":
    main()
