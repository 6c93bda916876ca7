"""The law while schedules come after each other and starts are limited, whatever else happens."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from tests.engine.test_law import TRIGGERS, TheLaw
from tests.world import ADA
from tfui.core.ratelimit import MINUTE
from tfui.core.states import DependencyStatus, DependencyType, JobStatus, ScheduleType
from tfui.model.columns import table_of
from tfui.model.dependency import After, JobDependency
from tfui.model.job import Job
from tfui.model.queue import RateStart
from tfui.store import dependencies, rates

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

LAST = len(TRIGGERS) - 1
KINDS = st.sampled_from(list(DependencyType))


class TheLawOfThoseThatWait(TheLaw):
    """The same play with dependencies, chains and a limit of starts."""

    def __init__(self) -> None:
        super().__init__()
        self.chained: list[UUID] = []
        self.per_minute: int | None = None

    @rule(
        pair=st.tuples(st.integers(0, LAST), st.integers(0, LAST)).filter(
            lambda two: two[0] < two[1]
        ),
        kind=KINDS,
        window=st.sampled_from([None, None, 3600]),
    )
    def one_comes_after_another(
        self, pair: tuple[int, int], kind: DependencyType, window: int | None
    ) -> None:
        parent, child = (self.schedules[place] for place in pair)
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            dependencies.remove(tx, child, parent)
            after = After(parent_id=parent, dependency_type=kind, window_seconds=window)
            dependencies.add(tx, child, after, is_chained=False)

    @rule(parent=st.integers(0, LAST), kind=KINDS)
    def one_is_chained(self, parent: int, kind: DependencyType) -> None:
        if len(self.chained) > 2:
            return
        made = self.stage.schedule(
            name=f"chained{len(self.chained)}",
            schedule_type=ScheduleType.CHAINED,
            schedule_expression="",
            next_run_at=None,
        )
        before = self.chained[-1] if self.chained and parent % 2 else self.schedules[parent]
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            after = After(parent_id=before, dependency_type=kind)
            dependencies.add(tx, made, after, is_chained=True)
        self.chained.append(made)

    @rule(per_minute=st.sampled_from([None, 2, 5]))
    def starts_are_limited(self, per_minute: int | None) -> None:
        with self.store.writing(by=ADA, now=self.clock.now()) as tx:
            rates.set_limit(tx, self.stage.organization_id, None, per_minute)
            if per_minute is not None:
                tx.connection.execute(table_of(RateStart).delete())
        self.per_minute = per_minute

    @invariant()
    def nothing_waits_for_what_cannot_come(self) -> None:
        """A link is pending only between a live child and a parent that has not ended."""
        links, jobs = table_of(JobDependency), table_of(Job)
        with self.store.reading() as tx:
            pending = tx.connection.execute(
                select(links.c.child_job_id, jobs.c.status)
                .outerjoin_from(links, jobs, jobs.c.id == links.c.parent_job_id)
                .where(links.c.status == DependencyStatus.PENDING),
            ).all()
            waiting = set(
                tx.connection.execute(
                    select(jobs.c.id).where(
                        jobs.c.status == JobStatus.BLOCKED,
                        jobs.c.wait_reason == "dependency",
                    ),
                ).scalars(),
            )

        assert {row.status for row in pending} <= {"blocked", "queued", "running"}
        assert waiting <= {row.child_job_id for row in pending}

    @invariant()
    def no_minute_has_more_starts_than_allowed(self) -> None:
        if self.per_minute is None:
            return
        starts: dict[str, list[datetime]] = defaultdict(list)
        with self.store.reading() as tx:
            for row in tx.connection.execute(table_of(RateStart).select()):
                starts[row.job_type].append(row.at)
        for found in starts.values():
            for first in found:
                assert sum(first <= at < first + MINUTE for at in found) <= self.per_minute


TestTheLawOfThoseThatWait = TheLawOfThoseThatWait.TestCase
TestTheLawOfThoseThatWait.settings = settings(
    max_examples=8,
    stateful_step_count=24,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
