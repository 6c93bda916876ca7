"""Retry: the waits grow, stay near the rule, and can be told in advance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON
from tfui.core.retry import RetryPolicy, next_attempt


@given(job_id=st.uuids(), attempt=st.integers(1, 5000))
def test_a_wait_is_within_a_tenth_of_the_rule(job_id: object, attempt: int) -> None:
    policy = RetryPolicy(max_attempts=6000)
    rule = min(3600.0, 10.0 * 2.0 ** min(attempt - 1, 60))

    wait = policy.delay(str(job_id), attempt).total_seconds()

    assert rule * 0.9 - 1e-6 <= wait <= rule * 1.1 + 1e-6
    assert policy.delay(str(job_id), attempt).total_seconds() == wait


def test_jobs_that_failed_together_come_back_apart() -> None:
    waits = {RetryPolicy().delay(str(number), 1) for number in range(100)}

    assert len(waits) > 90


def test_a_spent_policy_has_no_next_attempt() -> None:
    policy = RetryPolicy(max_attempts=3)

    second = next_attempt(policy, 2, job_id="a", failed_at=NOON)
    assert second == NOON + policy.delay("a", 2)
    assert next_attempt(policy, 3, job_id="a", failed_at=NOON) is None
    assert next_attempt(RetryPolicy(), 1, job_id="a", failed_at=NOON) is None


def test_no_wait_is_wanted_and_none_is_given() -> None:
    assert RetryPolicy(base=timedelta(0)).delay("a", 5000) == timedelta(0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"base": timedelta(seconds=-1)},
        {"factor": 0.5},
        {"factor": float("nan")},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must|cannot"):
        RetryPolicy(**wrong)  # type: ignore[arg-type]


def test_attempts_count_from_one() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        RetryPolicy().delay("a", 0)
