"""Acts in the journal: which of them stand, which take others back, and what came after them.

An entry that takes nothing back is an act's own. One that takes such an entry back undoes it, one
that takes that back does it again, and so on: a chain, whose length says which of the two it is.
An act is what its batch holds; it stands as long as nothing has taken it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, literal, select

from tfui.model.columns import table_of
from tfui.model.journal import Journal, JournalRow
from tfui.store.journal_rows import PASSED_OVER, SHOWN, read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from tfui.store.connection import Transaction

_JOURNAL = table_of(Journal)
_E = _JOURNAL.c
_IS_MARK = _E.verb.like(f"%.{PASSED_OVER}")
_PAGE = 100
_CHUNK = 400  # SQLite bounds the parameters of one statement


class Chain(NamedTuple):
    """What an entry goes back to."""

    length: int
    """How many entries take each other back, this one included; 0 for an act's own entry."""
    root: int
    """The act's own entry, or the oldest of the chain that was not pruned."""

    @property
    def is_undo(self) -> bool:
        """Whether the act does not stand because of it."""
        return self.length % 2 == 1


def chains(tx: Transaction, entry_ids: Collection[int]) -> dict[int, Chain]:
    """Follow entries back to the acts that they take back or do again."""
    found: dict[int, Chain] = {}
    ordered = sorted(entry_ids)
    for start in range(0, len(ordered), _CHUNK):
        wanted = _E.id.in_(ordered[start : start + _CHUNK])
        back = (
            select(_E.id.label("entry"), _E.id.label("at"), _E.undoes.label("next"))
            .where(wanted)
            .cte("back", recursive=True)
        )
        older = _JOURNAL.alias("older")
        back = back.union_all(
            select(back.c.entry, older.c.id, older.c.undoes).join_from(
                back, older, older.c.id == back.c.next
            ),
        )
        rows = tx.connection.execute(
            select(
                back.c.entry,
                func.sum(case((back.c.next.is_(None), literal(0)), else_=literal(1))),
                func.min(back.c.at),
            ).group_by(back.c.entry),
        )
        found |= {entry: Chain(int(length), root) for entry, length, root in rows}
    return found


def standing(
    tx: Transaction,
    organization_id: UUID,
    *,
    by: str,
    verbs: Collection[str],
    undos: bool,
) -> Iterator[list[JournalRow]]:
    """Give a person's acts that stand, or with `undos` the undos that do, the newest first.

    Each with those of its entries that nothing has taken back, in order.
    """
    conditions: list[ColumnElement[bool]] = [
        _E.by == by,
        _E.via != "engine",
        _E.undone_by.is_(None),
        _E.verb.in_(verbs),
    ]
    if undos:
        conditions.append(_E.undoes.is_not(None))
    seen: set[UUID] = set()
    before: int | None = None
    while True:
        here = [] if before is None else [_E.id < before]
        page = read(tx, organization_id, [*conditions, *here], limit=_PAGE)
        links = chains(tx, [entry.id for entry in page if entry.undoes is not None])
        for entry in page:
            is_undo = entry.id in links and links[entry.id].is_undo
            if is_undo is undos and entry.batch_id not in seen:
                seen.add(entry.batch_id)
                yield _batch(tx, organization_id, entry.batch_id, verbs)
        if len(page) < _PAGE:
            return
        before = page[-1].id


def later(
    tx: Transaction,
    organization_id: UUID,
    entries: Iterable[JournalRow],
    *,
    verbs: Collection[str],
    by_engines: bool = False,
) -> list[tuple[JournalRow, JournalRow]]:
    """Give, for entries of one act, each entry of a later one about the same: pairs (old, later).

    Those of people, or those of engines.
    """
    olds: dict[tuple[str, UUID, str], JournalRow] = {}
    for entry in entries:
        olds.setdefault(_matter(entry), entry)
    pairs = []
    for kind in {entry.subject_type for entry in olds.values()}:
        ours = [entry for entry in olds.values() if entry.subject_type == kind]
        ids = sorted({entry.subject_id for entry in ours})
        first = min(entry.id for entry in ours)
        for start in range(0, len(ids), _CHUNK):
            conditions = [
                _E.subject_type == kind,
                _E.subject_id.in_(ids[start : start + _CHUNK]),
                _E.id > first,
                (_E.via == "engine") if by_engines else (_E.via != "engine"),
                _E.verb.in_(verbs),
            ]
            for one in read(tx, organization_id, conditions, limit=None):
                old = olds.get(_matter(one))
                if old is not None and one.id > old.id and one.batch_id != old.batch_id:
                    pairs.append((old, one))
    return pairs


def passed(
    tx: Transaction,
    organization_id: UUID,
    *,
    by: str,
    after: int,
    verbs: Collection[str],
    limit: int,
) -> list[JournalRow]:
    """Give what a person did after an entry with none of the verbs, the newest first."""
    conditions = [_E.by == by, _E.via != "engine", _E.id > after, _E.verb.not_in(verbs), ~_IS_MARK]
    return read(tx, organization_id, conditions, limit=limit)


def marks(tx: Transaction, organization_id: UUID, *, by: str, after: int) -> list[JournalRow]:
    """Give where a person's undos stopped, after an entry."""
    return read(tx, organization_id, [_E.by == by, _E.id > after, _IS_MARK], limit=None)


def by_ids(tx: Transaction, organization_id: UUID, entry_ids: Collection[int]) -> list[JournalRow]:
    """Give entries, in order; those that are gone are left out."""
    found: list[JournalRow] = []
    ordered = sorted(entry_ids)
    for start in range(0, len(ordered), _CHUNK):
        wanted = [_E.id.in_(ordered[start : start + _CHUNK])]
        found += reversed(read(tx, organization_id, wanted, limit=None))
    return found


def hold(tx: Transaction, entry_ids: Sequence[int]) -> bool:
    """Keep entries for this transaction; False when one was taken back meanwhile."""
    for start in range(0, len(entry_ids), _CHUNK):
        wanted = _E.id.in_(entry_ids[start : start + _CHUNK])
        found: Iterable[int | None] = tx.connection.execute(
            tx.dialect.hold_rows(select(_E.undone_by).where(wanted).order_by(_E.id)),
        ).scalars()
        if any(undone_by is not None for undone_by in found):
            return False
    return True


def _batch(
    tx: Transaction,
    organization_id: UUID,
    batch_id: UUID,
    verbs: Collection[str],
) -> list[JournalRow]:
    rows = tx.connection.execute(
        select(*(_E[name] for name in SHOWN))
        .where(
            _E.organization_id == organization_id,
            _E.batch_id == batch_id,
            _E.undone_by.is_(None),
            _E.verb.in_(verbs),
        )
        .order_by(_E.id),
    ).mappings()
    return [JournalRow(**row) for row in rows]


def _matter(entry: JournalRow) -> tuple[str, UUID, str]:
    """Say what an entry is about; rate limits have no id of their own, and each job type is one."""
    name = entry.subject if entry.subject_type == "rate" else ""
    return entry.subject_type, entry.subject_id, name
