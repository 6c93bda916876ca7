"""What a trigger will do, worked out at each keystroke: its description, runs, warnings and week.

Values only; a widget draws them. It is kept to a few milliseconds, so that the preview changes in
the same frame as the text.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core import jitter as jitter_of
from tfui.core import lint, trigger
from tfui.core.cron import Cron
from tfui.core.once import Once
from tfui.core.zone import EPOCH
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tfui.core.trigger import Trigger
    from tfui.core.warning import Warning_
    from tfui.model.schedule import ScheduleDraft

SHOWN = 8
YEAR = timedelta(days=366)
FORTNIGHT = timedelta(days=14)
_COMPARED = 300  # instants listed at most to tell what a change adds and removes
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One coming run."""

    nominal_at: datetime
    """On the wall clock of the schedule's zone."""
    delay: timedelta | None
    """How much later it starts by its jitter; None where that is known only once saved."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week's picture."""

    at: datetime
    hours: tuple[int | None, ...]
    """Starts in each hour of the wall clock; None for what is past."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a trigger will do from `now` on."""

    description: str
    runs: tuple[Run, ...]
    warnings: tuple[Warning_, ...]
    now: datetime
    zone: str
    jitter: timedelta
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Shift:
    """What a changed trigger adds and removes within `window` from now."""

    window: timedelta
    added: int
    removed: int
    first_added: datetime | None
    first_removed: datetime | None
    is_counted: bool = False
    """Too many to compare one by one; `added` and `removed` are the totals after and before."""


def read_trigger(
    draft: ScheduleDraft,
    *,
    now: datetime,
    seed: str,
    anchor: datetime,
    may_be_past: bool = False,
) -> Trigger:
    """Read the draft's trigger; Invalid names its fields, also for an instant already past."""
    rule = trigger.parse(
        draft.schedule_type,
        draft.schedule_expression,
        zone=draft.timezone,
        anchor=draft.starts_at or anchor,
        seed=seed,
    )
    if isinstance(rule, Once) and rule.at <= now and not may_be_past:
        said = rule.describe().removeprefix("Once, ")
        raise Invalid({"schedule_expression": f"{said} is already past"})
    return rule


def look_ahead(
    rule: Trigger, draft: ScheduleDraft, *, now: datetime, schedule_id: UUID | None
) -> Outlook:
    """Say what a readable trigger will do within the draft's start, end and limit of runs."""
    where = find_zone(rule.zone)
    spread = draft.jitter or timedelta(0)
    nominal = coming(rule, draft, now=now)
    runs = tuple(
        Run(
            at.astimezone(where.wall(0).tzinfo),
            _delay(schedule_id, at, spread),
        )
        for at in nominal
    )
    return Outlook(
        rule.describe(), runs, _warnings(rule, now, nominal), now, rule.zone, spread, rule
    )


def coming(
    rule: Trigger, draft: ScheduleDraft, *, now: datetime, count: int = SHOWN
) -> list[datetime]:
    """Give the next nominal instants, in UTC, that the draft allows."""
    after = now if draft.starts_at is None else max(now, draft.starts_at - _TICK)
    if draft.max_runs is not None:
        count = min(count, max(draft.max_runs, 0))
    found: list[datetime] = []
    step = rule.next_after(after)
    while step is not None and len(found) < count:
        if draft.ends_at is not None and step > draft.ends_at:
            break
        found.append(step)
        step = rule.next_after(step)
    return found


def week(outlook: Outlook) -> tuple[Day, ...]:
    """Count the starts of each hour for seven days of the zone's wall clock, today first."""
    where = find_zone(outlook.zone)
    now = _epoch(outlook.now)
    midnight = where.wall(now).replace(hour=0, minute=0, second=0, tzinfo=None)
    second = where.instant(_epoch(midnight.replace(tzinfo=EPOCH.tzinfo)))
    counts: dict[datetime, list[int | None]] = {
        midnight + timedelta(days=number): [None] * 24 for number in range(7)
    }
    starts = _starts(outlook.trigger, outlook.now)
    while True:
        wall = where.wall(second)
        hours = counts.get(wall.replace(hour=0, minute=0, tzinfo=None))
        if hours is None:
            return tuple(Day(day, tuple(hours)) for day, hours in counts.items())
        if second + 3600 > now:
            hours[wall.hour] = (hours[wall.hour] or 0) + starts(max(second, now), second + 3600)
        second += 3600


def _starts(rule: Trigger, now: datetime) -> Callable[[int, int], int]:
    """Give a way to count the starts in a span of seconds that is quick for this trigger."""
    end = now + timedelta(days=9)
    if rule.count(now, end) > _COMPARED:
        return lambda start, stop: rule.count(_instant(start) - _TICK, _instant(stop) - _TICK)
    instants = [_epoch(at) for at in rule.between(now, end)]
    return lambda start, stop: bisect_left(instants, stop) - bisect_left(instants, start)


def _epoch(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def _instant(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def compare(old: Trigger, new: Trigger, *, now: datetime) -> Shift:
    """Tell which runs a changed trigger adds and removes in the coming days."""
    for window in (FORTNIGHT, timedelta(days=1)):
        until = now + window
        if max(old.count(now, until), new.count(now, until)) <= _COMPARED:
            before, after = set(old.between(now, until)), set(new.between(now, until))
            added, removed = after - before, before - after
            return Shift(
                window,
                len(added),
                len(removed),
                min(added, default=None),
                min(removed, default=None),
            )
    until = now + timedelta(days=1)
    return Shift(
        timedelta(days=1), new.count(now, until), old.count(now, until), None, None, is_counted=True
    )


def _delay(schedule_id: UUID | None, nominal: datetime, spread: timedelta) -> timedelta | None:
    if schedule_id is None:
        return None if spread else timedelta(0)
    return jitter_of.offset(schedule_id, nominal, spread)


def _warnings(rule: Trigger, now: datetime, nominal: list[datetime]) -> tuple[Warning_, ...]:
    """Tell of clock changes a year ahead where a set time meets them, else of near ones only."""
    last = nominal[-1] if nominal else now
    is_fixed = isinstance(rule, Cron) and rule.is_fixed
    until = min(max(last, now + (YEAR if is_fixed else FORTNIGHT)), now + YEAR)
    return tuple(
        warning
        for warning in lint.warnings(rule, now=now, until=until)
        if warning.code != "offset_change" or (warning.at is not None and warning.at <= last)
    )
