"""What becomes of an occurrence while an earlier job still lives."""

from __future__ import annotations

import pytest

from tfui.core.overlap import BUFFER_LIMIT, Gate, decide
from tfui.core.states import Overlap


@pytest.mark.parametrize("policy", list(Overlap))
def test_with_nothing_live_it_runs(policy: Overlap) -> None:
    assert decide(policy, live=0, waiting=0) is Gate.RUN


@pytest.mark.parametrize(
    ("policy", "waiting", "expected"),
    [
        (Overlap.SKIP, 0, Gate.SKIP),
        (Overlap.BUFFER_ONE, 0, Gate.WAIT),
        (Overlap.BUFFER_ONE, 1, Gate.SKIP),
        (Overlap.BUFFER_ALL, BUFFER_LIMIT - 1, Gate.WAIT),
        (Overlap.BUFFER_ALL, BUFFER_LIMIT, Gate.SKIP),
        (Overlap.CANCEL_RUNNING, 0, Gate.CANCEL_THEN_RUN),
        (Overlap.ALLOW, 5, Gate.RUN),
    ],
)
def test_with_one_live_the_policy_decides(policy: Overlap, waiting: int, expected: Gate) -> None:
    assert decide(policy, live=waiting + 1, waiting=waiting) is expected
