"""What a check-up reads of words: those kept where one of an enumeration should be, and none of its are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from tfui.core.states import (
    AttemptOutcome,
    DependencyStatus,
    DependencyType,
    JobKind,
    JobStatus,
    OnMissed,
    Overlap,
    ScheduleStatus,
    ScheduleType,
    SkipReason,
    WaitReason,
)
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency, ScheduleDependency
from tfui.model.job import Attempt, Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from enum import StrEnum
    from uuid import UUID

    from sqlalchemy import FromClause, Table

    from tfui.store.connection import Transaction

_JOB, _SCHEDULE, _RANGE = table_of(Job), table_of(ScheduledJob), table_of(Occurrence)
_ATTEMPT = table_of(Attempt)
_LINK, _JOB_LINK = table_of(ScheduleDependency), table_of(JobDependency)
_J, _S = _JOB.c, _SCHEDULE.c


class Stranger(NamedTuple):
    """A word that no member of its enumeration is called, and where it is kept."""

    noun: str
    column: str
    word: str
    rows: int
    schedule: str | None
    """One of the schedules whose rows hold it."""


class _Kept(NamedTuple):
    noun: str
    table: Table
    words: Mapping[str, type[StrEnum]]
    """By the column they are kept in."""
    joined: FromClause
    """The table with its schedule."""
    owner: Table
    """Has the organization of a row."""


_OF_JOB = _JOB.outerjoin(_SCHEDULE, _S.id == _J.scheduled_job_id)
_ALL = (
    _Kept(
        "schedule",
        _SCHEDULE,
        {
            "status": ScheduleStatus,
            "schedule_type": ScheduleType,
            "overlap": Overlap,
            "on_missed": OnMissed,
            "last_outcome": JobStatus,
        },
        _SCHEDULE,
        _SCHEDULE,
    ),
    _Kept(
        "job",
        _JOB,
        {"status": JobStatus, "kind": JobKind, "wait_reason": WaitReason},
        _OF_JOB,
        _JOB,
    ),
    _Kept(
        "attempt",
        _ATTEMPT,
        {"outcome": AttemptOutcome},
        _OF_JOB.join(_ATTEMPT, _ATTEMPT.c.job_id == _J.id),
        _JOB,
    ),
    _Kept(
        "ledger range",
        _RANGE,
        {"reason": SkipReason},
        _RANGE.join(_SCHEDULE, _S.id == _RANGE.c.scheduled_job_id),
        _SCHEDULE,
    ),
    _Kept(
        "schedule link",
        _LINK,
        {"dependency_type": DependencyType},
        _LINK.join(_SCHEDULE, _S.id == _LINK.c.child_id),
        _SCHEDULE,
    ),
    _Kept(
        "job link",
        _JOB_LINK,
        {"dependency_type": DependencyType, "status": DependencyStatus},
        _OF_JOB.join(_JOB_LINK, _JOB_LINK.c.child_job_id == _J.id),
        _JOB,
    ),
)


def strangers(tx: Transaction, organization_id: UUID) -> Iterator[Stranger]:
    """Give each such word of an organization, and how many rows hold it."""
    for kept in _ALL:
        for name, words in kept.words.items():
            column = kept.table.c[name]
            rows = tx.connection.execute(
                select(column, func.count(), func.min(_S.name))
                .select_from(kept.joined)
                .where(kept.owner.c.organization_id == organization_id, column.not_in(list(words)))
                .group_by(column)
                .order_by(column)
            )
            for word, count, schedule in rows:
                yield Stranger(kept.noun, name, word, count, schedule)
