"""The journal as it is read: entries, the newest first, by whom, about what, of which kind, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, or_, select

from tfui.model.columns import table_of
from tfui.model.journal import Journal, JournalRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.model.journal_filter import JournalFilter
    from tfui.store.connection import Transaction

_E = table_of(Journal).c
_UNDO = table_of(Journal).alias("undo").c
_REDOES = select(_UNDO.undoes).where(_UNDO.id == _E.undoes).scalar_subquery().label("redoes")
SHOWN = (
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
"""The columns of a JournalRow."""
PASSED_OVER = "passed_over"
"""What an undo did that stopped at an act, after the noun of the act's subject."""


class Subjects(NamedTuple):
    """What entries are about: whatever was then called so, or has one of the ids."""

    name: str | None
    ids: tuple[UUID, ...]


def entries(
    tx: Transaction,
    organization_id: UUID,
    chosen: JournalFilter,
    subjects: Subjects | None,
    *,
    limit: int,
) -> list[JournalRow]:
    """Give entries that meet a filter (whose subject has been looked up), the newest first."""
    return read(tx, organization_id, _conditions(chosen, subjects), limit=limit)


def ids(
    tx: Transaction,
    organization_id: UUID,
    chosen: JournalFilter,
    subjects: Subjects | None,
) -> list[int]:
    """Give the ids of all of them."""
    query = select(_E.id).where(
        _E.organization_id == organization_id, *_conditions(chosen, subjects)
    )
    return list(tx.connection.execute(query.order_by(_E.id.desc())).scalars())


def latest(
    tx: Transaction,
    organization_id: UUID,
    subject_id: UUID,
    *,
    verbs: Collection[str],
) -> JournalRow | None:
    """Give the newest entry about a subject with one of the verbs."""
    conditions = [_E.subject_id == subject_id, _E.verb.in_(verbs)]
    return _first(read(tx, organization_id, conditions, limit=1))


def newest_of_others(tx: Transaction, organization_id: UUID, *, by: str) -> JournalRow | None:
    """Give the newest act of another person."""
    conditions = [_E.by != by, _E.via != "engine", _E.verb.not_like(f"%.{PASSED_OVER}")]
    return _first(read(tx, organization_id, conditions, limit=1))


def newest_id(tx: Transaction) -> int | None:
    """Give the newest entry's id."""
    return tx.connection.execute(select(func.max(_E.id))).scalar()


def reaches_back_to(tx: Transaction, instant: datetime) -> bool:
    """Whether everything since an instant is on record: pruning takes the oldest entries away."""
    first = tx.connection.execute(select(_E.id, _E.at).order_by(_E.id).limit(1)).one_or_none()
    return first is not None and (first.id == 1 or first.at <= instant)


def read(
    tx: Transaction,
    organization_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    *,
    limit: int | None,
) -> list[JournalRow]:
    """Give entries that meet conditions, the newest first."""
    rows = tx.connection.execute(
        select(*(_E[name] for name in SHOWN), _REDOES)
        .where(_E.organization_id == organization_id, *conditions)
        .order_by(_E.id.desc())
        .limit(limit),
    ).mappings()
    return [JournalRow(**row) for row in rows]


def _conditions(chosen: JournalFilter, subjects: Subjects | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if subjects is not None:
        is_one = _E.subject_id.in_(subjects.ids)
        found.append(is_one if subjects.name is None else or_(_E.subject == subjects.name, is_one))
    if chosen.actor is not None:
        name, at, way = chosen.actor.rpartition("@")
        found.append(
            (_E.by == name) & (_E.via == way)
            if at
            else or_(_E.by == chosen.actor, _E.via == chosen.actor)
        )
    if chosen.verb is not None:
        found.append(_E.verb.icontains(chosen.verb, autoescape=True))
    if chosen.named is not None:
        found.append(_E.subject.icontains(chosen.named, autoescape=True))
    found += [
        or_(
            _E.subject.icontains(word, autoescape=True),
            _E.verb.icontains(word, autoescape=True),
        )
        for word in chosen.words
    ]
    if chosen.since is not None:
        found.append(_E.at >= chosen.since)
    return found


def _first(rows: list[JournalRow]) -> JournalRow | None:
    return rows[0] if rows else None
