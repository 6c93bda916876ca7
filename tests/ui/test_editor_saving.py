"""Saving from the editor into a real store, and everything that can come in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.ui.editor_desk import BILLING, desk_of, editing, settle, shown, type_in
from tests.world import utc
from tfui.core.states import ScheduleType
from tfui.service import schedules
from tfui.ui.screens.asking import Ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from textual.pilot import Pilot

    from tfui.clock import FrozenClock
    from tfui.service.caller import Caller
    from tfui.store.connection import Store
    from tfui.ui.office import Opening


@pytest.fixture
def billing(caller: Caller) -> UUID:
    """A schedule that exists already, at revision 1."""
    return schedules.create(caller, BILLING).id


async def typed_line(pilot: Pilot[None], key: str, text: str) -> None:
    """Put a text into one field as if pasted there."""
    field = desk_of(pilot).editor._form.field(key)
    field.control.focus()
    field.text = text
    await settle(pilot)


async def rest(pilot: Pilot[None]) -> None:
    """Wait as long as the editor waits before it asks the store."""
    await pilot.pause(0.3)
    await settle(pilot)


def asked(pilot: Pilot[None]) -> bool:
    return isinstance(pilot.app.screen, Ask)


@pytest.mark.parametrize(
    ("kind", "keys", "expression", "stored"),
    [
        (ScheduleType.CRON, [], "*/5 * * * *", "*/5 * * * *"),
        (ScheduleType.RECURRING, ["right"], "90s", "90s"),
        (ScheduleType.ONCE, ["right", "right"], "2026-02-01 09:00", "2026-02-01 09:00"),
    ],
)
async def test_a_schedule_of_each_kind_can_be_added_with_the_keyboard(
    caller: Caller,
    open_office: Callable[[], Opening],
    clock: FrozenClock,
    kind: ScheduleType,
    keys: list[str],
    expression: str,
    stored: str,
) -> None:
    async with editing(open_office=open_office, clock=clock) as pilot:
        await type_in(pilot, "tick")
        await pilot.press("tab", *keys, "tab")
        await type_in(pilot, expression)
        await typed_line(pilot, "shell.command", "/bin/true")
        await pilot.press("ctrl+s")
        await settle(pilot)
        saved = desk_of(pilot).saved

    assert saved is not None
    draft = schedules.draft(caller, saved)
    assert ("tick", kind, stored) == (
        draft.name,
        draft.schedule_type,
        draft.schedule_expression,
    )
    assert draft.payload == {"command": "/bin/true"}


async def test_saving_what_is_incomplete_goes_to_the_first_problem(
    open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    async with editing(open_office=open_office, clock=clock) as pilot:
        await pilot.press("tab", "tab", "tab", "ctrl+s")
        await settle(pilot)

        assert "✗ a name is required" in shown(pilot)
        assert desk_of(pilot).editor._form.focused_key == "name"
        assert not desk_of(pilot).has_closed


async def test_saving_twice_at_once_saves_once(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    async with editing(BILLING, open_office=open_office, clock=clock) as pilot:
        editor = desk_of(pilot).editor
        editor.action_save()
        editor.action_save()
        await settle(pilot)
        assert desk_of(pilot).has_closed

    assert schedules.names(caller) == ["billing-export"]


async def test_an_edit_writes_only_what_changed(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        await typed_line(pilot, "ends_at", "2026-06-01 00:00")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert billing == desk_of(pilot).saved

    draft = schedules.draft(caller, billing)
    assert (7, utc("2026-05-31 22:00")) == (draft.priority, draft.ends_at)
    assert BILLING.payload == draft.payload


async def test_nothing_is_written_when_nothing_has_changed(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "nothing has changed" in shown(pilot)
        assert not desk_of(pilot).has_closed

    assert schedules.rows(caller, [billing])[0].revision == 1


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("name", "taken", "taken"),
        ("priority", "12", "12"),
        ("queue", "nowhere", "nowhere"),
        ("shell.cwd", "relative/path", "absolute"),
        ("max_runs", "0", "1"),
    ],
)
async def test_what_the_service_refuses_is_told_beside_its_field_before_saving(
    caller: Caller,
    open_office: Callable[[], Opening],
    clock: FrozenClock,
    billing: UUID,
    key: str,
    text: str,
    problem: str,
) -> None:
    schedules.create(caller, replace(BILLING, name="taken"))
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, key, text)
        await rest(pilot)
        found = desk_of(pilot).editor._form.field(key).problem

        assert found is not None
        assert problem in found.text
        assert "1 problem" in shown(pilot)

        await typed_line(pilot, key, "5")

        assert desk_of(pilot).editor._form.field(key).problem != found


async def test_a_command_that_is_not_there_is_a_warning_before_it_is_a_failure(
    open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "shell.command", "/no/such/program --now")
        await rest(pilot)

        assert "! command not found: there is no /no/such/program" in " ".join(
            shown(pilot).replace("│", " ").split()
        )
        assert not desk_of(pilot).editor._sitting.problems


async def test_the_preview_of_a_recurring_edit_shows_what_the_engine_will_do(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    """The grid counts from when the schedule was made, not from the edit."""
    every_hour = replace(BILLING, schedule_type="recurring", schedule_expression="1h")
    made = schedules.create(caller, every_hour).id
    clock.advance(timedelta(minutes=10))
    async with editing(every_hour, made, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "schedule_expression", "25m")
        first = desk_of(pilot).editor._preview.outlook
        assert first is not None
        await pilot.press("ctrl+s")
        await settle(pilot)

    assert schedules.upcoming(caller, made) == [run.nominal_at for run in first.runs]


async def test_a_clean_editor_closes_without_a_question(
    open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await pilot.press("escape")
        await settle(pilot)

        assert desk_of(pilot).has_closed
        assert desk_of(pilot).saved is None


async def test_unsaved_work_is_kept_unless_it_is_discarded_on_purpose(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        for answer in ("escape", "enter"):  # the question's own escape, and its first answer
            await pilot.press("escape")
            await settle(pilot)
            assert "Closing now would lose 1 change." in shown(pilot)
            await pilot.press(answer)
            await settle(pilot)
            assert not asked(pilot)
            assert not desk_of(pilot).has_closed

        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("right", "right", "enter")
        await settle(pilot)
        assert desk_of(pilot).has_closed

    assert schedules.draft(caller, billing).priority == 5


async def test_the_question_about_unsaved_work_can_save_it(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert billing == desk_of(pilot).saved

    assert schedules.draft(caller, billing).priority == 7


async def test_what_only_one_side_changed_is_merged_by_itself_and_saved_when_asked(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        schedules.edit(caller, billing, {"schedule_expression": "0 4 * * *"})
        await pilot.press("ctrl+s")
        await settle(pilot)
        screen = shown(pilot)

        assert "billing-export was changed while you edited it" in screen
        assert f"Revision 2 was saved by {caller.name} through the tui, 12:00 UTC" in screen
        assert "expression  30 2 * * 1-5" in screen
        assert "(•) 0 4 * * *" in screen
        assert "(•) 7" in screen

        await pilot.press("enter")
        await settle(pilot)

        assert "Merged with revision 2" in shown(pilot)
        assert "0 4 * * *" in shown(pilot)
        assert not desk_of(pilot).has_closed

        await pilot.press("ctrl+s")
        await settle(pilot)
        assert billing == desk_of(pilot).saved

    draft = schedules.draft(caller, billing)
    assert (draft.schedule_expression, draft.priority) == ("0 4 * * *", 7)


async def test_a_conflict_can_be_settled_by_taking_theirs(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        schedules.edit(caller, billing, {"priority": 9, "jitter": timedelta(minutes=1)})
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "! 1 field was changed by both: say whose is taken" in shown(pilot)

        await pilot.press("enter")
        assert not desk_of(pilot).has_closed  # nothing goes on before that is said
        await pilot.press("t", "enter")
        await settle(pilot)
        editor = desk_of(pilot).editor

        assert (editor._form.texts["priority"], editor._form.texts["jitter"]) == ("9", "1m")
        assert not editor._sitting.is_dirty


async def test_a_conflict_can_be_left_alone_without_losing_or_overwriting_anything(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        schedules.edit(caller, billing, {"priority": 9})
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)

        assert "✗ not saved: revision 2 is newer" in shown(pilot)
        assert desk_of(pilot).editor._form.texts["priority"] == "7"

    assert schedules.draft(caller, billing).priority == 9


async def test_a_schedule_deleted_meanwhile_is_told_and_the_form_stays(
    caller: Caller, open_office: Callable[[], Opening], clock: FrozenClock, billing: UUID
) -> None:
    async with editing(BILLING, billing, 1, open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "priority", "7")
        schedules.delete(caller, [billing])
        await pilot.press("ctrl+s")
        await settle(pilot)

        assert not desk_of(pilot).has_closed
        assert "✗" in shown(pilot).splitlines()[-1]
        assert desk_of(pilot).editor._form.texts["priority"] == "7"


async def test_a_store_out_of_reach_loses_nothing_that_was_typed(
    open_office: Callable[[], Opening],
    clock: FrozenClock,
    sqlite_store: Store,
    tmp_path: Path,
) -> None:
    async with editing(open_office=open_office, clock=clock) as pilot:
        await typed_line(pilot, "name", "tick")
        await typed_line(pilot, "schedule_expression", "* * * * *")
        await typed_line(pilot, "shell.command", "/bin/true")
        sqlite_store.close()
        (tmp_path / "tfui.db").write_bytes(b"this is no database" * 1000)
        await pilot.press("ctrl+s")
        await settle(pilot)

        assert not desk_of(pilot).has_closed
        assert "✗" in shown(pilot).splitlines()[-1]
        assert desk_of(pilot).editor._form.texts["name"] == "tick"
