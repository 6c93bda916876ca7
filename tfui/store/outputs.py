"""Outputs: chunks of what running attempts print, added and cut as their buffers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.model.columns import table_of
from tfui.model.job import Output
from tfui.store.kept import from_kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfui.runners.capture import Drain
    from tfui.store.connection import Transaction

_OUTPUT = table_of(Output)


def keep(tx: Transaction, drains: Iterable[tuple[Any, int, Drain]]) -> int:
    """Bring the store up to date with (kept job id, fence, drain); give the number of chunks."""
    rows: list[dict[str, Any]] = []
    for key, fence, drain in drains:
        job_id = from_kept(key)
        if drain.dropped:
            tx.connection.execute(
                _OUTPUT.delete().where(
                    _OUTPUT.c.job_id == job_id,
                    _OUTPUT.c.fence == fence,
                    _OUTPUT.c.seq >= drain.dropped.start,
                    _OUTPUT.c.seq < drain.dropped.stop,
                ),
            )
        rows.extend(
            {
                "job_id": job_id,
                "fence": fence,
                "seq": chunk.seq,
                "at": chunk.at,
                "stream": chunk.stream,
                "text": chunk.text,
            }
            for chunk in drain.chunks
        )
    if rows:
        # Some may be there, from a transaction of which the store said that it had failed.
        tx.connection.execute(tx.dialect.insert(_OUTPUT).on_conflict_do_nothing(), rows)
    return len(rows)
