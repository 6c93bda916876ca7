"""How SQLite reads schedules: by their keys and small indexes, never row by row through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.model.schedule import ScheduleQuery, ScheduleSort
from tfui.store import listing, schedule_rows, schedules, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from uuid import UUID

    from tfui.store.connection import Store, Transaction

A_LIST = "SEARCH scheduled_job USING COVERING INDEX ix_scheduled_job_listing"
A_KEY = "SEARCH scheduled_job USING INDEX sqlite_autoindex_scheduled_job_1 (id=?)"


@pytest.fixture
def filled(sqlite_store: Store) -> tuple[Store, UUID, list[UUID]]:
    with sqlite_store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        made = [a_schedule(tx, organization_id) for _ in range(130)]
    return sqlite_store, organization_id, made


def plans(store: Store, read: Callable[[Transaction], object]) -> list[str]:
    """Give the steps that SQLite takes for all that `read` asks."""
    said: list[tuple[str, Any]] = []

    def note(*asked: Any) -> None:
        said.append((asked[2], asked[3]))

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        with store.reading() as tx:
            read(tx)
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
    steps = []
    with store.connect() as connection:
        for statement, values in said:
            if statement.startswith("SELECT"):
                explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps += [str(row[3]) for row in explained]
    return steps


def of_schedules(steps: list[str]) -> list[str]:
    return [step for step in steps if "scheduled_job " in step]


@pytest.mark.parametrize(
    "query",
    [
        ScheduleQuery(),
        ScheduleQuery(descending=True),
        ScheduleQuery(sort=ScheduleSort.NAME),
        ScheduleQuery(search="ware"),
    ],
    ids=["by condition", "turned over", "by name", "searched"],
)
def test_a_list_is_one_walk_over_a_covering_index(
    filled: tuple[Store, UUID, list[UUID]],
    query: ScheduleQuery,
) -> None:
    store, organization_id, _ = filled
    steps = plans(store, lambda tx: listing.ids(tx, organization_id, query, now=NOON))

    assert [step.startswith(A_LIST) for step in of_schedules(steps)] == [True]
    # Only the few live jobs of one schedule are sorted, to find the one furthest along.
    assert steps.count("USE TEMP B-TREE FOR ORDER BY") <= (query.sort is ScheduleSort.STATUS)


def test_a_page_of_rows_is_looked_up_by_its_ids(filled: tuple[Store, UUID, list[UUID]]) -> None:
    store, organization_id, made = filled
    steps = plans(store, lambda tx: schedule_rows.rows(tx, organization_id, made[:128]))

    assert A_KEY in steps
    assert not [step for step in steps if step.startswith("SCAN")]
    assert not [step for step in of_schedules(steps) if "(organization_id" in step]


def test_many_schedules_are_held_by_their_ids(filled: tuple[Store, UUID, list[UUID]]) -> None:
    store, organization_id, made = filled
    steps = plans(store, lambda tx: schedules.lock(tx, organization_id, made))

    assert of_schedules(steps) == [A_KEY]


def test_how_things_stand_is_one_walk_over_the_list_and_a_few_steps_among_the_due(
    filled: tuple[Store, UUID, list[UUID]],
) -> None:
    store, organization_id, _ = filled
    steps = of_schedules(plans(store, lambda tx: standing.pulse(tx, organization_id, now=NOON)))

    walks = [step for step in steps if step.startswith(A_LIST)]
    among_the_due = [step for step in steps if "ix_scheduled_job_due (next_run_at" in step]
    assert (len(walks), len(among_the_due)) == (1, 3)
    assert len(steps) == 4


def test_one_schedule_is_read_by_keys(filled: tuple[Store, UUID, list[UUID]]) -> None:
    store, organization_id, made = filled
    steps = plans(store, lambda tx: standing.detail(tx, organization_id, made[5]))

    assert not [step for step in steps if step.startswith("SCAN")]
    assert not [step for step in of_schedules(steps) if "(organization_id" in step]
