"""The whole graph of which schedules come after which, at one moment, for whoever wants to see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import dependencies, lineage, schedule_rows, standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from tfui.core.states import DependencyStatus
    from tfui.model.dependency import DependencyRow
    from tfui.model.schedule import ScheduleRow
    from tfui.service.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A dependency, and how it stands for the child's live jobs."""

    dependency: DependencyRow
    status: DependencyStatus | None
    """Pending: a job of the child waits for it now; None: the child has no live job that asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The schedules that come before or after another, and how."""

    nodes: tuple[ScheduleRow, ...]
    """By name."""
    edges: tuple[Edge, ...]
    """By the child's name, then the parent's."""
    alone: int
    """Schedules that take part in nothing."""


def followers(caller: Caller, ids: Collection[UUID]) -> list[DependencyRow]:
    """Give the dependencies that lead on from schedules, the nearest first, all the way down."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        links = dependencies.rows(tx, caller.organization_id)
    found: list[DependencyRow] = []
    reached, edge = set(ids), set(ids)
    while edge:
        ahead = [link for link in links if link.parent_id in edge]
        found += ahead
        edge = {link.child_id for link in ahead} - reached
        reached |= edge
    return found


def whole(caller: Caller) -> Graph:
    """Give the graph of the caller's organization. Raises Forbidden, Unavailable."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        tx.dialect.freeze(tx.connection)
        links = dependencies.rows(tx, caller.organization_id)
        names: dict[UUID, str] = {}
        for link in links:
            names[link.parent_id], names[link.child_id] = link.parent, link.child
        ids = sorted(names, key=lambda one: (names[one], one))
        nodes = schedule_rows.rows(tx, caller.organization_id, ids)
        states = lineage.standing(tx, list(dict.fromkeys(link.child_id for link in links)))
        total = standing.summary(tx, caller.organization_id, now=caller.now()).total
    return Graph(
        nodes=tuple(nodes),
        edges=tuple(
            Edge(dependency=link, status=states.get((link.parent_id, link.child_id)))
            for link in links
        ),
        alone=total - len(nodes),
    )
