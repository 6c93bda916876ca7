"""Nodes: engines enter themselves, say every few seconds that they live, and sign off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select

from tfui.core import unknown
from tfui.core.health import SILENCE
from tfui.core.states import NodeState
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.node import Node, NodeRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction

_NODE = table_of(Node)
_N = _NODE.c
_J = table_of(Job).c
_BUSY = (
    select(_J.lease_owner, func.count().label("jobs"))
    .where(_J.status == literal_column("'running'"))
    .group_by(_J.lease_owner)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine that has not signed off."""

    id: UUID
    pid: int
    place: str
    """What set of process ids `pid` belongs to; empty when its engine could not tell."""
    heartbeat_at: datetime


def enter(
    tx: Transaction,
    node_id: UUID,
    *,
    host: str,
    pid: int,
    kind: str,
    seats: int,
    version: str,
    figures: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write a starting engine down."""
    tx.connection.execute(
        _NODE.insert().values(
            id=node_id,
            host=host,
            pid=pid,
            kind=kind,
            state=NodeState.RUNNING,
            seats=seats,
            version=version,
            started_at=now,
            heartbeat_at=now,
            figures=dict(figures),
        ),
    )


def beat(
    tx: Transaction,
    node_id: UUID,
    *,
    state: NodeState,
    figures: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Say that an engine lives and how it does; False when its row is gone."""
    changed = tx.connection.execute(
        _NODE.update()
        .where(_N.id == node_id)
        .values(heartbeat_at=now, state=state, figures=dict(figures)),
    )
    return changed.rowcount == 1


def sign_off(
    tx: Transaction,
    node_id: UUID,
    *,
    figures: Mapping[str, Any],
    now: datetime,
) -> None:
    """Say that an engine has stopped."""
    tx.connection.execute(
        _NODE.update()
        .where(_N.id == node_id)
        .values(
            heartbeat_at=now,
            stopped_at=now,
            state=NodeState.STOPPED,
            figures=dict(figures),
        ),
    )


def peers(tx: Transaction, host: str) -> list[Peer]:
    """Give the engines of a host that have not signed off."""
    rows = tx.connection.execute(
        select(_N.id, _N.pid, _N.figures, _N.heartbeat_at).where(
            _N.host == host,
            _N.stopped_at.is_(None),
        ),
    )
    return [
        Peer(
            id=row.id,
            pid=row.pid,
            place=row.figures.get("place", ""),
            heartbeat_at=row.heartbeat_at,
        )
        for row in rows
    ]


def rows(tx: Transaction, now: datetime) -> list[NodeRow]:
    """Give the engines that are known: living ones first, then the newest."""
    busy = {row.lease_owner: row.jobs for row in tx.connection.execute(_BUSY)}
    found = [
        NodeRow(
            **(row | {"state": unknown.read(NodeState, row["state"])}),
            busy=busy.get(row["id"], 0),
            is_alive=row["stopped_at"] is None and row["heartbeat_at"] > now - SILENCE,
        )
        for row in map(dict, tx.connection.execute(_NODE.select()).mappings())
    ]
    return sorted(found, key=lambda node: (node.is_alive, node.started_at), reverse=True)
