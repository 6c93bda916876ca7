"""Pruning: what is old goes, a little at a time, and the ledger's sums stay what they were.

A pruned job that was planned lives on as part of a `ran` range. What would fire it again is the
cursor, which never goes back, so deduplication does not need the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from tfui.core.states import PLANNED_KINDS, JobStatus, SkipReason
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency
from tfui.model.job import Attempt, Job, Output
from tfui.model.journal import Journal
from tfui.model.node import Node
from tfui.model.occurrence import Occurrence
from tfui.model.queue import RateStart
from tfui.model.schedule import ScheduledJob
from tfui.store.spellings import ENDED_JOB

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Table

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_JOB = table_of(Job)
_J = _JOB.c
_RANGE = table_of(Occurrence)
_R = _RANGE.c
_SCHEDULE = table_of(ScheduledJob)
_JOURNAL = table_of(Journal)
_NODE = table_of(Node)
_START = table_of(RateStart)
_DEPENDENCY = table_of(JobDependency)

PORTION = 50
"""Jobs that go in one transaction: while it lasts, nobody else writes to an SQLite file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How much is kept."""

    job_age: timedelta = timedelta(days=90)
    jobs_per_schedule: int = 1000
    failures_per_schedule: int = 20
    """The newest of these stay whatever their age."""
    journal_age: timedelta = timedelta(days=400)
    node_age: timedelta = timedelta(days=7)
    """Since the last heartbeat of an engine."""
    start_age: timedelta = timedelta(minutes=10)
    """Starts are counted over one minute; the rest is for clocks that differ."""


@dataclass(slots=True)
class Pruned:
    """How much went."""

    jobs: int = 0
    attempts: int = 0
    outputs: int = 0
    journal: int = 0
    nodes: int = 0
    starts: int = 0

    def add(self, other: Pruned) -> None:
        """Count another step in."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Crowd(NamedTuple):
    """Schedules that may have jobs to be pruned."""

    schedules: list[UUID]
    after: UUID | None
    """The schedule to look on after; None when there are no more."""


def crowded(
    tx: Transaction,
    retention: Retention,
    *,
    now: datetime,
    after: UUID | None = None,
    schedules: int = 100,
) -> Crowd:
    """Look at the next few schedules in order of their ids. Needs no more than a snapshot."""
    counts = (
        select(
            _J.scheduled_job_id, func.count().label("jobs"), func.min(_J.nominal_at).label("oldest")
        )
        .where(_J.scheduled_job_id.is_not(None))
        .group_by(_J.scheduled_job_id)
        .order_by(_J.scheduled_job_id)
        .limit(schedules)
    )
    if after is not None:
        counts = counts.where(_J.scheduled_job_id > after)
    rows = tx.connection.execute(counts).all()
    cut = now - retention.job_age
    found = [
        row.scheduled_job_id
        for row in rows
        if row.jobs > retention.jobs_per_schedule or row.oldest < cut
    ]
    return Crowd(found, rows[-1].scheduled_job_id if len(rows) == schedules else None)


def prune_schedule(
    tx: Transaction,
    schedule_id: UUID,
    retention: Retention,
    *,
    now: datetime,
    limit: int = PORTION,
) -> Pruned:
    """Prune the oldest jobs of a schedule; there may be more when as many as `limit` went."""
    pruned = Pruned()
    found = _too_many(tx, schedule_id, retention, now=now, limit=limit)
    _delete_jobs(tx, schedule_id, found, pruned)
    return pruned


def prune_unscheduled(
    tx: Transaction,
    retention: Retention,
    *,
    now: datetime,
    limit: int = PORTION,
) -> Pruned:
    """Prune old jobs that no schedule made; there may be more when as many as `limit` went."""
    pruned = Pruned()
    _delete_jobs(tx, None, _unscheduled(tx, retention, now=now, limit=limit), pruned)
    return pruned


def prune_others(
    tx: Transaction,
    retention: Retention,
    *,
    now: datetime,
    limit: int = 500,
) -> Pruned:
    """Prune journal entries, nodes that stopped long ago, and counted starts."""
    old_entries = (
        select(_JOURNAL.c.id)
        .where(_JOURNAL.c.at < now - retention.journal_age)
        .order_by(_JOURNAL.c.id)
        .limit(limit)
    )
    old_nodes = select(_NODE.c.id).where(_NODE.c.heartbeat_at < now - retention.node_age)
    old_starts = select(_START.c.id).where(_START.c.at < now - retention.start_age).limit(limit)
    return Pruned(
        journal=_delete(tx, _JOURNAL, tx.connection.execute(old_entries).scalars().all()),
        nodes=_delete(tx, _NODE, tx.connection.execute(old_nodes).scalars().all()),
        starts=_delete(tx, _START, tx.connection.execute(old_starts).scalars().all()),
    )


def _too_many(
    tx: Transaction,
    schedule_id: UUID,
    retention: Retention,
    *,
    now: datetime,
    limit: int,
) -> list[AnyRow]:
    """Give the oldest ended jobs of a schedule that are too old or too many."""
    its = _J.scheduled_job_id == schedule_id
    kept = retention.jobs_per_schedule
    newest = select(_J.nominal_at).where(its).order_by(_J.nominal_at.desc())
    bound = tx.connection.execute(newest.offset(kept).limit(1)).scalar()
    cut = now - retention.job_age
    failures = (
        select(_J.id)
        .where(its, _J.status == JobStatus.FAILED)
        .order_by(_J.nominal_at.desc())
        .limit(retention.failures_per_schedule)
    )
    protected = set(tx.connection.execute(failures).scalars())
    protected.add(
        tx.connection.execute(
            select(_SCHEDULE.c.job_id).where(_SCHEDULE.c.id == schedule_id),
        ).scalar(),
    )
    is_beyond = (_J.nominal_at < cut) & (_J.finished_at < cut)
    if bound is not None:
        is_beyond |= _J.nominal_at <= bound
    rows = tx.connection.execute(
        select(_J.id, _J.nominal_at, _J.kind)
        .where(its, ENDED_JOB, is_beyond)
        .order_by(_J.nominal_at)
        .limit(limit + len(protected)),
    )
    return [row for row in rows if row.id not in protected][:limit]


def _unscheduled(
    tx: Transaction,
    retention: Retention,
    *,
    now: datetime,
    limit: int,
) -> list[AnyRow]:
    cut = now - retention.job_age
    rows = tx.connection.execute(
        select(_J.id, _J.nominal_at, _J.kind)
        .where(_J.scheduled_job_id.is_(None), ENDED_JOB, _J.nominal_at < cut, _J.finished_at < cut)
        .order_by(_J.nominal_at)
        .limit(limit),
    )
    return list(rows)


def _delete_jobs(
    tx: Transaction,
    schedule_id: UUID | None,
    rows: list[AnyRow],
    pruned: Pruned,
) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    for table, name in ((table_of(Output), "outputs"), (table_of(Attempt), "attempts")):
        gone = tx.connection.execute(table.delete().where(table.c.job_id.in_(ids))).rowcount
        setattr(pruned, name, getattr(pruned, name) + gone)
    tx.connection.execute(
        _DEPENDENCY.delete().where(
            _DEPENDENCY.c.parent_job_id.in_(ids) | _DEPENDENCY.c.child_job_id.in_(ids),
        ),
    )
    pruned.jobs += tx.connection.execute(_JOB.delete().where(_J.id.in_(ids))).rowcount
    if schedule_id is not None:
        _keep_count(tx, schedule_id, [row.nominal_at for row in rows if row.kind in PLANNED_KINDS])


def _keep_count(tx: Transaction, schedule_id: UUID, nominals: Sequence[datetime]) -> None:
    """Turn pruned occurrences, ascending, into `ran` ranges, lengthening one that they go on from."""
    effective_at = tx.connection.execute(
        select(_SCHEDULE.c.effective_at).where(_SCHEDULE.c.id == schedule_id),
    ).scalar()
    at = 0
    while at < len(nominals):
        first = nominals[at]
        until = _first_kept_after(tx, schedule_id, first)
        is_old = effective_at is not None and first <= effective_at
        end = at
        while (
            end < len(nominals)
            and (until is None or nominals[end] < until)
            # A range must not reach over an edit of the trigger: the law counts from there.
            and (not is_old or effective_at is None or nominals[end] <= effective_at)
        ):
            end += 1
        _lengthen_or_write(tx, schedule_id, nominals[at:end], effective_at)
        at = end


def _first_kept_after(tx: Transaction, schedule_id: UUID, instant: datetime) -> datetime | None:
    job = select(func.min(_J.nominal_at)).where(
        _J.scheduled_job_id == schedule_id,
        _J.nominal_at > instant,
        _J.kind.in_(PLANNED_KINDS),
    )
    part = select(func.min(_R.from_at)).where(
        _R.scheduled_job_id == schedule_id,
        _R.to_at > instant,
        _R.from_at > instant,
    )
    found = [tx.connection.execute(query).scalar() for query in (job, part)]
    return min((one for one in found if one is not None), default=None)


def _lengthen_or_write(
    tx: Transaction,
    schedule_id: UUID,
    nominals: Sequence[datetime],
    effective_at: datetime | None,
) -> None:
    first, last = nominals[0], nominals[-1]
    before = tx.connection.execute(
        _RANGE.select()
        .where(_R.scheduled_job_id == schedule_id, _R.to_at < first)
        .order_by(_R.to_at.desc())
        .limit(1),
    ).one_or_none()
    is_same_trigger = before is not None and (
        effective_at is None or (before.from_at > effective_at) == (first > effective_at)
    )
    if (
        before is not None
        and is_same_trigger
        and before.reason == SkipReason.RAN
        and _first_kept_after(tx, schedule_id, before.to_at)
        == _first_kept_after(tx, schedule_id, last)
    ):
        tx.connection.execute(
            _RANGE.update()
            .where(_R.id == before.id)
            .values(to_at=last, count=_R["count"] + len(nominals)),
        )
        return
    if tx.now is None:
        raise AssertionError("pruning writes")
    tx.connection.execute(
        _RANGE.insert().values(
            id=tx.ids.make(tx.now),
            scheduled_job_id=schedule_id,
            from_at=first,
            to_at=last,
            count=len(nominals),
            reason=SkipReason.RAN,
            detail=None,
            created_at=tx.now,
        ),
    )


def _delete(tx: Transaction, table: Table, ids: Sequence[object]) -> int:
    if not ids:
        return 0
    return tx.connection.execute(table.delete().where(table.c.id.in_(ids))).rowcount
