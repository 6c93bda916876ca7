"""Schedules: written, found by name or id, and kept for a transaction that will change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select

from tfui.core.command import search_text
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import RowMapping

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)

_SEARCHED = frozenset({"name", "schedule_expression", "job_type", "payload", "metadata_"})
"""Attributes that `search_text` is composed of."""


def insert(tx: Transaction, schedule: ScheduledJob) -> None:
    """Write a new schedule whole."""
    schedule.search_text = _search_text(schedule)
    tx.connection.execute(_SCHEDULE.insert().values(_columns(schedule)))


def change(tx: Transaction, schedule_id: UUID, values: Mapping[str, Any]) -> None:
    """Write columns of one schedule, named as its attributes are."""
    tx.connection.execute(
        _SCHEDULE.update()
        .where(_SCHEDULE.c.id == schedule_id)
        .values({_column_name(name): value for name, value in values.items()}),
    )
    if _SEARCHED.intersection(values):
        row = tx.connection.execute(_SCHEDULE.select().where(_SCHEDULE.c.id == schedule_id))
        for found in row.mappings().all():
            tx.connection.execute(
                _SCHEDULE.update()
                .where(_SCHEDULE.c.id == schedule_id)
                .values(search_text=_search_text(_whole(found))),
            )


def get(tx: Transaction, organization_id: UUID, schedule_id: UUID) -> ScheduledJob | None:
    """Give one schedule whole, deleted or not."""
    row = (
        tx.connection.execute(
            _SCHEDULE.select().where(
                _SCHEDULE.c.id == schedule_id,
                _SCHEDULE.c.organization_id == organization_id,
            ),
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _whole(row)


def lock(
    tx: Transaction,
    organization_id: UUID,
    schedule_ids: Sequence[UUID],
) -> dict[UUID, ScheduledJob]:
    """Give schedules whole, deleted or not, and keep them for this transaction.

    They are taken in the order of their ids, so that two transactions never wait for each other.
    """
    found: dict[UUID, ScheduledJob] = {}
    ordered = sorted(set(schedule_ids))
    for start in range(0, len(ordered), 500):  # SQLite bounds the parameters of one statement
        rows = tx.connection.execute(
            _SCHEDULE.select()
            .where(
                _SCHEDULE.c.id.in_(ordered[start : start + 500]),
                _SCHEDULE.c.organization_id == organization_id,
            )
            .order_by(_SCHEDULE.c.id)
            .with_for_update(),
        )
        found |= {row["id"]: _whole(row) for row in rows.mappings()}
    return found


def id_of_name(tx: Transaction, organization_id: UUID, name: str) -> UUID | None:
    """Give the schedule that has the name now, deleted ones apart."""
    return tx.connection.execute(
        select(_SCHEDULE.c.id).where(
            _SCHEDULE.c.organization_id == organization_id,
            _SCHEDULE.c.name == name,
            _SCHEDULE.c.deleted_at.is_(None),
        ),
    ).scalar()


def matches(
    tx: Transaction,
    organization_id: UUID,
    *,
    name: str,
    id_range: tuple[UUID, UUID] | None,
    deleted: bool,
) -> list[tuple[UUID, str]]:
    """Give up to 20 (id, name) that bear the name or whose id lies in the range, newest first."""
    by_name = _SCHEDULE.c.name == name
    wanted = by_name if id_range is None else or_(by_name, _SCHEDULE.c.id.between(*id_range))
    is_deleted = _SCHEDULE.c.deleted_at.is_not(None)
    rows = tx.connection.execute(
        select(_SCHEDULE.c.id, _SCHEDULE.c.name)
        .where(
            _SCHEDULE.c.organization_id == organization_id,
            wanted,
            is_deleted if deleted else _SCHEDULE.c.deleted_at.is_(None),
        )
        .order_by(_SCHEDULE.c.deleted_at.desc(), _SCHEDULE.c.id)
        .limit(20),
    )
    return [(schedule_id, found) for schedule_id, found in rows]  # noqa: C416  # list() cannot type rows


def names(tx: Transaction, organization_id: UUID) -> list[str]:
    """Give every name in use, sorted."""
    return list(
        tx.connection.execute(
            select(_SCHEDULE.c.name)
            .where(
                _SCHEDULE.c.organization_id == organization_id,
                _SCHEDULE.c.deleted_at.is_(None),
            )
            .order_by(_SCHEDULE.c.name),
        ).scalars(),
    )


def _search_text(schedule: ScheduledJob) -> str:
    return search_text(
        schedule.name,
        schedule.schedule_expression,
        job_type=schedule.job_type,
        payload=schedule.payload,
        metadata=schedule.metadata_,
    )


def _whole(row: RowMapping) -> ScheduledJob:
    values = dict(row)
    values["metadata_"] = values.pop("metadata")
    return ScheduledJob(**values)


def _columns(schedule: ScheduledJob) -> dict[str, Any]:
    return {
        column.name: getattr(schedule, "metadata_" if column.name == "metadata" else column.name)
        for column in _SCHEDULE.columns
    }


def _column_name(attribute: str) -> str:
    return "metadata" if attribute == "metadata_" else attribute
