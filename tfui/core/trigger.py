"""Triggers: what makes a schedule fire, read from its type, expression and zone.

`Once`, `Recurring`, `Cron` and `Chained` answer the same questions: `next_after`, `previous_before`,
`last_at_or_before`, `between`, `count` and `describe`. All instants are aware UTC; `after` is
excluded and `until` included. For hot paths `next_micros` works in whole microseconds since 1970.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from tfui.core import cron_text, once
from tfui.core.chained import Chained
from tfui.core.cron import Cron
from tfui.core.duration import parse_duration
from tfui.core.once import Once
from tfui.core.recurring import Recurring
from tfui.core.zone import zone as find_zone
from tfui.errors import Invalid, Problem

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.states import ScheduleType

__all__ = ["Chained", "Cron", "Once", "Recurring", "Trigger", "parse"]

Trigger: TypeAlias = Once | Recurring | Cron | Chained

FIELD = "schedule_expression"


def parse(
    kind: ScheduleType | str,
    expression: str,
    *,
    zone: str = "UTC",
    anchor: datetime,
    seed: str = "",
) -> Trigger:
    """Read a trigger; Invalid names `schedule_expression` and `timezone`, whichever are wrong.

    `anchor` (aware UTC) is what recurring and relative expressions count from; `seed`, the
    schedule's id, decides what `H` stands for. What was read is kept, so asking again is cheap.
    """
    if kind == "cron":
        return _cron(expression, zone, seed if "h" in expression or "H" in expression else "")
    if kind == "recurring":
        return _recurring(expression, zone, anchor)
    if kind == "once":
        return _once(expression, zone, anchor)
    if kind == "chained":
        return _chained(expression, zone)
    raise Invalid({"schedule_type": f"{str(kind)!a} is not one of once, recurring, cron, chained"})


@lru_cache(maxsize=32_768)
def _cron(expression: str, zone: str, seed: str) -> Cron:
    try:
        fields = cron_text.read(expression, seed)
    except Invalid as bad:
        raise Invalid({**bad.fields, **_zone_problem(zone)}) from None
    return Cron(expression, fields, find_zone(zone))


@lru_cache(maxsize=32_768)
def _recurring(expression: str, zone: str, anchor: datetime) -> Recurring:
    try:
        period = parse_duration(expression, field=FIELD)
    except Invalid as bad:
        raise Invalid({**bad.fields, **_zone_problem(zone)}) from None
    return Recurring(expression, period, anchor, find_zone(zone).name)


@lru_cache(maxsize=8192)
def _once(expression: str, zone: str, anchor: datetime) -> Once:
    where = find_zone("UTC") if (problem := _zone_problem(zone)) else find_zone(zone)
    try:
        found = once.read(expression, zone=where, anchor=anchor)
    except Invalid as bad:
        raise Invalid({**bad.fields, **problem}) from None
    if problem:
        raise Invalid(problem)
    return found


def _chained(expression: str, zone: str) -> Chained:
    problems = _zone_problem(zone)
    if expression:
        problems[FIELD] = Problem("a chained schedule has no time of its own; leave this empty")
    if problems:
        raise Invalid(problems)
    return Chained(expression, zone)


def _zone_problem(name: str) -> dict[str, Problem]:
    try:
        find_zone(name)
    except Invalid as bad:
        return dict(bad.fields)
    return {}
