"""The world of a forecast: everything it is made from, read at one moment, and the lanes made of it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tfui.core import hum, instants
from tfui.core.forecast import NEVER, SECOND, Ended, Grid, Lane, Link, Place, Standing, World
from tfui.core.hum import Hum
from tfui.core.load import tally
from tfui.core.quantile import quantile
from tfui.core.states import JobStatus, ScheduleType
from tfui.model.forecast import LaneRow, QueueAhead
from tfui.service.forecast_plan import Plan, lasting, plan_of
from tfui.store import dependencies, nodes, queues
from tfui.store import forecast as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.model.queue import QueueRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.forecast import LiveRow

MOST_SCHEDULES = 5000
"""Schedules of one forecast: those that are due soonest."""

ASSUMED_SECONDS = 5.0
"""What a run is taken to last while no run of its job type is known."""

ASSUMED_SEATS = 8
"""What is assumed where no engine ever ran: an engine's seats unless it is told otherwise."""

_MOST_LIVE = 20_000


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long the runs of a schedule take, in seconds."""

    p50: float
    p95: float
    is_measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the store says at one moment."""

    now: datetime
    plans: list[Plan]
    """By name."""
    left_out: int
    lasting: dict[UUID, Lasting]
    queues: list[QueueRow]
    live: list[LiveRow]
    links: list[DependencyRow]
    ended: list[Ended]
    """The newest jobs of schedules that others come after."""
    limits: dict[str | None, int]
    seats: int
    engines: int


def read(tx: Transaction, caller: Caller, *, with_resting: bool = False) -> Ground:
    """Read the ground of a forecast in a transaction."""
    now, organization_id = caller.now(), caller.organization_id
    rows = store.plans(tx, organization_id, limit=MOST_SCHEDULES, with_resting=with_resting)
    plans = sorted((plan_of(row, now) for row in rows), key=lambda plan: (plan.name, plan.id))
    is_full = len(plans) == MOST_SCHEDULES
    known = nodes.rows(tx, now)
    alive = [node for node in known if node.is_alive]
    links = dependencies.rows(tx, organization_id)
    seats = sum(node.seats for node in alive) if alive else known[0].seats if known else 0
    return Ground(
        now=now,
        plans=plans,
        left_out=store.count(tx, organization_id) - len(plans) if is_full else 0,
        lasting=_lasting(plans, store.durations(tx, [plan.id for plan in plans])),
        queues=queues.rows(tx, organization_id),
        live=store.live(tx, organization_id, limit=_MOST_LIVE),
        links=links,
        ended=[
            Ended(
                lane=row.scheduled_job_id,
                nominal=instants.micros(row.nominal_at),
                has_succeeded=row.status == JobStatus.SUCCEEDED,
            )
            for row in store.newest_ended(tx, sorted({link.parent_id for link in links}))
        ],
        limits=store.rate_limits(tx, organization_id),
        seats=seats or ASSUMED_SEATS,
        engines=len(alive),
    )


def _lasting(plans: Sequence[Plan], seconds: Mapping[UUID, list[float]]) -> dict[UUID, Lasting]:
    """Measure each schedule, or take the middle of its job type's, or what is assumed of any."""
    found: dict[UUID, Lasting] = {}
    by_type: dict[str, list[Lasting]] = {}
    for plan in plans:
        its = seconds.get(plan.id)
        if its:
            p50, p95 = quantile(its, 0.5) or 0.0, quantile(its, 0.95) or 0.0
            measured = Lasting(p50, p95, is_measured=True)
            found[plan.id] = measured
            by_type.setdefault(plan.job_type, []).append(measured)
    for plan in plans:
        if plan.id not in found:
            found[plan.id] = of_type(by_type.get(plan.job_type, ()))
    return found


def of_type(others: Sequence[Lasting]) -> Lasting:
    """Take how long runs last from other schedules of the job type."""
    if not others:
        return Lasting(ASSUMED_SECONDS, ASSUMED_SECONDS, is_measured=False)
    return Lasting(
        median(one.p50 for one in others), median(one.p95 for one in others), is_measured=False
    )


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
    return Composed(world, folded, [_row(ground, plan, starts.get(plan.id)) for plan in plans])


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
    first, last = plan.span(begin, end)
    key = (plan.trigger, max(first, begin), last)
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
    counted: dict[UUID, list[int]] = {}
    found = []
    for schedule_id, parent in folding.items():  # parents come before what is chained to them
        plan, lane = by_id[schedule_id]
        starts = counted[parent] if parent is not None else _counts(plan, grid, begin)
        counted[schedule_id] = starts
        found.append(Hum(lane, starts, hum.seats_of(lane, sum(starts), grid.end - grid.begin)))
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


def _row(ground: Ground, plan: Plan, folded: int | None) -> LaneRow:
    takes = ground.lasting[plan.id]
    names = {queue.id: queue.name for queue in ground.queues}
    return LaneRow(
        id=plan.id,
        name=plan.name,
        schedule_type=plan.schedule_type.value,
        schedule_expression=plan.expression,
        timezone=plan.timezone,
        queue=names[plan.queue_id],
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
