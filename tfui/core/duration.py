"""Durations as people write them: `90s`, `1h30m`, `1w2d3h4m5s`, or ISO 8601 `PT1H30M`.

A day is 86,400 seconds always; months and years are refused, since they have no fixed length.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from tfui.errors import Invalid, Problem

LONGEST = timedelta(days=3653)  # ten calendar years

_UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_NUMBER = "([0-9]{1,12})"
_SHORT = re.compile("".join(f"(?:{_NUMBER}{unit})?" for unit in _UNITS))
_ISO_WEEKS = re.compile(f"P{_NUMBER}W")
_ISO = re.compile(f"P(?:{_NUMBER}D)?(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?")
_PARTS = re.compile(r"([0-9]+)([a-z])")


def parse_duration(
    text: str, *, field: str = "duration", least: timedelta = timedelta(seconds=1)
) -> timedelta:
    """Read a duration from `least` to ten years; Invalid names `field` and the place in it."""
    seconds = _seconds(text)
    if seconds is None:
        raise Invalid({field: _problem(text)})
    if seconds < least.total_seconds():
        shown = format_duration(least)
        raise Invalid({field: Problem(f"{_cut(text)} is too short; it may be {shown} or more")})
    if seconds > LONGEST.total_seconds():
        raise Invalid({field: Problem(f"{_cut(text)} is too long; it may be 10 years at most")})
    return timedelta(seconds=seconds)


def format_duration(span: timedelta) -> str:
    """Write whole seconds so that `parse_duration` reads the same span again: `1h30m`."""
    left = span.days * 86_400 + span.seconds
    if left < 0 or span.microseconds:
        raise ValueError(f"only whole seconds from zero up have a text, got {span!r}")
    text = ""
    for unit, size in _UNITS.items():
        number, left = divmod(left, size)
        if number:
            text += f"{number}{unit}"
    return text or "0s"


@lru_cache(maxsize=4096)
def _seconds(text: str) -> int | None:
    """Add up a duration; None if it is not one."""
    if len(text) > 100 or not text:
        return None
    match = _SHORT.fullmatch(text)
    if match:
        parts = [int(number or 0) for number in match.groups()]
        return sum(map(int.__mul__, parts, _UNITS.values()))
    match = _ISO_WEEKS.fullmatch(text)
    if match:
        return int(match[1]) * _UNITS["w"]
    match = _ISO.fullmatch(text)
    if match and any(match.groups()) and not text.endswith("T"):
        days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
        return days * 86_400 + hours * 3600 + minutes * 60 + seconds
    return None


def _problem(text: str) -> Problem:
    """Find the place at which a text stops being a duration."""
    if not text:
        return Problem("a duration is missing; write one like 90s or 1h30m")
    if len(text) > 100:
        return Problem("this is too long for a duration; write one like 90s or 1h30m")
    if text[0] == "P":
        note = "; months and years have no fixed length" if re.match("P[^T]*[YM]", text) else ""
        return Problem(f"{_cut(text)} is not like PT1H30M, P2DT1H or P3W{note}")
    for place, character in enumerate(text):
        if character not in "0123456789wdhms":
            return Problem(_character_problem(character), (place, place + 1))
    if text.isdigit():
        return Problem(f"{_cut(text)} has no unit; write {_cut(text)}s or {_cut(text)}m", None)
    return _order_problem(text)


def _character_problem(character: str) -> str:
    if character in "yY":
        return "years have no fixed length; write days, or use cron"
    if character == "M":
        return "months have no fixed length; m stands for minutes"
    if character in "+-":
        return "a duration has no sign"
    if character.isspace():
        return "a duration has no spaces; write 1h30m"
    if character in ".,":
        return "a duration has whole numbers only; write 90s for 1.5m"
    return f"{character!a} is not a digit or one of the units w, d, h, m, s"


def _order_problem(text: str) -> Problem:
    """Digits and units only, yet out of order, repeated or unfinished."""
    units = list(_UNITS)
    place, latest = 0, -1
    for part in _PARTS.finditer(text):
        if part.start() != place:
            break
        rank = units.index(part[2])
        if rank <= latest:
            unit = part[2]
            wrong = f"{unit} comes twice" if rank == latest else f"{unit} is out of order"
            return Problem(f"{wrong}; the order is w, d, h, m, s", part.span())
        if len(part[1]) > 12:
            return Problem("this number is too large", part.span(1))
        place, latest = part.end(), rank
    if text[place].isdigit():
        return Problem("this number has no unit (w, d, h, m or s)", (place, len(text)))
    return Problem(f"a number is missing before {text[place]}", (place, place + 1))


def _cut(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
