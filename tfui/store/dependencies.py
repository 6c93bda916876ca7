"""Dependencies between schedules: which ones come after which, kept, looked up and taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, literal_column, select

from tfui.core import unknown
from tfui.core.states import DependencyType
from tfui.model.columns import table_of
from tfui.model.dependency import DependencyRow, ScheduleDependency
from tfui.model.organization import Organization
from tfui.model.schedule import ScheduledJob
from tfui.store.kept import ID, kept_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.model.dependency import After
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_DEPENDENCY = table_of(ScheduleDependency)
_D = _DEPENDENCY.c
_SCHEDULE = table_of(ScheduledJob)
_PARENT = _SCHEDULE.alias("parent")
_CHILD = _SCHEDULE.alias("child")

_IS_ANY = select(kept_id(_D.id)).where(_D.is_chained.is_(False)).limit(literal_column("1"))
_NEEDS = (
    select(
        kept_id(_D.child_id),
        kept_id(_D.parent_id),
        _PARENT.c.name,
        _D.dependency_type,
        _D.window_seconds,
    )
    .select_from(_DEPENDENCY.join(_PARENT, _PARENT.c.id == _D.parent_id))
    .where(_D.is_chained.is_(False), _D.child_id.in_(bindparam("ids", expanding=True, type_=ID)))
    .order_by(_D.created_at, _D.id)
)
_ROWS = (
    select(
        _D.id,
        _D.parent_id,
        _PARENT.c.name.label("parent"),
        _D.child_id,
        _CHILD.c.name.label("child"),
        _D.dependency_type,
        _D.window_seconds,
        _D.is_chained,
        _D.created_at,
    )
    .select_from(
        _DEPENDENCY.join(_PARENT, _PARENT.c.id == _D.parent_id).join(
            _CHILD, _CHILD.c.id == _D.child_id
        ),
    )
    .order_by(_CHILD.c.name, _PARENT.c.name)
)


class Need(NamedTuple):
    """What each job of a schedule waits for."""

    parent_key: Any
    """The parent schedule's id as it is kept."""
    parent: str
    """Its name."""
    kind: DependencyType
    window: timedelta | None
    """None: the parent's job of the same instant; else its newest within this before it."""


def needs(tx: Transaction, schedule_keys: Sequence[Any]) -> dict[Any, list[Need]]:
    """Give what schedules with a time of their own wait for, by kept ids; the others are left out."""
    if not tx.dialect.fetch(tx.connection, _IS_ANY, {}):
        return {}
    found: dict[Any, list[Need]] = {}
    for child, parent, name, kind, seconds in tx.connection.execute(_NEEDS, {"ids": schedule_keys}):
        window = None if seconds is None else timedelta(seconds=seconds)
        found.setdefault(child, []).append(
            Need(parent, name, unknown.read(DependencyType, kind), window)
        )
    return found


def rows(
    tx: Transaction,
    organization_id: UUID,
    schedule_ids: Collection[UUID] | None = None,
) -> list[DependencyRow]:
    """Give dependencies by the child's name: all, or those that schedules are in on either side.

    Those of deleted schedules are left out.
    """
    query = _ROWS.where(
        _CHILD.c.organization_id == organization_id,
        _CHILD.c.deleted_at.is_(None),
        _PARENT.c.deleted_at.is_(None),
    )
    if schedule_ids is not None:
        query = query.where(_D.child_id.in_(schedule_ids) | _D.parent_id.in_(schedule_ids))
    return _read(tx, query)


def find(tx: Transaction, child_id: UUID, parent_id: UUID) -> DependencyRow | None:
    """Give the dependency between two schedules."""
    query = _ROWS.where(_D.child_id == child_id, _D.parent_id == parent_id)
    return next(iter(_read(tx, query)), None)


def hold_all(tx: Transaction, organization_id: UUID) -> None:
    """Let nobody else change dependencies meanwhile: two changes could close a circle together."""
    organizations = table_of(Organization)
    query = select(organizations.c.id).where(organizations.c.id == organization_id)
    tx.connection.execute(tx.dialect.hold_rows(query))


def parents_of(tx: Transaction, schedule_id: UUID) -> list[UUID]:
    """Give the schedules that one comes after, deleted ones among them."""
    query = select(_D.parent_id).where(_D.child_id == schedule_id).order_by(_D.id)
    return list(tx.connection.execute(query).scalars())


def add(tx: Transaction, child_id: UUID, after: After, *, is_chained: bool) -> None:
    """Have one schedule come after another."""
    if tx.now is None:
        raise AssertionError("a dependency is added by a writing transaction")
    tx.connection.execute(
        _DEPENDENCY.insert().values(
            id=tx.ids.make(tx.now),
            parent_id=after.parent_id,
            child_id=child_id,
            dependency_type=after.dependency_type,
            window_seconds=after.window_seconds,
            is_chained=is_chained,
            created_at=tx.now,
        ),
    )


def remove(tx: Transaction, child_id: UUID, parent_id: UUID) -> bool:
    """Take a dependency away; False when there is none. Jobs that wait already go on waiting."""
    gone = tx.connection.execute(
        _DEPENDENCY.delete().where(_D.child_id == child_id, _D.parent_id == parent_id),
    )
    return gone.rowcount == 1


def set_chained(tx: Transaction, child_id: UUID, *, is_chained: bool) -> None:
    """Follow a schedule that was given a time of its own, or has lost it."""
    tx.connection.execute(
        _DEPENDENCY.update().where(_D.child_id == child_id).values(is_chained=is_chained),
    )


def names(tx: Transaction, schedule_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of schedules, deleted or not."""
    query = select(_SCHEDULE.c.id, _SCHEDULE.c.name).where(_SCHEDULE.c.id.in_(schedule_ids))
    return {row.id: row.name for row in tx.connection.execute(query)}


def _read(tx: Transaction, query: Select[Any]) -> list[DependencyRow]:
    return [_row(row) for row in tx.connection.execute(query)]


def _row(row: AnyRow) -> DependencyRow:
    values = dict(row._mapping)  # noqa: SLF001  # a row has no other way to its columns by name
    return DependencyRow(
        **values | {"dependency_type": unknown.read(DependencyType, row.dependency_type)}
    )
