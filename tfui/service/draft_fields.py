"""What each field of a draft may be, taken by itself: kind, length, range, and what a store can keep.

Every rule gives one sentence or None. What a field means together with others is for `drafts`.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeGuard

from tfui.core.duration import LONGEST, format_duration
from tfui.core.states import OnMissed, Overlap, ScheduleType
from tfui.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

    from tfui.model.schedule import ScheduleDraft

LONGEST_NAME = 100
LARGEST_PAYLOAD = 1 << 20
"""Bytes of JSON: a payload is read with each of its jobs, so it is no place for files."""
LARGEST_METADATA = 1 << 16

_MANY = 1_000_000_000
_CODES = 100
_CODE = (-64, 999)  # signals are negative, HTTP statuses have three digits
_PROCESS_CODE = (-64, 255)
_PROCESSES = frozenset({"shell", "python"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_NUMBERS: dict[str, tuple[int, int]] = {
    "priority": (0, 9),
    "max_attempts": (1, 1_000_000),
    "max_runs": (1, _MANY),
    "max_catchup": (1, 10_000),
    "pause_after_failures": (1, 1_000_000),
}
_OPTIONAL = frozenset({"max_runs", "pause_after_failures"})

_SPANS: dict[str, tuple[timedelta, timedelta]] = {
    "catchup_window": (timedelta(0), LONGEST),
    "jitter": (timedelta(0), timedelta(days=7)),
    "timeout": (timedelta(milliseconds=1), LONGEST),
    "retry_base": (timedelta(0), LONGEST),
    "retry_cap": (timedelta(0), LONGEST),
}
_WHOLE_SECONDS = frozenset({"catchup_window", "jitter"})

_CHOICES: dict[str, type[StrEnum]] = {
    "schedule_type": ScheduleType,
    "on_missed": OnMissed,
    "overlap": Overlap,
}


def find_problems(draft: ScheduleDraft) -> dict[str, Problem]:
    """Give what is wrong with every field that can be judged alone, payload and trigger apart."""
    return {name: Problem(text) for name, text in _each(draft) if text is not None}


def _each(draft: ScheduleDraft) -> Iterator[tuple[str, str | None]]:
    yield "name", name_problem(draft.name)
    yield "job_type", name_problem(draft.job_type)
    for name in _NUMBERS:
        yield name, _number_problem(name, getattr(draft, name))
    for name in _SPANS:
        yield name, _span_problem(name, getattr(draft, name))
    for name, choices in _CHOICES.items():
        if name != "on_missed" or draft.on_missed is not None:
            yield name, _choice_problem(getattr(draft, name), choices)
    for name in ("starts_at", "ends_at"):
        yield name, instant_problem(getattr(draft, name))
    yield "retry_factor", _factor_problem(draft.retry_factor)
    yield "retry_on", _codes_problem(draft, draft.retry_on)
    yield "no_retry_on", _codes_problem(draft, draft.no_retry_on, others=draft.retry_on)
    yield "metadata", _metadata_problem(draft.metadata)


def name_problem(value: object) -> str | None:
    """Say why a text cannot name something, or None: 1 to 100 characters on one line."""
    return line_problem(value, LONGEST_NAME)


def line_problem(value: object, longest: int) -> str | None:
    """Say why something is not a line of text from 1 to `longest` characters, or None."""
    if not isinstance(value, str):
        return "this must be a text"
    if not value.strip():
        return "this is required"
    if len(value) > longest:
        return f"this has {len(value):,} characters; it may have {longest:,}"
    for place, character in enumerate(value, 1):
        category = unicodedata.category(character)
        if category in {"Cc", "Zl", "Zp"}:
            return f"character {place} is a control character or a line break ({character!a})"
        if category == "Cs":
            return f"character {place} is half of a surrogate pair"
        if character in _TURNING:
            return f"character {place} turns the direction of the text around ({character!a})"
    return None


def json_problem(value: object, largest: int) -> str | None:
    """Say why a store cannot keep a JSON object, or None."""
    if not isinstance(value, Mapping):
        return "this must be a JSON object"
    try:
        # Unlike the default, what is kept by name is checked: `1` and "1" would become one key.
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except UnicodeEncodeError:
        return "a text in it holds half of a surrogate pair"
    except RecursionError:
        return "this is nested too deeply"
    except (TypeError, ValueError) as error:
        return f"this is not JSON: {error}"
    if size > largest:
        return f"this has {size:,} bytes of JSON; it may have {largest:,}"
    return _content_problem(value)


def _content_problem(root: object) -> str | None:
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            return "a text in it holds a NUL character"
        if isinstance(value, Mapping):
            for key in value:
                if not isinstance(key, str):
                    return f"a key in it is not a text: {key!a}"
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            waiting += value
    return None


def _number_problem(name: str, value: object) -> str | None:
    if value is None and name in _OPTIONAL:
        return None
    least, most = _NUMBERS[name]
    if not _is_whole(value):
        return "this must be a whole number"
    if not least <= value <= most:
        return f"{value:,} is outside the range, which is {least:,} to {most:,}"
    return None


def _span_problem(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, timedelta):
        return "this must be a duration like 1h30m"
    least, most = _SPANS[name]
    if value < least:
        return "this cannot be negative" if least == timedelta(0) else "this must be more than 0"
    if value > most:
        shown = "10 years" if most == LONGEST else format_duration(most)
        return f"this is too long; it may be {shown} at most"
    if name in _WHOLE_SECONDS and value.microseconds:
        return "this must be whole seconds"
    return None


def _choice_problem(value: object, choices: type[StrEnum]) -> str | None:
    known = [choice.value for choice in choices]
    if isinstance(value, str) and value in known:
        return None
    return f"{_shown(value)} is not one of {', '.join(known)}"


def instant_problem(value: object) -> str | None:
    """Say what is wrong with an instant, or None when it is aware and of a year that every zone has."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        return "this must be an instant"
    if value.utcoffset() is None:
        return "this lacks its offset from UTC"
    if not 1970 < value.year < 9999:
        return f"the year {value.year} is outside the range, which is 1971 to 9998"
    return None


def _factor_problem(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return "this must be a number"
    return None if 1 <= value <= 100 else f"{value:g} is outside the range, which is 1 to 100"


def _codes_problem(draft: ScheduleDraft, value: object, *, others: object = None) -> str | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(_is_whole(code) for code in value):
        return "this must be a list of exit codes"
    if not 0 < len(value) <= _CODES:
        return f"this has {len(value)} codes; it may have 1 to {_CODES}"
    least, most = _PROCESS_CODE if draft.job_type in _PROCESSES else _CODE
    for code in value:
        if not least <= code <= most:
            return f"{code} is outside the range, which is {least} to {most}"
        if isinstance(others, list) and code in others:
            return f"{code} is in retry_on too"
    return None


def _metadata_problem(value: object) -> str | None:
    problem = json_problem(value, LARGEST_METADATA)
    if problem is None and isinstance(value, Mapping):
        tags = value.get("tags", [])
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            return "its tags must be a list of texts"
    return problem


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 40 else text[:40] + "…"
