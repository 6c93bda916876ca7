"""Quantiles of a few measured values, as people read them: p50, p95."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def quantile(ascending: Sequence[float], share: float) -> float | None:
    """Give the nearest-rank quantile (Hyndman and Fan's first), or None of nothing."""
    if not ascending:
        return None
    rank = -int(-share * len(ascending) // 1)
    return ascending[max(rank, 1) - 1]
