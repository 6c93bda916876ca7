"""The outlook: every start in one bucket, delays by queue, hum folded, overlaps and gaps named."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings

from tests.core.lanes import OTHER_QUEUE, QUEUE, a_lane, a_world
from tests.core.test_walk import worlds
from tfui.core import hum
from tfui.core.forecast import MINUTE, NEVER, SECOND, Fate, Grid, Place, World
from tfui.core.hum import Hum
from tfui.core.outlook import OverlapAhead, predict
from tfui.core.states import Overlap

HOUR = Grid(0, MINUTE, 60)


@settings(deadline=None)
@given(worlds())
def test_every_planned_start_is_in_exactly_one_bucket(world: World) -> None:
    grid = Grid(0, 5 * SECOND, 10)  # 50 s: all that is drawn lies within it
    found = predict(world, grid)
    planned = sum(len(lane.due) for lane in world.lanes)

    assert sum(found.total.starts) == planned
    assert sum(sum(queue.starts) for queue in found.queues.values()) == planned
    assert sum(len(rows) for rows in found.rows) == planned
    assert found.total.starts == [
        sum(grid.at(place) <= due < grid.at(place + 1) for lane in world.lanes for due in lane.due)
        for place in range(grid.count)
    ]


def test_the_longest_wait_of_a_bucket_is_told_for_usual_and_for_long_runs() -> None:
    lanes = [a_lane(number, [0], lasts=20, p95=60 * SECOND) for number in range(3)]
    found = predict(a_world(*lanes, seats=1), HOUR)

    assert found.total.delay[0] == 40 * SECOND
    assert found.total.worst_delay[0] == 120 * SECOND
    assert found.queues[OTHER_QUEUE].delay[0] == 0
    assert (found.running[:2], found.waiting[:2]) == ([1, 0], [2, 0])


def test_what_a_paused_queue_holds_is_counted_and_has_no_delay() -> None:
    places = [Place(key=QUEUE, opens_at=NEVER), Place(key=OTHER_QUEUE)]
    found = predict(a_world(a_lane(0, [30]), places=places), HOUR)

    assert (found.total.held[0], found.total.delay[0]) == (1, 0)
    assert found.waiting[-1] == 1


def test_overlaps_are_told_by_lane_with_what_becomes_of_the_first() -> None:
    lane = a_lane(0, [0, 10, 20, 30], lasts=25, overlap=Overlap.SKIP)
    (found,) = predict(a_world(lane), HOUR).overlaps

    assert found == OverlapAhead(0, 4, 10 * SECOND, {Fate.SKIP_OVERLAP: 2})
    assert found.count == 2


@pytest.mark.parametrize(
    ("policy", "fates"),
    [
        (Overlap.SKIP, {Fate.SKIP_OVERLAP: 40}),
        (Overlap.ALLOW, {Fate.BESIDE: 58}),
        (Overlap.CANCEL_RUNNING, {Fate.REPLACES: 58}),
        (Overlap.BUFFER_ONE, {Fate.SKIP_OVERLAP: 34, Fate.BUFFERED: 24}),
    ],
)
def test_hum_that_meets_its_own_runs_is_told_by_its_first_starts(
    policy: Overlap, fates: dict[Fate, int]
) -> None:
    lane = a_lane(0, [], lasts=25, overlap=policy)
    folded = Hum(lane, [1] * 60, 1.0, [at * 10 * SECOND for at in range(30)])
    (found,) = predict(a_world(lane), HOUR, [folded]).overlaps

    assert (found.starts, found.first, dict(found.fates)) == (60, 10 * SECOND, fates)


def test_hum_that_ends_before_it_is_due_again_overlaps_nothing() -> None:
    lane = a_lane(0, [], lasts=10, overlap=Overlap.SKIP)
    folded = Hum(lane, [1] * 60, 1.0, [at * 10 * SECOND for at in range(30)])

    assert predict(a_world(lane), HOUR, [folded]).overlaps == ()


def test_peak_and_gaps_are_those_of_the_whole() -> None:
    lanes = [a_lane(number, [1800], lasts=300) for number in range(3)]
    found = predict(a_world(*lanes), HOUR)

    assert found.peak is not None
    assert (found.peak.at, found.peak.starts) == (1800 * SECOND, 3)
    assert [(gap.begin // MINUTE, gap.end // MINUTE) for gap in found.gaps] == [(0, 30), (35, 60)]


def test_hum_is_counted_takes_its_share_of_the_seats_and_hides_no_gap() -> None:
    fast = a_lane(0, [], lasts=2)
    folded = Hum(fast, [60] * 60, hum.seats_of(fast, 3600, 3600 * SECOND))
    lanes = [fast, a_lane(1, [0], lasts=60), a_lane(2, [0], lasts=60)]
    found = predict(a_world(*lanes, seats=3), HOUR, [folded])

    assert folded.seats == 2
    assert found.total.starts[:2] == [62, 60]
    assert found.running[:3] == [3, 3, 2]
    assert found.total.delay[0] == 60 * SECOND
    assert [(gap.begin // MINUTE, gap.end // MINUTE) for gap in found.gaps] == [(2, 60)]


def test_hum_that_may_not_overlap_takes_one_seat_at_most() -> None:
    assert hum.seats_of(a_lane(0, [], lasts=50, overlap=Overlap.SKIP), 3600, 3600 * SECOND) == 1


def test_hum_leaves_the_others_a_seat_and_a_place_in_the_queue() -> None:
    lane = a_lane(0, [], lasts=50)
    places = [Place(key=QUEUE, concurrency=2), Place(key=OTHER_QUEUE)]
    folded = Hum(lane, [], 50.0)

    assert hum.room_for(a_world(lane, seats=8, places=places), [folded]) == (
        1,
        {QUEUE: 1, OTHER_QUEUE: None},
    )


@pytest.mark.parametrize(
    ("counts", "most", "expected"),
    [
        ([61, 60, 1], 1000, {0}),
        ([61, 60, 50, 1], 51, {0, 1}),
        ([60, 60, 1], 100, {0}),
        ([], 0, set()),
    ],
)
def test_what_starts_more_than_once_a_minute_is_folded_then_the_most_frequent(
    counts: list[int], most: int, expected: set[int]
) -> None:
    """Counts are those of an hour."""
    assert hum.choose(counts, 60 * MINUTE, most=most) == expected


def test_a_day_of_one_second_schedules_costs_no_walk_at_all() -> None:
    counts = [86_400] * 50

    assert hum.choose(counts, 24 * 60 * MINUTE) == set(range(50))


def test_a_lane_keeps_its_own_rows() -> None:
    lanes = [a_lane(0, [0, 60]), a_lane(1, [30])]
    found = predict(a_world(*lanes), HOUR)

    assert [[found.starts.due[row] // SECOND for row in rows] for rows in found.rows] == [
        [0, 60],
        [30],
    ]
    assert lanes[0].key == UUID(int=0)
