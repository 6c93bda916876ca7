"""The editor looks ahead before a save: company, waits, and a quieter minute that a key takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.editor_desk import BILLING, desk_of, editing, settle, shown
from tfui.service import queues, schedules
from tfui.service.caller import Caller, local_caller
from tfui.ui.widgets.editor_spec import EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tfui.clock import FrozenClock
    from tfui.store.connection import Store
    from tfui.ui.office import Opening


@pytest.fixture
def caller(sqlite_store: Store, clock: FrozenClock) -> Caller:
    """The person at the dashboard, with a queue that two schedules fill at half past two."""
    caller = local_caller(sqlite_store, clock, via="tui")
    queues.create(caller, "nightly", concurrency=1)
    for name in ("ledger-close", "stock-count"):
        schedules.create(caller, replace(BILLING, name=name, queue="nightly"))
    return caller


def _field(pilot: Pilot[None]) -> str:
    return desk_of(pilot).editor._sitting.draft.schedule_expression


async def test_company_waits_and_a_quieter_minute_are_told_and_f6_takes_it(
    open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    draft = replace(BILLING, queue="nightly")
    async with editing(draft, open_office=open_office, clock=clock) as pilot:
        text = " ".join(shown(pilot).split())

        assert "2 other starts at 02:30 on Tue 06 Jan" in text
        assert "it waits up to 10s; the longest wait in nightly" in text
        assert "grows by 5s, to 10s" in text
        assert "10 other starts in its minute over its next 5" in text
        assert "runs, none at :29; F6 moves it there" in text
        assert "F6 to :29" in text
        await pilot.press("f6")
        await pilot.pause(0.3)
        await settle(pilot)
        assert _field(pilot) == "29 2 * * 1-5"
        assert "others start" not in shown(pilot)
        assert "F6" not in shown(pilot)


async def test_a_new_schedule_is_told_how_often_it_starts(
    open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    async with editing(
        replace(BILLING, queue="default"), open_office=open_office, clock=clock
    ) as pilot:
        assert "+5 runs in the next 7 days" in shown(pilot)


async def test_an_edit_is_told_by_its_difference_and_that_it_will_overlap_itself(
    open_office: Callable[[], Opening], clock: FrozenClock, caller: Caller
) -> None:
    draft = replace(BILLING, name="crawl", schedule_expression="0 * * * *")
    schedule_id = schedules.create(caller, draft).id
    often = replace(draft, schedule_type="recurring", schedule_expression="3s", overlap="skip")
    async with editing(
        often, open_office=open_office, clock=clock, schedule_id=schedule_id
    ) as pilot:
        text = shown(pilot)

        assert "+201,432 runs in the next 7 days: 201,599" in text
        assert "instead of 167; nothing waits longer in default" in text
        assert "it will overlap itself: 14,399 skipped of 28,799" in text


async def test_without_an_offer_the_key_does_nothing(
    open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    draft = replace(BILLING, schedule_expression="44 4 * * *")
    async with editing(draft, open_office=open_office, clock=clock) as pilot:
        await pilot.press("f6")
        await settle(pilot)

        assert _field(pilot) == "44 4 * * *"


async def test_what_is_no_longer_typed_is_not_offered(
    open_office: Callable[[], Opening], clock: FrozenClock
) -> None:
    async with editing(
        replace(BILLING, queue="nightly"), open_office=open_office, clock=clock
    ) as pilot:
        field = desk_of(pilot).editor._form.field(EXPRESSION)
        field.control.focus()
        field.text = "31 2 * * *"
        await pilot.pause()
        await pilot.press("f6")
        await settle(pilot)

        assert _field(pilot) == "31 2 * * *"


async def test_without_a_store_there_is_nothing_to_foresee() -> None:
    async with editing(BILLING) as pilot:
        assert "in 7 days" not in shown(pilot)
