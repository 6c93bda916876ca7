"""Reads everything the detail of one schedule shows, in one go, in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.ui import log_reading
from tfui.ui.log_reading import NO_LOG, LogLook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.dependency import DependencyRow
    from tfui.model.job import HistoryRow
    from tfui.model.occurrence import LedgerSum
    from tfui.model.schedule import ScheduleDetail, ScheduleRow
    from tfui.service.caller import Caller

UPCOMING = 30
HISTORY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A schedule that the one looked at comes after, or that comes after it."""

    row: ScheduleRow
    is_parent: bool
    dependency: DependencyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailLook:
    """What the detail pane shows at one moment."""

    detail: ScheduleDetail
    meaning: str
    """The trigger in words."""
    upcoming: Sequence[datetime]
    history: Sequence[HistoryRow]
    log: LogLook
    ledger: LedgerSum | None
    """Read only for its tab, as is what follows: to count a year of minutes takes its time."""
    neighbours: Sequence[Neighbour] | None
    """Parents first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to read: a schedule, and which job's log from where on."""

    schedule_id: UUID
    job_id: UUID | None
    """None: the newest job, whichever that is."""
    log: LogLook
    tab: str
    """The tab in front."""


def look(caller: Caller, wanted: Wanted) -> DetailLook:
    """Read the detail. Raises NotFound when the schedule is gone, Unavailable."""
    from tfui.service import jobs, schedules

    detail = schedules.detail(caller, wanted.schedule_id)
    history = jobs.history(caller, wanted.schedule_id, limit=HISTORY)
    return DetailLook(
        detail=detail,
        meaning=_meaning(detail),
        upcoming=_upcoming(caller, wanted.schedule_id),
        history=history,
        log=_log(caller, wanted, history),
        ledger=_ledger(caller, wanted.schedule_id) if wanted.tab == "ledger" else None,
        neighbours=_neighbours(caller, wanted.schedule_id) if wanted.tab == "deps" else None,
    )


def _meaning(detail: ScheduleDetail) -> str:
    from tfui.core import trigger
    from tfui.errors import Invalid

    schedule = detail.schedule
    try:
        return trigger.parse(
            schedule.schedule_type,
            schedule.schedule_expression,
            zone=schedule.timezone,
            anchor=schedule.anchor_at,
            seed=str(schedule.id),
        ).describe()
    except Invalid as bad:
        # Saved by an older version or by hand: still to be looked at, and said plainly.
        return f"cannot be read: {bad}"


def _upcoming(caller: Caller, schedule_id: UUID) -> list[datetime]:
    from tfui.errors import Invalid
    from tfui.service import schedules

    try:
        return schedules.upcoming(caller, schedule_id, count=UPCOMING)
    except Invalid:
        return []  # its meaning says already why it cannot be read


def _ledger(caller: Caller, schedule_id: UUID) -> LedgerSum:
    from tfui.service import ledger

    return ledger.total(caller, schedule_id)


def _neighbours(caller: Caller, schedule_id: UUID) -> list[Neighbour]:
    from tfui.service import dependencies, schedules

    links = [
        (link.parent_id if link.child_id == schedule_id else link.child_id, link)
        for link in dependencies.listing(caller, schedule_id)
    ]
    rows = {row.id: row for row in schedules.rows(caller, [other for other, _ in links])}
    found = [
        Neighbour(row=rows[other], is_parent=other == link.parent_id, dependency=link)
        for other, link in links
        if other in rows
    ]
    return sorted(found, key=lambda each: not each.is_parent)


def _log(caller: Caller, wanted: Wanted, history: Sequence[HistoryRow]) -> LogLook:
    job_id = wanted.job_id or next((row.job.id for row in history if row.job), None)
    return NO_LOG if job_id is None else log_reading.look(caller, job_id, wanted.log)
