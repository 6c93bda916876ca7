"""English for numbers, spans and moments, as sentences for people and not for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_UNITS = (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def counted(number: int, word: str) -> str:
    """Say a number of things: `1 start`, `1,200 starts`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def unplanned(schedules: int) -> str:
    """Say that what schedules have missed is not on record yet; nothing where there are none."""
    if not schedules:
        return ""
    are, them = ("is", "it") if schedules == 1 else ("are", "them")
    due = counted(schedules, "schedule")
    return f"{due} {are} due and no engine plans {them}: `tfui engine` starts one"


def span(length: timedelta) -> str:
    """Say a length in whole seconds: `1 hour 30 minutes`."""
    left = length.days * 86_400 + length.seconds
    if 60 < left < 120:
        return f"{left} seconds"
    parts = []
    for name, size in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {name}{'s' if number != 1 else ''}")
    return " ".join(parts) or "0 seconds"


def every(period: timedelta) -> str:
    """Say how often: `Every 90 seconds`, `Every hour`."""
    text = span(period)
    return f"Every {text.removeprefix('1 ') if text.count(' ') == 1 else text}"


def moment(wall: datetime) -> str:
    """Say an aware wall time with its offset: `1 March 2027 09:00 +01:00`."""
    clock = f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
    return f"{date(wall)} {clock} {offset(wall)}"


def date(wall: datetime) -> str:
    """Say a date: `1 March 2027`."""
    return f"{wall.day} {wall:%B} {wall.year}"


def offset(wall: datetime) -> str:
    """Write an aware wall time's offset from UTC: `+01:00`."""
    return wall.isoformat()[len(wall.replace(tzinfo=None).isoformat()) :]


def listing(parts: list[str]) -> str:
    """Join words by commas and `and`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def ordinal(number: int) -> str:
    """Write a number's rank: `1st`, `22nd`, `13th`."""
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
