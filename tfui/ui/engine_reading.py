"""Reads the engines, their queues, and what they stand on; apart from that the last hour of the queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.core.finding import Finding
    from tfui.model.backlog import QueueStanding
    from tfui.model.node import NodeRow, Storage
    from tfui.service.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineLook:
    """Everything at one moment but for the last hour."""

    nodes: Sequence[NodeRow]
    """Living ones first, then the newest."""
    queues: Sequence[QueueStanding]
    """By name."""
    storage: Storage
    troubles: Sequence[Finding]


def read(caller: Caller) -> EngineLook:
    """Read it. Raises Unavailable, Forbidden."""
    from tfui.service import engines, queues

    return EngineLook(
        nodes=engines.nodes(caller),
        queues=queues.standings(caller),
        storage=engines.storage(caller),
        troubles=engines.troubles(caller),
    )


def depths(caller: Caller) -> Mapping[UUID, Sequence[int]]:
    """Read how many jobs waited in each queue, minute by minute. Raises Unavailable, Forbidden."""
    from tfui.service import queues

    return queues.depths(caller)
