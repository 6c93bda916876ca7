"""A past that is put down whole: runs that have ended, and occurrences that never ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome, JobStatus

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.catchup import Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTry:
    """One attempt that has ended."""

    started_at: datetime
    finished_at: datetime
    outcome: AttemptOutcome
    exit_code: int | None
    error: str | None
    printed: tuple[tuple[str, str], ...]
    """(stream, text), in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One job that has ended, by its last attempt."""

    nominal_at: datetime
    tries: tuple[PastTry, ...]

    @property
    def status(self) -> JobStatus:
        """How it ended."""
        if self.tries[-1].outcome is AttemptOutcome.SUCCEEDED:
            return JobStatus.SUCCEEDED
        return JobStatus.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What became of every occurrence of a schedule up to an instant, ascending."""

    until: datetime
    runs: tuple[PastRun, ...] = ()
    gaps: tuple[Skipped, ...] = ()
