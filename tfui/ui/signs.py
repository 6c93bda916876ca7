"""From a schedule's row to its condition, by the one judgement in `core.health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.health import Condition, Signs, condition

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.model.schedule import ScheduleRow


def condition_of(row: ScheduleRow, now: datetime) -> Condition:
    """Judge how the schedule of `row` is doing."""
    live = row.live
    return condition(
        Signs(
            status=row.status,
            next_run_at=row.next_run_at,
            last_outcome=row.last_outcome,
            live_status=None if live is None else live.status,
            live_attempt=0 if live is None else live.attempt,
            live_wait=None if live is None else live.wait_reason,
            live_available_at=None if live is None else live.available_at,
        ),
        now,
    )
