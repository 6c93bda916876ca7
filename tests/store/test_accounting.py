"""Accounting: ranges and the cursor move together, and neighbours become one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, NOON, a_schedule, an_organization, utc
from tfui.core.states import SkipReason
from tfui.model.columns import table_of
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Store
    from tfui.store.kept import AnyRow

MINUTE = timedelta(minutes=1)


def stored(store: Store, **changes: Any) -> UUID:
    with store.writing(by=ADA, now=NOON) as tx:
        return a_schedule(tx, an_organization(tx), **changes)


def row(store: Store, schedule_id: UUID) -> AnyRow:
    table = table_of(ScheduledJob)
    with store.reading() as tx:
        return tx.connection.execute(table.select().where(table.c.id == schedule_id)).one()


def account(store: Store, schedule_id: UUID, until: datetime, reason: SkipReason) -> int:
    with store.writing(by=ADA, now=until) as tx:
        return accounting.account_until(tx, row(store, schedule_id), until, reason=reason)


def ranges(store: Store) -> list[tuple[datetime, datetime, int, str]]:
    table = table_of(Occurrence)
    with store.reading() as tx:
        found = tx.connection.execute(table.select().order_by(table.c.from_at)).all()
    return [(part.from_at, part.to_at, part[4], part.reason) for part in found]


def test_what_the_cursor_passes_is_one_range(store: Store) -> None:
    schedule = stored(store)
    until = NOON + timedelta(minutes=5, seconds=30)

    assert account(store, schedule, until, SkipReason.SKIP_PAUSED) == 5
    assert ranges(store) == [(NOON + MINUTE, NOON + 5 * MINUTE, 5, "skip_paused")]
    assert row(store, schedule).cursor_at == until
    assert_the_law_holds(store)


def test_ranges_that_follow_each_other_for_one_reason_become_one(store: Store) -> None:
    schedule = stored(store)
    for minutes in (2, 4):
        account(store, schedule, NOON + minutes * MINUTE, SkipReason.SKIP_PAUSED)
    account(store, schedule, NOON + 5 * MINUTE, SkipReason.SUPERSEDED)

    assert [part[2:] for part in ranges(store)] == [(4, "skip_paused"), (1, "superseded")]
    assert_the_law_holds(store)


def test_a_range_never_reaches_over_an_edit(store: Store) -> None:
    schedule = stored(store)
    account(store, schedule, NOON + 2 * MINUTE, SkipReason.SKIP_PAUSED)
    table = table_of(ScheduledJob)
    with store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(table.update().values(effective_at=NOON + 2 * MINUTE))
    account(store, schedule, NOON + 4 * MINUTE, SkipReason.SKIP_PAUSED)

    assert [part[2] for part in ranges(store)] == [2, 2]
    assert_the_law_holds(store)


def test_the_cursor_never_goes_back_nor_past_the_end(store: Store) -> None:
    schedule = stored(store, ends_at=NOON + 3 * MINUTE)

    assert account(store, schedule, NOON - MINUTE, SkipReason.SUPERSEDED) == 0
    assert account(store, schedule, NOON + 60 * MINUTE, SkipReason.SUPERSEDED) == 3
    assert row(store, schedule).cursor_at == NOON + 3 * MINUTE
    assert_the_law_holds(store)


def test_a_completed_schedule_has_nothing_left_to_account_for(store: Store) -> None:
    schedule = stored(store, status="completed", next_run_at=None)

    assert account(store, schedule, NOON + 60 * MINUTE, SkipReason.SUPERSEDED) == 0
    assert ranges(store) == []


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (None, NOON),
        (NOON - MINUTE, NOON),
        (NOON + MINUTE, NOON + MINUTE - timedelta(microseconds=1)),
    ],
)
def test_a_trigger_is_in_force_from_now_or_from_its_start(
    starts_at: datetime | None, expected: datetime
) -> None:
    assert accounting.in_force_since(NOON, starts_at) == expected


def test_the_next_run_keeps_to_the_end(store: Store) -> None:
    schedule = row(store, stored(store, ends_at=utc("2026-01-05 12:03")))

    assert accounting.next_run(schedule, utc("2026-01-05 12:02")) == utc("2026-01-05 12:03")
    assert accounting.next_run(schedule, utc("2026-01-05 12:03")) is None
