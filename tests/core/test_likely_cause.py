"""Failures that look alike and began together, and those that only seem to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON
from tfui.core.likely_cause import Failure, Signature, likely_causes, signature


def failed(
    schedule: str, after: float = 0, *, code: int | None = 69, error: str | None = "exit 69: no"
) -> Failure:
    return Failure(
        schedule=schedule,
        began_at=NOON + timedelta(seconds=after),
        exit_code=code,
        error=error,
    )


@pytest.mark.parametrize(
    ("code", "error", "shared"),
    [
        (69, "exit 69: connection refused", ("exit 69", "connection refused")),
        (69, "exit 69", ("exit 69", "")),
        (137, "exit 137 (a command in it was killed by SIGKILL)", ("exit 137", "")),
        (-9, "killed by SIGKILL", ("exit -9", "killed by sigkill")),
        (1, "exit 1: ERROR  10.0.0.7:5432 Refused", ("exit 1", "error # refused")),
        (1, "exit 1: cannot open '/data/a b.csv'", ("exit 1", "cannot open ''")),
        (1, "exit 1: /opt/bin/ship: not found", ("exit 1", "/: not found")),
        (None, "ConnectionError: host db-7 is down", ("ConnectionError", "host db-# is down")),
        (None, "httpx.ReadTimeout", ("ReadTimeout", "")),
        (None, "answered 503 Service Unavailable", ("", "answered 503 service unavailable")),
        (None, None, ("", "")),
    ],
)
def test_a_signature_leaves_out_what_differs_from_run_to_run(
    code: int | None, error: str | None, shared: tuple[str, str]
) -> None:
    assert signature(failed("a", code=code, error=error)) == Signature(*shared)


def test_two_that_began_within_seconds_with_one_code_are_one_cause() -> None:
    (cause,) = likely_causes([failed("b", 8), failed("a"), failed("c", error="exit 69: other")])

    assert [failure.schedule for failure in cause.failures] == ["a", "b"]
    assert cause.span == timedelta(seconds=8)
    assert cause.signature.kind == "exit 69"


def test_what_began_an_hour_apart_is_not() -> None:
    assert likely_causes([failed("a"), failed("b", 3600)]) == []


def test_another_code_with_the_same_words_is_not() -> None:
    assert likely_causes([failed("a"), failed("b", code=70, error="exit 70: no")]) == []


def test_failures_about_which_nothing_is_known_are_no_clue() -> None:
    assert likely_causes([failed(name, code=None, error=None) for name in "ab"]) == []


def test_the_cause_of_most_comes_first() -> None:
    few = [failed(name, code=1, error="exit 1") for name in "ab"]
    many = [failed(name, code=2, error="exit 2") for name in "cde"]

    assert [len(cause.failures) for cause in likely_causes([*few, *many])] == [3, 2]


_FAILURES = st.lists(
    st.builds(
        failed,
        st.text("abc", min_size=1, max_size=3),
        st.floats(0, 600),
        code=st.sampled_from([None, 1, 69]),
        error=st.sampled_from([None, "exit 1: a 7", "exit 1: a 8", "OSError: full", "what"]),
    ),
    max_size=12,
)


@given(_FAILURES, st.integers(0, 300))
def test_a_cause_is_the_most_that_fit_in_the_window(failures: list[Failure], seconds: int) -> None:
    window = timedelta(seconds=seconds)
    causes = likely_causes(failures, window=window)

    assert len({cause.signature for cause in causes}) == len(causes)
    for cause in causes:
        assert len(cause.failures) > 1
        assert cause.span <= window
        assert {signature(one) for one in cause.failures} == {cause.signature}
    most = {cause.signature: len(cause.failures) for cause in causes}
    for first in failures:
        shared = signature(first)
        near = [
            one
            for one in failures
            if signature(one) == shared and timedelta(0) <= one.began_at - first.began_at <= window
        ]
        if any(shared):
            assert len(near) <= most.get(shared, 1)


@given(_FAILURES, st.randoms())
def test_the_order_in_which_they_are_told_does_not_matter(
    failures: list[Failure],
    chance: object,
) -> None:
    shuffled = list(failures)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random

    told, again = (
        [
            (cause.signature, [(one.schedule, one.began_at) for one in cause.failures])
            for cause in likely_causes(each)
        ]
        for each in (failures, shuffled)
    )
    assert sorted(told) == sorted(again)
