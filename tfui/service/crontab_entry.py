"""Between a crontab's entry and a schedule's document: what one says in the other's words.

Both ways use the same reading: a line's document is compared with the schedule's own, and the
difference is what a `#tfui` comment has to carry.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tfui.core import crontab_text
from tfui.core.crontab import ANNOTATION, WHOLE
from tfui.core.states import ScheduleType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.core.crontab import Entry

CRON_SHELL = "/bin/sh"
CRON_PATH = "/usr/bin:/bin"
ORIGIN = "crontab"
"""The key of a schedule's metadata under which its line is remembered."""


def document_of(entry: Entry, *, timezone: str) -> dict[str, Any]:
    """Say what a line means as a document, without a name unless a comment gives one.

    As under cron, a command runs in its user's home (or HOME) and under SHELL. PATH is set only
    where the file sets it: an engine's own is seldom poorer than cron's.
    """
    environment = dict(entry.environment)
    shell = environment.pop("SHELL", CRON_SHELL)
    home = environment.get("HOME", "~")
    payload = {
        "command": entry.command,
        "cwd": home if home.startswith(("/", "~")) else "~",
        "env": environment or None,
        "shell": shell if shell != CRON_SHELL else None,
        "stdin": entry.stdin,
        "user": entry.user,
    }
    metadata = {"description": entry.comment, "mailto": entry.mailto}
    found: dict[str, Any] = {
        "schedule_type": ScheduleType.CRON.value,
        "schedule_expression": entry.expression,
        "timezone": entry.zone or timezone,
        "job_type": "shell",
        "payload": _kept(payload),
        "max_attempts": 1,
        "metadata": _kept(metadata),
    }
    given = {**found, **entry.annotation}
    return {name: value for name, value in given.items() if value is not None and value != {}}


def digest(value: object) -> str:
    """Give a short fingerprint of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def line_key(entry: Entry) -> str:
    """Give what stays of a line when variables above it, comments or blanks change."""
    return digest([entry.expression.lower(), entry.user, entry.command, entry.stdin])


def work_key(entry: Entry) -> str:
    """Give what stays of a line when only its time changes."""
    return digest([entry.user, entry.command, entry.stdin])


def without_origin(document: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out where a schedule came from, for comparing what it is."""
    metadata = {
        name: value for name, value in document.get("metadata", {}).items() if name != ORIGIN
    }
    rest = {name: value for name, value in document.items() if name != "metadata"}
    return {**rest, "metadata": metadata} if metadata else rest


def entry_line(document: Mapping[str, Any], *, system: bool, default_user: str) -> str | None:
    """Write the line that cron would run for a schedule; None when no crontab can say it."""
    payload = document.get("payload", {})
    command, user = payload.get("command"), payload.get("user")
    is_plain = (
        document["schedule_type"] == ScheduleType.CRON
        and document["job_type"] == "shell"
        and isinstance(command, str)
        and payload.get("shell") is not False
        and (system or user is None)
    )
    if not is_plain or not isinstance(command, str):
        return None
    column = (user or default_user) if system else None
    return crontab_text.format_entry(
        document["schedule_expression"], command, stdin=payload.get("stdin"), user=column
    )


def annotation(line: Mapping[str, Any], document: Mapping[str, Any]) -> str | None:
    """Write the comment that makes a line's document this one; None when it already is."""
    difference = {
        name: document.get(name)
        for name in dict.fromkeys([*document, *line])
        if document.get(name) != line.get(name)
    }
    return f"{ANNOTATION}{_in_a_line(difference)}" if difference else None


def whole(document: Mapping[str, Any]) -> str:
    """Write a schedule that no line can say as a comment that tfui's import reads."""
    return f"{WHOLE}{_in_a_line(document)}"


def _in_a_line(value: Mapping[str, Any]) -> str:
    return json.dumps(value)  # in ASCII: no other line separator can slip in


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
