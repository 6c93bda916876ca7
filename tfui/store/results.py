"""Results: how attempts ended, written for many jobs in one transaction.

A result counts only while its fence is the job's: one that comes after the lease was lost is
refused and kept as a note on the attempt that was given up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, literal_column, null, or_, select

from tfui.core.retry import RetryPolicy, next_attempt
from tfui.core.states import AttemptOutcome, JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import UtcDateTime, table_of, to_microseconds
from tfui.model.job import Attempt, Job
from tfui.model.schedule import ScheduledJob
from tfui.store import firing, journal
from tfui.store.kept import ID, from_kept, id_named, instant_named, kept_id, to_kept
from tfui.store.spellings import ACTIVE_SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c
_ATTEMPT = table_of(Attempt)
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c

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
# The common case: a success changes fewer columns.
_SUCCEEDED = (
    _JOB.update()
    .where(
        _J.id == id_named("job"),
        _J.fence == bindparam("its_fence"),
        _J.status == literal_column("'running'"),
    )
    .values(
        status=literal_column("'succeeded'"),
        lease_owner=null(),
        lease_until=null(),
        started_at=instant_named("began"),
        finished_at=instant_named("ended"),
        exit_code=bindparam("code", type_=Integer()),
        error=null(),
    )
)
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
_WRITE_ATTEMPT = _ATTEMPT.insert().values(
    job_id=id_named("job"),
    fence=bindparam("its_fence"),
    number=bindparam("its_number", type_=Integer()),
    node_id=id_named("node"),
    started_at=instant_named("began"),
    finished_at=instant_named("ended"),
    outcome=bindparam("how", type_=String()),
    exit_code=bindparam("code", type_=Integer()),
    error=bindparam("why", type_=String()),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt that ended, as the engine reports it."""

    key: Any
    """The job's id as it is kept."""
    job_id: UUID
    fence: int
    attempt: int
    max_attempts: int
    schedule_key: Any
    """The schedule's id as it is kept, or None."""
    may_have_followers: bool
    """Whether jobs of its schedule may be waiting for its end."""
    node_id: UUID
    started_at: datetime
    finished_at: datetime
    outcome: AttemptOutcome
    exit_code: int | None
    error: str | None


@dataclass(slots=True)
class Settlement:
    """What became of a batch of results."""

    statuses: Counter[JobStatus] = field(default_factory=Counter)
    """How many jobs each status was given: queued is a retry or one handed back."""
    released: int = 0
    """Jobs that had waited for the end of one of these."""
    stale: int = 0
    """Results refused because the lease had been lost."""


def settle(tx: Transaction, results: Sequence[Ended]) -> Settlement:
    """Write how attempts ended; retry, pause and release what follows from it."""
    done = Settlement()
    successes = [one for one in results if one.outcome is AttemptOutcome.SUCCEEDED]
    others = [one for one in results if one.outcome is not AttemptOutcome.SUCCEEDED]
    rows = _attempts(tx, successes)
    accepted = _settle_successes(tx, successes, rows, done)
    if len(accepted) < len(successes):
        rows = _attempts(tx, accepted)
    if others:
        also = _settle_others(tx, others, done)
        accepted, rows = accepted + also, rows + _attempts(tx, also)
    if accepted:
        tx.dialect.execute_many(tx.connection, _WRITE_ATTEMPT, rows)
        done.released = firing.release(
            tx,
            {
                from_kept(one.schedule_key)
                for one in accepted
                if one.schedule_key is not None and one.may_have_followers
            },
        )
        done.released += firing.follow(tx, [one.job_id for one in accepted])
    return done


def _settle_successes(
    tx: Transaction,
    results: list[Ended],
    rows: list[dict[str, Any]],
    done: Settlement,
) -> list[Ended]:
    if not results:
        return []
    if tx.dialect.execute_many(tx.connection, _SUCCEEDED, rows) != len(rows):
        ours = _succeeded(tx, results)
        results = [one for one in results if _is_accepted(tx, one, int(one.key in ours), done)]
    done.statuses[JobStatus.SUCCEEDED] += len(results)
    schedules = {one.schedule_key for one in results if one.schedule_key is not None}
    if schedules:
        # In an order that all engines keep, so that no two wait for each other.
        went_well = [{"schedule": key} for key in sorted(schedules)]
        tx.dialect.execute_many(tx.connection, _WENT_WELL, went_well)
    return results


def _attempts(tx: Transaction, results: list[Ended]) -> list[dict[str, Any]]:
    name = tx.dialect.name
    nodes = {
        node_id: to_kept(node_id, dialect=name) for node_id in {one.node_id for one in results}
    }
    return [
        {
            "job": one.key,
            "its_fence": one.fence,
            "its_number": one.attempt,
            "node": nodes[one.node_id],
            "began": to_microseconds(one.started_at),
            "ended": to_microseconds(one.finished_at),
            "how": one.outcome.value,
            "code": one.exit_code,
            "why": one.error,
        }
        for one in results
    ]


def _succeeded(tx: Transaction, results: list[Ended]) -> set[Any]:
    fences = {one.key: one.fence for one in results}
    query = select(kept_id(_J.id), _J.fence).where(
        _J.id.in_(bindparam("jobs", expanding=True, type_=ID)),
        _J.status == JobStatus.SUCCEEDED,
    )
    rows = tx.connection.execute(query, {"jobs": list(fences)})
    return {row.id for row in rows if row.fence == fences[row.id]}


def _settle_others(tx: Transaction, results: list[Ended], done: Settlement) -> list[Ended]:
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
        if not _is_accepted(tx, one, moved, done):
            continue
        accepted.append(one)
        done.statuses[status] += 1
        if schedule is not None and not is_queued:
            _note_on_schedule(tx, schedule, status, one)
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


def _is_accepted(tx: Transaction, one: Ended, moved: int, done: Settlement) -> bool:
    if moved:
        return True
    done.stale += 1
    tx.connection.execute(
        _ATTEMPT.update()
        .where(_ATTEMPT.c.job_id == one.job_id, _ATTEMPT.c.fence == one.fence)
        .values(note=f"reported too late: {one.outcome}" + (f", {one.error}" if one.error else "")),
    )
    return False


def _note_on_schedule(tx: Transaction, schedule: AnyRow, status: JobStatus, one: Ended) -> None:
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
        _pause(tx, schedule, f"failed {failures} times in a row; the last: {one.error}")


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
