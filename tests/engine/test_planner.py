"""Planning: what is due becomes exactly one job or a ledger entry, and the law holds after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.engine.ledger import assert_the_law_holds
from tests.world import utc

if TYPE_CHECKING:
    from tests.engine.stage import Stage

MINUTE = timedelta(minutes=1)


def test_a_due_schedule_runs_once_and_moves_on(stage: Stage) -> None:
    schedule = stage.schedule()
    engine = stage.engine()

    stage.later(MINUTE, engine)

    (job,) = stage.jobs(schedule)
    row = stage.row(schedule)
    assert ("succeeded", utc("2026-01-05 12:01")) == (job.status, job.nominal_at)
    assert (utc("2026-01-05 12:01"), utc("2026-01-05 12:02")) == (row.cursor_at, row.next_run_at)
    assert (1, job.id, "succeeded") == (row.runs_count, row.job_id, row.last_outcome)
    assert_the_law_holds(stage.store)
