"""The ground of a forecast: everything it is made from, read at one moment in a handful of statements."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tfui.core import instants
from tfui.core.forecast import Ended
from tfui.core.quantile import quantile
from tfui.core.states import JobStatus
from tfui.service.forecast_plan import Plan, plan_of
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
