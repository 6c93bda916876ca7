"""Dependencies: when a child may start, and which links would close a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tfui.core.states import ENDED_JOBS, DependencyStatus, DependencyType, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

Key = TypeVar("Key", bound="Hashable")

_ON_END = frozenset({DependencyType.SEQUENTIAL, DependencyType.CONDITIONAL})


def may_start(
    kind: DependencyType, parent: JobStatus, *, parent_started: bool | None = None
) -> DependencyStatus:
    """Judge one dependency by its parent job: wait on, start, or never.

    `parent_started` matters to `parallel` alone: a parent that waits for a retry has started, one
    cancelled in its queue has not. Left out, it is taken from the status.
    """
    has_ended = parent in ENDED_JOBS
    if kind is DependencyType.PARALLEL:
        if parent_started is None:
            parent_started = parent in {JobStatus.RUNNING, JobStatus.SUCCEEDED, JobStatus.FAILED}
        if parent_started:
            return DependencyStatus.RESOLVED
        return DependencyStatus.FAILED if has_ended else DependencyStatus.PENDING
    if not has_ended:
        return DependencyStatus.PENDING
    if kind is DependencyType.CONDITIONAL and parent is not JobStatus.SUCCEEDED:
        return DependencyStatus.FAILED
    # A kind that this version does not know lets nothing go.
    return DependencyStatus.RESOLVED if kind in _ON_END else DependencyStatus.PENDING


def find_cycle(
    child: Key, parent: Key, *, parents_of: Callable[[Key], Iterable[Key]]
) -> list[Key] | None:
    """Give the circle that making `child` wait for `parent` would close, or None.

    The path starts and ends with `child` and goes from each one to the one it waits for.
    """
    if child == parent:
        return [child, child]
    came_from: dict[Key, Key] = {}
    seen = {parent}
    to_visit = [parent]
    while to_visit:
        here = to_visit.pop()
        for above in parents_of(here):
            if above == child:
                path = [child, here]
                while here != parent:
                    here = came_from[here]
                    path.append(here)
                return [*path[:1], *reversed(path[1:]), child]
            if above not in seen:
                seen.add(above)
                came_from[above] = here
                to_visit.append(above)
    return None
