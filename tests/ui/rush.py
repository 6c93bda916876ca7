"""A night with a rush: what the forecast's pictures are of, since on an ordinary day nothing waits."""

from __future__ import annotations

from tests.ui import stage
from tests.ui.stage import Part

_NIGHT = ("ledger-close", "stock-count", "tax-report", "mail-archive")

RUSH: tuple[Part, ...] = (
    *(part for part in stage.CAST if not part.live and part.name != "warehouse-sync"),
    *(
        Part(name=name, cron="30 2 * * *", next_in=59_352, last_ago=27_048, seconds=30,
             outcomes="ssssssssss", queue="nightly")
        for name in _NIGHT
    ),
    Part(name="price-crawl", cron="*/20 1-5 * * *", next_in=55_752, last_ago=16_248, seconds=160,
         outcomes="ssss"),
)  # fmt: skip
"""Four jobs and the export want the one place of the queue nightly at half past two."""
