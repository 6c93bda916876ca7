"""What the list of runs is asked for: search and segment, before the model is imported."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tfui.core.states import LIVE_JOBS, JobStatus

if TYPE_CHECKING:
    from tfui.model.run import RunQuery


class RunSegment(StrEnum):
    """A part of all runs, as `f` goes round them."""

    ALL = "all"
    OK = "ok"
    FAIL = "fail"
    LIVE = "live"
    """Running, waiting, or blocked."""
    SKIP = "skip"
    """What did not run: cancelled jobs and occurrences without one."""

    def following(self) -> RunSegment:
        """Give the next one."""
        parts = list(RunSegment)
        return parts[(parts.index(self) + 1) % len(parts)]


_STATUSES: dict[RunSegment, frozenset[JobStatus] | None] = {
    RunSegment.ALL: None,
    RunSegment.OK: frozenset({JobStatus.SUCCEEDED}),
    RunSegment.FAIL: frozenset({JobStatus.FAILED}),
    RunSegment.LIVE: frozenset(LIVE_JOBS),
    RunSegment.SKIP: frozenset({JobStatus.CANCELLED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """A way to look at the runs."""

    search: str = ""
    segment: RunSegment = RunSegment.ALL

    @property
    def is_narrow(self) -> bool:
        """Whether it may leave anything out."""
        return bool(self.search.strip()) or self.segment is not RunSegment.ALL

    def query(self) -> RunQuery:
        """Give it as the service reads it; imports the model, so only in threads."""
        from tfui.model.run import RunQuery

        return RunQuery(
            search=self.search.strip() or None,
            statuses=_STATUSES[self.segment],
            gaps=self.segment in {RunSegment.ALL, RunSegment.SKIP},
        )
