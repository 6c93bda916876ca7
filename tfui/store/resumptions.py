"""Pauses that end by themselves: schedules and queues that were paused until an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.core.states import ScheduleStatus, SkipReason
from tfui.model.columns import table_of
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting, journal, waits
from tfui.store.spellings import KEPT_SCHEDULE

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.store.accounting import Schedule
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c
_QUEUE = table_of(Queue)

_NOT_PAUSED = {"paused_at": None, "paused_by": None, "pause_note": None, "paused_until": None}


def resume_schedules(tx: Transaction, *, now: datetime, limit: int = 200) -> int:
    """Resume schedules whose pause is over; what fell into it is one `skip_paused` range each."""
    query = (
        _SCHEDULE.select()
        .where(
            _S.status == ScheduleStatus.PAUSED,
            KEPT_SCHEDULE,
            _S.paused_until <= now,
        )
        .order_by(_S.paused_until)
        .limit(limit)
    )
    rows = tx.connection.execute(tx.dialect.lock_rows(query)).all()
    for schedule in rows:
        _resume(tx, schedule)
    return len(rows)


def resume_queues(tx: Transaction, *, now: datetime) -> int:
    """Let the queues go on whose pause is over."""
    query = _QUEUE.select().where(_QUEUE.c.paused_at.is_not(None), _QUEUE.c.paused_until <= now)
    rows = tx.connection.execute(tx.dialect.lock_rows(query)).all()
    for queue in rows:
        tx.connection.execute(
            _QUEUE.update().where(_QUEUE.c.id == queue.id).values(**_NOT_PAUSED),
        )
        entry = journal.Entry(
            verb="queue.resumed",
            subject_type="queue",
            subject_id=queue.id,
            subject=queue.name,
            before={"paused_until": queue.paused_until.isoformat()},
            after={"paused_until": None},
        )
        journal.append_last(tx, queue.organization_id, [entry])
    if rows:
        waits.correct(tx, now)
    return len(rows)


def take_up(tx: Transaction, schedule: Schedule, at: datetime) -> dict[str, Any]:
    """Set a paused or failed schedule going again as of `at`; give the columns that were written.

    What fell into its rest is one `skip_paused` range. It is completed when nothing is left to run.
    """
    accounting.account_until(
        tx,
        schedule,
        at,
        reason=SkipReason.SKIP_PAUSED,
        detail=schedule.pause_note or schedule.status_note,
    )
    next_run_at = accounting.next_run(schedule, max(at, schedule.cursor_at))
    if schedule.max_runs is not None and schedule.runs_count >= schedule.max_runs:
        next_run_at = None
    is_over = accounting.is_done_for(schedule, next_run_at)
    changes = {
        "status": ScheduleStatus.COMPLETED if is_over else ScheduleStatus.ACTIVE,
        "status_note": None,
        "next_run_at": next_run_at,
        "consecutive_failures": 0,
        "creation_failures": 0,
        **_NOT_PAUSED,
    }
    tx.connection.execute(_SCHEDULE.update().where(_S.id == schedule.id).values(**changes))
    return changes


def _resume(tx: Transaction, schedule: AnyRow) -> None:
    until = schedule.paused_until
    status = take_up(tx, schedule, until)["status"]
    entry = journal.Entry(
        verb="schedule.resumed",
        subject_type="schedule",
        subject_id=schedule.id,
        subject=schedule.name,
        before={"status": ScheduleStatus.PAUSED.value, "paused_until": until.isoformat()},
        after={"status": status.value, "paused_until": None},
    )
    journal.append_last(tx, schedule.organization_id, [entry])
