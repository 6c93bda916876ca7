"""Whether a trigger means an instant, field by field, and what the clock's changes do to it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from tfui.core.chained import Chained
from tfui.core.cron import Cron
from tfui.core.days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, DayRule, MonthDays, WeekDays
from tfui.core.explanation import Step
from tfui.core.once import Once
from tfui.core.recurring import Recurring
from tfui.core.words import offset, ordinal, span
from tfui.core.zone import CORRECTION, DAY, EPOCH, Change
from tfui.core.zone import zone as find_zone

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.trigger import Trigger

_SECOND = timedelta(seconds=1)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_THURSDAY = 4  # the weekday of day 0


def occurrence_at(trigger: Trigger, at: datetime) -> datetime | None:
    """Give the occurrence within the second of `at`, which is as exactly as people ask."""
    whole = at - timedelta(microseconds=at.microsecond)
    found = trigger.next_after(whole - timedelta(microseconds=1))
    return found if found is not None and found < whole + _SECOND else None


def nearest(
    trigger: Trigger,
    at: datetime,
    *,
    after: datetime | None = None,
    until: datetime | None = None,
) -> datetime | None:
    """Give the occurrence at `at`, or else the one that lies closest; None if there is none at all.

    None of those counts that are not after `after`, or are after `until`.
    """
    exact = occurrence_at(trigger, at)
    if exact is not None:
        return exact
    inside = [
        one
        for one in (trigger.last_at_or_before(at), trigger.next_after(at))
        if one is not None and (after is None or one > after) and (until is None or one <= until)
    ]
    return min(inside, key=lambda one: abs(one - at), default=None)


def local(instant: datetime, zone_name: str) -> str:
    """Write an instant on a zone's clock with its offset: `2027-03-28 03:00 +02:00`.

    In UTC where that clock would show no year from 1 to 9999.
    """
    try:
        wall = find_zone(zone_name).wall((instant - EPOCH) // _SECOND)
    except OverflowError:
        wall = instant.astimezone(UTC)
    return f"{wall:%Y-%m-%d %H:%M}{f':{wall:%S}' if wall.second else ''} {offset(wall)}"


def mismatches(trigger: Trigger, at: datetime) -> list[str]:
    """Say briefly what keeps the trigger from meaning `at`: `minute 31 is not in 0,30`."""
    return [
        f"{step.title} {step.text.partition(': ')[0]}"
        for step in fields(trigger, at)
        if step.ok is False
    ]


def fields(trigger: Trigger, at: datetime) -> list[Step]:
    """Hold `at` against each part of the trigger."""
    if isinstance(trigger, Once):
        return [
            _step("instant", f"{local(trigger.at, trigger.zone)} is the only one", trigger.at == at)
        ]
    if isinstance(trigger, Chained):
        return []
    if isinstance(trigger, Recurring):
        return [_grid(trigger.anchor, trigger.period, at, trigger.zone)]
    return _cron(trigger, at)


def clock_change(trigger: Trigger, at: datetime, now: datetime) -> Step | None:
    """Tell of a change of the clock, past or to come, that bears on runs at about `at`."""
    if not isinstance(trigger, Cron):
        return None
    zone = find_zone(trigger.zone)
    second = (at - EPOCH) // _SECOND
    for change in zone.changes(second - DAY, second + DAY):
        width = abs(change.after - change.before)
        if abs(second - change.at) <= width:
            return Step("Clock change", _told(trigger, change, now), None)
    return None


def _told(cron: Cron, change: Change, now: datetime) -> str:
    wall = find_zone(cron.zone).wall(change.at)
    goes = "goes" if (now - EPOCH) // _SECOND < change.at else "went"
    old, new = change.at + change.before, change.at + change.after
    head = f"on {wall:%Y-%m-%d} the clock of {cron.zone} {goes} from {_clock(old)} to {_clock(new)}"
    if abs(new - old) >= CORRECTION:
        return f"{head}, a correction: runs in between are not made up"
    if new > old:
        what = (
            f"times in between did not exist, and a run set for one of them starts at {_clock(new)}"
            if cron.is_fixed
            else "times in between did not exist and have no runs"
        )
    else:
        what = (
            "times in between came twice, and a run set for one of them starts the first time only"
            if cron.is_fixed
            else "times in between came twice, and so do the runs"
        )
    return f"{head}: {what}"


def _cron(cron: Cron, at: datetime) -> list[Step]:
    wall = find_zone(cron.zone).wall((at - EPOCH) // _SECOND)
    texts = cron.fields.texts
    steps = []
    if cron.fields.has_seconds or wall.second:
        steps.append(_value("second", wall.second, cron.fields.seconds, texts[0]))
    steps.append(_value("minute", wall.minute, cron.fields.minutes, texts[1]))
    steps.append(_value("hour", wall.hour, cron.fields.hours, texts[2]))
    steps += _days(cron.fields.days, texts, wall)
    return steps


def _days(rule: DayRule, texts: tuple[str, ...], wall: datetime) -> list[Step]:
    day = wall.toordinal() - EPOCH.toordinal()
    weekday = (day + _THURSDAY) % 7
    by_date = DayRule(rule.month_days, ALL_MONTHS, WeekDays(ALL_WEEKDAYS), joined=True)
    by_weekday = DayRule(MonthDays(ALL_DAYS), ALL_MONTHS, rule.week_days, joined=True)
    is_date, is_weekday = bool(by_date.count(day, day + 1)), bool(by_weekday.count(day, day + 1))
    date_text = f"{ordinal(wall.day)} {_in(is_date)} {texts[3]}"
    weekday_text = f"{_WEEKDAYS[weekday]} {_in(is_weekday)} {texts[5]}"
    month = _value("month", wall.month, rule.months, texts[4])
    if rule.joined:
        return [
            _step("day of month", date_text, is_date),
            month,
            _step("day of week", weekday_text, is_weekday),
        ]
    both = f"{date_text}, {weekday_text}: either is enough"
    return [_step("day of month or week", both, is_date or is_weekday), month]


def _grid(anchor: datetime, period: timedelta, at: datetime, zone_name: str) -> Step:
    if at < anchor:
        text = f"{span(anchor - at)} before the first, {local(anchor, zone_name)}"
        return _step("elapsed time", text, is_met=False)
    past = (at - anchor) % period
    left = min(past, period - past)
    text = f"a whole number of periods since {local(anchor, zone_name)}"
    if left < _SECOND:
        return _step("elapsed time", text, is_met=True)
    return _step("elapsed time", f"{span(left)} away from {text}", is_met=False)


def _value(title: str, value: int, mask: int, text: str) -> Step:
    is_met = bool(mask >> value & 1)
    return _step(title, f"{value} {_in(is_met)} {text}", is_met)


def _step(title: str, text: str, is_met: bool) -> Step:  # noqa: FBT001  # the third column of a row
    return Step(title, text, is_met)


def _in(is_met: bool) -> str:  # noqa: FBT001  # reads as a word
    return "is in" if is_met else "is not in"


def _clock(wall: int) -> str:
    shown = EPOCH + timedelta(seconds=wall)
    return f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"
