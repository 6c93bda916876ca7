"""The record's view: every key of it, the filter, and reverting one change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.ui import record, stage
from tests.ui.play import an_app, caller_of, playing, press, settle, shown
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.core import record_filter
from tfui.core.record_filter import RecordFilter
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.model.schedule import ScheduledJob
from tfui.service import journal
from tfui.ui.audit_words import clock
from tfui.ui.options import Options
from tfui.ui.views.audit import AuditView
from tfui.ui.widgets.audit_list import AuditList

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tfui.store.connection import Store
    from tfui.ui.app import TfuiApp

UTC = Options(engine=False, zone="UTC")


def an_eventful_app(store: Store, options: Options = UTC) -> TfuiApp:
    app = an_app(store, options=options)
    record.live(store)
    return app


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if "@" in line and not line.startswith(" /")]


async def filter_by(pilot: Pilot[None], text: str) -> str:
    await press(pilot, "slash")
    pilot.app.query_one("#audit-filter", Input).value = text
    await settle(pilot)
    return shown(pilot)


async def test_it_lists_changes_newest_first_with_who_what_and_how(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(200, 50)) as pilot:
        found = lines(await press(pilot, "5"))

        assert "08:59:59  olga@cli" in found[0]
        assert "rate set" in found[0]
        assert "a minute none → 120" in found[0]
        assert 'until Tue 06 Jan 09:00 +00:00  "vendor' in found[3]
        assert "takes back #" in found[4]
        assert any("expression 30 2 * * 1-5 → 0 2 * * *" in line for line in found)
        assert "✓ chain verified to #20" in shown(pilot)


async def test_enter_shows_the_fields_and_escape_goes_back(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(80, 24)) as pilot:
        text = await press(pilot, "5", *"jjj", "enter")
        assert "+  Tue 06 Jan 09:00 +00:00" in text
        assert "ana through the dashboard" in text

        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, AuditList)


async def test_z_reverts_the_entry_under_the_cursor_as_a_new_one(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "5", "j", "j", "z")

        assert "Reverted: deleted geoip-refresh" in text
        assert "restored" in lines(text)[0]
        table = table_of(ScheduledJob)
        with sqlite_store.reading() as tx:
            query = table.select().where(table.c.name == "geoip-refresh")
            assert tx.connection.execute(query).one().deleted_at is None
        # The cursor stayed with its entry, which says by what it was taken back.
        assert "undone  by entry #21" in text
        assert "cannot be reverted: entry #21" in text
        assert "✓ chain verified to #21" in text

        caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
        restored = journal.entries(caller)[0].id
        journal.revert(caller, restored)
        assert f"does #{journal.entries(caller)[0].redoes} again" in await press(pilot, "4", "5")


async def test_what_something_newer_has_changed_is_refused_with_the_reason(
    sqlite_store: Store,
) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "5")
        caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
        (edit, *_) = [one for one in journal.entries(caller) if one.subject == "billing-export"]
        from tfui.service import schedules

        schedules.edit(caller, edit.subject_id, {"schedule_expression": "5 2 * * *"})
        await filter_by(pilot, "actor:ci-bot object:billing")
        await press(pilot, "enter")
        text = await press(pilot, "z")

        assert "schedule_expression changed since" in text.replace("\n", " ")


async def test_a_run_cannot_be_reverted_and_says_so(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "5", "j")
        assert "cannot be reverted: what has begun" in text
        view = pilot.app.screen.query_one(AuditView)
        assert view.check_action("revert", ()) is None


async def test_o_shows_the_schedule_in_the_list(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(120, 36)) as pilot:
        text = await press(pilot, "5", "j", "o")

        assert "› ✓   dns-verify" in text or "dns-verify ─" in text


async def test_the_filter_takes_words_and_escape_clears_it(sqlite_store: Store) -> None:
    async with playing(an_eventful_app(sqlite_store), size=(120, 36)) as pilot:
        await press(pilot, "5")
        for typed, count in (
            ("actor:ci-bot", 3),
            ("actor:ana@tui object:legacy", 2),
            ("verb:paused since:10m", 2),
            ("bulk", 2),
            ("pause dns", 1),
        ):
            assert len(lines(await filter_by(pilot, typed))) == count, typed
        assert "by is none of actor:, object:, verb:, since:" in await filter_by(pilot, "by:ana")
        assert "Nothing on record matches 'zzz'" in await filter_by(pilot, "zzz")

        assert len(lines(await press(pilot, "escape"))) == 20


async def test_a_broken_chain_is_said(sqlite_store: Store) -> None:
    app = an_eventful_app(sqlite_store)
    table = table_of(Journal)
    with sqlite_store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
        tx.connection.execute(table.update().where(table.c.id == 7).values(by="mallory"))
    async with playing(app, size=(120, 36)) as pilot:
        assert "chain broken at #7: it was changed" in await press(pilot, "5")


async def test_an_empty_record_says_so(sqlite_store: Store) -> None:
    async with playing(an_app(sqlite_store, cast=(), options=UTC), size=(80, 24)) as pilot:
        assert "Nothing is on record yet" in await press(pilot, "5")


async def test_read_only_reverts_nothing(sqlite_store: Store) -> None:
    options = Options(engine=False, zone="UTC", read_only=True)
    async with playing(an_eventful_app(sqlite_store, options), size=(120, 36)) as pilot:
        await press(pilot, "5", "j", "j", "z")
        caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
        assert journal.entries(caller)[0].verb == "rate.set"


async def test_a_long_record_is_read_a_page_at_a_time(sqlite_store: Store) -> None:
    app = an_app(sqlite_store, options=UTC)
    caller = caller_of(sqlite_store, FrozenClock(stage.MONDAY))
    with caller.writing(record.WRITE) as tx:
        caller.record(tx, record.many(3000))
    async with playing(app, size=(120, 36)) as pilot:
        await press(pilot, "5")
        text = await press(pilot, "G")
        assert "created" in lines(text)[-1]
        text = await press(pilot, "ctrl+u", "g")
        assert "paused" in lines(text)[0]
        assert "paused [/tenant] 2999 ─" in text  # the frame's title
        assert "…  " not in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", RecordFilter()),
        ("  pause  x ", RecordFilter(words=("pause", "x"))),
        ('object:"a b" ACTOR:ada@cli', RecordFilter(named="a b", actor="ada@cli")),
        ("verb:edit since:", RecordFilter(verb="edit")),
    ],
)
def test_filters_are_read(text: str, found: RecordFilter) -> None:
    assert record_filter.parse(text) == (found, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who:ana", "who is none of actor:, object:, verb:, since:"),
        ("!ana", "nothing can be left out here, only asked for"),
        ("since:soon", "is not a digit"),
        ("since<3", "since is followed by a colon"),
        ("actor:a,b", "actor takes one value"),
        ("actor:a actor:b", "actor takes one value"),
    ],
)
def test_mistakes_in_filters_are_told(text: str, said: str) -> None:
    _, problem = record_filter.parse(text)

    assert problem is not None
    assert said in problem.text


def test_moments_take_twelve_cells() -> None:
    for at in (NOON, stage.MONDAY.replace(year=2024), stage.MONDAY.replace(month=3)):
        assert len(clock(at, None, NOON)) == 12
