"""Letting a job of the stage print something."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui import stage
from tfui.model.columns import table_of
from tfui.model.job import Output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.store.connection import Store


def print_lines(
    store: Store, job: int, lines: Sequence[str], *, first: int = 1000, together: int = 1
) -> None:
    """Store lines as an attempt's output, `together` in a chunk, from chunk `first` on."""
    with store.writing(by=stage.ANA, now=stage.MONDAY) as tx:
        tx.connection.execute(
            table_of(Output).insert(),
            [
                {
                    "job_id": UUID(int=job),
                    "fence": 1,
                    "seq": first + place,
                    "at": stage.MONDAY,
                    "stream": "stdout",
                    "text": "".join(f"{line}\n" for line in lines[start : start + together]),
                }
                for place, start in enumerate(range(0, len(lines), together))
            ],
        )
