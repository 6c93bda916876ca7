"""Instants on the command line: read from options, and said beside the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core import once
from tfui.core.duration import parse_duration
from tfui.core.zone import zone
from tfui.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime, timedelta

_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def read_instant(
    text: str, *, option: str, now: datetime, zone_name: str, is_past: bool = False
) -> datetime:
    """Read ISO 8601, a wall time in the zone, or a span from (`is_past`: before) now. Raises Invalid."""
    if text == "now":
        return now
    try:
        if is_past and text[:1].isdigit() and text[-1:] in "wdhms":
            return now - parse_duration(text, field=option)
        return once.read(_with_clock(text), zone=zone(zone_name), anchor=now).at
    except Invalid as bad:
        raise Invalid({option: next(iter(bad.fields.values()))}) from None


def read_past(text: str | None, *, option: str, now: datetime, zone_name: str) -> datetime | None:
    """Read an instant that may be told as a span before now, or None. Raises Invalid."""
    if text is None:
        return None
    return read_instant(text, option=option, now=now, zone_name=zone_name, is_past=True)


def _with_clock(text: str) -> str:
    """Let a bare date mean its midnight."""
    return f"{text} 00:00" if len(text) == 10 and text.count("-") == 2 else text


def relative(instant: datetime | None, now: datetime) -> str:
    """Say how far away an instant is: `in 4m 12s`, `6h ago`, `now`; a dash for none."""
    if instant is None:
        return "-"
    seconds = round((instant - now).total_seconds())
    if seconds == 0:
        return "now"
    return f"in {span(seconds)}" if seconds > 0 else f"{span(-seconds)} ago"


def span(seconds: float) -> str:
    """Say a length in its two largest units: `1d 4h`, `12s`, `0.25s`."""
    if 0 < seconds < 10 and seconds != int(seconds):
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + "s"
    left = round(seconds)
    for place, (size, unit) in enumerate(_UNITS):
        number, rest = divmod(left, size)
        if number:
            smaller = _UNITS[place + 1] if place + 1 < len(_UNITS) else None
            more = rest // smaller[0] if smaller and number < 10 else 0
            return f"{number}{unit}" + (f" {more}{smaller[1]}" if smaller and more else "")
    return "0s"


def absolute(instant: datetime | None, zone_name: str) -> str:
    """Write an instant on a zone's clock with its offset: `2026-01-05 13:00:00+01:00`; a dash for none."""
    if instant is None:
        return "-"
    return on_clock(instant, zone_name).isoformat(sep=" ", timespec="seconds")


def on_clock(instant: datetime, zone_name: str) -> datetime:
    """Give an instant on a zone's clock; in UTC where that clock would show no year from 1 to 9999."""
    from zoneinfo import ZoneInfo

    try:
        return instant.astimezone(ZoneInfo(zone_name))
    except OverflowError:
        return instant


def since(start: datetime | None, end: datetime | None, now: datetime) -> timedelta | None:
    """Give how long something took, or has taken until now; None before it starts."""
    return None if start is None else (end or now) - start
