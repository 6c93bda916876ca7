"""What the editor shows while somebody types, keystroke by keystroke."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from textual import events
from textual.widgets import Button, Input

from tests.ui.editor_desk import BILLING, MID, desk_of, editing, settle, shown, type_in
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.model.schedule import ScheduleDraft

A_SCHEDULE = UUID(int=7)
SIZES = [(80, 24), MID, (200, 50)]


def line_with(text: str, screen: str) -> str:
    return next(line for line in screen.splitlines() if text in line)


async def test_a_new_schedule_begins_with_the_cursor_in_its_name_and_no_complaint() -> None:
    async with editing() as pilot:
        screen = shown(pilot)

        assert "Add a schedule" in screen
        assert "✗" not in screen
        assert desk_of(pilot).editor._form.focused_key == "name"
        assert pilot.app.screen.query_one("#editor-save", Button).disabled


@pytest.mark.parametrize("size", SIZES)
async def test_every_keystroke_of_a_cron_expression_moves_the_preview(
    size: tuple[int, int],
) -> None:
    async with editing(size=size) as pilot:
        await pilot.press("tab", "tab")
        await type_in(pilot, "0 9 * * *")

        assert "At 09:00" in shown(pilot)
        assert "Tue 06 Jan 09:00 +00:00" in shown(pilot)

        await pilot.press("backspace")
        await type_in(pilot, "1")

        assert "Mon 12 Jan 09:00 +00:00" in shown(pilot)
        assert "Tue 06 Jan 09:00" not in shown(pilot)


async def test_eight_runs_are_shown_with_offset_and_distance() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        screen = shown(pilot)

        assert "1  Tue 06 Jan 02:30 +01:00  in 13h 30m" in screen
        assert "8  Thu 15 Jan 02:30 +01:00  in 9d 13h" in screen


async def test_a_wrong_field_gets_a_caret_under_its_characters_and_saving_is_off() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "home", "right", "right", "right", "delete")
        await type_in(pilot, "25")
        screen = shown(pilot).splitlines()
        typed = next(number for number, line in enumerate(screen) if "30 25 * * 1-5" in line)
        column = screen[typed].index("25")

        assert (
            screen[typed + 1][column:].split("  ")[0].strip("│ ") == "^^ ✗ hour: 25 is outside 0–23"
        )
        assert pilot.app.screen.query_one("#editor-save", Button).disabled
        assert "1 problem" in screen[-1]


async def test_the_last_valid_preview_stays_while_the_text_is_wrong_and_says_so() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "end")
        await type_in(pilot, "x")

        assert "✗ not valid now; this is what was valid last" in shown(pilot)
        assert "1  Tue 06 Jan 02:30 +01:00" in shown(pilot)
        assert desk_of(pilot).editor._preview.is_stale

        await pilot.press("backspace")
        await settle(pilot)

        assert "At 02:30, Monday to Friday" in shown(pilot)
        assert not pilot.app.screen.query_one("#editor-save", Button).disabled


async def test_the_ruler_lights_the_field_at_the_cursor_and_says_what_it_may_hold() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "home")
        await pilot.pause()
        assert "── 0–59" in shown(pilot)

        await pilot.press("end")
        await pilot.pause()
        assert "─── 0–7 or SUN–SAT" in shown(pilot)


async def test_another_zone_moves_the_runs() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "tab")
        await type_in(pilot, "Asia/Tokyo")

        assert "Asia/Tokyo, now Mon 21:00 +09:00" in shown(pilot)
        assert "Tue 06 Jan 02:30 +09:00  in 5h 30m" in shown(pilot)


async def test_an_unknown_zone_is_told_beside_the_zone() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "tab")
        await type_in(pilot, "Berlin")
        screen = shown(pilot)

        assert "'Berlin' is not a time zone; did you mean" in screen
        assert pilot.app.screen.query_one("#editor-save", Button).disabled


async def test_clock_changes_of_the_coming_year_are_told_with_their_dates() -> None:
    async with editing(replace(BILLING, schedule_expression="30 2 * * *")) as pilot:
        screen = " ".join(shown(pilot).replace("│", " ").split())

        assert "29 March 2026: clocks go forward" in screen
        assert "25 October 2026: clocks go back" in screen


async def test_a_recurring_trigger_keeps_the_cron_text_for_later() -> None:
    async with editing(BILLING) as pilot:
        await pilot.press("tab", "right", "tab")
        await type_in(pilot, "90s")
        assert "Every 90 seconds" in shown(pilot)

        await pilot.press("shift+tab", "left", "tab")
        await settle(pilot)

        assert "30 2 * * 1-5" in shown(pilot)
        assert "At 02:30, Monday to Friday" in shown(pilot)


async def test_a_once_in_the_past_is_refused_and_one_to_come_is_shown() -> None:
    async with editing() as pilot:
        await pilot.press("tab", "o", "tab")
        await type_in(pilot, "2026-01-05 11:59")
        assert "is already past" in shown(pilot)

        await pilot.press("backspace", "backspace", "backspace", "backspace", "backspace")
        await type_in(pilot, "12:30")

        assert "Mon 05 Jan 12:30 +00:00  in 30m 00s" in shown(pilot)


async def test_a_once_that_comes_to_pass_while_the_editor_is_open_stops_being_valid() -> None:
    clock = FrozenClock(NOON)
    draft = replace(BILLING, schedule_type="once", schedule_expression="2026-01-05 13:00:30")
    async with editing(draft, clock=clock) as pilot:
        assert "in 30s" in shown(pilot)

        clock.advance(timedelta(seconds=31))
        desk_of(pilot).editor._look_again()
        await settle(pilot)

        assert desk_of(pilot).editor._preview.is_stale


async def test_jitter_of_a_stored_schedule_is_shown_in_the_starts() -> None:
    draft = replace(BILLING, jitter=timedelta(minutes=5))
    async with editing(draft, A_SCHEDULE, 12) as pilot:
        first = line_with(" 1  Tue 06 Jan", shown(pilot))

        assert "02:30 +01:00" not in first
        assert "jitter up to 5 minutes, included" in shown(pilot)


async def test_a_save_of_a_changed_trigger_tells_which_runs_it_adds_and_removes() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("tab", "tab", "end", "backspace", "backspace", "backspace")
        await type_in(pilot, "*")
        screen = shown(pilot)

        assert "30 2 * * 1-5 → 30 2 * * *" in screen
        assert "+ 4 runs in 14 days, first Sat 10 Jan 02:30 +01:00" in screen
        assert "Edit billing-export *" in screen
        assert "1 change to save" in screen


async def test_text_of_five_thousand_characters_is_refused_and_still_quick_to_edit() -> None:
    async with editing() as pilot:
        await pilot.press("tab", "tab")
        line = pilot.app.screen.focused
        assert isinstance(line, Input)
        line.value = "1" * 5000
        await settle(pilot)

        assert "5,000 characters are too many" in shown(pilot)


@pytest.mark.parametrize("name", ["[red]x[/red]", "line\nbreak", "\N{ROCKET} näme \x1b[31m", "[/]"])
async def test_any_name_is_shown_as_text_and_survives_unchanged(name: str) -> None:
    async with editing(replace(BILLING, name=name), A_SCHEDULE, 3) as pilot:
        sitting = desk_of(pilot).editor._sitting

        assert name == sitting.draft.name
        assert not sitting.is_dirty
        assert "\x1b" not in shown(pilot)


async def test_a_preset_fills_the_expression() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        await pilot.press("f4")
        await settle(pilot)
        assert "Common schedules, next run in Europe/Berlin" in shown(pilot)

        await pilot.press("down", "down", "enter")
        await settle(pilot)

        assert "Every hour, on the hour" in shown(pilot)
        assert desk_of(pilot).editor._form.focused_key == "schedule_expression"


async def test_choices_are_taken_with_the_mouse_too() -> None:
    async with editing(BILLING, A_SCHEDULE, 12) as pilot:
        field = desk_of(pilot).editor._form.field("schedule_type")
        await pilot.click(field.control, offset=(14, 0))
        await settle(pilot)

        assert field.text == "recurring"


async def test_keys_that_come_faster_than_frames_end_up_in_their_fields() -> None:
    async with editing() as pilot:
        for key in (
            "t",
            "i",
            "c",
            "k",
            "tab",
            "right",
            "tab",
            "2",
            "s",
            "tab",
            "A",
            "tab",
            "tab",
            "h",
        ):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        texts = desk_of(pilot).editor._form.texts

        assert (
            texts["name"],
            texts["schedule_type"],
            texts["schedule_expression.recurring"],
            texts["timezone"],
            texts["job_type"],
        ) == ("tick", "recurring", "2s", "A", "http")


async def test_the_whole_form_can_be_reached_by_tab_at_the_smallest_size() -> None:
    async with editing(BILLING, A_SCHEDULE, 12, size=(80, 24)) as pilot:
        seen = set()
        for _ in range(40):
            pilot.app.screen.focus_next()
            seen.add(desk_of(pilot).editor._form.focused_key)
        wanted = {
            *("name", "schedule_type", "schedule_expression", "timezone", "job_type"),
            *("shell.command", "shell.cwd", "shell.user", "shell.env", "queue", "priority"),
            *("overlap", "on_missed", "catchup_window", "max_catchup", "jitter", "timeout"),
            *("max_attempts", "retry_base", "retry_factor", "retry_cap", "retry_on"),
            *("no_retry_on", "pause_after_failures", "max_runs", "starts_at", "ends_at"),
            *("metadata.description", "metadata.tags"),
        }

        assert wanted <= seen


async def test_json_that_breaks_off_is_told_with_line_and_column() -> None:
    draft = ScheduleDraft(
        name="tick",
        schedule_type="cron",
        schedule_expression="* * * * *",
        job_type="noop",
        payload={"seconds": 1},
    )
    async with editing(draft) as pilot:
        area = desk_of(pilot).editor._form.field("payload")
        area.text = '{\n  "seconds": ,\n}'
        await settle(pilot)

        assert "✗ line 2, column 14: expecting value" in shown(pilot)

        await pilot.press("ctrl+s")
        await settle(pilot)

        assert pilot.app.screen.focused is area.control
