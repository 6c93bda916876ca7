"""Recurring: a grid of elapsed time, anchor + n x period, that no clock change moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from tfui.core.zone import EPOCH

_MICROSECOND = timedelta(microseconds=1)
_LAST = (datetime.max.replace(tzinfo=EPOCH.tzinfo) - EPOCH) // _MICROSECOND


class Recurring:
    """A period from an anchor on. Made by `trigger.parse`; all instants are aware UTC.

    `next_micros` is for hot paths: whole microseconds since 1970 in and out.
    """

    __slots__ = ("_first", "_step", "anchor", "expression", "period", "zone")

    def __init__(self, expression: str, period: timedelta, anchor: datetime, zone: str) -> None:
        self.expression = expression
        self.period = period
        self.anchor = anchor
        self.zone = zone
        self._first = (anchor - EPOCH) // _MICROSECOND
        self._step = period // _MICROSECOND

    def __repr__(self) -> str:
        return f"Recurring({self.expression!r}, {self.anchor.isoformat()!r})"

    def next_after(self, instant: datetime) -> datetime | None:
        """Give the first instant strictly after `instant`; the anchor is the earliest."""
        found = self.next_micros((instant - EPOCH) // _MICROSECOND)
        return None if found is None else EPOCH + timedelta(microseconds=found)

    def next_micros(self, micros: int) -> int | None:
        """Give the first grid point after `micros`; None past the year 9999."""
        past = micros - self._first
        if past < 0:
            return self._first
        found = self._first + (past // self._step + 1) * self._step
        return found if found <= _LAST else None

    def previous_before(self, instant: datetime) -> datetime | None:
        """Give the last instant strictly before `instant`; None up to the anchor."""
        return self._last_until((instant - EPOCH) // _MICROSECOND - 1)

    def last_at_or_before(self, instant: datetime) -> datetime | None:
        """Give the last instant that is not after `instant`."""
        return self._last_until((instant - EPOCH) // _MICROSECOND)

    def _last_until(self, micros: int) -> datetime | None:
        past = micros - self._first
        if past < 0:
            return None
        return self.anchor + past // self._step * self.period

    def between(
        self, after: datetime, until: datetime, *, limit: int | None = None
    ) -> list[datetime]:
        """Give the instants in `(after, until]`, ascending, `limit` of them at most."""
        total = self.count(after, until)
        first = self.next_after(after)
        if not total or first is None:
            return []
        wanted = total if limit is None else min(limit, total)
        return [first + number * self.period for number in range(wanted)]

    def count(self, after: datetime, until: datetime) -> int:
        """Count the instants in `(after, until]` without visiting them."""
        return max(0, self._reached(until) - self._reached(after))

    def describe(self) -> str:
        """Say in English how often it fires."""
        from tfui.core.words import every

        return every(self.period)

    def _reached(self, instant: datetime) -> int:
        """How many grid points are not after `instant`."""
        past = (instant - EPOCH) // _MICROSECOND - self._first
        return past // self._step + 1 if past >= 0 else 0
