"""Planning: which schedules are due, the jobs made of them, and the advance of their cursors.

These are the statements of the hot path. Payloads never leave the database: a job's row is selected
from its schedule's. Identifiers and instants are as kept (see `kept`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal_column, select

from tfui.core.states import JobKind, JobStatus, WaitReason
from tfui.model.columns import from_microseconds, table_of
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store.kept import ID, AnyRow, id_named, instant_named, kept_id, kept_instant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)
_JOB = table_of(Job)
_S = _SCHEDULE.c
_J = _JOB.c


def _word(value: str) -> Any:  # noqa: ANN401  # a literal column has any type
    # SQLite uses a partial index only when the query spells its condition out.
    return literal_column(f"'{value}'")


_IS_ACTIVE = (_S.status == _word("active")) & _S.deleted_at.is_(None)
_IS_LIVE: ColumnElement[bool] = literal_column("job.status IN ('blocked', 'queued', 'running')")

_DUE = (
    select(
        kept_id(_S.id),
        _S.schedule_type,
        _S.schedule_expression,
        _S.timezone,
        kept_instant(_S.anchor_at),
        kept_instant(_S.next_run_at),
        kept_instant(_S.ends_at),
        _S.max_runs,
        _S.runs_count,
        _S.overlap,
        _S.grace_seconds,
        _S.jitter_seconds,
    )
    .where(_IS_ACTIVE, _S.next_run_at <= instant_named("now"))
    .order_by(_S.next_run_at)
    .limit(bindparam("limit"))
)

_NEXT_DUE = select(func.min(_S.next_run_at)).where(_IS_ACTIVE)

_LIVE = (
    select(kept_id(_J.scheduled_job_id), _J.status, _J.wait_reason)
    .where(_IS_LIVE, _J.scheduled_job_id.in_(bindparam("ids", expanding=True, type_=ID)))
    .execution_options(compiled_cache_size=0)
)

_NEW_JOB = {
    "id": id_named("job_id"),
    "organization_id": _S.organization_id,
    "queue_id": _S.queue_id,
    "scheduled_job_id": _S.id,
    "nominal_at": instant_named("nominal"),
    "kind": bindparam("kind", type_=_J.kind.type),
    "job_type": _S.job_type,
    "payload": _S.payload,
    "priority": _S.priority,
    "status": bindparam("status", type_=_J.status.type),
    "attempt": literal_column("0"),
    "max_attempts": _S.max_attempts,
    "available_at": instant_named("available"),
    "wait_reason": bindparam("wait", type_=_J.wait_reason.type),
    "fence": literal_column("0"),
    "created_at": instant_named("now"),
}

_ADVANCE = (
    _SCHEDULE.update()
    .where(
        _S.id == id_named("schedule_id"),
        _S.next_run_at == instant_named("due"),
        _S.status == _word("active"),
    )
    .values(
        cursor_at=instant_named("nominal"),
        next_run_at=instant_named("next"),
        last_run_at=instant_named("now"),
        runs_count=_S.runs_count + 1,
        job_id=id_named("job_id"),
        creation_failures=0,
    )
)


def due(tx: Transaction, now: int, *, limit: int) -> Sequence[AnyRow]:
    """Give (and on Postgres hold) active schedules due at `now` microseconds, the oldest first."""
    query = tx.dialect.lock_rows(_DUE)
    return tx.connection.execute(query, {"now": now, "limit": limit}).all()


def next_due_at(tx: Transaction) -> datetime | None:
    """When the next active schedule is due, past or future."""
    return tx.connection.execute(_NEXT_DUE).scalar()


def live_counts(tx: Transaction, schedule_ids: Sequence[Any]) -> dict[Any, tuple[int, int]]:
    """Count (live, of those waiting for overlap) per schedule; those without are left out.

    A statement of its own, after `due`: on Postgres it must see what was committed before the row
    locks were granted.
    """
    found: dict[Any, tuple[int, int]] = {}
    for schedule_id, status, wait in tx.connection.execute(_LIVE, {"ids": schedule_ids}):
        live, waiting = found.get(schedule_id, (0, 0))
        is_waiting = status == JobStatus.BLOCKED and wait == WaitReason.OVERLAP
        found[schedule_id] = (live + 1, waiting + is_waiting)
    return found


def create_jobs(tx: Transaction, jobs: Sequence[dict[str, Any]]) -> set[Any]:
    """Insert jobs for {schedule_id, job_id, nominal, available, status, wait, kind, now}.

    Gives the job ids that were refused because that occurrence has a job already.
    """
    insert = (
        tx.dialect.insert(_JOB)
        .from_select(
            list(_NEW_JOB),
            select(*_NEW_JOB.values()).where(_S.id == id_named("schedule_id")),
        )
        .on_conflict_do_nothing(index_elements=["scheduled_job_id", "nominal_at", "kind"])
    )
    made = tx.connection.execute(insert, jobs)
    if made.rowcount == len(jobs):
        return set()
    wanted = {job["job_id"] for job in jobs}
    query = select(kept_id(_J.id)).where(_J.id.in_(bindparam("ids", expanding=True, type_=ID)))
    return wanted - set(tx.connection.execute(query, {"ids": list(wanted)}).scalars())


def advance(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Move schedules on for {schedule_id, due, nominal, next, job_id, now}, guarded by `due`."""
    moved = tx.connection.execute(_ADVANCE, rows)
    if moved.rowcount != len(rows):
        # The rows are held by this transaction, so this is a mistake and nothing may be kept of it.
        message = f"{len(rows)} schedules were to be advanced, {moved.rowcount} were"
        raise AssertionError(message)


def instant(value: int | None) -> datetime | None:
    """Read a kept instant."""
    return None if value is None else from_microseconds(value)


SCHEDULED = JobKind.SCHEDULED.value
QUEUED = JobStatus.QUEUED.value
NO_WORKER = WaitReason.NO_WORKER.value
"""What a job that nobody has looked at yet waits for: a dispatcher takes it or says what else."""
