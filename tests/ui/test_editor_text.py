"""A schedule in the person's own editor: a real program, from the form and from the list."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from tests.ui.editor_desk import BILLING, desk_of, editing, settle, shown, until
from tests.ui.play import an_app, appears, playing, press
from tests.ui.stage import CAST
from tfui.service import schedules
from tfui.ui import external_editor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tfui.service.caller import Caller
    from tfui.store.connection import Store
    from tfui.ui.office import Opening

HEALTHY = tuple(part for part in CAST if part.name == "db-backup")


@contextmanager
def _as_if_suspended(_app: App[None]) -> Iterator[None]:
    """A test has no terminal to lend; the program that is started is real all the same."""
    yield


@pytest.fixture
def edits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make $EDITOR a program that carries out sed commands, the next ones at each start."""
    monkeypatch.setattr(App, "suspend", _as_if_suspended)
    monkeypatch.delenv("VISUAL", raising=False)

    def make(*scripts: str) -> None:
        for number, script in enumerate(scripts):
            (tmp_path / f"{number}.sed").write_text(script)
        program = tmp_path / "my editor"
        program.write_text(
            f'#!/bin/sh\ncd "{tmp_path}"\nset -- "$1" *.sed\nsed -i -f "$2" "$1" && rm "$2"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("EDITOR", f"'{program}'")

    return make


async def test_what_was_written_stands_in_the_form_and_nothing_is_saved(
    caller: Caller, open_office: Callable[[], Opening], edits: Callable[..., None]
) -> None:
    edits("s/^priority = 5/priority = 8/")
    billing = schedules.create(caller, BILLING).id
    async with editing(BILLING, billing, 1, open_office=open_office) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: desk_of(pilot).editor._form.texts["priority"] == "8")
        await settle(pilot)

        assert "priority  5 → 8" in shown(pilot)
    assert schedules.draft(caller, billing).priority == 5


async def test_a_field_that_would_be_lost_is_mended_first(
    open_office: Callable[[], Opening], edits: Callable[..., None]
) -> None:
    edits("s/^priority = 5/priority = 8/")
    async with editing(BILLING, open_office=open_office) as pilot:
        desk_of(pilot).editor._form.field("jitter").text = "soon"
        await settle(pilot)
        await pilot.press("f7")
        await settle(pilot)

        assert "mend this first: it would be lost" in shown(pilot)
        assert desk_of(pilot).editor._form.focused_key == "jitter"


async def test_a_mistake_is_shown_with_its_line_and_the_text_is_kept(
    sqlite_store: Store, edits: Callable[..., None]
) -> None:
    """The second start finds what the first one left."""
    edits("s/^priority = 0/priority = 4\\nqueue_ = 3/", "/^queue_ = 3/d")
    app = an_app(sqlite_store, cast=HEALTHY)
    async with playing(app, size=(120, 36)) as pilot:
        await press(pilot, "E")
        text = await appears(pilot, "Nothing is saved yet: 1 mistake")
        assert "queue_: a schedule has no such field" in text
        assert "queue_ = 3" in text
        assert "line " in text
        await pilot.press("e")
        await appears(pilot, "Changed db-backup")
        backup = schedules.find(app.office.caller, "db-backup")
        (row,) = schedules.rows(app.office.caller, [backup])
        assert (row.priority, row.revision) == (4, 12)


async def test_a_conflict_goes_on_in_the_form_with_everything_that_was_written(
    sqlite_store: Store, edits: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    edits("s/^priority = 0/priority = 4/")
    app = an_app(sqlite_store, cast=HEALTHY)
    async with playing(app, size=(120, 36)) as pilot:
        caller = app.office.caller
        backup = schedules.find(caller, "db-backup")
        edit = external_editor.edit

        def meanwhile(text: str, *, name: str) -> str | None:
            schedules.edit(caller, backup, {"max_runs": 9})
            return edit(text, name=name)

        monkeypatch.setattr(external_editor, "edit", meanwhile)
        await pilot.press("E")
        await appears(pilot, "Edit db-backup *")
        await pilot.press("ctrl+s")
        await appears(pilot, "was changed while you edited it")
        await pilot.press("enter")
        await appears(pilot, "Merged with revision 12")
        await pilot.press("ctrl+s")
        await appears(pilot, "Schedules")
        draft = schedules.draft(caller, backup)

    assert (draft.priority, draft.max_runs) == (4, 9)


async def test_an_editor_that_fails_or_changes_nothing_changes_nothing(
    open_office: Callable[[], Opening],
    edits: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edits("s/^nothing//")
    async with editing(BILLING, open_office=open_office) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: "Nothing was changed" in shown(pilot))
        monkeypatch.setenv("EDITOR", "/nowhere/editor")
        await pilot.press("f7")
        await until(pilot, lambda: "/nowhere/editor could not be started" in shown(pilot))
        assert not desk_of(pilot).editor._sitting.is_dirty


async def test_a_terminal_that_cannot_be_lent_is_told(
    open_office: Callable[[], Opening],
) -> None:
    async with editing(BILLING, open_office=open_office) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: "No other program" in shown(pilot))


def test_the_file_is_private_named_after_the_schedule_and_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "editor"
    program.write_text(
        f'#!/bin/sh\nstat -c "%a %n" "$(dirname "$1")" "$1" > {told}\necho x > "$1"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))

    assert external_editor.edit("y", name="backup.toml") == "x\n"
    folder, file = (line.split(" ", 1) for line in told.read_text().splitlines())
    assert folder[0] == "700"
    assert file[1].endswith("/backup.toml")
    assert not Path(folder[1]).exists()


def test_an_editor_that_gives_up_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "false")

    assert external_editor.edit("y", name="x.toml") is None
