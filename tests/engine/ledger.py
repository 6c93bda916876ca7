"""The law, recounted from the rows: what every engine test may ask after whatever it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.core.states import PLANNED_KINDS
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting

if TYPE_CHECKING:
    from tfui.store.connection import Store


def assert_the_law_holds(store: Store) -> None:
    """Planned = job rows + ranges, for every schedule from its beginning to its cursor."""
    jobs, ranges, schedules = table_of(Job), table_of(Occurrence), table_of(ScheduledJob)
    with store.reading() as tx:
        for schedule in tx.connection.execute(schedules.select()).all():
            since, until = schedule.effective_at, schedule.cursor_at
            planned = accounting.trigger_of(schedule).count(since, until)
            made = tx.connection.execute(
                select(func.count()).where(
                    jobs.c.scheduled_job_id == schedule.id,
                    jobs.c.kind.in_(PLANNED_KINDS),
                    jobs.c.nominal_at > since,
                    jobs.c.nominal_at <= until,
                ),
            ).scalar_one()
            skipped = tx.connection.execute(
                select(func.coalesce(func.sum(ranges.c["count"]), 0)).where(
                    ranges.c.scheduled_job_id == schedule.id,
                    ranges.c.from_at > since,
                    ranges.c.to_at <= until,
                ),
            ).scalar_one()

            assert planned == made + int(skipped), f"{schedule.name}: {planned} {made} {skipped}"

            beyond = tx.connection.execute(
                select(func.count()).where(
                    jobs.c.scheduled_job_id == schedule.id,
                    jobs.c.kind.in_(PLANNED_KINDS),
                    jobs.c.nominal_at > until,
                ),
            ).scalar_one()

            assert beyond == 0, f"{schedule.name} has jobs beyond its cursor"
