"""A schedule as a document: a JSON object with the draft's own field names, for files and for people.

Spans are texts (`1h30m`), instants ISO 8601 with their offset; what is None is left out.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any

from tfui.core.duration import format_duration, parse_duration
from tfui.errors import Invalid, Problem
from tfui.model.schedule import ScheduleDraft
from tfui.service.draft_columns import draft_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.model.schedule import ScheduledJob

FIELDS = tuple(each.name for each in fields(ScheduleDraft))
REQUIRED = tuple(
    each.name
    for each in fields(ScheduleDraft)
    if each.default is MISSING and each.default_factory is MISSING
)
SPANS = frozenset({"catchup_window", "jitter", "retry_base", "retry_cap", "timeout"})
INSTANTS = frozenset({"ends_at", "starts_at"})
_NUMBERS = frozenset(
    {"max_attempts", "max_catchup", "max_runs", "pause_after_failures", "priority"}
)
_OBJECTS = frozenset({"metadata", "payload"})
_LISTS = frozenset({"no_retry_on", "retry_on"})

_USUAL: dict[str, Any] = {
    "catchup_window": "1d",
    "jitter": "0s",
    "max_attempts": 3,
    "max_catchup": 100,
    "overlap": "skip",
    "priority": 0,
    "queue": "default",
    "retry_base": "10s",
    "retry_cap": "1h",
    "retry_factor": 2.0,
}
"""What a schedule has that says nothing."""


def of_draft(draft: ScheduleDraft) -> dict[str, Any]:
    """Write a draft as a document, in the order of its fields."""
    found = {name: _written(getattr(draft, name)) for name in FIELDS}
    return {name: value for name, value in found.items() if value is not None and value != {}}


def of_schedule(schedule: ScheduledJob, queue: str) -> dict[str, Any]:
    """Write a stored schedule as a document, without what a schedule would have anyway."""
    return essential(of_draft(draft_of(schedule, queue)))


def essential(document: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a schedule would have anyway. The zone stays: it is always explicit."""
    usual = {
        **_USUAL,
        "on_missed": "skip" if document.get("schedule_type") == "recurring" else "latest",
    }
    return {
        name: value for name, value in document.items() if name not in usual or value != usual[name]
    }


def to_draft(document: dict[str, Any]) -> ScheduleDraft:
    """Read a whole document. Raises Invalid naming every bad field."""
    values, problems = read_fields(document)
    problems |= {name: Problem("this is missing") for name in REQUIRED if name not in document}
    if problems:
        raise Invalid(problems)
    return ScheduleDraft(**values)


def read_fields(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Problem]]:
    """Read the draft fields a document has, and what is wrong with the others. None stays None."""
    values: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name, value in document.items():
        if name not in FIELDS:
            close = get_close_matches(name, FIELDS, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            problems[name] = Problem(f"a schedule has no such field{hint}")
            continue
        try:
            values[name] = None if value is None else _read(name, value)
        except Invalid as bad:
            problems |= bad.fields
        except ValueError as wrong:
            problems[name] = Problem(str(wrong))
    return values, problems


def _written(value: Any) -> Any:  # noqa: ANN401  # any field of a draft
    if isinstance(value, timedelta):
        return value.total_seconds() if value.microseconds else format_duration(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return value


def _read(name: str, value: Any) -> Any:  # noqa: ANN401  # one of JSON's types in, a field's type out
    if name in SPANS:
        return _span(name, value)
    if name in INSTANTS:
        return _instant(value)
    if name in _OBJECTS:
        expected: tuple[type, ...] = (dict,)
    elif name in _LISTS:
        expected = (list,)
    elif name in _NUMBERS:
        expected = (int,)
    elif name == "retry_factor":
        expected = (int, float)
    else:
        expected = (str,)
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        words = {
            dict: "an object",
            list: "a list",
            int: "a whole number",
            str: "a text",
            float: "a number",
        }
        raise ValueError(f"this must be {words[expected[-1]]}")
    return value


def _span(name: str, value: object) -> timedelta:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
        return timedelta(seconds=value)
    if isinstance(value, str):
        return timedelta() if value == "0s" else parse_duration(value, field=name)
    raise ValueError("this must be a duration like 1h30m")


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    raise ValueError("this must be an instant with its offset, like 2027-03-01T09:00:00+01:00")
