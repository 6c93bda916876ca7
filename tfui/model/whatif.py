"""What a draft would change, were it saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Which instants a saved draft would add and take away within `window` from now."""

    window: timedelta
    added: int
    removed: int
    first_added: tuple[datetime, ...]
    first_removed: tuple[datetime, ...]
    is_counted: bool
    """Too many to compare one by one: `added` and `removed` are the totals after and before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quieter:
    """A minute of the hour in which fewer others start."""

    minute: int
    expression: str
    """The draft's, with that minute."""
    others: int
    """Starts of others there, over the hours looked at."""
    others_now: int
    """Starts of others in the draft's own minute."""
    runs: int
    """Of the draft, that were looked at: an hour around each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Runs of the draft that are due while its own previous run lasts."""

    count: int
    starts: int
    """All its runs of that day."""
    outcome: str
    """What becomes of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The difference that a draft makes."""

    change: Change
    day: tuple[datetime, datetime] | None
    """What the waits below are of: the day that its first run is in; None when it has none."""
    others: int
    """Starts of others in the same minute as one of its own, at most."""
    others_at: datetime | None
    """When that is."""
    wait: timedelta
    """How long its own starts wait at most."""
    queue: str
    queue_wait: timedelta
    """How long anything in its queue waits at most, with the draft."""
    queue_wait_before: timedelta
    """The same without it, or with the schedule as it is stored."""
    clash: Clash | None
    quieter: Quieter | None
