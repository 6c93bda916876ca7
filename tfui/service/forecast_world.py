"""The world of a forecast: lanes, queues and live jobs, made of its ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core import hum, instants
from tfui.core.forecast import NEVER, SECOND, Grid, Lane, Link, Place, Standing, World
from tfui.core.hum import Hum
from tfui.core.load import tally
from tfui.core.states import ScheduleType
from tfui.model.forecast import LaneRow, QueueAhead
from tfui.service.forecast_plan import Plan, lasting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.model.queue import QueueRow
    from tfui.service.forecast_ground import Ground, Lasting

_PLAYED = 30  # starts of what is folded, from which is told whether it overlaps


@dataclass(frozen=True, slots=True)
class Composed:
    """A world ready to be played through, and what each of its lanes is called."""

    world: World
    folded: list[Hum]
    rows: list[LaneRow]


def compose(ground: Ground, grid: Grid, *, begin: int, most: int = hum.MOST) -> Composed:
    """Make lanes of plans, from `begin` (not before now) to the end of the grid."""
    plans, links = ground.plans, _links(ground.links)
    counts = [plan.count(begin, grid.end) for plan in plans]
    chosen = hum.choose(counts, grid.end - begin, most=most)
    folding = _with_chained({plans[place].id for place in chosen}, plans, links)
    known: dict[object, list[int]] = {}
    lanes = []
    for plan in plans:
        is_folded = plan.id in folding
        nominal = [] if is_folded else instants_of(plan, begin, grid.end, known)
        after = tuple(link for link in links.get(plan.id, ()) if link.parent not in folding)
        lanes.append(_lane(plan, ground.lasting[plan.id], nominal, () if is_folded else after))
    folded = _hums(plans, lanes, folding, grid, begin)
    starts = {one.lane.key: sum(one.starts) for one in folded}
    world = World(
        lanes=lanes,
        places=[
            Place(key=queue.id, concurrency=queue.concurrency, opens_at=_opens_at(queue))
            for queue in ground.queues
        ],
        seats=ground.seats,
        begin=begin,
        standing=_standing(ground, plans) if begin <= instants.micros(ground.now) else (),
        ended=ground.ended,
        limits=_limits(ground),
    )
    names = {queue.id: queue.name for queue in ground.queues}
    rows = [
        _row(plan, names[plan.queue_id], ground.lasting[plan.id], starts.get(plan.id))
        for plan in plans
    ]
    return Composed(world, folded, rows)


def queues_ahead(ground: Ground) -> tuple[QueueAhead, ...]:
    """Name the queues."""
    return tuple(
        QueueAhead(
            id=queue.id,
            name=queue.name,
            concurrency=queue.concurrency,
            is_paused=queue.paused_at is not None,
            paused_until=queue.paused_until,
        )
        for queue in ground.queues
    )


def instants_of(plan: Plan, begin: int, end: int, known: dict[object, list[int]]) -> list[int]:
    """Give a plan's instants; many schedules share a trigger, whose instants are `known` then."""
    if plan.trigger is None:
        return []
    if plan.left is not None:
        return plan.between(begin, end)
    key = (plan.trigger, *plan.span(begin, end))
    found = known.get(key)
    if found is None:
        found = known[key] = plan.between(begin, end)
    return found


def _lane(plan: Plan, takes: Lasting, nominal: list[int], after: tuple[Link, ...]) -> Lane:
    p50, p95 = lasting(takes.p50, takes.p95, plan.timeout_seconds)
    due = [at + plan.delay(at) for at in nominal] if plan.jitter else nominal
    return Lane(
        key=plan.id,
        queue=plan.queue_id,
        p50=p50,
        p95=p95,
        nominal=nominal,
        due=due,
        priority=plan.priority,
        overlap=plan.overlap,
        after=after,
        is_chained=plan.schedule_type is ScheduleType.CHAINED,
        job_type=plan.job_type,
    )


def _with_chained(
    folding: set[UUID], plans: Sequence[Plan], links: Mapping[UUID, tuple[Link, ...]]
) -> dict[UUID, UUID | None]:
    """Add what is chained to folded schedules alone; give the parent by which each is folded."""
    found: dict[UUID, UUID | None] = dict.fromkeys(folding)
    chained = [plan.id for plan in plans if plan.schedule_type is ScheduleType.CHAINED]
    is_settled = False
    while not is_settled:
        is_settled = True
        for child in chained:
            parents = [link.parent for link in links.get(child, ())]
            if child not in found and parents and all(parent in found for parent in parents):
                found[child] = parents[0]
                is_settled = False
    return found


def _hums(
    plans: Sequence[Plan],
    lanes: Sequence[Lane],
    folding: Mapping[UUID, UUID | None],
    grid: Grid,
    begin: int,
) -> list[Hum]:
    """Count what is folded; a chained schedule starts as often as its parent."""
    by_id = {plan.id: (plan, lane) for plan, lane in zip(plans, lanes, strict=True)}
    counted: dict[UUID, tuple[list[int], list[int]]] = {}
    found = []
    for schedule_id, parent in folding.items():  # parents come before what is chained to them
        plan, lane = by_id[schedule_id]
        if parent is None:
            first = plan.first(begin, grid.end, _PLAYED)
            counted[schedule_id] = _counts(plan, grid, begin), first
        else:
            counted[schedule_id] = counted[parent]
        starts, first = counted[schedule_id]
        seats = hum.seats_of(lane, sum(starts), grid.end - grid.begin)
        found.append(Hum(lane, starts, seats, first))
    return found


def _counts(plan: Plan, grid: Grid, begin: int) -> list[int]:
    first, last = plan.span(begin, grid.end)
    if plan.trigger is None or first >= last:
        return [0] * grid.count
    if plan.left is not None:
        return tally(grid, plan.between(first, last))
    expected = plan.count(first, last)
    return instants.by_bucket(plan.trigger, grid, first, last, expected=expected)


def _links(rows: Sequence[DependencyRow]) -> dict[UUID, tuple[Link, ...]]:
    found: dict[UUID, tuple[Link, ...]] = {}
    for row in rows:
        window = (row.window_seconds or 0) * SECOND
        link = Link(parent=row.parent_id, kind=row.dependency_type, window=window)
        found[row.child_id] = (*found.get(row.child_id, ()), link)
    return found


def _opens_at(queue: QueueRow) -> int:
    if queue.paused_at is None:
        return 0
    return NEVER if queue.paused_until is None else instants.micros(queue.paused_until)


def _standing(ground: Ground, plans: Sequence[Plan]) -> list[Standing]:
    """Give the live jobs, but for those that wait for another schedule's job."""
    kept = {plan.id for plan in plans}
    return [
        Standing(
            lane=job.schedule_id,
            nominal=instants.micros(job.nominal_at),
            due=instants.micros(job.available_at),
            started_at=None if job.started_at is None else instants.micros(job.started_at),
            is_buffered=job.is_buffered,
        )
        for job in ground.live
        if job.schedule_id in kept and not job.is_blocked
    ]


def _limits(ground: Ground) -> tuple[tuple[str, int], ...]:
    """Give every job type in use its limit: its own, or the default."""
    default = ground.limits.get(None)
    types = sorted({plan.job_type for plan in ground.plans})
    limits = ((job_type, ground.limits.get(job_type, default)) for job_type in types)
    return tuple((job_type, limit) for job_type, limit in limits if limit is not None)


def _row(plan: Plan, queue: str, takes: Lasting, folded: int | None) -> LaneRow:
    return LaneRow(
        id=plan.id,
        name=plan.name,
        schedule_type=plan.schedule_type.value,
        schedule_expression=plan.expression,
        timezone=plan.timezone,
        queue=queue,
        job_type=plan.job_type,
        priority=plan.priority,
        overlap=plan.overlap,
        status=plan.status,
        paused_until=plan.paused_until,
        p50_seconds=takes.p50,
        p95_seconds=takes.p95,
        is_measured=takes.is_measured,
        folded=folded,
    )
