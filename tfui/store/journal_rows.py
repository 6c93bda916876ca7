"""The journal as it is read: entries newest first, and the newest act that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from tfui.model.columns import table_of
from tfui.model.journal import Journal, JournalRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_E = table_of(Journal).c
_SHOWN = (
    "id",
    "at",
    "by",
    "via",
    "verb",
    "subject_type",
    "subject_id",
    "subject",
    "batch_id",
    "before",
    "after",
    "undoes",
    "undone_by",
)


def entries(
    tx: Transaction,
    organization_id: UUID,
    *,
    name: str | None = None,
    subject_ids: Sequence[UUID] = (),
    limit: int,
) -> list[JournalRow]:
    """Give entries, the newest first: all, or those of subjects then called so or with an id."""
    conditions: list[ColumnElement[bool]] = []
    if name is not None:
        conditions.append(or_(_E.subject == name, _E.subject_id.in_(subject_ids)))
    elif subject_ids:
        conditions.append(_E.subject_id.in_(subject_ids))
    return _read(tx, organization_id, conditions, limit=limit)


def latest(
    tx: Transaction,
    organization_id: UUID,
    subject_id: UUID,
    *,
    verbs: Collection[str],
) -> JournalRow | None:
    """Give the newest entry about a subject with one of the verbs."""
    found = _read(
        tx,
        organization_id,
        [_E.subject_id == subject_id, _E.verb.in_(verbs)],
        limit=1,
    )
    return found[0] if found else None


def last_act(
    tx: Transaction,
    organization_id: UUID,
    *,
    verbs: Collection[str] | None = None,
) -> list[JournalRow]:
    """Give the newest act of a person, with one of the verbs, that was not taken back, in order.

    Entries that take something back are no acts. All entries of the batch are given.
    """
    conditions = [_E.via != "engine", _E.undoes.is_(None), _E.undone_by.is_(None)]
    if verbs is not None:
        conditions.append(_E.verb.in_(verbs))
    newest = _read(tx, organization_id, conditions, limit=1)
    if not newest:
        return []
    batch = select(*(_E[name] for name in _SHOWN)).where(
        _E.organization_id == organization_id,
        _E.batch_id == newest[0].batch_id,
    )
    rows = tx.connection.execute(batch.order_by(_E.id)).mappings()
    return [JournalRow(**row) for row in rows]


def hold(tx: Transaction, entry_ids: Sequence[int]) -> bool:
    """Keep entries for this transaction; False when one was taken back meanwhile."""
    found: Iterable[int | None] = tx.connection.execute(
        tx.dialect.hold_rows(select(_E.undone_by).where(_E.id.in_(entry_ids)).order_by(_E.id)),
    ).scalars()
    return all(undone_by is None for undone_by in found)


def _read(
    tx: Transaction,
    organization_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int,
) -> list[JournalRow]:
    rows = tx.connection.execute(
        select(*(_E[name] for name in _SHOWN))
        .where(_E.organization_id == organization_id, *conditions)
        .order_by(_E.id.desc())
        .limit(limit),
    ).mappings()
    return [JournalRow(**row) for row in rows]
