"""Pruning by hand: everything that is older than it need be kept, at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import pruning as store
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tfui.service.caller import Caller


def prune(caller: Caller, *, retention: Retention | None = None) -> Pruned:
    """Remove what is old, in transactions so small that engines work on between them; give counts."""
    kept = retention or Retention()
    total = Pruned()

    def write(prune: Callable[..., Pruned]) -> Pruned:
        with caller.writing(Right.ADMINISTER) as tx:
            gone = prune(tx, retention=kept, now=caller.now())
        total.add(gone)
        return gone

    after: UUID | None = None
    while True:
        with caller.reading(Right.ADMINISTER) as tx:
            crowd = store.crowded(tx, kept, now=caller.now(), after=after)
        for schedule_id in crowd.schedules:
            while write(partial(store.prune_schedule, schedule_id=schedule_id)).jobs:
                pass
        after = crowd.after
        if after is None:
            break
    for prune_some in (store.prune_unscheduled, store.prune_others):
        while write(prune_some) != Pruned():
            pass
    return total
