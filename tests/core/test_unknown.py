"""Words of another version: shown by themselves, and never taken for one that is known."""

from __future__ import annotations

from tfui.core import reasons
from tfui.core.dependency import may_start
from tfui.core.rights import Right, Role, allows
from tfui.core.states import DependencyStatus, DependencyType, JobStatus, SkipReason, may_move
from tfui.core.unknown import read


def test_a_known_word_is_the_member_itself() -> None:
    assert read(SkipReason, "ran") is SkipReason.RAN


def test_a_stranger_equals_its_word_and_no_member() -> None:
    stranger = read(SkipReason, "eaten")

    assert (stranger, f"{stranger}", stranger.value) == ("eaten", "eaten", "eaten")
    assert stranger not in set(SkipReason)
    assert list(SkipReason) == [read(SkipReason, word) for word in SkipReason]


def test_a_stranger_is_told_by_its_word_with_nothing_that_moves_a_cursor() -> None:
    said = reasons.WORDS[read(SkipReason, "eaten\x1b[2J")]

    assert said == r"'eaten\x1b[2J' (not known to this version)"


def test_a_stranger_grants_nothing_moves_nothing_and_lets_nothing_go() -> None:
    assert not allows(read(Role, "root"), Right.SCHEDULED_JOB_READ)
    assert not may_move(read(JobStatus, "melted"), JobStatus.QUEUED)
    kind = read(DependencyType, "sometimes")
    assert may_start(kind, JobStatus.SUCCEEDED) is DependencyStatus.PENDING
