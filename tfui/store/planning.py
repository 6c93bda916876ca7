"""Planning: which schedules are due, the jobs made of them, and the advance of their cursors.

These are the statements of the hot path. Payloads never leave the database: a job's row is selected
from its schedule's. Identifiers and instants are as kept (see `kept`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, column, func, literal_column, select, table, type_coerce

from tfui.core.states import JobStatus, ScheduleStatus, WaitReason
from tfui.model.columns import from_microseconds, table_of
from tfui.model.job import Job
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import journal
from tfui.store.kept import (
    ID,
    INSTANT,
    AnyRow,
    id_named,
    instant_named,
    kept_id,
    kept_instant,
    to_kept,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Insert

    from tfui.store.connection import Transaction
    from tfui.store.dialect import Dialect

_SCHEDULE = table_of(ScheduledJob)
_JOB = table_of(Job)
_S = _SCHEDULE.c
_J = _JOB.c
_QUEUE = table_of(Queue)


def _word(value: str) -> Any:  # noqa: ANN401  # a literal column has any type
    # SQLite uses a partial index only when the query spells its condition out.
    return literal_column(f"'{value}'")


def _first(column: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(func.min(column), INSTANT)


_IS_ACTIVE = (_S.status == _word("active")) & _S.deleted_at.is_(None)
_IS_LIVE: ColumnElement[bool] = literal_column(
    "(job.status = 'blocked' OR job.status = 'queued' OR job.status = 'running')",
)

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

_IS_PAUSED = (_S.status == _word("paused")) & _S.deleted_at.is_(None)

_HORIZON = select(
    select(_first(_S.next_run_at)).where(_IS_ACTIVE).scalar_subquery().label("due_at"),
    select(_first(_S.paused_until))
    .where(_IS_PAUSED, _S.paused_until.is_not(None))
    .scalar_subquery()
    .label("schedule_until"),
    select(_first(_QUEUE.c.paused_until))
    .where(_QUEUE.c.paused_at.is_not(None))
    .scalar_subquery()
    .label("queue_until"),
)

_LIVE = select(kept_id(_J.scheduled_job_id), kept_id(_J.id), _J.status, _J.wait_reason).where(
    _IS_LIVE,
    _J.scheduled_job_id.in_(bindparam("ids", expanding=True, type_=ID)),
)

_G = table(
    "given",
    column("schedule_id", ID),
    column("job_id", ID),
    column("nominal", INSTANT),
    column("available", INSTANT),
    column("state", _J.status.type),
    column("wait", _J.wait_reason.type),
    column("why", _J.kind.type),
    column("now", INSTANT),
)
"""What a new job is made from, beside its schedule."""

_NEW_JOB = {
    "id": _G.c.job_id,
    "organization_id": _S.organization_id,
    "queue_id": _S.queue_id,
    "scheduled_job_id": _S.id,
    "nominal_at": _G.c.nominal,
    "kind": _G.c.why,
    "job_type": _S.job_type,
    "payload": _S.payload,
    "priority": _S.priority,
    "status": _G.c.state,
    "attempt": literal_column("0"),
    "max_attempts": _S.max_attempts,
    "available_at": _G.c.available,
    "wait_reason": _G.c.wait,
    "fence": literal_column("0"),
    "created_at": _G.c.now,
}


_CREATE: dict[str, Insert] = {}  # by dialect, made when first needed


def _create(dialect: Dialect) -> Insert:
    found = _CREATE.get(dialect.name)
    if found is None:
        found = _CREATE[dialect.name] = (
            dialect.insert(_JOB)
            .from_select(
                list(_NEW_JOB),
                select(*_NEW_JOB.values()).where(_S.id == _G.c.schedule_id),
            )
            .on_conflict_do_nothing(index_elements=["scheduled_job_id", "nominal_at", "kind"])
        )
    return found


_A = table(
    "given",
    column("schedule_id", ID),
    column("job_id", ID),
    column("nominal", INSTANT),
    column("next", INSTANT),
    column("now", INSTANT),
)
"""What a schedule is moved on by."""

_ADVANCE = (
    _SCHEDULE.update()
    .where(
        _S.id == _A.c.schedule_id,
        _S.next_run_at == _A.c.nominal,
        _S.status == _word("active"),
    )
    .values(
        cursor_at=_A.c.nominal,
        next_run_at=_A.c.next,
        last_run_at=_A.c.now,
        runs_count=_S.runs_count + literal_column("1"),
        job_id=_A.c.job_id,
        creation_failures=literal_column("0"),
    )
)


class Company(NamedTuple):
    """The live jobs that a schedule's next occurrence meets."""

    live: int
    waiting: int
    """Of those, how many wait for overlap."""
    job_key: Any
    """The kept id of one of them, a running one if there is any."""
    status: str
    rated: int
    """Of those, how many only the rate limit keeps from starting."""

    @property
    def is_shed(self) -> bool:
        """Whether the rate limit alone keeps the schedule's jobs alive."""
        return 0 < self.rated == self.live - self.waiting


ALONE = Company(0, 0, None, "", 0)


class Horizon(NamedTuple):
    """When the planner will be needed next."""

    due_at: datetime | None
    """The next active schedule's instant, past or future."""
    resume_at: datetime | None
    """When the next pause ends, of a schedule or a queue."""


def due(tx: Transaction, now: int, *, limit: int) -> Sequence[AnyRow]:
    """Give (and on Postgres hold) active schedules due at `now` microseconds, the oldest first."""
    query = tx.dialect.lock_rows(_DUE)
    return tx.dialect.fetch(tx.connection, query, {"now": now, "limit": limit})


def due_one(tx: Transaction, now: int, schedule_id: Any) -> Sequence[AnyRow]:  # noqa: ANN401  # a kept id
    """Give the one schedule, as `due` does, if it is still due."""
    query = tx.dialect.lock_rows(_DUE.where(_S.id == id_named("schedule_id")))
    wanted = {"now": now, "limit": 1, "schedule_id": schedule_id}
    return tx.connection.execute(query, wanted).all()


def due_among(tx: Transaction, now: int, schedule_ids: Sequence[Any]) -> Sequence[AnyRow]:
    """Give those of the schedules that are due, as `due` does."""
    its = _S.id.in_(bindparam("ids", expanding=True, type_=ID))
    query = tx.dialect.lock_rows(_DUE.where(its))
    wanted = {"now": now, "limit": len(schedule_ids), "ids": list(schedule_ids)}
    return tx.connection.execute(query, wanted).all()


def due_ids(tx: Transaction, now: int, *, limit: int) -> list[Any]:
    """Give the kept ids of due schedules, the oldest first, without holding them."""
    query = _DUE.with_only_columns(kept_id(_S.id))
    return list(tx.connection.execute(query, {"now": now, "limit": limit}).scalars())


def horizon(tx: Transaction) -> Horizon:
    """Look ahead, in one statement."""
    (row,) = tx.dialect.fetch(tx.connection, _HORIZON, {})
    ends = [end for end in (row.schedule_until, row.queue_until) if end is not None]
    return Horizon(
        None if row.due_at is None else from_microseconds(row.due_at),
        from_microseconds(min(ends)) if ends else None,
    )


def company(tx: Transaction, schedule_ids: Sequence[Any]) -> dict[Any, Company]:
    """Find the live jobs of schedules by their kept ids; those without any are left out.

    A statement of its own, after `due`: on Postgres it must see what was committed before the row
    locks were granted.
    """
    found: dict[Any, Company] = {}
    rows = tx.dialect.fetch(tx.connection, _LIVE, {"ids": schedule_ids}) if schedule_ids else ()
    for schedule_id, job_key, status, wait in rows:
        is_waiting = status == JobStatus.BLOCKED and wait == WaitReason.OVERLAP
        is_rated = status == JobStatus.QUEUED and wait == WaitReason.RATE
        before = found.get(schedule_id)
        if before is None:
            found[schedule_id] = Company(1, int(is_waiting), job_key, status, int(is_rated))
            continue
        if status == JobStatus.RUNNING:
            before = before._replace(job_key=job_key, status=status)
        found[schedule_id] = before._replace(
            live=before.live + 1,
            waiting=before.waiting + is_waiting,
            rated=before.rated + is_rated,
        )
    return found


def create_jobs(tx: Transaction, jobs: Sequence[dict[str, Any]]) -> set[Any]:
    """Insert jobs for {schedule_id, job_id, nominal, available, state, wait, why, now}.

    Gives the job ids that were refused because that occurrence has a job already.
    """
    made = tx.dialect.execute_given(tx.connection, _create(tx.dialect), _G, jobs)
    if made == len(jobs):
        return set()
    wanted = {job["job_id"] for job in jobs}
    query = select(kept_id(_J.id)).where(_J.id.in_(bindparam("ids", expanding=True, type_=ID)))
    return wanted - set(tx.connection.execute(query, {"ids": list(wanted)}).scalars())


def advance(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Move schedules on for {schedule_id, job_id, nominal, next, now}, each guarded by its instant."""
    moved = tx.dialect.execute_given(tx.connection, _ADVANCE, _A, rows)
    if moved != len(rows):
        # The rows are held by this transaction, so this is a mistake and nothing may be kept of it.
        raise AssertionError(f"{len(rows)} schedules were to be advanced, {moved} were")


def whole(tx: Transaction, schedule_ids: Sequence[Any]) -> dict[Any, AnyRow]:
    """Give every column of schedules by their kept ids; whoever asks holds the rows already."""
    query = _SCHEDULE.select().where(_S.id.in_(bindparam("ids", expanding=True, type_=ID)))
    rows = tx.connection.execute(query, {"ids": schedule_ids})
    return {to_kept(row.id, dialect=tx.dialect.name): row for row in rows}


def move_on(tx: Transaction, schedule: AnyRow, **changes: Any) -> None:  # noqa: ANN401  # columns have many types
    """Write what planning changed about one schedule, guarded by the instant it was due."""
    moved = tx.connection.execute(
        _SCHEDULE.update()
        .where(
            _S.id == schedule.id,
            _S.next_run_at == schedule.next_run_at,
            _S.status == _word("active"),
        )
        .values(creation_failures=0, **changes),
    )
    if moved.rowcount != 1:
        raise AssertionError(f"schedule {schedule.id} is held by this transaction and yet moved")


def count_failure(tx: Transaction, schedule_id: Any, error: str, *, limit: int) -> bool:  # noqa: ANN401  # a kept id
    """Note that a schedule's job could not be created; at `limit` in a row it has failed: True."""
    its = _S.id == bindparam("schedule_id", type_=ID)
    found = {"schedule_id": schedule_id}
    tx.connection.execute(
        _SCHEDULE.update().where(its).values(creation_failures=_S.creation_failures + 1),
        found,
    )
    schedule = tx.connection.execute(
        select(_S.id, _S.organization_id, _S.name, _S.creation_failures, _S.status).where(its),
        found,
    ).one()
    if schedule.creation_failures < limit or schedule.status != ScheduleStatus.ACTIVE:
        return False
    note = f"its job could not be created {schedule.creation_failures} times in a row: {error}"
    tx.connection.execute(
        _SCHEDULE.update().where(its).values(status=ScheduleStatus.FAILED, status_note=note),
        found,
    )
    journal.append_last(
        tx,
        schedule.organization_id,
        [
            journal.Entry(
                verb="schedule.failed",
                subject_type="schedule",
                subject_id=schedule.id,
                subject=schedule.name,
                before={"status": ScheduleStatus.ACTIVE.value},
                after={"status": ScheduleStatus.FAILED.value, "status_note": note},
            ),
        ],
    )
    return True
