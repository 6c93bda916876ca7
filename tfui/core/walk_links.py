"""Dependencies in a walk: which lanes wait for which, row by row.

The rules are `store.links`'s: a start needs its parents' newest start of the same instant (or within
a window before it); a chained lane starts once for each instant at which a parent lets it.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from tfui.core.states import DependencyType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.core.forecast import Ended, Lane

Wait: TypeAlias = "tuple[int, DependencyType]"
"""A row, and what is asked of it."""

News: TypeAlias = "tuple[list[int], list[int], list[int]]"
"""Rows that wait no longer, rows that will never run, and chained lanes to be started."""


class _Progress(Enum):
    BEGUN = auto()
    ENDED = auto()
    ENDED_BADLY = auto()


NO_NEWS: News = ([], [], [])
_NOBODY = -1
"""The lane, or the row, of a parent that is not there: it rests, and lets nobody go."""
_EARLIER = -2
"""The first row, counting down, of jobs that ended before the walk begins."""
NO_WAITS: list[Wait] = []


class Links:
    """The state of all dependencies. False when there is none."""

    def __init__(self, lanes: Sequence[Lane], ended: Sequence[Ended]) -> None:
        place_of = {lane.key: place for place, lane in enumerate(lanes)}
        self._needs: dict[int, list[tuple[int, DependencyType, int]]] = {}
        self._chains: dict[int, list[tuple[int, DependencyType]]] = {}
        self._newest: dict[int, tuple[int, int]] = {}  # (nominal, row) of lanes others come after
        self._parents: set[int] = set()
        self._nominal: dict[int, int] = {}  # of rows of those lanes
        self._progress: dict[int, _Progress] = {}
        self._waiters: dict[int, list[Wait]] = {}  # by the row waited for
        self._missing: dict[int, int] = {}  # how many rows a row waits for
        self._fired: set[tuple[int, int]] = set()
        for child, lane in enumerate(lanes):
            for link in lane.after:
                parent = place_of.get(link.parent, _NOBODY)
                self._parents.add(parent)
                if lane.is_chained:
                    self._chains.setdefault(parent, []).append((child, link.kind))
                else:
                    self._needs.setdefault(child, []).append((parent, link.kind, link.window))
        for number, job in enumerate(ended):
            row = _EARLIER - number
            lane_of = place_of.get(job.lane, _NOBODY)
            self.made(row, lane_of, job.nominal)
            self._progress[row] = _Progress.ENDED if job.has_succeeded else _Progress.ENDED_BADLY
        self.order = _parents_first(len(lanes), self._needs)
        """The lanes in the order in which those due at one instant are planned."""

    def __bool__(self) -> bool:
        return bool(self._parents)

    def parents(self, lane: int, nominal: int) -> list[Wait] | None:
        """Give the rows that a start has to wait for; None when it will never run."""
        needs = self._needs.get(lane)
        if needs is None:
            return NO_WAITS
        waits = []
        for parent, kind, window in needs:
            at, row = self._newest.get(parent, (_NOBODY, _NOBODY))
            if row == _NOBODY or at < nominal - window:
                return None
            lets = self._lets(row, kind)
            if lets is None:
                return None
            if not lets:
                waits.append((row, kind))
        return waits

    def made(self, row: int, lane: int, nominal: int) -> None:
        """Note a new job."""
        if lane in self._parents:
            self._newest[lane] = (nominal, row)
            self._nominal[row] = nominal

    def tie(self, row: int, waits: list[Wait]) -> None:
        """Have a job wait for others, one at least."""
        self._missing[row] = len(waits)
        for parent, kind in waits:
            self._waiters.setdefault(parent, []).append((row, kind))

    def is_free(self, row: int) -> bool:
        """Whether a job waits for no other."""
        return row not in self._missing

    def started(self, row: int, lane: int) -> News:
        """Tell what follows from a job's start."""
        return self._move(row, lane, _Progress.BEGUN) if lane in self._parents else NO_NEWS

    def ended(self, row: int, lane: int, *, has_succeeded: bool) -> News:
        """Tell what follows from a job's end."""
        if lane not in self._parents:
            return NO_NEWS
        progress = _Progress.ENDED if has_succeeded else _Progress.ENDED_BADLY
        return self._move(row, lane, progress)

    def _move(self, row: int, lane: int, progress: _Progress) -> News:
        was_begun = row in self._progress
        self._progress[row] = progress
        freed, refused, waiting = [], [], []
        for child, kind in self._waiters.pop(row, ()):
            lets = self._lets(row, kind, was_begun=was_begun)
            if lets is None:
                refused.append(child)
            elif not lets:
                waiting.append((child, kind))
            else:
                self._missing[child] -= 1
                if not self._missing[child]:
                    del self._missing[child]
                    freed.append(child)
        if waiting:
            self._waiters[row] = waiting
        return freed, refused, self._chain(row, lane, was_begun=was_begun)

    def _chain(self, row: int, lane: int, *, was_begun: bool) -> list[int]:
        nominal = self._nominal[row]
        found = []
        for child, kind in self._chains.get(lane, ()):
            if (child, nominal) not in self._fired and self._lets(row, kind, was_begun=was_begun):
                self._fired.add((child, nominal))
                found.append(child)
        return found

    def _lets(self, row: int, kind: DependencyType, *, was_begun: bool = True) -> bool | None:
        """Whether a job lets another go: True, not yet, or None for never."""
        progress = self._progress.get(row)
        if progress is None:
            return False
        if kind is DependencyType.PARALLEL:
            return True if was_begun or progress is not _Progress.ENDED_BADLY else None
        if progress is _Progress.BEGUN:
            return False
        if kind is DependencyType.CONDITIONAL and progress is _Progress.ENDED_BADLY:
            return None
        return True


def _parents_first(
    count: int, needs: dict[int, list[tuple[int, DependencyType, int]]]
) -> list[int]:
    if not needs:
        return list(range(count))
    order: list[int] = []
    placed = set()

    def place(lane: int, path: frozenset[int]) -> None:
        if lane in placed or lane in path:  # circles are refused when they are saved
            return
        for parent, _, _ in needs.get(lane, ()):
            if parent != _NOBODY:
                place(parent, path | {lane})
        placed.add(lane)
        order.append(lane)

    for lane in range(count):
        place(lane, frozenset())
    return order
