"""Every run of every schedule in one list: what ran, what did not, newest planned first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import ADA, NOON, a_schedule, an_organization, new_id
from tfui.core.states import JobStatus, SkipReason
from tfui.errors import Invalid
from tfui.model.columns import table_of
from tfui.model.occurrence import Occurrence
from tfui.model.run import RunQuery
from tfui.service import runs
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from uuid import UUID

    from tests.engine.stage import Stage
    from tfui.model.run import RunRow
    from tfui.service.caller import Caller

MINUTE = timedelta(minutes=1)
ALL = RunQuery()


@pytest.fixture
def ada(stage: Stage) -> Caller:
    """Somebody who asks."""
    return local_caller(stage.store, stage.clock, via="cli")


@pytest.fixture
def eventful(stage: Stage) -> UUID:
    """A minutely schedule that ran twice, with an hour between them that it slept through."""
    schedule = stage.schedule(name="minutely")
    engine = stage.engine()
    stage.later(MINUTE, engine)
    stage.later(timedelta(hours=1), engine)
    stage.later(MINUTE, engine)
    return schedule


def _rows(caller: Caller, query: RunQuery = ALL, *, limit: int = 100) -> list[RunRow]:
    return runs.rows(caller, runs.order(caller, query, limit=limit).ids)


@pytest.mark.usefixtures("eventful")
def test_what_ran_and_what_did_not_stand_in_one_line_of_time(ada: Caller) -> None:
    rows = _rows(ada)
    planned = [row.line.nominal_at for row in rows]

    assert planned == sorted(planned, reverse=True)
    assert {row.line.job is None for row in rows} == {True, False}
    assert {(row.schedule, row.queue) for row in rows} == {("minutely", "default")}
    gap = next(row.line for row in rows if row.line.job is None)
    assert gap.reason in {SkipReason.MISSED_SLEEP, SkipReason.MISSED_DOWN, SkipReason.COALESCED}


@pytest.mark.usefixtures("eventful")
def test_statuses_and_gaps_can_be_asked_for_alone(ada: Caller) -> None:
    jobs = _rows(ada, RunQuery(gaps=False))
    gaps = _rows(ada, RunQuery(statuses=frozenset()))

    assert all(row.line.job is not None for row in jobs)
    assert all(row.line.job is None for row in gaps)
    assert len(jobs) + len(gaps) == len(_rows(ada))
    ended = _rows(ada, RunQuery(statuses=frozenset({JobStatus.SUCCEEDED}), gaps=False))
    live = _rows(ada, RunQuery(statuses=frozenset({JobStatus.RUNNING}), gaps=False))
    assert len(ended) + len(live) == len(jobs)


@pytest.mark.usefixtures("eventful")
def test_a_search_finds_names_of_jobs_and_gaps_and_the_reason(ada: Caller) -> None:
    assert len(_rows(ada, RunQuery(search="MINUTE"))) == len(_rows(ada))
    assert _rows(ada, RunQuery(search="100%")) == []
    missed = _rows(ada, RunQuery(search="missed"))
    assert all(row.line.job is None for row in missed)


@pytest.mark.usefixtures("eventful")
def test_a_list_that_is_cut_leaves_no_gap_unsaid_before_its_end(ada: Caller) -> None:
    """Ranges older than the oldest job that is listed would look like all there was."""
    whole = runs.order(ada, ALL, limit=100)
    cut = runs.order(ada, ALL, limit=1)

    assert whole.is_all
    assert not cut.is_all
    assert set(cut.ids) < set(whole.ids)


def test_another_organizations_runs_are_not_seen(stage: Stage, ada: Caller) -> None:
    with stage.store.writing(by=ADA, now=NOON) as tx:
        other = an_organization(tx, name="other")
        schedule = a_schedule(tx, other, name="theirs")
        identifier = new_id()
        tx.connection.execute(
            table_of(Occurrence)
            .insert()
            .values(
                id=identifier,
                scheduled_job_id=schedule,
                from_at=NOON,
                to_at=NOON,
                count=1,
                reason=SkipReason.SKIP_PAUSED,
                created_at=NOON,
            )
        )

    assert runs.order(ada, ALL, limit=10).ids == []
    assert runs.rows(ada, [identifier]) == []


def test_a_limit_below_one_is_refused(ada: Caller) -> None:
    with pytest.raises(Invalid, match="limit"):
        runs.order(ada, ALL, limit=0)
