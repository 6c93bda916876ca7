"""Setbacks: attempts that did not succeed, and whether their jobs are tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select

from tfui.core.retry import RetryPolicy, next_attempt
from tfui.core.states import AttemptOutcome, JobStatus, WaitReason
from tfui.model.columns import UtcDateTime, table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import streaks
from tfui.store.endings import is_accepted
from tfui.store.kept import ID, id_named, kept_id, to_kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tfui.store.connection import Transaction
    from tfui.store.endings import Ended, Settlement
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c
_S = table_of(ScheduledJob).c

_IS_ITS = (
    (_J.id == id_named("job"))
    & (_J.fence == bindparam("its_fence"))
    & (_J.status == literal_column("'running'"))
)
_ENDED = (
    _JOB.update()
    .where(_IS_ITS)
    .values(
        status=bindparam("new_status"),
        attempt=_J.attempt - bindparam("taken_off"),
        available_at=bindparam("new_available", type_=UtcDateTime()),
        wait_reason=bindparam("new_wait"),
        lease_owner=None,
        lease_until=None,
        started_at=bindparam("began", type_=UtcDateTime()),
        finished_at=bindparam("ended", type_=UtcDateTime()),
        exit_code=bindparam("code"),
        error=bindparam("why"),
    )
)


def settle(tx: Transaction, results: Sequence[Ended], done: Settlement) -> list[Ended]:
    """Write how these ended; give those that were not too late."""
    if not results:
        return []
    schedules = _schedules(tx, [one.schedule_key for one in results if one.schedule_key])
    cancelled = _cancel_requested(tx, [one.key for one in results])
    accepted = []
    for one in results:
        schedule = schedules.get(one.schedule_key)
        status, retry_at = _verdict(one, schedule, is_cancelled=one.key in cancelled)
        is_queued = status is JobStatus.QUEUED
        moved = tx.connection.execute(
            _ENDED,
            {
                "job": one.key,
                "its_fence": one.fence,
                "new_status": status,
                "taken_off": int(one.outcome is AttemptOutcome.HANDED_BACK and is_queued),
                "new_available": retry_at or one.finished_at,
                "new_wait": _wait_of(one, retry_at) if is_queued else None,
                "began": one.started_at,
                "ended": None if is_queued else one.finished_at,
                "code": one.exit_code,
                "why": one.error,
            },
        ).rowcount
        if not is_accepted(tx, one, moved, done):
            continue
        accepted.append(one)
        done.statuses[status] += 1
        if schedule is not None and not is_queued:
            streaks.note(tx, schedule, status, error=one.error)
    return accepted


def _verdict(
    one: Ended,
    schedule: AnyRow | None,
    *,
    is_cancelled: bool,
) -> tuple[JobStatus, datetime | None]:
    """Give the job's new status, and when it may start again if that is queued."""
    if one.outcome is AttemptOutcome.CANCELLED or is_cancelled:
        return JobStatus.CANCELLED, None
    if one.outcome is AttemptOutcome.HANDED_BACK:
        return JobStatus.QUEUED, one.finished_at
    if schedule is not None and not _is_worth_retrying(one, schedule):
        return JobStatus.FAILED, None
    policy = RetryPolicy(max_attempts=one.max_attempts)
    if schedule is not None:
        policy = RetryPolicy(
            max_attempts=one.max_attempts,
            base=timedelta(seconds=schedule.retry_base_seconds),
            factor=schedule.retry_factor,
            cap=timedelta(seconds=schedule.retry_cap_seconds),
        )
    retry_at = next_attempt(policy, one.attempt, job_id=one.job_id, failed_at=one.finished_at)
    return (JobStatus.FAILED, None) if retry_at is None else (JobStatus.QUEUED, retry_at)


def _is_worth_retrying(one: Ended, schedule: AnyRow) -> bool:
    if one.exit_code is None:
        return True
    if schedule.no_retry_on is not None and one.exit_code in schedule.no_retry_on:
        return False
    return schedule.retry_on is None or one.exit_code in schedule.retry_on


def _wait_of(one: Ended, retry_at: datetime | None) -> WaitReason:
    is_later = retry_at is not None and retry_at > one.finished_at
    return WaitReason.RETRY if is_later else WaitReason.NO_WORKER


def _schedules(tx: Transaction, keys: list[Any]) -> dict[Any, AnyRow]:
    if not keys:
        return {}
    query = select(
        _S.id,
        _S.organization_id,
        _S.name,
        _S.retry_base_seconds,
        _S.retry_factor,
        _S.retry_cap_seconds,
        _S.retry_on,
        _S.no_retry_on,
        _S.pause_after_failures,
    ).where(_S.id.in_(bindparam("schedules", expanding=True, type_=ID)))
    rows = tx.connection.execute(query, {"schedules": keys})
    return {to_kept(row.id, dialect=tx.dialect.name): row for row in rows}


def _cancel_requested(tx: Transaction, keys: list[Any]) -> set[Any]:
    query = select(kept_id(_J.id)).where(
        _J.id.in_(bindparam("jobs", expanding=True, type_=ID)),
        _J.cancel_requested_at.is_not(None),
    )
    return set(tx.connection.execute(query, {"jobs": keys}).scalars())
