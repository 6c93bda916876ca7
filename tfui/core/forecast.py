"""A forecast's nouns: schedules as lanes of coming starts, the places that run them, and what comes out.

`walk` plays the starts through, `hum` folds what fires all the time, `load` counts by buckets, and
`outlook` puts the three together. Instants and spans are whole microseconds (since 1970 UTC), as in
`Trigger.next_micros`: a forecast moves a hundred thousand of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from tfui.core.states import Overlap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.core.states import DependencyType

SECOND = 1_000_000
MINUTE = 60 * SECOND
NEVER = 1 << 62
"""Later than any instant."""


class Fate(IntEnum):
    """What will become of a start. An integer, because there are many."""

    RUNS = 0
    BUFFERED = 1
    """Waits until the schedule's previous job has ended, then runs."""
    REPLACES = 2
    """The schedule's live jobs are cancelled for it."""
    HELD = 3
    """Nothing lets it begin: its queue is paused without an end, or no place ever becomes free."""
    CANCELLED = 4
    """A later start of its schedule cancels it before it begins."""
    SKIP_OVERLAP = 5
    SKIP_DEPENDENCY = 6
    BESIDE = 7
    """Runs side by side with the schedule's previous job."""


BEGINNING = frozenset({Fate.RUNS, Fate.BUFFERED, Fate.REPLACES, Fate.BESIDE})
"""Fates of a start that begins."""

OVERLAPPING = frozenset({Fate.BUFFERED, Fate.REPLACES, Fate.SKIP_OVERLAP, Fate.BESIDE})
"""Fates of a start that is due while its schedule's previous job is live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A lane that another one comes after."""

    parent: UUID
    kind: DependencyType
    window: int = 0
    """How much older than the child's instant the parent's may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A schedule, as far as its coming starts go."""

    key: UUID
    queue: UUID
    p50: int
    """How long a run usually takes."""
    p95: int
    """How long a run takes at most, but for one in twenty."""
    nominal: Sequence[int] = ()
    """The planned instants, ascending."""
    due: Sequence[int] = ()
    """For each of them, when it may start: its jitter later."""
    priority: int = 0
    overlap: Overlap = Overlap.SKIP
    after: tuple[Link, ...] = ()
    is_chained: bool = False
    """It has no instants of its own and starts when a lane that it comes after lets it."""
    job_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A queue."""

    key: UUID
    concurrency: int | None = None
    """Jobs at once; None leaves it to the seats."""
    opens_at: int = 0
    """When its pause ends; NEVER for one without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A job that is live when the forecast begins."""

    lane: UUID
    nominal: int
    due: int
    started_at: int | None = None
    """None: it waits in its queue."""
    is_buffered: bool = False
    """It waits for the end of its schedule's other job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The newest job of a lane that others come after, if it has ended before the forecast begins."""

    lane: UUID
    nominal: int
    has_succeeded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a forecast is made from."""

    lanes: Sequence[Lane]
    places: Sequence[Place]
    seats: int
    begin: int
    """The present, or any later instant at which nothing is known to be live."""
    standing: Sequence[Standing] = ()
    ended: Sequence[Ended] = ()
    limits: tuple[tuple[str, int], ...] = ()
    """Job types that start at most so often in any 60 seconds."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal buckets in a row; a bucket includes its beginning and excludes its end."""

    begin: int
    width: int
    count: int

    @property
    def end(self) -> int:
        """The end of the last bucket."""
        return self.begin + self.width * self.count

    def at(self, place: int) -> int:
        """Give the beginning of a bucket."""
        return self.begin + self.width * place
