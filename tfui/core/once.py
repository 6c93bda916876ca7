"""Once: a single instant, written as such, as a wall time, or as a duration from the anchor."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tfui.core.duration import parse_duration
from tfui.core.zone import DAY, EPOCH, Zone
from tfui.errors import Invalid, Problem

FIELD = "schedule_expression"

_WRITTEN = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))?",
)
_DATE_LIKE = re.compile(r"[0-9]{1,4}-|[0-9]{1,2}[:/.]")


class Once:
    """One instant. Made by `trigger.parse`; all instants are aware UTC."""

    __slots__ = ("_zone", "at", "expression", "wall", "zone")

    def __init__(
        self, expression: str, at: datetime, zone: Zone, *, wall: int | None = None
    ) -> None:
        """Keep an instant; `wall` is the zone's wall second that was written, if one was."""
        self.expression = expression
        self.at = at
        self.zone = zone.name
        self.wall = wall
        self._zone = zone

    def __repr__(self) -> str:
        return f"Once({self.at.isoformat()!r})"

    def next_after(self, instant: datetime) -> datetime | None:
        """Give the instant if it is strictly after `instant`."""
        return self.at if self.at > instant else None

    def next_micros(self, micros: int) -> int | None:
        """Give the instant in whole microseconds since 1970, if it is after `micros`."""
        at = (self.at - EPOCH) // timedelta(microseconds=1)
        return at if at > micros else None

    def previous_before(self, instant: datetime) -> datetime | None:
        """Give the instant if it is strictly before `instant`."""
        return self.at if self.at < instant else None

    def last_at_or_before(self, instant: datetime) -> datetime | None:
        """Give the instant if it is not after `instant`."""
        return self.at if self.at <= instant else None

    def between(
        self, after: datetime, until: datetime, *, limit: int | None = None
    ) -> list[datetime]:
        """Give the instant if it is in `(after, until]`, unless `limit` is 0."""
        return [self.at] if after < self.at <= until and limit != 0 else []

    def count(self, after: datetime, until: datetime) -> int:
        """Count the instants in `(after, until]`: one or none."""
        return int(after < self.at <= until)

    def describe(self) -> str:
        """Say in English when it fires, on the zone's clock with its offset."""
        from tfui.core.words import moment

        span = self.at - EPOCH
        try:
            wall = self._zone.wall(span.days * DAY + span.seconds)
        except OverflowError:  # that clock would show the year 10000
            wall = self.at
        return f"Once, {moment(wall)}"


def read(expression: str, *, zone: Zone, anchor: datetime) -> Once:
    """Find the instant an expression means; Invalid names `schedule_expression`."""
    text = expression.strip(" \t")
    match = _WRITTEN.fullmatch(text)
    try:
        if match:
            return _written(expression, match, zone)
        if text[:1] == "P" or not _DATE_LIKE.match(text):
            return Once(expression, anchor + parse_duration(text, field=FIELD), zone)
    except Invalid as bad:
        raise Invalid({FIELD: _with_date_hint(bad.fields[FIELD])}) from None
    except OverflowError:
        raise Invalid({FIELD: f"{text} lies beyond the year 9999"}) from None
    except ValueError as wrong:
        raise Invalid({FIELD: f"{text} does not exist: {wrong}"}) from None
    shown = text if len(text) <= 40 else text[:40] + "…"
    raise Invalid({FIELD: f"{shown!a} is not a date and time like 2027-03-01 09:00"})


def _written(expression: str, match: re.Match[str], zone: Zone) -> Once:
    year, month, day, hour, minute, second = (int(match[part] or 0) for part in range(1, 7))
    micros = int((match[7] or "").ljust(6, "0")[:6])
    wall = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    fraction = timedelta(microseconds=micros)
    if match[8]:
        return Once(expression, wall + fraction, zone)
    if match[9]:
        hours, minutes = int(match[10]), int(match[11])
        if hours > 23 or minutes > 59:
            raise ValueError(f"an offset of {match[9]}{match[10]}:{match[11]}")
        shift = timedelta(hours=hours, minutes=minutes)
        at = wall - shift if match[9] == "+" else wall + shift
        return Once(expression, at + fraction, zone)
    span = wall - EPOCH
    written = span.days * DAY + span.seconds
    at = EPOCH + timedelta(seconds=zone.instant(written)) + fraction
    return Once(expression, at, zone, wall=written)


def _with_date_hint(problem: Problem) -> Problem:
    return Problem(f"{problem.text}; or give a time like 2027-03-01 09:00", problem.span)
