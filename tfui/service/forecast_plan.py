"""Plans: what a forecast knows of each schedule before it plays anything through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import instants, jitter, unknown
from tfui.core.forecast import NEVER, SECOND
from tfui.core.states import Overlap, ScheduleStatus, ScheduleType
from tfui.errors import Invalid
from tfui.store import accounting

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.core.trigger import Trigger
    from tfui.store.kept import AnyRow

_MICROSECOND = timedelta(microseconds=1)
_TICK = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A schedule and the span in which its trigger holds."""

    id: UUID
    name: str
    queue_id: UUID
    schedule_type: ScheduleType
    expression: str
    timezone: str
    job_type: str
    priority: int
    overlap: Overlap
    status: ScheduleStatus
    paused_until: datetime | None
    timeout_seconds: float | None
    trigger: Trigger | None
    """None when it will start nothing: it rests, or what is stored cannot be read."""
    opens_at: int
    """Nothing before this is planned any more; in microseconds, as are all instants here."""
    closes_at: int
    left: int | None
    """How many more runs it may have."""
    jitter: timedelta

    def count(self, begin: int, end: int) -> int:
        """How many instants it has in `[begin, end)`."""
        begin, end = self.span(begin, end)
        if self.trigger is None or begin >= end:
            return 0
        total = instants.count(self.trigger, begin, end)
        return total if self.left is None else min(total, self._left_at(begin))

    def between(self, begin: int, end: int) -> list[int]:
        """Give its instants in `[begin, end)`."""
        begin, end = self.span(begin, end)
        if self.trigger is None or begin >= end:
            return []
        found = instants.between(self.trigger, begin, end)
        return found if self.left is None else found[: self._left_at(begin)]

    def first(self, begin: int, end: int, most: int) -> list[int]:
        """Give no more than the first few of its instants in `[begin, end)`."""
        begin, end = self.span(begin, end)
        found: list[int] = []
        at = begin - 1
        while self.trigger is not None and len(found) < most:
            following = self.trigger.next_micros(at)
            if following is None or following >= end:
                break
            found.append(following)
            at = following
        return found

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Give the part of `[begin, end)` in which the trigger holds."""
        return max(begin, self.opens_at), min(end, self.closes_at)

    def delay(self, nominal: int) -> int:
        """How much later than planned one of them starts by its jitter."""
        if not self.jitter:
            return 0
        return jitter.offset(self.id, instants.instant(nominal), self.jitter) // _MICROSECOND

    def _left_at(self, begin: int) -> int:
        """How many runs are left at a later beginning, if all before it took place."""
        if self.left is None or self.trigger is None:
            raise AssertionError("asked of a schedule without a limit")
        before = instants.count(self.trigger, self.opens_at, begin) if begin > self.opens_at else 0
        return max(0, self.left - before)


def plan_of(row: AnyRow, now: datetime) -> Plan:
    """Read a row of `store.forecast.plans` as it stands at `now`."""
    status = unknown.read(ScheduleStatus, row.status)
    after = max(now, row.cursor_at)
    if status is ScheduleStatus.PAUSED and row.paused_until is not None:
        after = max(after, row.paused_until)
    is_resting = status is not ScheduleStatus.ACTIVE and row.paused_until is None
    if status in {ScheduleStatus.COMPLETED, ScheduleStatus.FAILED}:
        is_resting = True
    return Plan(
        id=row.id,
        name=row.name,
        queue_id=row.queue_id,
        schedule_type=unknown.read(ScheduleType, row.schedule_type),
        expression=row.schedule_expression,
        timezone=row.timezone,
        job_type=row.job_type,
        priority=row.priority,
        overlap=unknown.read(Overlap, row.overlap),
        status=status,
        paused_until=row.paused_until,
        timeout_seconds=row.timeout_seconds,
        trigger=None if is_resting else _trigger_of(row),
        opens_at=instants.micros(after) + _TICK,
        closes_at=NEVER if row.ends_at is None else instants.micros(row.ends_at) + _TICK,
        left=None if row.max_runs is None else max(0, row.max_runs - row.runs_count),
        jitter=timedelta(seconds=row.jitter_seconds),
    )


def _trigger_of(row: AnyRow) -> Trigger | None:
    try:
        return accounting.trigger_of(row)
    except Invalid:
        return None  # it starts nothing; the planner says so on its record


def lasting(p50: float, p95: float, timeout_seconds: float | None) -> tuple[int, int]:
    """Give how long runs take in microseconds; none lasts longer than its timeout."""
    longest = float("inf") if timeout_seconds is None else timeout_seconds
    return int(min(p50, longest) * SECOND), int(min(p95, longest) * SECOND)
