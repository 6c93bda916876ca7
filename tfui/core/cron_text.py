"""A whole cron expression: cut into fields, each read, joined into what the set walk needs.

Refuses what tfui does not mean to support, and says why and where; nothing but Invalid leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tfui.core import cron_field
from tfui.core.cron_field import is_hashed
from tfui.core.cron_kind import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOUR,
    KINDS,
    MINUTE,
    MONTH,
    SECOND,
    FieldKind,
)
from tfui.core.cron_problem import BadFieldError, cut
from tfui.core.days import ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS, DayRule, MonthDays, WeekDays
from tfui.errors import Invalid, Problem

LONGEST = 1000
FIELD = "schedule_expression"

ALIASES = {
    "@YEARLY": "0 0 1 1 *",
    "@ANNUALLY": "0 0 1 1 *",
    "@MONTHLY": "0 0 1 * *",
    "@WEEKLY": "0 0 * * 0",
    "@DAILY": "0 0 * * *",
    "@MIDNIGHT": "0 0 * * *",
    "@HOURLY": "0 * * * *",
}

_EVERY_DAY = DayRule(MonthDays(ALL_DAYS), ALL_MONTHS, WeekDays(ALL_WEEKDAYS), joined=True)
_WORD = re.compile(r"[^ \t]+")


class Fields(NamedTuple):
    """An expression read: masks of seconds, minutes and hours (bit n for n), and a rule of days."""

    texts: tuple[str, ...]
    """The six fields in upper case; seconds are "0" where the expression has five."""
    seconds: int
    minutes: int
    hours: int
    days: DayRule
    is_fixed: bool
    """Neither minute nor hour starts with `*`: daylight saving's rule for a set time holds."""
    has_seconds: bool
    """Six fields were written."""


@dataclass(frozen=True, slots=True)
class FieldSpan:
    """Where one field of an expression stands, and what may be written there."""

    name: str
    start: int
    end: int
    allowed: str


def read(expression: str, seed: str) -> Fields:
    """Read an expression; Invalid names `schedule_expression` and the place in it."""
    if len(expression) > LONGEST or not (expression.isascii() and expression.isprintable()):
        _refuse_characters(expression)
    upper = expression.upper()
    words = upper.split()
    if len(words) == 1 and words[0] in ALIASES:
        words = ALIASES[words[0]].split()
    if len(words) == 5:
        second, (minute, hour, day, month, weekday) = "0", words
        has_seconds = False
    elif len(words) == 6:
        second, minute, hour, day, month, weekday = words
        has_seconds = True
    else:
        raise Invalid({FIELD: _count_problem(expression, words)})
    seed = seed if is_hashed(upper) else ""
    try:
        return Fields(
            (second, minute, hour, day, month, weekday),
            cron_field.values(SECOND, second, seed) if has_seconds else 1,
            cron_field.values(MINUTE, minute, seed),
            cron_field.values(HOUR, hour, seed),
            _day_rule(day, month, weekday, seed),
            minute[0] != "*" and hour[0] != "*",
            has_seconds,
        )
    except BadFieldError:
        raise Invalid({FIELD: _first_problem(expression, seed)}) from None


def cron_fields(expression: str) -> list[FieldSpan]:
    """Tell where each field stands, also while the text is invalid; empty for an @name."""
    words = list(_WORD.finditer(expression))
    if words and words[0][0].startswith("@"):
        return []
    kinds = KINDS if len(words) > 5 else KINDS[1:]
    spans = [
        FieldSpan(kind.name, word.start(), word.end(), kind.allowed)
        for kind, word in zip(kinds, words, strict=False)
    ]
    # A field about to be typed stands behind the last blank.
    if len(words) < 5 and (not words or expression[-1] in " \t"):
        kind, end = kinds[len(words)], len(expression)
        spans.append(FieldSpan(kind.name, end, end, kind.allowed))
    return spans


def _day_rule(day: str, month: str, weekday: str, seed: str) -> DayRule:
    if day == month == weekday == "*":
        return _EVERY_DAY
    return _restricted(day, month, weekday, seed)


@lru_cache(maxsize=4096)
def _restricted(day: str, month: str, weekday: str, seed: str) -> DayRule:
    by_date = cron_field.month_days(day, seed)
    months = cron_field.values(MONTH, month, seed)
    by_weekday = cron_field.week_days(weekday, seed)
    # Vixie's rule: a day field whose text starts with a star does not widen the other one.
    joined = day[0] in "*?" or weekday[0] in "*?"
    rule = DayRule(by_date, months, by_weekday, joined=joined)
    if not rule.is_possible():
        raise BadFieldError("no such day ever comes", 0, 0)
    return rule


def _first_problem(expression: str, seed: str) -> Problem:
    """Read field by field again, now with places, and report the first that is wrong."""
    words = list(_WORD.finditer(expression))
    for kind, word in zip(KINDS[-len(words) :], words, strict=True):
        try:
            _read_alone(kind, word[0].upper(), seed)
        except BadFieldError as bad:
            start = min(word.start() + bad.start, word.end() - 1)
            return Problem(bad.text, (start, min(word.start() + bad.end, word.end())))
    day, month, weekday = (word[0].upper() for word in words[-3:])
    month_note = "" if month == "*" else f" in month {cut(month)}"
    weekday_note = "" if weekday in {"*", "?"} else f" on weekday {cut(weekday)}"
    text = f"day of month: {cut(day)}{month_note}{weekday_note} never comes, in any year"
    return Problem(text, (words[-3].start(), words[-1].end()))


def _read_alone(kind: FieldKind, text: str, seed: str) -> None:
    if kind is DAY_OF_MONTH:
        cron_field.month_days(text, seed)
    elif kind is DAY_OF_WEEK:
        cron_field.week_days(text, seed)
    else:
        cron_field.values(kind, text, seed)


def _refuse_characters(expression: str) -> None:
    """Let tabs pass; refuse length and every character outside printable ASCII."""
    if len(expression) > LONGEST:
        text = f"{len(expression):,} characters are too many; an expression has at most {LONGEST:,}"
        raise Invalid({FIELD: Problem(text, (LONGEST, len(expression)))})
    for place, character in enumerate(expression):
        if character != "\t" and not " " <= character <= "~":
            text = f"{character!a} cannot stand in a cron expression; it takes ASCII only"
            raise Invalid({FIELD: Problem(text, (place, place + 1))})


def _count_problem(expression: str, words: list[str]) -> Problem:
    spans = [word.span() for word in _WORD.finditer(expression)]
    if not words:
        return Problem("the expression is empty; write minute, hour, day, month and weekday")
    if words[0] == "@REBOOT":
        return Problem("@reboot is refused: it is an event, not a time", spans[0])
    if words[0].startswith("@EVERY"):
        return Problem("@every is refused; make it a recurring schedule instead", spans[0])
    if words[0].startswith("@"):
        known = ", ".join(name.lower() for name in ALIASES)
        problem = "stands alone" if words[0] in ALIASES else "is not known"
        return Problem(f"{cut(words[0].lower())} {problem}; names are {known}", spans[0])
    if len(words) < 5:
        missing = ", ".join(kind.name for kind in KINDS[1 + len(words) :])
        end = len(expression)
        return Problem(f"{missing} missing: cron takes five fields", (max(end - 1, 0), end))
    text = f"{len(words)} fields are too many: cron takes 5, or 6 with seconds first"
    if len(words) == 7:
        text += "; a year cannot be given"
    return Problem(text, (spans[6][0], spans[-1][1]))
