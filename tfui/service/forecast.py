"""The forecast for whoever asks: what is coming by the plans, and what has come of those before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core import instants, unknown
from tfui.core.forecast import Grid
from tfui.core.outlook import predict
from tfui.core.reasons import unfired
from tfui.core.rights import Right
from tfui.core.states import JobKind, JobStatus, SkipReason
from tfui.errors import Invalid
from tfui.model.forecast import Forecast, Past, PastRange, PastRun
from tfui.service import forecast_ground, forecast_world
from tfui.store import forecast as store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=14)
"""How far a forecast reaches from now, and back."""

MOST_BUCKETS = 21_000
MOST_RUNS = 50_000
"""Jobs of the past part; older ones are left out of it."""

_WARM_UP = timedelta(hours=6)  # how long before a later beginning a backlog is looked for


def outlook(
    caller: Caller,
    *,
    begin: datetime,
    end: datetime,
    width: timedelta = MINUTE,
) -> Forecast:
    """Predict what starts in `[begin, end)` by buckets of `width`, and tell what has run in its past.

    The part before now comes from the record, the rest from a walk through the plans. Raises Invalid.
    """
    now = caller.now()
    _check(begin, end, width, now)
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        tx.dialect.freeze(tx.connection)
        has_past = begin < now
        ground = forecast_ground.read(tx, caller, with_resting=has_past)
        ids = [plan.id for plan in ground.plans]
        past = _past(tx, ids, begin, min(now, end)) if has_past else None
    start = max(now, begin)
    grid = _grid(start, max(start, end), width)
    from_at = instants.micros(max(now, start - _WARM_UP))
    composed = forecast_world.compose(ground, grid, begin=from_at)
    return Forecast(
        now=now,
        begin=start,
        end=instants.instant(grid.end),
        seats=ground.seats,
        engines=ground.engines,
        lanes=tuple(composed.rows),
        queues=forecast_world.queues_ahead(ground),
        outlook=predict(composed.world, grid, composed.folded),
        past=past,
        left_out=ground.left_out,
    )


def _check(begin: datetime, end: datetime, width: timedelta, now: datetime) -> None:
    problems = {}
    days = LONGEST.days
    if not now - LONGEST <= begin <= now + LONGEST:
        problems["begin"] = f"a forecast begins within {days} days of now"
    if end <= begin:
        problems["end"] = "this must be later than the beginning"
    elif end > now + LONGEST:
        problems["end"] = f"a forecast reaches {days} days ahead"
    if width < timedelta(seconds=1) or (end - begin) / width > MOST_BUCKETS:
        problems["width"] = (
            f"a bucket lasts a second at least, and there are {MOST_BUCKETS:,} at most"
        )
    if problems:
        raise Invalid(problems)


def _grid(begin: datetime, end: datetime, width: timedelta) -> Grid:
    """Lay buckets on whole multiples of their width from 1970 on; the first holds `begin`."""
    size = width // timedelta(microseconds=1)
    first = instants.micros(begin) // size * size
    return Grid(first, size, -(-(instants.micros(end) - first) // size))


def _past(tx: Transaction, ids: Sequence[UUID], begin: datetime, end: datetime) -> Past:
    lane_of = {schedule_id: place for place, schedule_id in enumerate(ids)}
    rows = store.runs(tx, ids, since=begin, until=end, limit=MOST_RUNS)
    if len(rows) == MOST_RUNS:
        begin = rows[-1].nominal_at
    ranges = store.ranges(tx, ids, since=begin, until=end, limit=MOST_RUNS)
    return Past(
        begin=begin,
        end=end,
        runs=tuple(_past_run(row, lane_of[row.scheduled_job_id]) for row in reversed(rows)),
        ranges=tuple(
            PastRange(
                lane_of[row.scheduled_job_id],
                row.from_at,
                row.to_at,
                row._mapping["count"],  # noqa: SLF001  # a row's own count() hides the column
                unknown.read(SkipReason, row.reason),
                row.detail,
            )
            for row in ranges
            if row.reason != SkipReason.RAN
        ),
    )


def _past_run(row: AnyRow, lane: int) -> PastRun:
    status = unknown.read(JobStatus, row.status)
    return PastRun(
        lane,
        row.id,
        row.nominal_at,
        unknown.read(JobKind, row.kind),
        status,
        row.started_at,
        row.finished_at,
        row.error,
        unfired(status, row.attempt, row.error),
    )
