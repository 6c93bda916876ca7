"""Waiving: missed occurrences about which somebody has said that they need nothing more.

They stay in the ledger under their reason, with who said so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.model.occurrence import MISSED, Occurrence
from tfui.store.portions import in_portions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction

_RANGE = table_of(Occurrence)
_R = _RANGE.c
_E = table_of(Journal).c


def waive(tx: Transaction, range_ids: Sequence[UUID], *, by: str, note: str | None) -> None:
    """Mark ranges as dealt with, at the transaction's instant."""
    for some in in_portions(range_ids):
        tx.connection.execute(
            _RANGE.update()
            .where(_R.id.in_(some))
            .values(waived_at=tx.now, waived_by=by, waive_note=note),
        )


def unwaive(tx: Transaction, schedule_id: UUID, waived_at: datetime) -> None:
    """Take back what was waived of a schedule at an instant."""
    tx.connection.execute(
        _RANGE.update()
        .where(_R.scheduled_job_id == schedule_id, _R.waived_at == waived_at)
        .values(waived_at=None, waived_by=None, waive_note=None),
    )


def is_any(tx: Transaction, schedule_id: UUID, waived_at: datetime) -> bool:
    """Whether anything of what was waived of a schedule at an instant is waived still."""
    query = select(_R.id).where(_R.scheduled_job_id == schedule_id, _R.waived_at == waived_at)
    return tx.connection.execute(query.limit(1)).first() is not None


def stands(tx: Transaction, schedule_id: UUID, waived_at: datetime) -> bool:
    """Whether what waived runs of a schedule at an instant was not taken back since."""
    query = select(_E.id).where(
        _E.subject_type == "schedule",
        _E.subject_id == schedule_id,
        _E.at == waived_at,
        _E.verb.in_(("schedule.waived", "schedule.backfilled")),
        _E.undone_by.is_not(None),
    )
    return tx.connection.execute(query.limit(1)).first() is None


def undealt_between(
    tx: Transaction,
    schedule_id: UUID,
    first: datetime,
    last: datetime,
) -> list[UUID]:
    """Give the missed ranges of a schedule from `first` to `last` that nobody has dealt with."""
    return list(
        tx.connection.execute(
            select(_R.id).where(
                _R.scheduled_job_id == schedule_id,
                _R.from_at >= first,
                _R.to_at <= last,
                _R.reason.in_(MISSED),
                _R.waived_at.is_(None),
            ),
        ).scalars(),
    )


def told(detail: str | None, by: str | None, note: str | None) -> str | None:
    """Add to a range's detail who waived it, and why."""
    if by is None:
        return detail
    waived = f"waived by {by}" + (f": {note}" if note else "")
    return waived if detail is None else f"{detail}; {waived}"
