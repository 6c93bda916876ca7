"""What the parts of a cast come after, and whose live jobs wait for whose; and a cast that is a family."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tests.ui.stage import Part
from tests.world import utc
from tfui.core.states import DependencyStatus, DependencyType, ScheduleType
from tfui.model.columns import table_of
from tfui.model.dependency import JobDependency, ScheduleDependency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.ui.stage import Tie
    from tfui.store.connection import Transaction

_MADE = utc("2025-12-01 10:00")
_END, _START, _SUCCESS = DependencyType

_CHAINED = (("schedule_type", ScheduleType.CHAINED), ("schedule_expression", ""))


def part(name: str, cron: str, *after: Tie, **more: object) -> Part:
    """Make a part of a family."""
    return Part(name=name, cron=cron, after=after, **more)  # type: ignore[arg-type]  # fields by name


FAMILY: tuple[Part, ...] = (
    part("ledger-close", "0 1 * * *", next_in=57_552, last_ago=28_848, seconds=30),
    part("fx-rates", "0 */2 * * 1-5", next_in=3552, last_ago=3648, seconds=0.3),
    part("db-backup", "15 3 * * *", live="running", seconds=40),
    part(
        "risk-recompute", "30 1 * * *",
        ("ledger-close", _SUCCESS, 86_400), ("fx-rates", _SUCCESS, 7200),
        next_in=59_352, last_ago=27_048, outcomes="sssssssssssf",
    ),
    part("billing-export", "15 3 * * *", ("db-backup", _SUCCESS, None), live="blocked"),
    part("vat-return", "0 8 1 * *", ("ledger-close", _END, 86_400), next_in=2_300_000),
    part(
        "board-pack-render", "15 3 * * 1",
        ("risk-recompute", _SUCCESS, 86_400), ("billing-export", _END, None),
        live="blocked", seconds=20,
    ),
    part("mail-digest", "0 18 * * 1-5", ("billing-export", _START, 86_400), next_in=28_752),
    part("warehouse-sync", "@hourly", next_in=3552, last_ago=48, outcomes="sssssssssfff"),
    part(
        "search-reindex", "", ("warehouse-sync", _SUCCESS, None), ("db-backup", _SUCCESS, None),
        next_in=None, last_ago=118_848, changes=_CHAINED,
    ),
    part("thumbnail-gc", "45 4 * * *", next_in=67_452, last_ago=18_948, seconds=6),
    part("cache-evict", "", ("thumbnail-gc", _END, None), next_in=None, last_ago=18_900,
         changes=_CHAINED),
    part("dns-verify", "20 * * * *", next_in=1152, last_ago=2448),
    part("geoip-refresh", "0 4 * * 3", next_in=241_752, last_ago=363_000),
)  # fmt: skip
"""A night's work: most of it waits for something else."""

CIRCLE: tuple[Part, ...] = (
    part("extract", "0 1 * * *", ("load", _END, None)),
    part("transform", "0 2 * * *", ("extract", _SUCCESS, None)),
    part("load", "0 3 * * *", ("transform", _SUCCESS, None)),
    part("report", "0 4 * * *", ("load", _SUCCESS, None)),
)
"""What no rule allows, and a store may hold all the same."""


def tie(tx: Transaction, cast: Sequence[Part]) -> None:
    """Write what the parts come after, and have blocked live jobs wait for their parents' live ones."""
    number = {each.name: nth for nth, each in enumerate(cast, 1)}
    rows, links = [], []
    for each in cast:
        for parent, kind, window in each.after:
            here, there = number[each.name], number[parent]
            rows.append(
                {
                    "id": UUID(int=0xDE0000 + here * 100 + there),
                    "parent_id": UUID(int=there),
                    "child_id": UUID(int=here),
                    "dependency_type": kind,
                    "window_seconds": window,
                    "is_chained": not each.cron,
                    "created_at": _MADE,
                }
            )
            if each.live == "blocked" and cast[there - 1].live:
                links.append(
                    {
                        "id": UUID(int=0xDF0000 + here * 100 + there),
                        "parent_job_id": UUID(int=there * 1000 + 900),
                        "child_job_id": UUID(int=here * 1000 + 900),
                        "dependency_type": kind,
                        "status": DependencyStatus.PENDING,
                        "created_at": _MADE,
                        "resolved_at": None,
                    }
                )
    for model, values in ((ScheduleDependency, rows), (JobDependency, links)):
        if values:
            tx.connection.execute(table_of(model).insert(), values)
