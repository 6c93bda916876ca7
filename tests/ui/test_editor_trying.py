"""F5: what is typed is run once, with its output as it comes, and nobody hears of it."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tests.ui.editor_desk import BILLING, desk_of, editing, settle, shown, until
from tfui.core.rights import Role
from tfui.service import jobs, journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tfui.service.caller import Caller
    from tfui.ui.office import Opening


def _says(pilot: Pilot[None], text: str) -> Callable[[], bool]:
    return lambda: text in shown(pilot)


async def test_f5_runs_what_is_typed_and_shows_its_output_and_its_end(
    caller: Caller, open_office: Callable[[], Opening]
) -> None:
    before = len(journal.entries(caller))
    draft = replace(BILLING, payload={"command": "/bin/true"})
    async with editing(draft, open_office=open_office) as pilot:
        field = desk_of(pilot).editor._form.field("shell.command")
        field.text = "printf '\\033[31mmode %s\\033[0m\\033]0;%s%s\\007\\n' $MODE ti tle; echo bad >&2; exit 3"
        desk_of(pilot).editor._form.field("shell.env").text = "MODE=typed"
        await settle(pilot)
        await pilot.press("f5")
        await until(pilot, _says(pilot, "exit 3"))
        screen = shown(pilot)

        assert "mode typed" in screen
        assert "bad" in screen
        assert "title" not in screen  # it would set the terminal's
        assert "✗ exit 3" in screen
        assert "Off the record" in screen
        await pilot.press("escape")
        assert "Test run" not in shown(pilot)
        assert not desk_of(pilot).has_closed

    assert jobs.listing(caller) == []
    assert len(journal.entries(caller)) == before


async def test_a_test_run_is_seen_while_it_runs_and_ended_by_f5_or_escape(
    open_office: Callable[[], Opening], tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    command = f"echo $$ > {pid}; echo begun; exec sleep 600"
    draft = replace(BILLING, payload={"command": command})
    async with editing(draft, open_office=open_office) as pilot:
        for key in ("f5", "escape"):
            await pilot.press("f5")
            await until(pilot, _says(pilot, "begun"))
            assert "► running for" in shown(pilot)
            await pilot.press(key)
            await until(pilot, _says(pilot, "⊗ "))
            process = int(pid.read_text())
            await until(pilot, partial(_is_gone, process))
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert desk_of(pilot).has_closed


async def test_closing_the_editor_leaves_no_test_run_behind(
    open_office: Callable[[], Opening], tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    draft = replace(BILLING, payload={"command": f"echo $$ > {pid}; echo begun; exec sleep 600"})
    async with editing(draft, open_office=open_office) as pilot:
        await pilot.press("f5")
        await until(pilot, _says(pilot, "begun"))
        desk_of(pilot).editor.dismiss(None)
        await until(pilot, partial(_is_gone, int(pid.read_text())))


async def test_a_broken_command_is_shown_beside_its_field_and_not_run(
    open_office: Callable[[], Opening],
) -> None:
    async with editing(open_office=open_office) as pilot:
        await pilot.press("f5")
        await settle(pilot)
        await until(pilot, lambda: desk_of(pilot).editor._form.field("shell.command").problem)

        assert desk_of(pilot).editor._form.focused_key == "shell.command"
        assert "Test run" not in shown(pilot)


async def test_a_wrong_rule_does_not_keep_a_command_from_being_tried(
    open_office: Callable[[], Opening],
) -> None:
    draft = replace(BILLING, schedule_expression="30 25 * * *", name="")
    async with editing(draft, open_office=open_office) as pilot:
        await pilot.press("f5")
        await until(pilot, _says(pilot, "✓ exit 0"))
        assert "exported" in shown(pilot)


async def test_a_viewer_is_told_why_nothing_is_run(
    caller: Caller, open_office: Callable[[], Opening]
) -> None:
    viewer = replace(caller, role=Role.VIEWER)
    opening = replace(open_office(), caller=viewer)
    async with editing(BILLING, open_office=lambda: opening) as pilot:
        await pilot.press("f5")
        await until(pilot, _says(pilot, "not run:"))
        assert "lacks the right job:run" in shown(pilot)


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
