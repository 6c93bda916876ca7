"""An answer to "why did it (not) run": a verdict in one sentence, and the chain that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: trigger, zone, window, pause, overlap, dependency, limit, worker."""

    title: str
    text: str
    ok: bool | None
    """Whether it lets the run through; None where it only tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a schedule did, or did not, run at an instant, or what it waits for now."""

    question: str
    verdict: str
    """One sentence that needs nothing else to be understood."""
    steps: tuple[Step, ...]
    clears_at: datetime | None = None
    """When what holds it up ends, where that can be known; aware UTC."""
