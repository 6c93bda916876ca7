"""Missed occurrences that nobody has dealt with: by schedule, counted, and range by range."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from tfui.core.states import SkipReason
from tfui.model.columns import table_of
from tfui.model.missed import MissedRow, MissedTally
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.store.ledger import Range, range_of
from tfui.store.spellings import KEPT_SCHEDULE, within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import FromClause

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_RANGE = table_of(Occurrence)
_R = _RANGE.c
_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c

UNDEALT = text(
    "occurrence.waived_at IS NULL AND occurrence.reason IN ('missed_down', 'missed_sleep', "
    "'missed_clock_step', 'missed_cap', 'missed_deadline')",
)
"""Spelled as the partial index is."""


def rows(
    tx: Transaction,
    organization_id: UUID,
    *,
    since: datetime,
    schedule_id: UUID | None = None,
) -> list[MissedRow]:
    """Give what each schedule has missed since an instant, the most recently missed first."""
    query = (
        select(
            _S.id,
            _S.name,
            _S.timezone,
            _S.max_catchup,
            _R.reason,
            func.sum(_R["count"]).label("total"),
            func.min(_R.from_at).label("first"),
            func.max(_R.to_at).label("last"),
        )
        .select_from(_joined())
        .where(UNDEALT, _R.to_at >= since, KEPT_SCHEDULE, within(_SCHEDULE, organization_id))
        .group_by(_S.id, _S.name, _S.timezone, _S.max_catchup, _R.reason)
    )
    if schedule_id is not None:
        query = query.where(_R.scheduled_job_id == schedule_id)
    parts: dict[UUID, list[AnyRow]] = {}
    for row in tx.connection.execute(query):
        parts.setdefault(row.id, []).append(row)
    found = [_row(some) for some in parts.values()]
    return sorted(found, key=lambda row: (row.to_at, row.schedule), reverse=True)


def tally(tx: Transaction, organization_id: UUID, *, since: datetime) -> MissedTally:
    """Count what was missed since an instant."""
    of_one = (
        select(
            _R.scheduled_job_id.label("schedule"),
            _R.reason.label("reason"),
            func.sum(_R["count"]).label("total"),
        )
        .select_from(_joined())
        .where(UNDEALT, _R.to_at >= since, KEPT_SCHEDULE, within(_SCHEDULE, organization_id))
        .group_by(_R.scheduled_job_id, _R.reason)
        .subquery()
    )
    row = tx.connection.execute(
        select(
            func.count(of_one.c.schedule.distinct()),
            func.coalesce(func.sum(of_one.c.total), 0),
            func.min(of_one.c.reason),
            func.max(of_one.c.reason),
        ),
    ).one()
    schedules, runs, least, most = row
    reason = SkipReason(least) if least is not None and least == most else None
    return MissedTally(schedules=int(schedules), runs=int(runs), reason=reason)


def ranges(tx: Transaction, schedule_id: UUID, *, since: datetime) -> list[Range]:
    """Give a schedule's missed ranges that nobody has dealt with, the oldest first."""
    found = tx.connection.execute(
        _RANGE.select()
        .where(_R.scheduled_job_id == schedule_id, _R.to_at >= since, UNDEALT)
        .order_by(_R.to_at),
    )
    return [range_of(row) for row in found]


def _joined() -> FromClause:
    return _RANGE.join(_SCHEDULE, _S.id == _R.scheduled_job_id)


def _row(parts: Sequence[AnyRow]) -> MissedRow:
    counts = Counter({SkipReason(part.reason): int(part.total) for part in parts})
    one = parts[0]
    return MissedRow(
        schedule_id=one.id,
        schedule=one.name,
        timezone=one.timezone,
        count=counts.total(),
        from_at=min(part.first for part in parts),
        to_at=max(part.last for part in parts),
        reasons=tuple(reason for reason, _ in counts.most_common()),
        max_catchup=one.max_catchup,
    )
