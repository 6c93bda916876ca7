"""What was done before Monday morning: a record with several people, undos, runs and every kind of change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.ui.play import caller_of
from tests.world import utc
from tfui.clock import FrozenClock
from tfui.core.rights import Right
from tfui.model.schedule import ScheduleDraft
from tfui.service import dependencies, journal, queues, rates, schedules
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.service.caller import Caller
    from tfui.store.connection import Store


def live(store: Store) -> None:
    """Do it all, each thing at its time and in its person's name."""
    for at, who, act in _ACTS:
        name, _, via = who.partition("@")
        act(replace(caller_of(store, FrozenClock(utc(at))), name=name, via=via))


def _ids(caller: Caller, *names: str) -> list[Any]:
    return [schedules.find(caller, name) for name in names]


def _edit(name: str, **changes: Any) -> Callable[[Caller], object]:
    return lambda caller: schedules.edit(caller, _ids(caller, name)[0], changes)


def _pause(*names: str, note: str, until: str | None = None) -> Callable[[Caller], object]:
    end: datetime | None = None if until is None else utc(until)
    return lambda caller: schedules.pause(caller, _ids(caller, *names), note=note, until=end)


def _create(caller: Caller) -> object:
    draft = ScheduleDraft(
        name="parcel-tracking",
        schedule_type="cron",
        schedule_expression="*/15 6-20 * * *",
        timezone="Europe/Berlin",
        job_type="shell",
        payload={"command": "/opt/bin/parcels"},
    )
    return schedules.create(caller, draft)


def _link(caller: Caller) -> object:
    child, parent = _ids(caller, "mail-digest", "billing-export")
    return dependencies.add(caller, child, parent)


_ACTS: tuple[tuple[str, str, Callable[[Caller], object]], ...] = (
    (
        "2025-12-30 10:02:11",
        "olga@cli",
        lambda caller: queues.create(caller, "bulk", concurrency=4),
    ),
    ("2026-01-04 17:20:05", "ci-bot@api", _create),
    ("2026-01-04 18:02:44", "olga@tui", lambda caller: queues.edit(caller, "bulk", concurrency=2)),
    ("2026-01-05 07:45:30", "ana@cli", _link),
    (
        "2026-01-05 08:12:09",
        "ana@cli",
        _edit("billing-export", timeout=timedelta(minutes=20), max_attempts=5, queue="bulk"),
    ),
    (
        "2026-01-05 08:31:40",
        "ci-bot@api",
        _edit("webhook-dispatch", payload={"command": "/opt/bin/webhook-dispatch --batch 50"}),
    ),
    ("2026-01-05 08:40:17", "ci-bot@api", _edit("billing-export", schedule_expression="0 2 * * *")),
    ("2026-01-05 08:43:00", "ana@tui", _pause("fx-rates", "dns-verify", "api-canary", note="DNS")),
    ("2026-01-05 08:44:12", "ana@tui", journal.undo),
    (
        "2026-01-05 08:51:02",
        "ana@tui",
        _pause("legacy-sync", note="vendor outage", until="2026-01-06 09:00"),
    ),
    (
        "2026-01-05 08:55:31",
        "olga@tui",
        lambda caller: schedules.delete(caller, _ids(caller, "geoip-refresh")),
    ),
    (
        "2026-01-05 08:58:20",
        "ana@cli",
        lambda caller: schedules.run_now(caller, _ids(caller, "dns-verify")[0]),
    ),
    ("2026-01-05 08:59:59", "olga@cli", lambda caller: rates.set_limit(caller, "shell", 120)),
)

WRITE = Right.SCHEDULED_JOB_WRITE


def many(count: int) -> list[Entry]:
    """Make as many entries about schedules whose names look like markup."""
    return [
        Entry(
            verb="schedule.paused",
            subject_type="schedule",
            subject_id=UUID(int=1),
            subject=f"[/tenant] {number}",
            before={"status": "active"},
            after={"status": "paused"},
        )
        for number in range(count)
    ]
