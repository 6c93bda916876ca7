"""Reads the list, and what stands around it: two readings, each in one go, in a thread.

They are apart so that a keystroke in the filter waits for nothing but the rows it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tfui.core.filter_words import Word
from tfui.core.health import Condition
from tfui.ui import kept_drafts
from tfui.ui.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from tfui.core.crowding import Crowded
    from tfui.core.likely_cause import Cause
    from tfui.model.backlog import PausedQueue
    from tfui.model.journal import JournalRow
    from tfui.model.missed import MissedTally
    from tfui.model.node import NodeRow
    from tfui.model.schedule import Pulse, ScheduleRow
    from tfui.service.caller import Caller
    from tfui.ui.filters import Filter
    from tfui.ui.widgets.schedule_rows import Order

TROUBLED = 3
RAIL_ROWS = 14
NAMES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which list, and what of it is seen."""

    filter: Filter
    cursor_id: UUID | None
    span: tuple[int, int]
    """First and last line to read rows for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RailLook:
    """What the third column shows."""

    upcoming: Sequence[ScheduleRow]
    active: Sequence[ScheduleRow]
    activity: Sequence[JournalRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLook:
    """The list and the bars at one moment."""

    filter: Filter
    sought: UUID | None
    """The schedule that `cursor` is the place of."""
    ids: Order
    rows: Sequence[ScheduleRow]
    cursor: int | None
    """Where the cursor's schedule is now; None when it is not in the list any more."""
    elsewhere: int = 0
    """What the filter's text finds in other segments, where it finds nothing in this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLook:
    """What the bars and the third column show at one moment."""

    pulse: Pulse
    missed: MissedTally
    """Missed runs that nobody has dealt with."""
    troubled: Sequence[str]
    causes: Sequence[Cause]
    """What is likely to be one cause of several failures, the most first."""
    paused: Sequence[PausedQueue]
    crowded: Sequence[Crowded]
    """A few that skip most of their runs, the one that skipped last first."""
    drafts: Sequence[str]
    """Names of schedules with unsaved work; empty for one that has no name yet."""
    nodes: Sequence[NodeRow]
    rail: RailLook | None


def look(caller: Caller, wanted: Wanted) -> ListLook:
    """Read the list. Raises Unavailable."""
    from tfui.service import schedules

    ids = schedules.ids(caller, wanted.filter.query())
    cursor = None if wanted.cursor_id is None else ids.place(wanted.cursor_id)
    first, last = wanted.span
    if cursor is not None and not first <= cursor <= last:
        first, last = cursor - (last - first) // 2, cursor + (last - first) // 2
    return ListLook(
        filter=wanted.filter,
        sought=wanted.cursor_id,
        ids=ids,
        rows=schedules.rows(caller, ids[max(0, first) : last + 1]),
        cursor=cursor,
        elsewhere=0 if ids else _elsewhere(caller, wanted.filter),
    )


def _elsewhere(caller: Caller, chosen: Filter) -> int:
    from tfui.service import schedules

    if chosen.segment is Segment.ALL or not chosen.search.strip():
        return 0
    return len(schedules.ids(caller, replace(chosen, segment=Segment.ALL).query()))


def look_around(caller: Caller, *, rail: bool, drafts: Path | None = None) -> BarLook:
    """Read what the bars show, and the third column if it is seen. Raises Unavailable."""
    from tfui.service import crowding, engines, failing, missed, queues, schedules

    pulse = schedules.pulse(caller)
    return BarLook(
        pulse=pulse,
        missed=missed.tally(caller),
        troubled=_troubled(caller, pulse),
        causes=failing.causes(caller) if pulse.failing > 1 else (),
        paused=queues.paused(caller),
        crowded=crowding.latest(caller),
        drafts=() if drafts is None else kept_drafts.names(drafts, caller.organization_id),
        nodes=engines.nodes(caller),
        rail=_rail(caller) if rail else None,
    )


def _troubled(caller: Caller, pulse: Pulse) -> list[str]:
    """Name a few of those that need a person."""
    if not pulse.failing and not pulse.late:
        return []
    from tfui.model.schedule import ScheduleQuery
    from tfui.service import schedules

    worst = Condition.FAILED if pulse.failing else Condition.LATE
    query = ScheduleQuery(conditions=frozenset({worst}))
    return [row.name for row in schedules.page(caller, query, limit=TROUBLED).jobs]


def _rail(caller: Caller) -> RailLook:
    from tfui.model.schedule import ScheduleQuery, ScheduleSort
    from tfui.service import journal, schedules

    live = frozenset({Condition.RUNNING, Condition.RETRYING, Condition.QUEUED, Condition.BLOCKED})
    coming = ScheduleQuery(
        sort=ScheduleSort.NEXT,
        conditions=frozenset(Condition)
        - {
            Condition.PAUSED,
            Condition.DISABLED,
        },
    )
    return RailLook(
        upcoming=schedules.page(caller, coming, limit=RAIL_ROWS).jobs,
        active=schedules.page(caller, ScheduleQuery(conditions=live), limit=RAIL_ROWS).jobs,
        activity=journal.entries(caller, limit=RAIL_ROWS),
    )


def rows(caller: Caller, ids: Sequence[UUID]) -> list[ScheduleRow]:
    """Read rows that were missed. Raises Unavailable."""
    from tfui.service import schedules

    return schedules.rows(caller, ids)


def count_paused(caller: Caller, ids: Sequence[UUID]) -> int:
    """Count those that are paused now. Raises Unavailable."""
    from tfui.core.states import ScheduleStatus
    from tfui.model.schedule import ScheduleQuery
    from tfui.service import schedules

    paused = schedules.ids(caller, ScheduleQuery(status=ScheduleStatus.PAUSED))
    return len(set(ids).intersection(paused[:]))


def find(caller: Caller, reference: str) -> UUID:
    """Find a schedule by its name or the beginning of its id. Raises NotFound, Conflict, Unavailable."""
    from tfui.service import schedules

    return schedules.find(caller, reference)


def values_in_use(caller: Caller) -> dict[Word, tuple[str, ...]]:
    """Give the values that a filter may name. Raises Unavailable."""
    from tfui.service import filters

    return filters.values_in_use(caller)


def queue_names(caller: Caller) -> list[str]:
    """Give the names of all queues."""
    return list(values_in_use(caller)[Word.QUEUE])


def zone_names(caller: Caller) -> list[str]:
    """Give the names of all time zones, those in use first."""
    from zoneinfo import available_timezones

    used = values_in_use(caller)[Word.ZONE]
    return [*used, *sorted(available_timezones() - set(used))]


def names(caller: Caller, search: str) -> list[str]:
    """Give some names that have `search` in them."""
    from tfui.model.schedule import ScheduleQuery, ScheduleSort
    from tfui.service import schedules

    query = ScheduleQuery(search=search, sort=ScheduleSort.NAME)
    return [row.name for row in schedules.page(caller, query, limit=NAMES).jobs]
