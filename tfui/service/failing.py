"""What is likely to be one cause of several failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.likely_cause import likely_causes
from tfui.core.rights import Right
from tfui.store import failing as store

if TYPE_CHECKING:
    from tfui.core.likely_cause import Cause
    from tfui.service.caller import Caller


def causes(caller: Caller) -> list[Cause]:
    """Group the present failures that began together with one signature, the most first."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        return likely_causes(store.beginnings(tx, caller.organization_id))
