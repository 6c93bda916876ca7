"""The values in use that a filter may name: queues, tags, zones and job types of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, true

from tfui.core.filter_words import Word
from tfui.model.columns import table_of
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store.spellings import KEPT_SCHEDULE

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Transaction

_MOST = 500
"""Values of a word: nobody reads more, and a completion needs only the first that fits."""

_SCHEDULE = table_of(ScheduledJob)
_S = _SCHEDULE.c


def in_use(tx: Transaction, organization_id: UUID) -> dict[Word, tuple[str, ...]]:
    """Give the values of each word, in order."""
    queue = table_of(Queue).c
    tags = tx.dialect.each_text(_S["metadata"], "tags")
    ours = (_S.organization_id == organization_id, KEPT_SCHEDULE)
    asked = {
        Word.QUEUE: select(queue.name).where(queue.organization_id == organization_id),
        Word.TAG: select(tags.c.value).select_from(_SCHEDULE).join(tags, true()).where(*ours),
        Word.ZONE: select(_S.timezone).where(*ours),
        Word.JOB: select(_S.job_type).where(*ours),
    }
    return {
        word: tuple(
            sorted(map(str, tx.connection.execute(query.distinct().limit(_MOST)).scalars()))
        )
        for word, query in asked.items()
    }
