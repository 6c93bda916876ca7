"""What a preview should warn about: rules that are legal and yet often not what was meant.

Each warning is one sentence with a stable code. What a change of the clock does is told by
`lint_clock`; the rules about the text of a cron expression are here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tfui.core import lint_clock
from tfui.core.cron import Cron
from tfui.core.cron_kind import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOUR,
    KINDS,
    MINUTE,
    MONTH,
    SECOND,
    FieldKind,
    value,
)
from tfui.core.days import ALL_DAYS, ALL_WEEKDAYS, shortest_month
from tfui.core.warning import Warning_
from tfui.core.words import span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from tfui.core.trigger import Trigger

__all__ = ["Warning_", "warnings"]

PREVIEWED = 8  # runs that a preview shows; its window ends with the last of them

_FEBRUARY = 1 << 2  # a rule for the 29th of February is told to be rare
_STEP = re.compile(r"(\*|[0-9A-Z]+|H)(?:-([0-9A-Z]+))?/([0-9]{1,9})")


def warnings(
    trigger: Trigger,
    *,
    now: datetime,
    until: datetime | None = None,
    usual_duration: timedelta | None = None,
) -> list[Warning_]:
    """Give all warnings about a trigger for a window that begins at `now`.

    The window ends at `until`, or with the eighth coming run. `usual_duration` is how long a run
    commonly takes, if that is known.
    """
    coming = _coming(trigger, now)
    if until is None:
        until = coming[-1] if coming else now
    found = list(lint_clock.warnings(trigger, now=now, until=until))
    if isinstance(trigger, Cron):
        found += _about_text(trigger)
        found += _about_rarity(coming)
    if usual_duration is not None:
        found += _about_duration(coming, usual_duration)
    return found


def _coming(trigger: Trigger, now: datetime) -> list[datetime]:
    coming: list[datetime] = []
    step = trigger.next_after(now)
    while step is not None and len(coming) < PREVIEWED:
        coming.append(step)
        step = trigger.next_after(step)
    return coming


def _about_text(cron: Cron) -> Iterator[Warning_]:
    if cron.fields.has_seconds:
        yield from _about_six_fields(cron)
    yield from _about_both_days(cron)
    yield from _about_short_months(cron)
    for kind, text in zip(KINDS, cron.fields.texts, strict=True):
        for item in text.split(","):
            if match := _STEP.fullmatch(item):
                yield from _about_step(kind, match)
    yield from _about_every_minute(cron)


def _about_six_fields(cron: Cron) -> Iterator[Warning_]:
    text = "Six fields: the first is seconds."
    if re.search(r"[0-9]", cron.fields.texts[5]):
        text += " Weekdays count from 0 = Sunday; Quartz counts from 1 = Sunday."
    yield Warning_("six_fields", text)


def _about_both_days(cron: Cron) -> Iterator[Warning_]:
    days = cron.fields.days
    if days.month_days.plain == ALL_DAYS or days.week_days.plain == ALL_WEEKDAYS:
        return
    if days.joined:
        yield Warning_(
            "days_and",
            "Day of month and day of week must both match, because one of them starts with *.",
        )
    else:
        yield Warning_(
            "days_or",
            "It runs when either the day of month or the day of week matches, not only when both do.",
        )


def _about_short_months(cron: Cron) -> Iterator[Warning_]:
    days = cron.fields.days
    wanted = days.month_days.plain | days.month_days.nearest
    last = wanted.bit_length() - 1
    # A list that has the 28th too reaches the end of every month.
    if wanted == ALL_DAYS or wanted >> 28 & 1 or last <= shortest_month(days.months):
        return
    if cron.fields.texts[3].startswith("*") or days.months == _FEBRUARY:
        return
    yield Warning_(
        "short_months", f"Months without a day {last} are skipped; L means the last day."
    )


def _about_step(kind: FieldKind, match: re.Match[str]) -> Iterator[Warning_]:
    """Judge one item with a step; `match` has start, end and step."""
    first, last, step = match[1], match[2], int(match[3])
    low, high = kind.low, 6 if kind is DAY_OF_WEEK else kind.high
    if first not in {"*", "H"}:
        low = value(kind, first) or low
    if last is not None:
        high = value(kind, last) or high
    width = high - low + 1
    shown = match[0]
    if 0 < width <= step:
        yield Warning_(
            "wide_step",
            f"{shown} in {kind.name} means one value: the step is wider than the range.",
        )
    elif step > 1 and last is None and low == kind.low and width % step:
        yield Warning_("uneven_step", _uneven(kind, shown, high - (width - 1) % step))


def _uneven(kind: FieldKind, shown: str, latest: int) -> str:
    if kind in {SECOND, MINUTE}:
        unit = "minute" if kind is SECOND else "hour"
        gap = 60 - latest
        return (
            f"{shown} restarts with every {unit}: from :{latest:02} to :00 are {gap} {kind.name}s."
        )
    if kind is HOUR:
        return (
            f"{shown} restarts at midnight: from {latest:02}:00 to 00:00 are {24 - latest} hours."
        )
    if kind is DAY_OF_MONTH:
        return (
            f"{shown} in day of month restarts on the 1st, so the last run may be a day before it."
        )
    if kind is MONTH:
        return f"{shown} in month restarts in January: {13 - latest} months after month {latest}."
    return f"{shown} in day of week restarts on Sunday, a day after Saturday."


def _about_every_minute(cron: Cron) -> Iterator[Warning_]:
    second, minute, hour = cron.fields.texts[:3]
    rest = " ".join(cron.fields.texts[3:])
    if cron.fields.has_seconds and second == "*" and re.fullmatch(r"[0-9,]+", minute):
        text = f"It runs every second of minute {minute}, 60 times; 0 {minute} {hour} {rest} runs once."
        yield Warning_("every_second", text)
    elif minute == "*" and re.fullmatch(r"[0-9,]+", hour) and second != "*":
        written = f"0 {hour} {rest}"
        if cron.fields.has_seconds:
            written = f"{second} {written}"
        text = f"It runs every minute of hour {hour}, 60 times; {written} runs once."
        yield Warning_("every_minute", text)


def _about_rarity(coming: list[datetime]) -> Iterator[Warning_]:
    gaps = [later - sooner for sooner, later in pairwise(coming)]
    if gaps and max(gaps).days > 366:
        dates = ", ".join(str(instant.year) for instant in coming[:4])
        yield Warning_("rare", f"It runs less than once a year: {dates}, …", coming[0])
    elif len(coming) == 1:
        yield Warning_("rare", "It runs only once more before the year 10000.", coming[0])


def _about_duration(coming: list[datetime], usual: timedelta) -> Iterator[Warning_]:
    for sooner, later in pairwise(coming):
        if later - sooner < usual:
            text = (
                f"Runs start {span(later - sooner)} apart and usually take {span(usual)}, "
                "so they overlap."
            )
            yield Warning_("overlap", text, sooner)
            return
