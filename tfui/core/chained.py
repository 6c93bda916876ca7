"""Chained: a schedule without a time of its own, which runs when the schedules before it do.

What it planned is what those fired, which the rows tell and no trigger can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Chained:
    """No instant at all, so that nothing is ever planned or missed. Made by `trigger.parse`."""

    __slots__ = ("expression", "zone")

    def __init__(self, expression: str, zone: str) -> None:
        """Keep what was written; the zone is only what its times are shown in."""
        self.expression = expression
        self.zone = zone

    def __repr__(self) -> str:
        return "Chained()"

    def next_after(self, instant: datetime) -> datetime | None:
        """Give None."""
        del instant
        return None

    def next_micros(self, micros: int) -> int | None:
        """Give None."""
        del micros
        return None

    def previous_before(self, instant: datetime) -> datetime | None:
        """Give None."""
        del instant
        return None

    def last_at_or_before(self, instant: datetime) -> datetime | None:
        """Give None."""
        del instant
        return None

    def between(
        self, after: datetime, until: datetime, *, limit: int | None = None
    ) -> list[datetime]:
        """Give nothing."""
        del after, until, limit
        return []

    def count(self, after: datetime, until: datetime) -> int:
        """Give 0."""
        del after, until
        return 0

    def describe(self) -> str:
        """Say when it runs, in words."""
        return "when the schedules it comes after do"
