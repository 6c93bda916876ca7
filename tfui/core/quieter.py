"""A quieter minute: where, near the one that was written, the fewest others start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUTE = {5: 0, 6: 1}  # the place of the minute's field, by the number of fields
_NUMBER = re.compile(r"[0-9]{1,2}")


def minute_of(expression: str) -> int | None:
    """Give the minute of a cron expression that has exactly one, written as a number."""
    fields = expression.split()
    place = _MINUTE.get(len(fields))
    if place is None or not _NUMBER.fullmatch(fields[place]):
        return None
    minute = int(fields[place])
    return minute if minute < 60 else None


def with_minute(expression: str, minute: int) -> str:
    """Write another minute into such an expression."""
    fields = expression.split()
    fields[_MINUTE[len(fields)]] = str(minute)
    return " ".join(fields)


def quieter(starts: Sequence[int], wanted: int) -> int | None:
    """Choose the minute of the hour with the fewest starts; of several, the nearest, then the earlier.

    None when the wanted one is as good as any.
    """
    best = min(
        range(len(starts)), key=lambda minute: (starts[minute], abs(minute - wanted), minute)
    )
    return best if starts[best] < starts[wanted] else None
