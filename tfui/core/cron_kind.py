"""The six fields of a cron expression: what each is called and may hold."""

from __future__ import annotations

from dataclasses import dataclass

DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, eq=False)  # six exist; hashing by identity is faster
class FieldKind:
    """What one of the six fields may hold."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    """Three-letter names of the values, from `low` up."""
    forms: str = ""
    """Forms beyond numbers, lists, ranges and steps, for messages."""

    @property
    def allowed(self) -> str:
        """What may be written here, in a phrase."""
        span = f"{self.low}{DASH}{self.high}"
        if self.names:
            span += f" or {self.names[0]}{DASH}{self.names[-1]}"
        return span + (f", {self.forms}" if self.forms else "")


SECOND = FieldKind("second", 0, 59)
MINUTE = FieldKind("minute", 0, 59)
HOUR = FieldKind("hour", 0, 23)
DAY_OF_MONTH = FieldKind("day of month", 1, 31, forms="L, L-3, 15W, LW or ?")
MONTH = FieldKind(
    "month",
    1,
    12,
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
DAY_OF_WEEK = FieldKind(
    "day of week",
    0,
    7,
    ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
    forms="2#1, 5L or ?",
)

KINDS = (SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK)


def value(kind: FieldKind, text: str) -> int | None:
    """Read a number or name that `kind` may hold; None if it may not."""
    if text[0] <= "9":
        number = int(text)
        return number if kind.low <= number <= kind.high else None
    return kind.names.index(text) + kind.low if text in kind.names else None
