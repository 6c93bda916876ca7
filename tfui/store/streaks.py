"""Streaks: how a schedule's latest job ended, how many failed in a row, and the pause that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column, or_, select

from tfui.core.states import JobStatus, ScheduleStatus
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob
from tfui.store import journal
from tfui.store.kept import id_named
from tfui.store.spellings import ACTIVE_SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c

_WENT_WELL = (
    _SCHEDULE.update()
    .where(
        _S.id == id_named("schedule"),
        or_(
            _S.last_outcome.is_(None),
            _S.last_outcome != literal_column("'succeeded'"),
            _S.consecutive_failures != literal_column("0"),
        ),
    )
    .values(
        last_outcome=literal_column("'succeeded'"),
        consecutive_failures=literal_column("0"),
    )
)


def note_successes(tx: Transaction, schedule_keys: Iterable[Any]) -> None:
    """Note that the latest jobs of schedules, by kept ids, succeeded."""
    # In an order that all engines keep, so that no two wait for each other.
    rows = [{"schedule": key} for key in sorted(set(schedule_keys))]
    if rows:
        tx.dialect.execute_many(tx.connection, _WENT_WELL, rows)


def note(tx: Transaction, schedule: AnyRow, status: JobStatus, *, error: str | None) -> None:
    """Note how the latest job of a schedule ended; pause it after as many failures as it allows.

    Of the schedule it takes `id`, `organization_id`, `name` and `pause_after_failures`.
    """
    has_failed = status is JobStatus.FAILED
    tx.connection.execute(
        _SCHEDULE.update()
        .where(_S.id == schedule.id)
        .values(
            last_outcome=status,
            consecutive_failures=_S.consecutive_failures + 1 if has_failed else 0,
        ),
    )
    limit = schedule.pause_after_failures
    if not has_failed or limit is None:
        return
    failures = tx.connection.execute(
        select(_S.consecutive_failures).where(_S.id == schedule.id),
    ).scalar_one()
    if failures >= limit:
        _pause(tx, schedule, f"failed {failures} times in a row; the last: {error}")


def _pause(tx: Transaction, schedule: AnyRow, note: str) -> None:
    changes: dict[str, Any] = {
        "status": ScheduleStatus.PAUSED,
        "paused_at": tx.now,
        "paused_by": "engine",
        "pause_note": note,
        "status_note": note,
    }
    paused = tx.connection.execute(
        _SCHEDULE.update().where(_S.id == schedule.id, ACTIVE_SCHEDULE).values(**changes),
    ).rowcount
    if paused:
        journal.append_last(
            tx,
            schedule.organization_id,
            [
                journal.Entry(
                    verb="schedule.paused",
                    subject_type="schedule",
                    subject_id=schedule.id,
                    subject=schedule.name,
                    before={"status": ScheduleStatus.ACTIVE.value},
                    after={"status": ScheduleStatus.PAUSED.value, "pause_note": note},
                ),
            ],
        )
