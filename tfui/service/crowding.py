"""Schedules that skip most of their runs, for the verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import crowding as store

if TYPE_CHECKING:
    from tfui.core.crowding import Crowded
    from tfui.service.caller import Caller

LOOKED_BACK = timedelta(days=1)
"""How long ago a schedule may have skipped a run last."""


def latest(caller: Caller) -> list[Crowded]:
    """Name those of the schedules that skipped runs last which skip most of them."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        return store.latest(tx, caller.organization_id, since=caller.now() - LOOKED_BACK)
