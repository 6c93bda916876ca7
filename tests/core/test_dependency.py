"""When a child may start, and which links would close a circle."""

from __future__ import annotations

import pytest

from tfui.core.dependency import find_cycle, may_start
from tfui.core.states import DependencyStatus, DependencyType, JobStatus

WAIT, START, NEVER = DependencyStatus.PENDING, DependencyStatus.RESOLVED, DependencyStatus.FAILED


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (DependencyType.SEQUENTIAL, (WAIT, WAIT, WAIT, START, START, START)),
        (DependencyType.PARALLEL, (WAIT, WAIT, START, START, START, NEVER)),
        (DependencyType.CONDITIONAL, (WAIT, WAIT, WAIT, START, NEVER, NEVER)),
    ],
)
def test_each_kind_waits_for_its_own_moment(
    kind: DependencyType, expected: tuple[DependencyStatus, ...]
) -> None:
    assert tuple(may_start(kind, status) for status in JobStatus) == expected


def test_a_parent_that_waits_for_a_retry_has_started() -> None:
    parallel = DependencyType.PARALLEL

    assert may_start(parallel, JobStatus.QUEUED, parent_started=True) is START
    assert may_start(parallel, JobStatus.CANCELLED, parent_started=True) is START


def test_a_circle_is_told_as_a_path() -> None:
    parents = {"load": ["extract"], "report": ["load"], "extract": ["login"], "login": []}

    def parents_of(name: str) -> list[str]:
        return parents[name]

    assert find_cycle("extract", "report", parents_of=parents_of) == [
        "extract", "report", "load", "extract",
    ]  # fmt: skip
    assert find_cycle("report", "login", parents_of=parents_of) is None
    assert find_cycle("load", "load", parents_of=parents_of) == ["load", "load"]


def test_a_circle_that_is_there_already_does_not_trap_the_search() -> None:
    parents = {"a": ["b"], "b": ["a"], "c": []}

    assert find_cycle("c", "a", parents_of=parents.__getitem__) is None


def test_ten_thousand_links_in_a_row_are_followed() -> None:
    found = find_cycle(0, 1, parents_of=lambda here: [(here + 1) % 10_000])

    assert found is not None
    assert len(found) == 10_001
