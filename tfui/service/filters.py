"""What filters may be made of, for whoever types one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.store import vocabulary

if TYPE_CHECKING:
    from tfui.core.filter_words import Word
    from tfui.service.caller import Caller


def values_in_use(caller: Caller) -> dict[Word, tuple[str, ...]]:
    """Give the queues, tags, zones and job types there are, in order, by the word that asks for them."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        return vocabulary.in_use(tx, caller.organization_id)
