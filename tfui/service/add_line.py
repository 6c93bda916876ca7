"""A schedule as the command line that would make it again."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from tfui.core.states import ScheduleType
from tfui.service import document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.model.schedule import ScheduleDraft

_TRIGGERS = {
    ScheduleType.CRON: "--cron",
    ScheduleType.RECURRING: "--every",
    ScheduleType.ONCE: "--once",
}
_JOBS = {
    "shell": ("--shell", "command"),
    "http": ("--http", "url"),
    "python": ("--python", "callable"),
}
_TOLD = frozenset(
    {"name", "schedule_type", "schedule_expression", "timezone", "job_type", "payload"}
)


def add_line(draft: ScheduleDraft) -> str:
    """Write `tfui add …` for a draft, quoted for a shell.

    What a chained schedule comes after is no part of a draft, so its line lacks --after.
    """
    fields = document.essential(document.of_draft(draft))
    words = ["tfui", "add", draft.name]
    flag = _TRIGGERS.get(ScheduleType(draft.schedule_type))
    if flag is not None:
        words += [flag, draft.schedule_expression]
    if draft.timezone != "UTC":
        words += ["--tz", draft.timezone]
    words += _job(draft.job_type, draft.payload)
    for name, value in fields.items():
        if name == "metadata":
            words += _metadata(value)
        elif name not in _TOLD:
            words += [f"--{name.replace('_', '-')}", _text(value)]
    return shlex.join(words)


def _job(job_type: str, payload: Mapping[str, Any]) -> list[str]:
    flag, key = _JOBS.get(job_type, ("", ""))
    if flag and isinstance(payload.get(key), str) and len(payload) == 1:
        return [flag, payload[key]]
    return ["--job-type", job_type, "--payload", json.dumps(dict(payload), ensure_ascii=False)]


def _metadata(metadata: Mapping[str, Any]) -> list[str]:
    words = []
    for name in ("description", "owner"):
        if isinstance(metadata.get(name), str):
            words += [f"--{name}", metadata[name]]
    tags = metadata.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        words += ["--tag", str(tag)]
    return words


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
