"""Many rows in one statement: every count is split into a few sizes, and nothing is lost between them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import column, func, literal_column, select, table
from sqlalchemy.dialects import sqlite

from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.core.states import JobKind, JobStatus, WaitReason
from tfui.model.columns import table_of, to_microseconds
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import planning
from tfui.store.given import portions
from tfui.store.kept import ID, new_kept, to_kept

if TYPE_CHECKING:
    from typing import Any

    from tfui.store.connection import Store, Transaction

_J = table_of(Job).c
_S = table_of(ScheduledJob).c


def _rows(tx: Transaction, schedule_id: Any, count: int) -> list[dict[str, Any]]:  # a kept id
    return [
        {
            "schedule_id": schedule_id,
            "job_id": job_id,
            "nominal": to_microseconds(NOON + timedelta(minutes=minute)),
            "available": to_microseconds(NOON),
            "state": JobStatus.QUEUED.value,
            "wait": WaitReason.NO_WORKER.value,
            "why": JobKind.SCHEDULED.value,
            "now": to_microseconds(NOON),
        }
        for minute, job_id in enumerate(new_kept(tx, count))
    ]


@pytest.mark.parametrize("count", [1, 9, 10, 11, 100, 123])
def test_every_row_of_a_batch_becomes_a_job(store: Store, count: int) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        schedule_id = to_kept(a_schedule(tx, an_organization(tx)), dialect=store.dialect.name)
        rows = _rows(tx, schedule_id, count)

        assert planning.create_jobs(tx, rows) == set()
        made = tx.connection.execute(select(func.count(), func.min(_J.nominal_at))).one()

    assert (count, NOON) == tuple(made)


def test_an_occurrence_that_has_its_job_is_refused_alone(store: Store) -> None:
    with store.writing(by=ADA, now=NOON) as tx:
        schedule_id = to_kept(a_schedule(tx, an_organization(tx)), dialect=store.dialect.name)
        first = _rows(tx, schedule_id, 12)
        planning.create_jobs(tx, first[5:6])
        again = _rows(tx, schedule_id, 12)

        assert planning.create_jobs(tx, again) == {again[5]["job_id"]}


def test_a_value_that_no_row_gives_is_a_mistake() -> None:
    given = table("given", column("schedule_id", ID))
    statement = (
        table_of(ScheduledJob)
        .update()
        .where(_S.id == given.c.schedule_id)
        .values(name="x", priority=literal_column("1"))
    )

    with pytest.raises(AssertionError, match="not given by the rows"):
        list(portions(statement, given, [{"schedule_id": b""}], sqlite.dialect()))
