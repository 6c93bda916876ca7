"""The forecast of a store: plans as they will be, measured runs, queues, seats, and the real past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.world import ADA, NOON, a_queue, a_schedule, an_organization, utc
from tfui.core import instants
from tfui.core.forecast import SECOND, Fate
from tfui.core.rights import Role
from tfui.core.states import (
    AttemptOutcome,
    DependencyType,
    JobKind,
    JobStatus,
    Overlap,
    ScheduleStatus,
    ScheduleType,
    SkipReason,
)
from tfui.errors import Invalid
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.service import dependencies, forecast, forecast_digest, queues, rates

if TYPE_CHECKING:
    from uuid import UUID

    from tests.service.desk import Desk
    from tfui.clock import FrozenClock
    from tfui.model.forecast import Forecast
    from tfui.store.connection import Store

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def _ahead(desk: Desk, hours: float = 1, **asked: Any) -> Forecast:
    now = desk.clock.now()
    return forecast.outlook(desk.caller, begin=now, end=now + timedelta(hours=hours), **asked)


def _begins(found: Forecast, lane: int = 0) -> list[datetime]:
    """When the starts of a lane begin."""
    starts, rows = found.outlook.starts, found.outlook.rows[lane]
    return [instants.instant(starts.begin[row]) for row in rows if starts.begin[row] >= 0]


def test_every_coming_minute_is_counted_and_nothing_waits(desk: Desk) -> None:
    desk.schedule(name="each minute")
    found = _ahead(desk)

    assert sum(found.outlook.total.starts) == 59  # 12:01 to 12:59
    assert max(found.outlook.total.delay) == 0
    assert _begins(found)[0] == NOON + MINUTE
    assert (found.seats, found.engines, found.left_out) == (4, 1, 0)


def test_a_pause_with_an_end_starts_again_after_it_and_one_without_is_left_out(desk: Desk) -> None:
    paused = {"status": ScheduleStatus.PAUSED, "paused_at": NOON, "next_run_at": None}
    desk.schedule(name="back soon", paused_until=NOON + 30 * MINUTE, **paused)
    desk.schedule(name="resting", **paused)
    found = _ahead(desk)

    assert [lane.name for lane in found.lanes] == ["back soon"]
    assert _begins(found)[0] == NOON + 31 * MINUTE


def test_a_paused_queue_holds_its_starts_until_it_opens(desk: Desk) -> None:
    desk.schedule(name="one", schedule_expression="10 * * * *")
    queues.pause(desk.caller, "default", until=NOON + 20 * MINUTE)

    assert _begins(_ahead(desk)) == [NOON + 20 * MINUTE]

    queues.resume(desk.caller, "default")
    queues.pause(desk.caller, "default")
    found = _ahead(desk)

    assert found.queues[0].is_paused
    assert sum(found.outlook.total.held) == 1


def test_a_full_queue_makes_the_next_wait_as_long_as_runs_have_taken(desk: Desk) -> None:
    with desk.store.writing(by=ADA, now=NOON) as tx:
        narrow = a_queue(tx, desk.caller.organization_id, name="narrow", concurrency=1)
    for name in ("a", "b"):
        _ran(desk, desk.schedule(name=name, schedule_expression="30 12 * * *", queue_id=narrow), 40)
    found = _ahead(desk)

    assert {lane.p50_seconds for lane in found.lanes} == {40}
    assert all(lane.is_measured for lane in found.lanes)
    assert max(found.outlook.queues[narrow].delay) == 40 * SECOND


def _ran(desk: Desk, schedule_id: UUID, seconds: int, **more: Any) -> None:
    """Put an earlier run on record that took so long."""
    schedule = desk.schedule_row(schedule_id)
    began = NOON - HOUR
    with desk.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(
            table_of(Job)
            .insert()
            .values(
                id=tx.ids.make(NOON),
                organization_id=schedule.organization_id,
                queue_id=schedule.queue_id,
                scheduled_job_id=schedule_id,
                nominal_at=began,
                kind=JobKind.SCHEDULED,
                job_type=schedule.job_type,
                payload={},
                priority=0,
                attempt=1,
                max_attempts=1,
                available_at=began,
                fence=1,
                created_at=began,
                started_at=began,
                finished_at=began + timedelta(seconds=seconds),
                **{"status": JobStatus.SUCCEEDED} | more,
            )
        )


def test_without_runs_the_middle_of_the_job_type_is_taken_else_five_seconds(desk: Desk) -> None:
    _ran(desk, desk.schedule(name="a measured"), 12)
    desk.schedule(name="b same type")
    desk.schedule(name="c other type", job_type="shell", payload={"command": "true"})

    assert [(lane.p50_seconds, lane.is_measured) for lane in _ahead(desk).lanes] == [
        (12.0, True),
        (12.0, False),
        (5.0, False),
    ]


@pytest.mark.parametrize(
    ("policy", "fates", "outcome", "second"),
    [
        (Overlap.SKIP, {"skip_overlap": 29}, "29 skipped", "skip_overlap"),
        (
            Overlap.BUFFER_ONE,
            {"buffered": 39, "skip_overlap": 19},
            "39 waiting for the one before, 19 skipped",
            "buffered",
        ),
        (Overlap.ALLOW, {"beside": 58}, "58 side by side", "beside"),
        (Overlap.CANCEL_RUNNING, {"replaces": 58}, "58 cancelling the one before", "replaces"),
    ],
)
def test_runs_that_last_longer_than_the_interval_are_told_minute_by_minute(
    desk: Desk, policy: Overlap, fates: dict[str, int], outcome: str, second: str
) -> None:
    _ran(desk, desk.schedule(name="slow", overlap=policy), 90)
    told = forecast_digest.digest(_ahead(desk))

    (overlap,) = told.overlaps
    assert (overlap.starts, overlap.count, overlap.fates) == (59, sum(fates.values()), fates)
    assert overlap.outcome == outcome
    by_minute = {minute.at: minute.overlaps for minute in told.minutes}
    assert by_minute[NOON + MINUTE] == ()
    (meeting,) = by_minute[NOON + 2 * MINUTE]
    assert (meeting.schedule, meeting.starts, meeting.fate) == ("slow", 1, second)


def test_runs_that_were_all_cancelled_for_the_next_one_will_be_again(desk: Desk) -> None:
    schedule_id = desk.schedule(name="slow", overlap=Overlap.CANCEL_RUNNING)
    _ran(desk, schedule_id, 60, status=JobStatus.CANCELLED, cancelled_by="engine")

    (overlap,) = forecast_digest.meetings(_ahead(desk))
    assert overlap.outcome == "58 cancelling the one before"


def test_runs_that_last_longer_than_a_few_seconds_interval_are_told_too(desk: Desk) -> None:
    _ran(desk, desk.schedule(name="fast", schedule_expression="*/10 * * * * *"), 25)
    found = _ahead(desk, hours=24)

    assert found.lanes[0].folded
    (overlap,) = forecast_digest.meetings(found)
    assert overlap.outcome == "5,759 skipped"


def test_once_a_minute_is_played_through_singly_also_from_within_a_minute(desk: Desk) -> None:
    _ran(
        desk,
        desk.schedule(name="slow", schedule_type=ScheduleType.RECURRING, schedule_expression="1m"),
        90,
    )
    desk.clock.advance(timedelta(seconds=59.5))

    assert _ahead(desk).lanes[0].folded is None


def _all(desk: Desk) -> list[Any]:
    with desk.store.reading() as tx:
        return list(tx.connection.execute(table_of(ScheduledJob).select()))


def test_a_chained_schedule_starts_when_its_parent_ends(desk: Desk) -> None:
    parent = desk.schedule(name="a parent", schedule_expression="30 12 * * *")
    child = desk.schedule(
        name="b child",
        schedule_type=ScheduleType.CHAINED,
        schedule_expression="",
        next_run_at=None,
    )
    dependencies.add(desk.caller, child, parent)
    found = _ahead(desk)

    assert _begins(found, 1) == [NOON + 30 * MINUTE + timedelta(seconds=5)]


def test_a_child_of_a_resting_parent_is_skipped(desk: Desk) -> None:
    parent = desk.schedule(name="resting", status=ScheduleStatus.PAUSED, next_run_at=None)
    child = desk.schedule(name="child", schedule_expression="30 12 * * *")
    conditional = DependencyType.CONDITIONAL
    dependencies.add(desk.caller, child, parent, dependency_type=conditional)
    starts = _ahead(desk).outlook.starts

    assert starts.fate == [Fate.SKIP_DEPENDENCY]


def test_a_parents_earlier_run_counts_within_the_window(desk: Desk) -> None:
    parent = desk.schedule(name="b parent", schedule_expression="0 0 1 * *")
    _ran(desk, parent, 5)
    child = desk.schedule(name="a child", schedule_expression="30 12 * * *")
    dependencies.add(desk.caller, child, parent, window=2 * HOUR)

    assert _begins(_ahead(desk)) == [NOON + 30 * MINUTE]


def test_a_one_second_schedule_is_folded_with_what_is_chained_to_it(desk: Desk) -> None:
    fast = desk.schedule(
        name="fast", schedule_type=ScheduleType.RECURRING, schedule_expression="1s"
    )
    child = desk.schedule(
        name="follows", schedule_type=ScheduleType.CHAINED, schedule_expression="", next_run_at=None
    )
    dependencies.add(desk.caller, child, fast)
    found = _ahead(desk)

    assert [lane.folded for lane in found.lanes] == [3599, 3599]
    assert found.outlook.starts.lane == []
    assert set(found.outlook.total.starts[1:]) == {120}


def test_jitter_max_runs_and_an_end_are_kept(desk: Desk) -> None:
    desk.schedule(name="a jitter", schedule_expression="30 12 * * *", jitter_seconds=300)
    desk.schedule(name="b three more", max_runs=5, runs_count=2)
    desk.schedule(name="c ends", ends_at=NOON + 10 * MINUTE)
    found = _ahead(desk)

    assert [len(rows) for rows in found.outlook.rows] == [1, 3, 10]
    (late,) = _begins(found, 0)
    assert NOON + 30 * MINUTE <= late < NOON + 35 * MINUTE


def test_a_rate_limit_delays_what_is_over_it(desk: Desk) -> None:
    for name in ("a", "b"):
        desk.schedule(name=name, schedule_expression="30 12 * * *")
    rates.set_limit(desk.caller, None, 1)

    assert max(_ahead(desk).outlook.total.delay) == 60 * SECOND


def test_what_runs_now_keeps_its_seat(desk: Desk) -> None:
    queues.edit(desk.caller, "default", concurrency=1)
    desk.schedule(name="a busy", schedule_expression="0 0 * * *")
    (busy,) = _all(desk)
    desk.worker.fire(busy.id)
    desk.worker.claim()
    desk.clock.advance(timedelta(seconds=2))
    desk.schedule(
        name="b next", schedule_type=ScheduleType.ONCE, schedule_expression="2026-01-05 12:00:03"
    )
    found = _ahead(desk)

    assert _begins(found, 1) == [NOON + timedelta(seconds=5)]
    assert sum(found.outlook.total.starts) == 1


def test_a_later_window_begins_where_it_was_asked_to(desk: Desk) -> None:
    desk.schedule(name="daily", schedule_expression="30 2 * * *")
    begin = utc("2026-01-07 02:00")
    found = forecast.outlook(desk.caller, begin=begin, end=begin + HOUR)

    assert found.begin == begin
    assert _begins(found) == [utc("2026-01-07 02:30")]


def test_the_past_tells_what_ran_and_why_the_rest_did_not(desk: Desk) -> None:
    schedule_id = desk.schedule(name="each minute", max_attempts=1)
    job_id = desk.worker.runs(schedule_id, AttemptOutcome.FAILED)
    missed = {"from_at": NOON + MINUTE, "to_at": NOON + 9 * MINUTE, "count": 9}
    with desk.store.writing(by=ADA, now=NOON) as tx:
        tx.connection.execute(
            table_of(Occurrence)
            .insert()
            .values(
                id=tx.ids.make(NOON),
                scheduled_job_id=schedule_id,
                reason=SkipReason.MISSED_SLEEP,
                created_at=NOON,
                **missed,
            )
        )
    desk.later(10 * MINUTE)
    found = forecast.outlook(desk.caller, begin=NOON - HOUR, end=NOON + HOUR)

    assert found.past is not None
    (run,) = found.past.runs
    (gap,) = found.past.ranges
    assert (run.job_id, run.status, run.lane) == (job_id, JobStatus.FAILED, 0)
    assert (gap.count, gap.reason) == (9, SkipReason.MISSED_SLEEP)
    assert found.begin == NOON + 10 * MINUTE


def test_a_firing_that_was_skipped_is_told_with_its_reason(desk: Desk) -> None:
    parent = desk.schedule(name="a parent", max_attempts=1)
    child = desk.schedule(
        name="b child",
        schedule_type=ScheduleType.CHAINED,
        schedule_expression="",
        next_run_at=None,
    )
    dependencies.add(desk.caller, child, parent, dependency_type=DependencyType.CONDITIONAL)
    desk.worker.runs(parent, AttemptOutcome.FAILED)
    desk.later(10 * MINUTE)
    past = forecast.outlook(desk.caller, begin=NOON - HOUR, end=NOON + HOUR).past

    assert past is not None
    skips = [run.skip for run in past.runs if run.lane == 1]
    assert [skip[0] for skip in skips if skip] == [SkipReason.SKIP_DEPENDENCY]


def test_other_organizations_are_none_of_its_business(desk: Desk) -> None:
    with desk.store.writing(by=ADA, now=NOON) as tx:
        a_schedule(tx, an_organization(tx, name="other"), name="theirs")

    assert _ahead(desk).lanes == ()


def test_a_viewer_may_look(desk: Desk) -> None:
    desk.schedule(name="one")
    now = desk.clock.now()

    assert desk.viewer.role is Role.VIEWER
    assert forecast.outlook(desk.viewer, begin=now, end=now + HOUR).lanes


def test_an_unreadable_stored_trigger_starts_nothing(desk: Desk) -> None:
    desk.schedule(name="broken", schedule_expression="61 * * * *")

    assert sum(_ahead(desk).outlook.total.starts) == 0


def test_without_any_engine_the_seats_are_assumed(store: Store, clock: FrozenClock) -> None:
    from tfui.service.caller import local_caller

    caller = local_caller(store, clock, via="cli")
    found = forecast.outlook(caller, begin=NOON, end=NOON + HOUR)

    assert (found.seats, found.engines) == (8, 0)


@pytest.mark.parametrize(
    ("begin", "end", "width", "field"),
    [
        (NOON - timedelta(days=15), NOON, HOUR, "begin"),
        (NOON, NOON, MINUTE, "end"),
        (NOON, NOON + timedelta(days=15), HOUR, "end"),
        (NOON, NOON + timedelta(days=14), timedelta(seconds=10), "width"),
    ],
)
def test_what_is_asked_for_is_checked(
    desk: Desk, begin: datetime, end: datetime, width: timedelta, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        forecast.outlook(desk.caller, begin=begin, end=end, width=width)

    assert set(caught.value.fields) == {field}


def test_queues_are_named_with_their_places(desk: Desk) -> None:
    queues.create(desk.caller, "nightly", concurrency=2)
    found = _ahead(desk)

    assert [(queue.name, queue.concurrency) for queue in found.queues] == [
        ("default", None),
        ("nightly", 2),
    ]
