"""A walk through coming starts: the rules one by one, and against a clockwork that checks every second."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.lanes import OTHER_QUEUE, QUEUE, Clockwork, a_lane, a_world, story
from tfui.core.forecast import NEVER, SECOND, Ended, Fate, Lane, Link, Place, Standing, World
from tfui.core.states import DependencyType, Overlap
from tfui.core.walk import walk

RUNS, BUFFERED, REPLACES, BESIDE = Fate.RUNS, Fate.BUFFERED, Fate.REPLACES, Fate.BESIDE
SEQUENTIAL, PARALLEL = DependencyType.SEQUENTIAL, DependencyType.PARALLEL
CONDITIONAL = DependencyType.CONDITIONAL


def test_everything_starts_at_its_time_where_there_is_room() -> None:
    starts = walk(a_world(a_lane(0, [0, 10, 20], lasts=5), a_lane(1, [10], lasts=30)))

    assert story(starts) == [
        (0, 0, 0, RUNS),
        (0, 10, 10, RUNS),
        (0, 20, 20, RUNS),
        (1, 10, 10, RUNS),
    ]


def test_one_seat_is_taken_in_the_order_of_priority_then_of_time() -> None:
    low = a_lane(0, [0, 1], lasts=10)
    high = a_lane(1, [2], lasts=10, priority=9)

    assert story(walk(a_world(low, high, seats=1))) == [
        (0, 0, 0, RUNS),
        (0, 1, 20, BESIDE),
        (1, 2, 10, RUNS),
    ]


def test_a_full_queue_lets_the_others_pass() -> None:
    places = [Place(key=QUEUE, concurrency=1), Place(key=OTHER_QUEUE)]
    here, there = a_lane(0, [0, 1], lasts=10, priority=9), a_lane(1, [2], queue=OTHER_QUEUE)

    assert story(walk(a_world(here, there, seats=2, places=places))) == [
        (0, 0, 0, RUNS),
        (0, 1, 10, BESIDE),
        (1, 2, 2, RUNS),
    ]


def test_a_paused_queue_starts_nothing_until_its_pause_ends() -> None:
    places = [Place(key=QUEUE, opens_at=30 * SECOND), Place(key=OTHER_QUEUE, opens_at=NEVER)]
    world = a_world(a_lane(0, [0, 40]), a_lane(1, [5], queue=OTHER_QUEUE), places=places)

    assert story(walk(world)) == [
        (0, 0, 30, RUNS),
        (0, 40, 40, RUNS),
        (1, 5, None, Fate.HELD),
    ]


def test_without_a_seat_nothing_begins() -> None:
    assert story(walk(a_world(a_lane(0, [0]), seats=0))) == [(0, 0, None, Fate.HELD)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Overlap.ALLOW, [(0, RUNS), (10, BESIDE), (20, BESIDE)]),
        (Overlap.SKIP, [(0, RUNS), (None, Fate.SKIP_OVERLAP), (None, Fate.SKIP_OVERLAP)]),
        (Overlap.BUFFER_ONE, [(0, RUNS), (25, BUFFERED), (None, Fate.SKIP_OVERLAP)]),
        (Overlap.BUFFER_ALL, [(0, RUNS), (25, BUFFERED), (50, BUFFERED)]),
        (Overlap.CANCEL_RUNNING, [(0, RUNS), (10, REPLACES), (20, REPLACES)]),
    ],
)
def test_a_start_that_meets_its_previous_run_is_treated_by_its_policy(
    policy: Overlap, expected: list[tuple[int | None, Fate]]
) -> None:
    starts = walk(a_world(a_lane(0, [0, 10, 20], lasts=25, overlap=policy)))

    assert [(begun, fate) for _, _, begun, fate in story(starts)] == expected


def test_jitter_moves_the_start_and_is_no_delay() -> None:
    starts = walk(a_world(a_lane(0, [0, 60], jitter=[7, 0])))

    assert [begin // SECOND for begin in starts.begin] == [7, 60]
    assert starts.begin == starts.due


def test_a_used_up_rate_limit_waits_for_the_minute_to_pass_and_lets_other_types_go() -> None:
    limited = a_lane(0, [0, 1, 2], job_type="http")
    free = a_lane(1, [2], job_type="shell")

    assert story(walk(a_world(limited, free, limits=(("http", 2),)))) == [
        (0, 0, 0, RUNS),
        (0, 1, 1, RUNS),
        (0, 2, 60, RUNS),
        (1, 2, 2, RUNS),
    ]


def test_what_runs_already_holds_its_seat_and_what_waits_already_goes_first() -> None:
    standing = [
        Standing(lane=UUID(int=0), nominal=95 * SECOND, due=95 * SECOND, started_at=96 * SECOND),
        Standing(lane=UUID(int=0), nominal=97 * SECOND, due=97 * SECOND),
    ]
    lanes = [a_lane(0, [], lasts=10), a_lane(1, [101])]
    starts = walk(a_world(*lanes, seats=1, begin=100 * SECOND, standing=standing))

    assert starts.standing == 2
    assert story(starts) == [(0, 95, 96, RUNS), (0, 97, 106, RUNS), (1, 101, 116, RUNS)]


def test_a_run_that_should_have_ended_is_given_a_tenth_more() -> None:
    world = a_world(
        a_lane(0, [], lasts=10),
        a_lane(1, [100]),
        seats=1,
        begin=100 * SECOND,
        standing=[Standing(lane=UUID(int=0), nominal=0, due=0, started_at=0)],
    )

    assert story(walk(world))[1] == (1, 100, 101, RUNS)


def _after(parent: int, kind: DependencyType, window: int = 0) -> tuple[Link, ...]:
    return (Link(parent=UUID(int=parent), kind=kind, window=window * SECOND),)


@pytest.mark.parametrize(("kind", "begun"), [(SEQUENTIAL, 10), (PARALLEL, 0), (CONDITIONAL, 10)])
def test_a_child_of_the_same_instant_waits_for_its_parent(kind: DependencyType, begun: int) -> None:
    child = a_lane(0, [0], after=_after(1, kind))

    assert story(walk(a_world(child, a_lane(1, [0], lasts=10))))[0] == (0, 0, begun, RUNS)


@pytest.mark.parametrize(("kind", "begun"), [(SEQUENTIAL, 10), (PARALLEL, 0), (CONDITIONAL, 10)])
def test_a_chained_child_is_made_by_its_parent(kind: DependencyType, begun: int) -> None:
    child = a_lane(0, [], after=_after(1, kind), is_chained=True)
    starts = walk(a_world(child, a_lane(1, [0], lasts=10)))

    assert story(starts)[0] == (0, 0, begun, RUNS)
    assert min(starts.due) == 0


def test_a_child_without_a_parent_of_its_instant_is_skipped() -> None:
    child = a_lane(0, [0, 5], after=_after(1, SEQUENTIAL))

    assert story(walk(a_world(child, a_lane(1, [0]))))[1] == (0, 5, None, Fate.SKIP_DEPENDENCY)


def test_a_child_of_a_parent_that_is_not_there_is_skipped() -> None:
    child = a_lane(0, [0], after=_after(7, SEQUENTIAL))

    assert story(walk(a_world(child, a_lane(1, [0])))) == [
        (0, 0, None, Fate.SKIP_DEPENDENCY),
        (1, 0, 0, RUNS),
    ]


def test_a_child_with_a_window_takes_its_parents_newest_run_within_it() -> None:
    child = a_lane(0, [3, 20], after=_after(1, SEQUENTIAL, window=10))

    assert story(walk(a_world(child, a_lane(1, [0], lasts=5))))[:2] == [
        (0, 3, 5, RUNS),
        (0, 20, None, Fate.SKIP_DEPENDENCY),
    ]


@pytest.mark.parametrize(
    ("kind", "has_succeeded", "fate"),
    [
        (SEQUENTIAL, True, RUNS),
        (SEQUENTIAL, False, RUNS),
        (PARALLEL, False, RUNS),
        (CONDITIONAL, True, RUNS),
        (CONDITIONAL, False, Fate.SKIP_DEPENDENCY),
    ],
)
def test_a_parents_run_from_before_counts_within_the_window(
    kind: DependencyType, has_succeeded: bool, fate: Fate
) -> None:
    child = a_lane(0, [105, 130], after=_after(1, kind, window=20))
    ended = [Ended(lane=UUID(int=1), nominal=95 * SECOND, has_succeeded=has_succeeded)]
    world = a_world(child, a_lane(1, []), begin=100 * SECOND, ended=ended)

    assert [fate for _, _, _, fate in story(walk(world))] == [fate, Fate.SKIP_DEPENDENCY]


def test_a_parent_that_is_cancelled_ends_a_child_that_needed_its_success() -> None:
    parent = a_lane(1, [0, 5], lasts=10, overlap=Overlap.CANCEL_RUNNING)
    child = a_lane(0, [0], after=_after(1, CONDITIONAL))

    assert story(walk(a_world(child, parent)))[0] == (0, 0, None, Fate.SKIP_DEPENDENCY)


def test_a_pessimist_has_runs_take_their_p95() -> None:
    world = a_world(a_lane(0, [0, 1], lasts=10, p95=30 * SECOND), seats=1)

    assert story(walk(world))[1][2] == 10
    assert story(walk(world, pessimistic=True))[1][2] == 30


@st.composite
def worlds(draw: st.DrawFn, *, policies: tuple[Overlap, ...] = tuple(Overlap)) -> World:
    """Draw a few lanes in two queues whose starts meet each other often."""
    lanes = [draw(_lanes(number, policies)) for number in range(draw(st.integers(1, 4)))]
    room = st.none() | st.integers(1, 3)
    opens = st.sampled_from([0, 0, 0, 15 * SECOND, NEVER])
    places = [
        Place(key=key, concurrency=draw(room), opens_at=draw(opens)) for key in (QUEUE, OTHER_QUEUE)
    ]
    return a_world(*lanes, seats=draw(st.integers(0, 4)), places=places)


@st.composite
def _lanes(draw: st.DrawFn, number: int, policies: tuple[Overlap, ...]) -> Lane:
    nominal = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    late = st.lists(st.integers(0, 5), min_size=len(nominal), max_size=len(nominal))
    changes: dict[str, Any] = {
        "lasts": draw(st.integers(1, 12)),
        "queue": draw(st.sampled_from([QUEUE, OTHER_QUEUE])),
        "priority": draw(st.integers(0, 2)),
        "overlap": draw(st.sampled_from(policies)),
        "jitter": draw(late),
    }
    return a_lane(number, nominal, **changes)


@settings(deadline=None)  # the clockwork is slow, and the machine may be busy
@given(worlds())
def test_it_agrees_with_a_clockwork_that_looks_at_every_second(world: World) -> None:
    assert story(walk(world)) == Clockwork(world).run(450)


@settings(deadline=None)
@given(worlds(policies=(Overlap.ALLOW,)))
def test_nothing_is_delayed_while_there_is_room_for_all(world: World) -> None:
    many = sum(len(lane.nominal) for lane in world.lanes)
    roomy = a_world(*world.lanes, seats=many)
    starts = walk(roomy)

    assert starts.begin == starts.due
    assert len(starts.due) == many


@settings(deadline=None)
@given(worlds())
def test_seats_and_queues_are_never_overfull_and_nothing_begins_early(world: World) -> None:
    starts = walk(world)
    spans = [
        (begin, end, world.lanes[lane].queue)
        for lane, begin, end in zip(starts.lane, starts.begin, starts.end, strict=True)
        if begin >= 0
    ]

    assert all(
        begin >= due for begin, due in zip(starts.begin, starts.due, strict=True) if begin >= 0
    )
    for begin, _, _ in spans:
        running = [queue for start, end, queue in spans if start <= begin < end]
        assert len(running) <= world.seats
        for place in world.places:
            assert place.concurrency is None or running.count(place.key) <= place.concurrency
