"""Engines: who serves this store, and whether they still say that they live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import nodes as store

if TYPE_CHECKING:
    from tfui.model.node import NodeRow
    from tfui.service.caller import Caller


def nodes(caller: Caller) -> list[NodeRow]:
    """Give the engines that are known, living ones first, then the newest."""
    with caller.reading(Right.QUEUE_READ) as tx:
        return store.rows(tx, caller.now())
