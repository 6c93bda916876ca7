"""What stands in queues as it is shown: why it waits, what a pause holds up, and the last hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tfui.core.states import WaitReason
from tfui.model.queue import QueueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStanding:
    """A queue with why what is in it does not run."""

    queue: QueueRow
    waits: Mapping[WaitReason, int]
    """Jobs by what they wait for, the commonest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedQueue:
    """A paused queue and how much it holds up."""

    name: str
    waiting: int
    """Jobs that could start but for the pause."""
    paused_until: datetime | None
