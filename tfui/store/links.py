"""Links between jobs: which one waits for which, made when it is planned, weighed when the other moves.

A child's job is weighed against its parent's in the transaction that makes it or moves the parent.
One whose parent cannot let it go any more never runs: planned, it becomes a `skip_dependency` range
of the ledger and its row goes, so that it is in one place; any other job is cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import literal_column, select

from tfui.core import unknown
from tfui.core.catchup import Skipped
from tfui.core.dependency import may_start
from tfui.core.identifiers import short
from tfui.core.states import (
    DependencyStatus,
    DependencyType,
    JobKind,
    JobStatus,
    ScheduleStatus,
    SkipReason,
    WaitReason,
)
from tfui.errors import Conflict
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency
from tfui.model.job import Job
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting
from tfui.store.kept import from_kept
from tfui.store.portions import in_portions
from tfui.store.spellings import LIVE_JOB

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction
    from tfui.store.dependencies import Need
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c
_LINK = table_of(JobDependency)
_L = _LINK.c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c

_PLANNED_KINDS = (JobKind.SCHEDULED, JobKind.CHAINED, JobKind.BACKFILL)

# Spelled out, because SQLite matches a partial index by its text.
_IS_PENDING: ColumnElement[bool] = _L.status == literal_column("'pending'")
ANY_PENDING = select(_L.id).where(_IS_PENDING)
"""Finds something when any job at all waits for another: a look into an index."""


class Parent(NamedTuple):
    """A parent's job, and whether it lets the child's go."""

    job_id: UUID
    kind: DependencyType
    status: DependencyStatus


class Verdict(NamedTuple):
    """What a schedule's parents say to one of its occurrences."""

    parents: tuple[Parent, ...] = ()
    refusal: str | None = None
    """Why it never runs."""
    is_too_early: bool = False
    """A parent is being planned or moved at this moment; ask again in a few milliseconds."""

    @property
    def must_wait(self) -> bool:
        """Whether a job made now has to wait for one of them."""
        return any(parent.status is DependencyStatus.PENDING for parent in self.parents)


@dataclass(slots=True)
class Resolution:
    """What followed from jobs having started or ended."""

    released: int = 0
    """Jobs that may go on now."""
    freed: set[UUID] = field(default_factory=set)
    """Schedules of which a waiting job ended."""
    cancelled: list[UUID] = field(default_factory=list)
    """Waiting jobs that ended and are still there: more may follow from that."""


def weigh(tx: Transaction, needs: Sequence[Need], nominal: datetime) -> Verdict:
    """Ask every parent of a schedule about the occurrence at `nominal`, which is due."""
    parents = []
    for need in needs:
        found = _parent_of(tx, need, nominal)
        if found is None:
            return Verdict(is_too_early=True)
        if isinstance(found, str):
            return Verdict(refusal=found)
        parents.append(found)
    return Verdict(tuple(parents))


def write(tx: Transaction, child_id: UUID, parents: Sequence[Parent]) -> None:
    """Keep what a new job waits for, or waited for no longer when it was made."""
    if tx.now is None:
        raise AssertionError("links are written by a writing transaction")
    if not parents:
        return
    made = tx.ids.make_many(tx.now, len(parents))
    tx.connection.execute(
        _LINK.insert(),
        [
            {
                "id": link_id,
                "parent_job_id": parent.job_id,
                "child_job_id": child_id,
                "dependency_type": parent.kind,
                "status": parent.status,
                "created_at": tx.now,
                "resolved_at": None if parent.status is DependencyStatus.PENDING else tx.now,
            }
            for link_id, parent in zip(made, parents, strict=True)
        ],
    )


def waits(tx: Transaction, job_id: UUID) -> bool:
    """Whether a job still waits for another."""
    query = select(_L.id).where(_L.child_job_id == job_id, _L.status == DependencyStatus.PENDING)
    return tx.connection.execute(query.limit(1)).first() is not None


def parents_of(tx: Transaction, job_id: UUID) -> list[UUID]:
    """Give the jobs that one waits for."""
    query = select(_L.parent_job_id).where(
        _L.child_job_id == job_id, _L.status == DependencyStatus.PENDING
    )
    return list(tx.connection.execute(query.order_by(_L.id)).scalars())


def link(
    tx: Transaction,
    child_id: UUID,
    parent_id: UUID,
    kind: DependencyType,
) -> DependencyStatus:
    """Have a held job that has not begun wait for another held one, unless that lets it go already.

    Nothing is written when the parent never will. Raises Conflict when they are linked already.
    """
    query = select(_J.status, _J.started_at).where(_J.id == parent_id)
    status = judge(kind, tx.connection.execute(query).one())
    if status is DependencyStatus.FAILED:
        return status
    linked = select(_L.id).where(_L.child_job_id == child_id, _L.parent_job_id == parent_id)
    if tx.connection.execute(linked).first() is not None:
        raise Conflict(f"job {child_id} is linked to job {parent_id} already")
    write(tx, child_id, [Parent(parent_id, kind, status)])
    if status is DependencyStatus.PENDING:
        tx.connection.execute(
            _JOB.update()
            .where(_J.id == child_id, _J.status == JobStatus.QUEUED)
            .values(status=JobStatus.BLOCKED, wait_reason=WaitReason.DEPENDENCY),
        )
    return status


def overdue(tx: Transaction) -> list[UUID]:
    """Give jobs that have ended while others still wait for them: there should be none."""
    has_ended = ~_J.status.in_((JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING))
    query = select(_L.parent_job_id).join(_JOB, _J.id == _L.parent_job_id)
    return list(tx.connection.execute(query.where(_IS_PENDING, has_ended).distinct()).scalars())


def resolve(tx: Transaction, parent_ids: Collection[UUID]) -> Resolution:
    """Weigh again what waits for jobs that have just started or ended."""
    done = Resolution()
    ordered = sorted(parent_ids)
    for some in in_portions(ordered):
        _resolve(tx, some, done)
    return done


def withdraw(tx: Transaction, job_ids: Collection[UUID], why: str) -> Resolution:
    """Take held jobs away as if they had never been made; what waits for them never runs, for `why`."""
    done = Resolution()
    for job_id in job_ids:
        for follower in _take_away(tx, job_id).values():
            _end(tx, follower, why, done)
    return done


def judge(kind: str, job: AnyRow) -> DependencyStatus:
    """Say whether a parent's job (its status and start) lets go what depends on it in this way."""
    return may_start(
        unknown.read(DependencyType, kind),
        unknown.read(JobStatus, job.status),
        parent_started=job.started_at is not None,
    )


def refusal(name: str, job: AnyRow) -> str:
    """Say why a job of the parent of this name never lets go what depends on it."""
    how = "failed" if job.status == JobStatus.FAILED else f"was {job.status}"
    return f"job {short(job.id)} of {name} {how}"


def _parent_of(tx: Transaction, need: Need, nominal: datetime) -> Parent | str | None:
    """Give the parent's job, why there is none, or None when that is not decided yet."""
    parent_id = from_kept(need.parent_key)
    # The plan first: once it is past the instant, the job it made is there to be seen.
    plan = tx.connection.execute(
        select(_S.status, _S.deleted_at, _S.next_run_at).where(_S.id == parent_id),
    ).one()
    is_active = plan.status == ScheduleStatus.ACTIVE and plan.deleted_at is None
    if is_active and plan.next_run_at is not None and plan.next_run_at <= nominal:
        return None
    query = select(_J.id, _J.status, _J.started_at).where(_J.scheduled_job_id == parent_id)
    if need.window is None:
        query = query.where(_J.nominal_at == nominal, _J.kind.in_(_PLANNED_KINDS))
    else:
        query = query.where(_J.nominal_at <= nominal, _J.nominal_at >= nominal - need.window)
    query = query.order_by(_J.nominal_at.desc(), _J.id.desc()).limit(1)
    seen = tx.connection.execute(query).one_or_none()
    if seen is None:
        return _absence(need, plan)
    job = tx.connection.execute(
        tx.dialect.lock_rows(
            select(_J.id, _J.status, _J.started_at).where(_J.id == seen.id),
        ),
    ).one_or_none()
    if job is None:
        return None
    status = judge(need.kind, job)
    if status is DependencyStatus.FAILED:
        return refusal(need.parent, job)
    return Parent(job.id, need.kind, status)


def _absence(need: Need, plan: AnyRow) -> str:
    if need.window is None:
        text = f"{need.parent} has no job of this instant"
    else:
        text = f"{need.parent} has no job within {_words(need.window)} before"
    if plan.deleted_at is not None:
        return f"{text}: it is deleted"
    return text if plan.status == ScheduleStatus.ACTIVE else f"{text}: it is {plan.status}"


def _words(window: timedelta) -> str:
    return f"{window // timedelta(seconds=1)} s"


def _resolve(tx: Transaction, parent_ids: Sequence[UUID], done: Resolution) -> None:
    links = tx.connection.execute(
        _LINK.select().where(_IS_PENDING, _L.parent_job_id.in_(parent_ids)),
    ).all()
    if not links:
        return
    children = _hold(tx, {link.child_job_id for link in links})
    parents = {
        row.id: row
        for row in tx.connection.execute(
            select(_J.id, _J.status, _J.started_at, _J.scheduled_job_id, _J.job_type, _S.name)
            .select_from(_JOB.outerjoin(_SCHEDULE, _S.id == _J.scheduled_job_id))
            .where(_J.id.in_(parent_ids)),
        )
    }
    for link in links:
        parent = parents[link.parent_job_id]
        status = judge(link.dependency_type, parent)
        if status is DependencyStatus.PENDING:
            continue
        moved = tx.connection.execute(
            _LINK.update()
            .where(_L.id == link.id, _IS_PENDING)
            .values(status=status, resolved_at=tx.now),
        ).rowcount
        child = children.get(link.child_job_id)
        if not moved or child is None:
            continue
        if status is DependencyStatus.RESOLVED:
            done.released += _let_go(tx, child)
            continue
        name = parent.name or parent.job_type
        _end(tx, child, refusal(name, parent), done)
        children.pop(child.id)


def _hold(tx: Transaction, job_ids: Collection[UUID]) -> dict[UUID, AnyRow]:
    """Keep waiting jobs: of two parents that end at once, the second must see the first's end."""
    found: dict[UUID, AnyRow] = {}
    ordered = sorted(job_ids)
    for some in in_portions(ordered):
        query = (
            select(
                _J.id,
                _J.scheduled_job_id,
                _J.nominal_at,
                _J.kind,
                _J.attempt,
                _J.available_at,
                _J.wait_reason,
            )
            .where(LIVE_JOB, _J.id.in_(some))
            .where(_J.status != JobStatus.RUNNING)
            .order_by(_J.id)
        )
        rows = tx.connection.execute(tx.dialect.hold_rows(query))
        found |= {row.id: row for row in rows}
    return found


def _let_go(tx: Transaction, child: AnyRow) -> int:
    if tx.now is None:
        raise AssertionError("jobs are moved by a writing transaction")
    if waits(tx, child.id):
        return 0
    is_later = child.available_at > tx.now
    return tx.connection.execute(
        _JOB.update()
        .where(
            _J.id == child.id,
            _J.status == JobStatus.BLOCKED,
            _J.wait_reason == WaitReason.DEPENDENCY,
        )
        .values(
            status=JobStatus.QUEUED,
            wait_reason=WaitReason.JITTER if is_later else WaitReason.NO_WORKER,
        ),
    ).rowcount


def _end(tx: Transaction, child: AnyRow, why: str, done: Resolution) -> None:
    """End a waiting job that will never run."""
    if child.scheduled_job_id is not None:
        done.freed.add(child.scheduled_job_id)
    if child.kind == JobKind.SCHEDULED and child.attempt == 0:
        _to_range(tx, child, why, done)
        return
    tx.connection.execute(
        _JOB.update()
        .where(_J.id == child.id)
        .values(
            status=JobStatus.CANCELLED,
            wait_reason=None,
            finished_at=tx.now,
            cancelled_by="engine",
            error=f"{SkipReason.SKIP_DEPENDENCY}: {why}",
        ),
    )
    tx.connection.execute(
        _LINK.update()
        .where(_IS_PENDING, _L.child_job_id == child.id)
        .values(status=DependencyStatus.FAILED, resolved_at=tx.now),
    )
    done.cancelled.append(child.id)


def _take_away(tx: Transaction, job_id: UUID) -> dict[UUID, AnyRow]:
    """Delete a job with its links; give, held, what waited for it."""
    followers = tx.connection.execute(
        select(_L.child_job_id).where(_IS_PENDING, _L.parent_job_id == job_id),
    ).scalars()
    waiting = _hold(tx, list(followers))
    tx.connection.execute(
        _LINK.delete().where((_L.child_job_id == job_id) | (_L.parent_job_id == job_id)),
    )
    tx.connection.execute(_JOB.delete().where(_J.id == job_id))
    return waiting


def _to_range(tx: Transaction, child: AnyRow, why: str, done: Resolution) -> None:
    """Move an occurrence from a job row to a range; what waits for the job goes the same way."""
    schedule = tx.connection.execute(
        tx.dialect.hold_rows(_SCHEDULE.select().where(_S.id == child.scheduled_job_id)),
    ).one()
    waiting = _take_away(tx, child.id)
    part = Skipped(child.nominal_at, child.nominal_at, 1, SkipReason.SKIP_DEPENDENCY)
    accounting.record(tx, schedule, [part], detail=why)
    # What never ran is no run; a schedule that was completed by it stays so.
    changes: dict[str, Any] = {"runs_count": _S.runs_count - 1}
    if schedule.job_id == child.id:
        newest = (
            select(_J.id)
            .where(_J.scheduled_job_id == schedule.id)
            .order_by(_J.nominal_at.desc(), _J.id.desc())
            .limit(1)
        )
        changes["job_id"] = tx.connection.execute(newest).scalar()
    tx.connection.execute(_SCHEDULE.update().where(_S.id == schedule.id).values(**changes))
    for follower in waiting.values():
        reason = f"{schedule.name} has no job of this instant: {SkipReason.SKIP_DEPENDENCY}"
        _end(tx, follower, reason, done)
