"""Spans and moments in the few cells a terminal has: `in 04:12`, `6h ago`, `Tue 06 Jan 02:30 +01:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_SAID = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( [+-]\d\d:\d\d|Z)(?!\d)")


def short(span: timedelta) -> str:
    """Say a span by its largest unit: `41s`, `5m`, `6h`, `3d`, `2y`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 86_400:
        return f"{seconds // 3600}h"
    days = seconds // 86_400
    return f"{days}d" if days < 1000 else f"{days // 365}y"


def long(span: timedelta) -> str:
    """Say a span by its two largest units: `41s`, `5m 10s`, `17h 29m`, `3d 04h`, `212d`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m {seconds % 60:02}s"
    if seconds < 86_400:
        return f"{seconds // 3600}h {seconds % 3600 // 60:02}m"
    days = seconds // 86_400
    return f"{days}d {seconds % 86_400 // 3600:02}h" if days < 100 else short(span)


def countdown(span: timedelta) -> str:
    """Say how long until something, seconds rounded up: `04:12` below an hour, else two units."""
    seconds = max(0, -int(-span.total_seconds() // 1))
    if seconds < 3600:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    return long(timedelta(seconds=seconds))


def took(seconds: float | None) -> str:
    """Say how long a run took: `0.2s`, `12s`, `4m`."""
    if seconds is None:
        return "—"
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    return short(timedelta(seconds=round(seconds)))


class ZoneChoice(StrEnum):
    """Whose clock times are shown on; `t` goes round."""

    SCHEDULE = "schedule"
    LOCAL = "local"
    UTC = "utc"

    def following(self) -> ZoneChoice:
        """Give the next one."""
        choices = list(ZoneChoice)
        return choices[(choices.index(self) + 1) % len(choices)]


def zone_of(choice: ZoneChoice, timezone: str, local: tzinfo | None) -> tzinfo | None:
    """Give the zone to show a schedule's times in; None is the machine's own."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if choice is ZoneChoice.UTC:
        return UTC
    if choice is ZoneChoice.LOCAL:
        return local
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        # A zone that the machine no longer knows: the instant is still right in UTC.
        return UTC


def offset(wall: datetime) -> str:
    """Write an aware time's offset from UTC: `+01:00`."""
    text = f"{wall:%z}"
    return f"{text[:3]}:{text[3:5]}"


def moment(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Say an instant on a zone's clock with its offset; the year only when it is another one."""
    wall = at.astimezone(zone)
    day = f"{wall:%a %d %b}"
    if wall.year != now.astimezone(zone).year:
        day = f"{day} {wall.year}"
    clock = f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
    return f"{day} {clock} {offset(wall)}"


def lately(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Say a past instant in at most twelve cells: `09:30:15` today, else `06 Jan 09:30`."""
    wall = at.astimezone(zone)
    is_today = wall.date() == now.astimezone(zone).date()
    return f"{wall:%H:%M:%S}" if is_today else f"{wall:%d %b %H:%M}"


def retold(text: str, now: datetime) -> str:
    """Write the instants of a sentence, as the core says them, as `moment` does; their offsets stay."""
    return _SAID.sub(lambda found: _moment_of(found[0], now), text)


def _moment_of(said: str, now: datetime) -> str:
    day, _, clock = said.partition(" ")
    try:
        at = datetime.fromisoformat(f"{day}T{clock.replace(' ', '')}")
    except ValueError:
        return said  # what only looks like an instant, in an error or a note
    told = moment(at, at.tzinfo, now)
    return told.replace("+00:00", "UTC") if said.endswith("Z") else told


def day_or_clock(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Say an instant in at most ten cells: `09:30` today, else `06 Jan`, else `Jan 2027`."""
    wall, today = at.astimezone(zone), now.astimezone(zone)
    if wall.date() == today.date():
        return f"{wall:%H:%M}"
    return f"{wall:%d %b}" if abs(wall - today) < timedelta(days=300) else f"{wall:%b %Y}"
