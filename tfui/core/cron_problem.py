"""What is wrong with one field of a cron expression, in words that name the place and the way out.

Asked only once a text has been refused, so that reading a right one stays quick.
"""

from __future__ import annotations

import re

from tfui.core.cron_kind import DASH, DAY_OF_MONTH, DAY_OF_WEEK, FieldKind, value

_FROM_LAST = re.compile(r"L-[0-9]{1,9}")
_NEAREST = re.compile(r"[0-9]{1,9}W")
_NTH = re.compile(r"([0-9]|[A-Z]{3})#([0-9]{1,9})")


class BadFieldError(ValueError):
    """A field's text breaks the grammar between two positions of it."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text)
        self.text = text
        self.start = start
        self.end = end


def problem(kind: FieldKind, item: str, start: int) -> BadFieldError:
    """Find what is wrong with an item that no rule accepted."""
    end = start + len(item)

    def bad(text: str, first: int = start, last: int = end) -> BadFieldError:
        return BadFieldError(f"{kind.name}: {text}", first, last)

    if not item:
        return bad(f"a value is missing beside the comma; it may be {kind.allowed}", start, end + 1)
    if item == "?":
        return bad("? may stand only alone, and only in a day field")
    if item[0] == "@":
        return bad("an @name stands alone, without other fields")
    if "~" in item:
        return bad("~ (a random value) is refused; H gives a value that stays the same")
    if item in {"R", "RANDOM"} or item.startswith("R("):
        return bad("R (a random value) is refused; H gives a value that stays the same")
    if item[0] == "H":
        return bad(f"{cut(item)} is not H, H({kind.low}-{kind.high}), H(a-b) or H/n")
    special = _special_problem(kind, item)
    if special:
        return bad(special)
    body, slash, step = item.partition("/")
    if slash and not (step.isdigit() and step.isascii() and step.strip("0")):
        first = start + len(body) + 1
        return bad(
            f"the step {cut(step)} is not a whole number above 0" if step else "a step is missing",
            first if step else first - 1,
            end,
        )
    at = start
    for number, part in enumerate(body.split("-")):
        wrong = _part_problem(kind, part, alone=body == part)
        if number > 1:
            return bad(f"{cut(body)} has too many dashes for a range")
        if wrong:
            return bad(wrong, at, max(at + len(part), at + 1))
        at += len(part) + 1
    return bad(f"{cut(item)} is not understood; it may be {kind.allowed}")


def _special_problem(kind: FieldKind, item: str) -> str | None:
    """Explain the day forms where they are out of place or out of range."""
    if kind is DAY_OF_MONTH:
        if _FROM_LAST.fullmatch(item):
            return f"{item}: a month has no more than 30 days before its last"
        if _NEAREST.fullmatch(item):
            return f"{item}: the day before W is outside 1{DASH}31"
        if "W" in item or "L" in item:
            return f"{cut(item)} is not L, L-n, nW or LW"
        if "#" in item:
            return "# belongs in the day of week, as in 2#1 for the first Tuesday"
    elif kind is DAY_OF_WEEK:
        if item == "L":
            return "L needs a weekday before it, as in 5L for the last Friday"
        if match := _NTH.fullmatch(item):
            if value(kind, match[1]) is None:
                return f"{match[1]} is not a weekday (0{DASH}7 or SUN{DASH}SAT)"
            return f"a month has no {match[2]}th weekday; # takes 1{DASH}5"
        if "#" in item:
            return f"{cut(item)} is not a weekday, # and a number from 1 to 5"
        if re.fullmatch(r"[0-9]{1,9}W|LW", item):
            return "W belongs in the day of month, as in 15W"
    elif re.fullmatch(r"L(?:-[0-9]+)?|LW|[0-9]+[LW]|[0-9A-Z]+#[0-9]+", item):
        return f"{cut(item)} belongs in a day field"
    return None


def _part_problem(kind: FieldKind, part: str, *, alone: bool) -> str | None:
    if part == "*":
        return None if alone else "* cannot be an end of a range"
    if not part:
        return f"a value is missing; it may be {kind.allowed}"
    if part.isascii() and part.isdigit():
        if len(part) > 9 or not kind.low <= int(part) <= kind.high:
            return f"{cut(part)} is outside {kind.low}{DASH}{kind.high}"
        return None
    if part in kind.names:
        return None
    return f"{cut(part)} is not understood; it may be {kind.allowed}"


def cut(text: str) -> str:
    """Shorten what is quoted back in a message."""
    return text if len(text) <= 20 else text[:20] + "…"
