"""What changes of the clock do to a trigger within a window, one warning for each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.cron import Cron
from tfui.core.once import Once
from tfui.core.recurring import Recurring
from tfui.core.warning import Warning_
from tfui.core.words import date, offset, span
from tfui.core.zone import CORRECTION, DAY, EPOCH, Change, Zone
from tfui.core.zone import zone as find_zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tfui.core.trigger import Trigger

_YEAR = 366 * DAY
_LONGEST = 20 * _YEAR  # a rare rule's window spans centuries; its later changes help nobody
_MOST = 8


def warnings(trigger: Trigger, *, now: datetime, until: datetime) -> Iterator[Warning_]:
    """Tell what each change of the clock in `(now, until]` does to the runs around it."""
    zone = find_zone(trigger.zone)
    start = (now - EPOCH) // timedelta(seconds=1)
    if isinstance(trigger, Once):
        yield from _once(trigger, zone)
    elif isinstance(trigger, Recurring):
        yield from _recurring(trigger, zone, start)
    elif isinstance(trigger, Cron):
        end = min((until - EPOCH) // timedelta(seconds=1), start + _LONGEST)
        yield from _sparing(_cron(trigger, zone, change) for change in zone.changes(start, end))


def _sparing(found: Iterator[Warning_]) -> Iterator[Warning_]:
    """Tell of a mere change of offset once, and of a handful of others."""
    told = 0
    seen: set[str] = set()
    for warning in found:
        if warning.code != "offset_change" or warning.code not in seen:
            told += 1
            yield warning
        seen.add(warning.code)
        if told == _MOST:
            return


def _warning(code: str, text: str, second: int) -> Warning_:
    return Warning_(code, text, EPOCH + timedelta(seconds=second))


def _cron(cron: Cron, zone: Zone, change: Change) -> Warning_:
    old, new = change.at + change.before, change.at + change.after
    day = date(zone.wall(change.at))
    way = "forward" if new > old else "back"
    # A missing day is a jump between two dates, and its two times of day may be the same.
    names_days = old // DAY != new // DAY
    head = f"{day}: clocks go {way} from {_clock(old, names_day=names_days)} to {_clock(new, names_day=names_days)}"
    touched = cron.wall_times(min(old, new), max(old, new))
    if not touched:
        now_at = offset(zone.wall(change.at))
        return _warning(
            "offset_change", f"{head}; no run is touched, the offset becomes {now_at}.", change.at
        )
    start, end = min(old, new), max(old, new)
    total = cron.wall_count(start, end)
    times = _times(touched, total)
    one = total == 1
    if end - start >= CORRECTION:
        lost = "is left out" if one else "are left out"
        both = f"{'runs' if one else 'run'} on both passes"
        text = f"{head}, a correction; {times} {lost if new > old else both}."
        return _warning("clock_correction", text, change.at)
    if new > old and cron.is_fixed:
        text = f"{head}; {times} {'runs' if one else 'run once'} at {_clock(new)} instead."
    elif new > old:
        text = f"{head}; {times} {'does' if one else 'do'} not exist then and {'is' if one else 'are'} left out."
    elif cron.is_fixed:
        text = f"{head}; {times} {'runs' if one else 'run'} once, the first time."
    else:
        text = f"{head}; {times} {'comes' if one else 'come'} twice and {'runs' if one else 'run'} both times."
    return _warning("gap" if new > old else "fold", text, change.at)


def _times(touched: list[int], total: int) -> str:
    shown = ", ".join(_clock(wall) for wall in touched)
    more = total - len(touched)
    return shown + (f" and {more} more" if more else "")


def _once(once: Once, zone: Zone) -> Iterator[Warning_]:
    wall = once.wall
    if wall is None:
        return
    second = zone.instant(wall)
    for change in zone.changes(second - 2 * DAY, second + 2 * DAY):
        old, new = change.at + change.before, change.at + change.after
        if old <= wall < new:
            yield _warning(
                "gap",
                f"{_clock(wall)} does not exist on that day; it runs at {_clock(new)}.",
                second,
            )
        elif new <= wall < old:
            yield _warning(
                "fold", f"{_clock(wall)} comes twice on that day; it runs the first time.", second
            )


def _recurring(recurring: Recurring, zone: Zone, start: int) -> Iterator[Warning_]:
    if recurring.period % timedelta(days=1):
        return
    for change in zone.changes(start, start + _YEAR):
        shift = change.after - change.before
        if shift % DAY:
            way = "later" if shift > 0 else "earlier"
            text = (
                f"From {date(zone.wall(change.at))} on it runs {span(timedelta(seconds=abs(shift)))} {way} by the "
                "clock: a day is 24 hours of elapsed time. A cron schedule keeps the time of day."
            )
            yield _warning("moving_day", text, change.at)
            return


def _clock(wall: int, *, names_day: bool = False) -> str:
    shown = EPOCH + timedelta(seconds=wall)
    text = f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"
    return f"{text} on {date(shown)}" if names_day else text
