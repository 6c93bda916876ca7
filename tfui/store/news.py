"""News: whether somebody acted on the store, as far as an engine must care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tfui.model.columns import table_of
from tfui.model.journal import Journal

if TYPE_CHECKING:
    from tfui.store.connection import Transaction

_NEWEST = select(func.max(table_of(Journal).c.id))


def newest_act(tx: Transaction) -> int:
    """Give the newest journal entry's id, 0 when there is none: every act of a person writes one."""
    return int(tx.connection.execute(_NEWEST).scalar() or 0)
