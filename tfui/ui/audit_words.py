"""Journal entries in the words of the record's view: one line each, and what changed field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.words import counted
from tfui.ui import spans
from tfui.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from tfui.model.journal import JournalRow

_QUIET = frozenset({"parent_id", "paused_at", "paused_by", "status", "pause_note", "paused_until"})
"""Fields that a line leaves out: its verb says as much, or they are said in their own way."""

_KEPT = frozenset({"blocks", "waived_from"})
"""Fields that are there for undo alone."""

_NOUNS = {"dependency": "depend"}
"""As the command line calls them, where that is shorter."""

_LABELS = {
    "schedule_expression": "expression",
    "schedule_type": "type",
    "per_minute": "a minute",
    "from_entry": "from entry",
}

WAYS = {"tui": "the dashboard", "cli": "the command line", "api": "the API", "engine": "an engine"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; None where it was not there."""

    field: str
    before: str | None
    after: str | None


def short_clock(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Say when in eight cells: `08:51:02` today, else `  05 Jan`, else `Jan 2025`."""
    wall, today = at.astimezone(zone), now.astimezone(zone)
    if wall.date() == today.date():
        return f"{wall:%H:%M:%S}"
    return f"{wall:%d %b}".rjust(8) if wall.year == today.year else f"{wall:%b %Y}"


def clock(at: datetime, zone: tzinfo | None, now: datetime) -> str:
    """Say when in twelve cells: `    08:51:02` today, else `05 Jan 08:51`, else `05 Jan  2025`."""
    wall, today = at.astimezone(zone), now.astimezone(zone)
    if wall.year != today.year:
        return f"{wall:%d %b  %Y}"
    return spans.lately(at, zone, now).rjust(12)


def who(row: JournalRow) -> str:
    """Say who and by which way: `ana@tui`."""
    return f"{plain(row.by)}@{row.via}"


def verb(row: JournalRow) -> str:
    """Say what was done: `paused`, `queue paused`."""
    noun, _, done = row.verb.partition(".")
    done = done.replace("_", " ")
    return done if noun in {"schedule", "job"} else f"{_NOUNS.get(noun, noun)} {done}"


def summary(row: JournalRow, zone: tzinfo | None, now: datetime) -> str:
    """Say in one line what changed."""
    before, after = row.before or {}, row.after or {}
    parts = [_standing(after, zone, now)] if row.verb.endswith(".paused") else []
    if row.undone_by is not None:
        parts.insert(0, f"taken back by #{row.undone_by}")
    if row.redoes is not None:
        parts.insert(0, f"does #{row.redoes} again")
    elif row.undoes is not None:
        parts.insert(0, f"takes back #{row.undoes}")
    match row.verb:
        case "schedule.created":
            told = [after.get("schedule_type"), after.get("schedule_expression")]
            parts.append(" ".join(str(one) for one in told if one))
        case "schedule.started" | "schedule.deleted" | "schedule.restored":
            pass
        case (
            "schedule.waived"
            | "schedule.unwaived"
            | "schedule.backfilled"
            | "schedule.unbackfilled"
        ):
            parts.append(_runs(before | after))
        case "dependency.added" | "dependency.removed":
            link = after or before
            parts.append(f"after {link.get('after')} ({link.get('dependency_type')})")
        case _:
            parts += [
                _told(one)
                for one in changes(row, zone, now)
                if one.field not in _QUIET and one.before != one.after
            ]
    return plain(", ".join(part for part in parts if part))


def changes(row: JournalRow, zone: tzinfo | None, now: datetime) -> list[Change]:
    """Give the fields that an entry tells of; of objects within, each part that differs."""
    before, after = _flat(row.before or {}), _flat(row.after or {})
    return [
        Change(
            field,
            _shown(before[field], zone, now) if field in before else None,
            _shown(after[field], zone, now) if field in after else None,
        )
        for field in dict.fromkeys([*before, *after])
        if field not in _KEPT
        if field not in before or field not in after or before[field] != after[field]
    ]


def _told(one: Change) -> str:
    label = _LABELS.get(one.field, one.field.removeprefix("payload."))
    if one.before is None:
        return f"{label} {one.after}"
    return f"{label} {one.before} → {one.after or 'none'}"


def _standing(after: Mapping[str, Any], zone: tzinfo | None, now: datetime) -> str:
    until, note = after.get("paused_until"), after.get("pause_note")
    parts = [f"until {_shown(until, zone, now)}"] if until else []
    return "  ".join([*parts, *([f'"{note}"'] if note else [])])


def _runs(told: Mapping[str, Any]) -> str:
    runs = counted(told.get("runs", 0), "run")
    waived = f", {told['waived']:,} waived" if told.get("waived") else ""
    note = f'  "{told["note"]}"' if told.get("note") else ""
    return f"{runs}{waived}{note}"


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            found |= {f"{name}.{key}": part for key, part in value.items()}
        else:
            found[name] = value
    return found


def _shown(value: Any, zone: tzinfo | None, now: datetime) -> str:  # noqa: ANN401  # JSON
    if value is None:
        return "none"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    try:
        at = datetime.fromisoformat(value) if value[:4].isdigit() and "T" in value else None
    except ValueError:
        at = None
    if at is not None and at.utcoffset() is not None:
        return spans.moment(at, zone, now)
    return value
