"""News: whether somebody acted on the store, as far as an engine must care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.model.columns import table_of
from tfui.model.journal import Journal

if TYPE_CHECKING:
    from tfui.store.connection import Transaction

_NEWEST = select(func.max(table_of(Journal).c.id).label("newest"))


def newest_act(tx: Transaction) -> int:
    """Give the newest journal entry's id, 0 when there is none: every act of a person writes one."""
    (row,) = tx.dialect.fetch(tx.connection, _NEWEST, {})
    return int(row.newest or 0)
