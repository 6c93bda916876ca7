"""What a check-up reads of dependencies between schedules, and of the journal's beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.model.columns import table_of
from tfui.model.dependency import ScheduleDependency
from tfui.model.journal import Journal
from tfui.model.organization import Organization
from tfui.model.schedule import ScheduledJob
from tfui.store.journal import GENESIS

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_D = table_of(ScheduleDependency).c
_E = table_of(Journal).c
_SCHEDULE = table_of(ScheduledJob)
_PARENT = _SCHEDULE.alias("parent")
_CHILD = _SCHEDULE.alias("child")


def links(tx: Transaction, organization_id: UUID) -> list[AnyRow]:
    """Give each dependency of a schedule that is not deleted, and whether the parent is."""
    query = (
        select(
            _D.child_id,
            _D.parent_id,
            _CHILD.c.name.label("child"),
            _PARENT.c.name.label("parent"),
            _PARENT.c.deleted_at.is_not(None).label("is_orphan"),
        )
        .select_from(
            table_of(ScheduleDependency)
            .join(_CHILD, _CHILD.c.id == _D.child_id)
            .join(_PARENT, _PARENT.c.id == _D.parent_id)
        )
        .where(_CHILD.c.organization_id == organization_id, _CHILD.c.deleted_at.is_(None))
        .order_by(_CHILD.c.name, _PARENT.c.name)
    )
    return list(tx.connection.execute(query).all())


def beheaded(tx: Transaction, since: datetime) -> int | None:
    """Give the journal's first entry when one before it is gone, though nothing here is from before `since`."""
    born = tx.connection.execute(select(func.min(table_of(Organization).c.created_at))).scalar()
    first = tx.connection.execute(
        select(_E.id, _E.previous_hash).order_by(_E.id).limit(1)
    ).one_or_none()
    if first is None or born is None or born < since or first.previous_hash == GENESIS:
        return None
    return int(first.id)
