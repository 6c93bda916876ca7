"""Pruning by hand: everything that is older than it need be kept, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import pruning as store
from tfui.store.pruning import Pruned, Retention

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.service.caller import Caller


def prune(caller: Caller, *, retention: Retention | None = None) -> Pruned:
    """Remove what is old, in transactions so small that engines work on between them; give counts."""
    kept = retention or Retention()
    total = Pruned()
    after: UUID | None = None
    while True:
        with caller.writing(Right.ADMINISTER) as tx:
            step = store.prune_jobs(tx, kept, now=caller.now(), after=after)
        total.add(step.pruned)
        if step.after is None and not step.pruned.jobs:
            break
        after = step.after or after  # none: the schedule after `after` may have more
    while True:
        with caller.writing(Right.ADMINISTER) as tx:
            others = store.prune_others(tx, kept, now=caller.now())
        total.add(others)
        if others == Pruned():
            return total
