"""Sleeps and clock steps, as engines saw them: the newest of each, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.ui import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.node import NodeRow

SLEEP, STEP = "last_sleep", "last_clock_step"
"""What a heartbeat calls them."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch that an engine did not live through."""

    at: datetime
    """When it was noticed."""
    length: timedelta
    """Negative when the clock was set back."""
    host: str


def newest(nodes: Sequence[NodeRow], kind: str) -> Absence | None:
    """Give the newest sleep or step that any engine has told of."""
    found = [
        Absence(
            at=datetime.fromisoformat(told["at"]),
            length=timedelta(seconds=told["seconds"]),
            host=node.host,
        )
        for node in nodes
        if (told := node.figures.get(kind)) is not None
    ]
    return max(found, key=lambda absence: absence.at, default=None)


def step_words(step: Absence) -> str:
    """Say which way a clock was set: `set back 1h 00m`."""
    way = "back" if step.length < timedelta(0) else "forward"
    return f"set {way} {spans.long(abs(step.length))}"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago something was."""
    return f"{spans.short(now - at)} ago"
