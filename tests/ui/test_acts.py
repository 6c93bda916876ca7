"""What can be done to schedules from the list, and what is asked and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui import stage
from tests.ui.play import an_app, appears, playing, press, settle, shown
from tests.ui.ties import FAMILY
from tfui.core.states import JobKind, ScheduleStatus
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.ui.options import Options
from tfui.ui.screens.asking import Ask
from tfui.ui.screens.editor import EditorScreen

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tfui.store.connection import Store

HEALTHY = tuple(part for part in stage.CAST if part.name == "db-backup")
RUNNING = tuple(part for part in stage.CAST if part.name == "risk-recompute")


def _schedules(store: Store) -> dict[str, Any]:
    with store.reading() as tx:
        rows = tx.connection.execute(table_of(ScheduledJob).select()).mappings().all()
    return {row["name"]: row for row in rows}


def _jobs(store: Store, kind: JobKind) -> list[Any]:
    table = table_of(Job)
    with store.reading() as tx:
        found = tx.connection.execute(table.select().where(table.c.kind == kind)).mappings().all()
    return list(found)


async def test_p_pauses_and_resumes(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        assert "Paused db-backup · z undo" in await press(pilot, "p")
        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.PAUSED

        assert "Resumed db-backup" in await press(pilot, "p")
        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.ACTIVE


async def test_z_takes_a_pause_back(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        text = await press(pilot, "p", "z")

        assert "Undid: paused db-backup · Z redo" in text
        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.ACTIVE


async def test_shift_z_does_again_what_was_undone(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        assert "have undone nothing" in await press(pilot, "Z")
        assert "Redid: paused db-backup · z undo" in await press(pilot, "p", "z", "Z")
        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.PAUSED

        await press(pilot, "ctrl+z", "ctrl+y")
        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.PAUSED


async def test_shift_p_pauses_until_a_moment_with_a_note(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        assert "in 2h 00m" in await press(pilot, "P", "2", "h")
        await press(pilot, "down", *"vendor", "enter")

        row = _schedules(sqlite_store)["db-backup"]
        assert row["pause_note"] == "vendor"
        assert (row["paused_until"] - stage.MONDAY).total_seconds() == 7200


async def test_a_pause_that_cannot_be_read_is_said_and_not_done(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        await press(pilot, "P", *"soon", "enter")
        await press(pilot, "escape")

        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.ACTIVE


async def test_r_runs_now_and_z_stops_at_that_before_it_goes_on(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        await press(pilot, "p", "p")
        assert "Started db-backup" in await press(pilot, "r")
        assert len(_jobs(sqlite_store, JobKind.MANUAL)) == 1
        await press(pilot, "z")
        toast = list(pilot.app._notifications)[-1]
        assert toast.message.endswith("; the next undo takes back: resumed db-backup")
        assert "Undid: resumed db-backup" in await press(pilot, "z")


async def test_an_act_that_is_refused_says_why(sqlite_store: Store) -> None:
    """Its job is running, and it must not overlap with itself."""
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        await press(pilot, "r")

        (toast,) = pilot.app._notifications
        assert toast.severity == "error"
        assert _jobs(sqlite_store, JobKind.MANUAL) == []


async def test_x_asks_and_cancels(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=RUNNING), size=(80, 24)) as pilot:
        assert "Cancel the jobs of risk-recompute?" in await press(pilot, "x")
        await press(pilot, "y")

        live = [job for job in _jobs(sqlite_store, JobKind.SCHEDULED) if job["finished_at"] is None]
        assert [job["cancel_requested_at"] for job in live] == [stage.MONDAY]


async def test_x_is_dead_where_nothing_runs(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(120, 36)) as pilot:
        await press(pilot, "x")

        assert not isinstance(pilot.app.screen, Ask)


@pytest.mark.parametrize("keys", [("D", "enter"), ("D", "escape"), ("D", "n")])
async def test_deleting_begins_on_cancel(sqlite_store: Store, keys: tuple[str, ...]) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        await press(pilot, *keys)

        assert _schedules(sqlite_store)["db-backup"]["deleted_at"] is None


async def test_a_deleted_schedule_comes_back_with_z(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(80, 24)) as pilot:
        text = await press(pilot, "D", "y")
        assert "Nothing scheduled yet" in text
        assert _schedules(sqlite_store)["db-backup"]["deleted_at"] == stage.MONDAY

        assert "db-backup" in await press(pilot, "z")
        assert _schedules(sqlite_store)["db-backup"]["deleted_at"] is None


@pytest.mark.parametrize(
    ("key", "gone"),
    [("n", set()), ("d", {"thumbnail-gc"}), ("a", {"thumbnail-gc", "cache-evict"})],
)
async def test_deleting_a_schedule_that_something_comes_after_asks_what_becomes_of_that(
    sqlite_store: Store, key: str, gone: set[str]
) -> None:
    app = an_app(sqlite_store, cast=FAMILY)
    async with playing(app, size=(120, 36)) as pilot:
        await press(pilot, "slash", *"thumb", "enter")
        await press(pilot, "D", "y")
        text = await appears(pilot, "What becomes of what comes after thumbnail-gc?")
        assert "cache-evict comes after thumbnail-gc." in text
        assert "what has no time of its own runs by hand only" in text
        await pilot.press(key)
        if gone:
            await appears(pilot, "Deleted thumbnail-gc")
        await settle(pilot)

        rows = _schedules(sqlite_store)
        assert {name for name, row in rows.items() if row["deleted_at"] is not None} == gone
        if gone:
            await press(pilot, "z")
            await appears(pilot, "Undid")
            rows = _schedules(sqlite_store)
            assert all(row["deleted_at"] is None for row in rows.values())
        from tfui.service import dependencies

        assert len(dependencies.listing(app.office.caller)) == 10


async def test_a_and_e_open_the_editor(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(120, 36)) as pilot:
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, EditorScreen)
        await press(pilot, "escape")

        text = await press(pilot, "e")
        assert isinstance(pilot.app.screen, EditorScreen)
        assert "db-backup" in text


async def test_a_crontab_is_shown_before_it_is_imported(
    sqlite_store: Store, tmp_path: Path
) -> None:
    crontab = tmp_path / "tab"
    crontab.write_text("5 4 * * * /bin/backup\n@reboot /bin/never\n", encoding="utf-8")
    async with playing(an_app(sqlite_store, cast=()), size=(120, 36)) as pilot:
        await press(pilot, "I")
        pilot.app.screen.query_one("#import-path").value = str(crontab)  # type: ignore[attr-defined]  # an Input
        text = await press(pilot, "enter")
        assert "1 would be created, 1 refused" in text
        assert _schedules(sqlite_store) == {}

        await press(pilot, "enter")
        assert len(_schedules(sqlite_store)) == 1


async def test_a_file_that_is_not_there_is_said(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=()), size=(120, 36)) as pilot:
        text = await press(pilot, "I", *"nope", "enter")

        assert "No such file" in text


async def test_read_only_changes_nothing_and_says_why(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, cast=HEALTHY, options=Options(read_only=True, engine=False))
    async with playing(app, size=(120, 36)) as pilot:
        before = _schedules(sqlite_store)
        text = await press(pilot, "p", "D", "r", "e", "a")
        assert _schedules(sqlite_store) == before
        assert "Delete db-backup" not in text

        text = await press(pilot, "ctrl+p", *"pause")
        assert "read-only" in text


async def test_the_palette_does_what_it_names(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(120, 36)) as pilot:
        await press(pilot, "colon", "p", "a", "u", "s", "e", "space", "o", "r")
        await pilot.pause(0.3)
        await press(pilot, "enter")
        await settle(pilot)

        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.PAUSED


async def test_a_key_in_the_footer_is_a_button(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=HEALTHY), size=(120, 36)) as pilot:
        column = shown(pilot).splitlines()[-1].index("pause")
        await pilot.click("KeyFooter", offset=(column, 0))
        await settle(pilot)

        assert _schedules(sqlite_store)["db-backup"]["status"] == ScheduleStatus.PAUSED

        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        column = shown(pilot).splitlines()[-1].index("views")
        await pilot.click("KeyFooter", offset=(column, 0))
        await settle(pilot)
        assert "2 Forecast" in shown(pilot)
