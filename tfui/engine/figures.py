"""What an engine has done and how punctually: counts since its start, and how late jobs began."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core.quantile import quantile

if TYPE_CHECKING:
    from datetime import datetime

_SAMPLES = 4096
_RECENT = timedelta(seconds=60)
_PUNCTUAL = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A snapshot."""

    planned: int = 0
    """Jobs made from due schedules."""
    started: int = 0
    succeeded: int = 0
    failed: int = 0
    """Jobs that failed for good."""
    retried: int = 0
    """Attempts that failed and will be made again."""
    cancelled: int = 0
    skipped: int = 0
    missed: int = 0
    lost: int = 0
    busy: int = 0
    seats: int = 0
    seconds: float = 0.0
    """Since the engine's start."""
    lateness_ms: dict[str, float] = field(default_factory=dict)
    """p50, p99 and max over the newest starts; empty before the first."""
    trouble: str | None = None
    """Why the store cannot be used now."""


class Punctuality:
    """How long after they became available jobs began."""

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._samples: deque[tuple[datetime, float]] = deque(maxlen=_SAMPLES)

    def note(self, available_at: datetime, started_at: datetime) -> None:
        """Take one start in. What was due before the engine came, or slept through, is not late."""
        lateness = started_at - available_at
        if available_at >= self._since and lateness < _PUNCTUAL:
            self._samples.append((started_at, lateness / timedelta(milliseconds=1)))

    def quantiles(self) -> dict[str, float]:
        """Give p50, p95, p99 and max in milliseconds; empty when nothing has started."""
        late = sorted(late for _, late in self._samples)
        if not late:
            return {}
        found = {
            f"p{percent}": round(quantile(late, percent / 100) or 0.0, 3)
            for percent in (50, 95, 99)
        }
        return {**found, "max": round(late[-1], 3)}

    def starts_per_second(self, now: datetime) -> float:
        """Give the rate over the last minute, or since the engine's start if that is shorter."""
        recent = sum(now - at <= _RECENT for at, _ in self._samples)
        seconds = min(_RECENT, max(now - self._since, timedelta(seconds=1))).total_seconds()
        return round(recent / seconds, 3)


def node_figures(
    figures: Figures,
    punctuality: Punctuality,
    now: datetime,
    **others: Any,  # noqa: ANN401  # JSON
) -> dict[str, Any]:
    """Give what a heartbeat tells, as JSON."""
    quantiles = figures.lateness_ms
    return {
        "busy": figures.busy,
        "planned": figures.planned,
        "started": figures.started,
        "starts_per_second": punctuality.starts_per_second(now),
        "lag_ms": {name: quantiles[name] for name in ("p50", "p95") if name in quantiles},
        **others,
    }
