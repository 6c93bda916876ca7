"""What became of the latest occurrences of schedules that have lately skipped some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal, null, select, text, union_all

from tfui.core.crowding import LATEST, Crowded, crowded
from tfui.core.states import PLANNED_KINDS, SkipReason
from tfui.model.columns import table_of
from tfui.model.job import Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.store.spellings import ACTIVE_SCHEDULE, within

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction

_J = table_of(Job).c
_R = table_of(Occurrence).c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c

_CROWDED_OUT = text("occurrence.reason IN ('skip_overlap', 'shed_rate')")
"""Spelled as the partial index is."""
RANGES = 64
"""Newest ranges of skips from which schedules are taken."""
MOST = 8
"""Schedules that are looked at: those that skipped last."""


def latest(tx: Transaction, organization_id: UUID, *, since: datetime) -> list[Crowded]:
    """Give those of a few schedules that skip most; costs next to nothing where nothing was skipped."""
    names: dict[UUID, str] = {}
    for row in tx.connection.execute(
        select(_S.id, _S.name)
        .join_from(table_of(Occurrence), _SCHEDULE, _S.id == _R.scheduled_job_id)
        .where(_CROWDED_OUT, _R.to_at >= since, ACTIVE_SCHEDULE, within(_SCHEDULE, organization_id))
        .order_by(_R.to_at.desc())
        .limit(RANGES)
    ):
        if len(names) < MOST:
            names.setdefault(row.id, row.name)
    if not names:
        return []
    newest: dict[UUID, list[tuple[SkipReason | None, int]]] = {each: [] for each in names}
    parts = [part for each in names for part in (_jobs(each), _ranges(each))]
    for row in tx.connection.execute(
        union_all(*(select(part.subquery()) for part in parts)).order_by(text("at DESC"))
    ):
        newest[row.schedule].append((row.reason and SkipReason(row.reason), row.times))
    judged = (crowded(each, names[each], its) for each, its in newest.items())
    return [one for one in judged if one is not None]


def _jobs(schedule_id: UUID) -> Select[tuple[object, ...]]:
    return (
        select(
            _J.scheduled_job_id.label("schedule"),
            _J.nominal_at.label("at"),
            null().label("reason"),
            literal(1).label("times"),
        )
        .where(_J.scheduled_job_id == schedule_id, _J.kind.in_(PLANNED_KINDS))
        .order_by(_J.nominal_at.desc())
        .limit(LATEST)
    )


def _ranges(schedule_id: UUID) -> Select[tuple[object, ...]]:
    return (
        select(
            _R.scheduled_job_id.label("schedule"),
            _R.to_at.label("at"),
            _R.reason.label("reason"),
            _R["count"].label("times"),
        )
        .where(_R.scheduled_job_id == schedule_id)
        .order_by(_R.to_at.desc())
        .limit(LATEST)
    )
