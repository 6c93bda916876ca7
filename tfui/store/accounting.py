"""The ledger's write side: what a schedule's cursor passes without a job is put down as ranges here.

The law that everything in this room keeps: for any schedule, the occurrences its trigger counts in
`(effective_at, cursor_at]` are its scheduled job rows plus the counts of its ranges there. So the
cursor only ever moves together with a job row or a range, in one transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from tfui.core import trigger as triggers
from tfui.core.catchup import Skipped
from tfui.core.states import ScheduleStatus, ScheduleType, SkipReason
from tfui.model.columns import table_of
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.core.trigger import Trigger
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

Schedule: TypeAlias = "ScheduledJob | AnyRow"
"""A whole schedule: the entity, or a row of every column of its table."""

_TICK = timedelta(microseconds=1)


def trigger_of(schedule: Schedule) -> Trigger:
    """Read a stored schedule's trigger. Raises Invalid when the row holds one that cannot be read."""
    return triggers.parse(
        schedule.schedule_type,
        schedule.schedule_expression,
        zone=schedule.timezone,
        anchor=schedule.anchor_at,
        seed=str(schedule.id),
    )


def in_force_since(now: datetime, starts_at: datetime | None) -> datetime:
    """Where `effective_at` and the cursor of a trigger begin that is set at `now`.

    Just before `starts_at` when that is still to come, so that an occurrence at that very instant
    counts; nothing is ever missed before either.
    """
    return now if starts_at is None or starts_at <= now else starts_at - _TICK


def next_run(schedule: Schedule, after: datetime) -> datetime | None:
    """When a schedule is due next, strictly after `after` and not after its `ends_at`."""
    found = trigger_of(schedule).next_after(after)
    is_over = found is None or (schedule.ends_at is not None and found > schedule.ends_at)
    return None if is_over else found


def is_done_for(schedule: Schedule, next_run_at: datetime | None) -> bool:
    """Whether nothing is left to run; a chained schedule has no next run and goes on all the same."""
    if schedule.max_runs is not None and schedule.runs_count >= schedule.max_runs:
        return True
    return next_run_at is None and schedule.schedule_type != ScheduleType.CHAINED


def account_until(
    tx: Transaction,
    schedule: Schedule,
    until: datetime,
    *,
    reason: SkipReason,
    detail: str | None = None,
) -> int:
    """Put every occurrence in `(cursor_at, until]` down as one range and move the cursor there.

    Gives their number. `next_run_at` stays as it is: whoever asks knows what comes next. A
    completed schedule has nothing left to account for; the cursor never passes `ends_at`.
    """
    if schedule.ends_at is not None:
        until = min(until, schedule.ends_at)
    if schedule.status == ScheduleStatus.COMPLETED or until <= schedule.cursor_at:
        return 0
    trigger = trigger_of(schedule)
    count = trigger.count(schedule.cursor_at, until)
    if count:
        first = trigger.next_after(schedule.cursor_at)
        last = trigger.last_at_or_before(until)
        if first is None or last is None:
            message = f"a trigger that counts {count} occurrences gives none: {trigger!r}"
            raise AssertionError(message)
        record(tx, schedule, [Skipped(first, last, count, reason)], detail=detail)
    schedules = table_of(ScheduledJob)
    tx.connection.execute(
        schedules.update().where(schedules.c.id == schedule.id).values(cursor_at=until),
    )
    return count


def record(
    tx: Transaction,
    schedule: Schedule,
    skipped: Sequence[Skipped],
    *,
    detail: str | None = None,
) -> None:
    """Write ranges (ascending, disjoint, after all earlier ones), without moving the cursor.

    A range that goes on where the schedule's newest one ends, for the same reason, lengthens that
    one: an hour of skips during one long run is one row.
    """
    if tx.now is None:
        raise AssertionError("a ledger range is written by a writing transaction")
    if not skipped:
        return
    ranges = table_of(Occurrence)
    first, *others = skipped
    newest = tx.connection.execute(
        ranges.select()
        .where(ranges.c.scheduled_job_id == schedule.id)
        .order_by(ranges.c.to_at.desc())
        .limit(1),
    ).one_or_none()
    if newest is not None and _goes_on(schedule, newest, first, detail):
        tx.connection.execute(
            ranges.update()
            .where(ranges.c.id == newest.id)
            .values(to_at=first.to_at, count=ranges.c["count"] + first.count),
        )
    else:
        others = [first, *others]
    if others:
        made = tx.ids.make_many(tx.now, len(others))
        tx.connection.execute(
            ranges.insert(),
            [
                {
                    "id": identifier,
                    "scheduled_job_id": schedule.id,
                    "from_at": one.from_at,
                    "to_at": one.to_at,
                    "count": one.count,
                    "reason": one.reason,
                    "detail": detail,
                    "created_at": tx.now,
                }
                for identifier, one in zip(made, others, strict=True)
            ],
        )


def _goes_on(schedule: Schedule, newest: AnyRow, first: Skipped, detail: str | None) -> bool:
    return (
        newest.reason == first.reason
        and newest.waived_at is None
        and newest.detail == detail
        and newest.from_at > schedule.effective_at
        and trigger_of(schedule).next_after(newest.to_at) == first.from_at
    )
