"""What a schedule comes after, in the editor: shown, added, taken away, refused, and undone as one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.editor_desk import BILLING, MID, Desk, desk_of, editing, settle, shown, type_in
from tests.ui.test_editor_saving import rest, typed_line
from tfui.core.parent_text import Parent
from tfui.core.states import DependencyType, ScheduleType
from tfui.service import coincidences, dependencies, journal, schedules
from tfui.ui.screens import editor_saving
from tfui.ui.screens.editor import EditorScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from textual.pilot import Pilot

    from tfui.service.caller import Caller
    from tfui.ui.office import Opening


@pytest.fixture
def family(caller: Caller) -> tuple[UUID, UUID, UUID]:
    """Billing, which comes after backup; and risk, which comes after nothing."""
    from dataclasses import replace

    billing, backup, risk = (
        schedules.create(caller, replace(BILLING, name=name)).id
        for name in ("billing", "backup", "risk")
    )
    dependencies.add(caller, billing, backup, dependency_type=DependencyType.CONDITIONAL)
    return billing, backup, risk


def told(caller: Caller) -> list[tuple[str, str, str, int | None]]:
    return [
        (row.child, row.parent, row.dependency_type.value, row.window_seconds)
        for row in dependencies.listing(caller)
    ]


def text_of(pilot: Pilot[None]) -> str:
    return desk_of(pilot).editor._form.field("after").text


async def save(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await settle(pilot)


async def test_it_shows_what_is_stored_and_that_is_no_change(
    caller: Caller, open_office: Callable[[], Opening], family: tuple[UUID, UUID, UUID]
) -> None:
    draft = schedules.draft(caller, family[0])
    async with editing(draft, family[0], 1, open_office=open_office) as pilot:
        await rest(pilot)

        assert text_of(pilot) == "backup:conditional"
        await save(pilot)
        assert "nothing has changed" in shown(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert desk_of(pilot).has_closed


async def test_parents_are_changed_with_the_rest_and_one_undo_takes_all_back(
    caller: Caller, open_office: Callable[[], Opening], family: tuple[UUID, UUID, UUID]
) -> None:
    before = told(caller)
    async with editing(
        schedules.draft(caller, family[0]), family[0], 1, open_office=open_office
    ) as pilot:
        await rest(pilot)
        await typed_line(pilot, "priority", "9")
        await typed_line(pilot, "after", "risk:parallel\nbackup:conditional:2h")
        assert "3 changes to save" in shown(pilot)
        await save(pilot)

        assert desk_of(pilot).saved == family[0]
    assert told(caller) == [
        ("billing", "backup", "conditional", 7200),
        ("billing", "risk", "parallel", None),
    ]
    journal.undo(caller)
    assert told(caller) == before
    assert schedules.draft(caller, family[0]).priority == BILLING.priority


async def test_a_parent_that_is_no_longer_named_is_taken_away(
    caller: Caller, open_office: Callable[[], Opening], family: tuple[UUID, UUID, UUID]
) -> None:
    async with editing(
        schedules.draft(caller, family[0]), family[0], 1, open_office=open_office
    ) as pilot:
        await rest(pilot)
        await typed_line(pilot, "after", "")
        await save(pilot)

        assert desk_of(pilot).saved == family[0]
    assert told(caller) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bakup", "there is no schedule 'bakup'; did you mean 'backup'?"),
        ("billing", "wait for itself: backup after billing after backup"),
        ("backup", "wait for itself: backup after backup"),
        ("risk:conditional:1x", "not a digit or one of the units"),
        (":parallel", "name a schedule before the colon"),
    ],
)
async def test_what_cannot_be_is_said_beside_the_field_while_typing(
    caller: Caller,
    open_office: Callable[[], Opening],
    family: tuple[UUID, UUID, UUID],
    text: str,
    said: str,
) -> None:
    async with editing(
        schedules.draft(caller, family[1]), family[1], 1, open_office=open_office
    ) as pilot:
        await rest(pilot)
        await typed_line(pilot, "after", text)
        await rest(pilot)
        problem = desk_of(pilot).editor._form.field("after").problem

        assert problem is not None
        assert said in problem.text
        await save(pilot)
        assert not desk_of(pilot).has_closed
    assert len(told(caller)) == 1


@pytest.mark.usefixtures("family")
async def test_a_schedule_without_a_time_of_its_own_is_added_with_the_keyboard(
    caller: Caller, open_office: Callable[[], Opening]
) -> None:
    async with editing(open_office=open_office) as pilot:
        await type_in(pilot, "verify")
        await pilot.press("tab", "a")
        await settle(pilot)
        assert not desk_of(pilot).editor._form.field("schedule_expression").display
        assert desk_of(pilot).editor._form.field("after").problem is None
        await pilot.press("tab", "tab")
        await type_in(pilot, "backup:conditional")
        await typed_line(pilot, "shell.command", "/bin/true")
        await rest(pilot)
        await save(pilot)
        saved = desk_of(pilot).saved

    assert saved is not None
    assert schedules.draft(caller, saved).schedule_type == ScheduleType.CHAINED
    assert ("verify", "backup", "conditional", None) in told(caller)
    assert [row.is_chained for row in dependencies.listing(caller, saved)] == [True]


@pytest.mark.usefixtures("family")
async def test_a_chained_schedule_names_at_least_one_and_looks_back_from_nothing(
    open_office: Callable[[], Opening],
) -> None:
    async with editing(open_office=open_office) as pilot:
        await type_in(pilot, "verify")
        await pilot.press("tab", "a")
        await typed_line(pilot, "shell.command", "/bin/true")
        await save(pilot)
        problem = desk_of(pilot).editor._form.field("after").problem
        assert problem is not None
        assert "name at least one schedule" in problem.text

        await typed_line(pilot, "after", "backup:conditional:1h")
        await save(pilot)
        problem = desk_of(pilot).editor._form.field("after").problem
        assert problem is not None
        assert "no time of its own to look back from" in problem.text


def test_the_preview_warns_of_times_that_never_meet(
    caller: Caller,
) -> None:
    from dataclasses import replace

    odd = replace(BILLING, name="odd", schedule_type="cron", schedule_expression="59 23 31 12 *")
    schedules.create(caller, odd)
    draft = replace(odd, name="even", schedule_expression="0 5 1 7 *")

    (text,) = coincidences.draft_warnings(caller, draft, None, [Parent("odd")])
    verdict = editor_saving.check(caller, draft, None, (Parent("odd"),))
    assert text in verdict.warnings
    assert text.startswith("odd has no run at any of even's next 64 times")


async def test_nothing_is_typed_over_what_is_stored_before_that_was_read(
    caller: Caller,
    open_office: Callable[[], Opening],
    family: tuple[UUID, UUID, UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_read, read = threading.Event(), editor_saving.read_background

    def read_late(*asked: Any) -> editor_saving.Background:
        assert may_read.wait(timeout=10)
        return read(*asked)

    monkeypatch.setattr(editor_saving, "read_background", read_late)
    editor = EditorScreen(schedules.draft(caller, family[0]), family[0], 1)
    desk = Desk(editor, open_office=open_office)
    desk.office.open()
    async with desk.run_test(size=MID) as pilot:
        await pilot.pause()
        editor._form.field("after").control.focus()
        await pilot.press("r", "i", "s", "k")
        early = text_of(pilot)
        may_read.set()
        await settle(pilot)
        read_since = text_of(pilot)
        await pilot.press("x")

        assert (early, read_since) == ("", "backup:conditional")
        assert "x" in text_of(pilot)
    desk.office.close()
