"""Identifiers as the databases keep them: narrow, and in the order they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.world import ADA, NOON, a_schedule, an_organization
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob
from tfui.store.kept import from_kept, id_text, kept_id, to_kept

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Store

_S = table_of(ScheduledJob).c


def _made(store: Store, count: int) -> list[UUID]:
    with store.writing(by=ADA, now=NOON) as tx:
        organization_id = an_organization(tx)
        return [a_schedule(tx, organization_id) for _ in range(count)]


def test_rows_sort_by_identifier_as_they_were_made(store: Store) -> None:
    made = _made(store, 40)
    with store.reading() as tx:
        found = tx.connection.execute(select(_S.id).order_by(_S.id)).scalars().all()

    assert sorted(made) == found


def test_sqlite_keeps_an_identifier_in_sixteen_bytes(sqlite_store: Store) -> None:
    _made(sqlite_store, 1)
    with sqlite_store.reading() as tx:
        kept = tx.connection.execute(select(func.typeof(_S.id), func.length(_S.id))).one()

    assert tuple(kept) == ("blob", 16)


def test_an_identifier_as_it_is_kept_reads_and_writes_as_itself(store: Store) -> None:
    (made,) = _made(store, 1)
    with store.reading() as tx:
        kept = tx.connection.execute(select(kept_id(_S.id))).scalar_one()

    assert to_kept(made, dialect=store.dialect.name) == kept
    assert made == from_kept(kept)
    assert str(made) == id_text(kept)


def test_no_identifier_is_none(store: Store) -> None:
    _made(store, 1)
    with store.reading() as tx:
        assert tx.connection.execute(select(_S.job_id)).scalars().all() == [None]
