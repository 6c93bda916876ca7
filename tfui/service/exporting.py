"""Schedules out: as a crontab that cron and tfui's own import read, and whole as JSON or YAML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tfui import __version__
from tfui.core import crontab, crontab_text
from tfui.core.crontab import ANNOTATION
from tfui.core.crontab_name import name_for
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus
from tfui.errors import Invalid
from tfui.service import document as documents
from tfui.service import parent_documents
from tfui.service.crontab_entry import (
    CRON_PATH,
    CRON_SHELL,
    annotation,
    document_of,
    entry_line,
    whole,
    without_origin,
)
from tfui.service.import_plan import PAUSE_NOTE, PAUSED, STATUS
from tfui.service.parent_documents import AFTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller

_DEAF_TO_AFTER = (
    "cron does not wait for what these come after; tfui does, and its import reads it above:"
)

_RESTING = {"CRON_TZ": "UTC", "MAILTO": "", "PATH": CRON_PATH, "SHELL": CRON_SHELL}
"""What to write when a variable set above must not hold below: a crontab cannot unset one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedCrontab:
    """A crontab, and what of it only tfui understands."""

    text: str
    entries: int
    """Lines that cron runs."""
    unsayable: list[str]
    """Schedules kept in comments that only tfui's import reads."""
    left_out: list[str]
    """Schedules that have nothing left to run."""


def export_crontab(caller: Caller, *, system: bool = False) -> ExportedCrontab:
    """Write every schedule as a crontab line, or as a comment where a line cannot say it.

    `system` adds a user column. Raises Forbidden.
    """
    lines: list[tuple[dict[str, str], str, dict[str, Any]]] = []
    waiting: list[str] = []
    unsayable: list[tuple[str, dict[str, Any]]] = []
    left_out: list[str] = []
    for row, full in _documents(caller):
        document, status = without_origin(full), ScheduleStatus(row.status)
        if status in {ScheduleStatus.COMPLETED, ScheduleStatus.FAILED}:
            left_out.append(row.name)
            continue
        if AFTER in document:
            waiting.append(parent_documents.say(row.name, document[AFTER]))
        line = None
        if status is ScheduleStatus.ACTIVE:
            line = entry_line(document, system=system, default_user=caller.name)
        variables = None if line is None else _variables(document)
        if line is None or variables is None:
            if status is ScheduleStatus.PAUSED:
                document[PAUSED] = row.pause_note or True
            unsayable.append((row.name, document))
        else:
            lines.append((variables, line, document))
    writing = _Writing(system=system, names=[name for name, _ in unsayable])
    for variables, line, document in sorted(lines, key=lambda each: _order(each[0])):
        writing.entry(variables, line, document)
    for _, document in unsayable:
        writing.comment(whole(document))
    if waiting:
        writing.remarks([_DEAF_TO_AFTER, *waiting])
    return ExportedCrontab(
        text=writing.text(),
        entries=len(lines),
        unsayable=[name for name, _ in unsayable],
        left_out=left_out,
    )


def export_json(caller: Caller) -> str:
    """Write every schedule whole as one JSON document. Raises Forbidden."""
    return json.dumps(_everything(caller), indent=2, ensure_ascii=False) + "\n"


def export_yaml(caller: Caller) -> str:
    """Write every schedule whole as one YAML document. Raises Forbidden."""
    import yaml

    return yaml.safe_dump(_everything(caller), sort_keys=False, allow_unicode=True, width=100)


def _everything(caller: Caller) -> dict[str, Any]:
    return {
        "version": 1,
        "schedules": [{**document, **_standing(row)} for row, document in _documents(caller)],
    }


def _standing(row: ScheduledJob) -> dict[str, str]:
    """Say whether a schedule runs, and why it was paused."""
    found = {STATUS: str(row.status)}
    return found if row.pause_note is None else {**found, PAUSE_NOTE: row.pause_note}


def _variables(document: Mapping[str, Any]) -> dict[str, str] | None:
    """Give the variables that must stand above a schedule's line; None when no line can set one."""
    payload, metadata = document["payload"], document.get("metadata", {})
    variables = dict(payload.get("env", {}))
    if any(crontab_text.format_variable(name, value) is None for name, value in variables.items()):
        return None
    if "SHELL" in variables:
        return None  # there it would choose the shell instead
    if isinstance(payload.get("shell"), str):
        variables["SHELL"] = payload["shell"]
    variables["CRON_TZ"] = document["timezone"]
    mailto = metadata.get("mailto")
    if isinstance(mailto, str) and crontab_text.format_mailto(mailto) is not None:
        variables["MAILTO"] = mailto
    return variables


def _order(variables: Mapping[str, str]) -> tuple[bool, int, list[tuple[str, str]]]:
    """Put lines that need few variables first, and those with a home last, so that least is unset."""
    return ("HOME" in variables, len(variables), sorted(variables.items()))


class _Writing:
    """A crontab being written, and the variables in force at its end."""

    def __init__(self, *, system: bool, names: Iterable[str]) -> None:
        self._system = system
        self._names = set(names)
        self._in_force: dict[str, str] = {}
        self._lines = [
            f"# Written by tfui {__version__}. Comments that begin with {ANNOTATION.strip()} are for `tfui import`.",
        ]

    def entry(self, variables: Mapping[str, str], line: str, document: Mapping[str, Any]) -> None:
        """Add a line, with what must be in force above it."""
        above = self._changed_variables(variables)
        if above:
            self._lines += ["", *above]
        description = document.get("metadata", {}).get("description")
        if isinstance(description, str) and (remark := crontab_text.format_comment(description)):
            self._lines.append(remark)
        else:
            self._lines.append("")  # or the comment above would be taken for this line's
        added = self._annotation(line, document)
        self._lines += [line] if added is None else [added, line]

    def comment(self, text: str) -> None:
        """Add a comment that stands for itself."""
        self._lines.append(text)

    def remarks(self, texts: Iterable[str]) -> None:
        """Add comments for people, apart from any line so that none takes them for its own."""
        found = [crontab_text.format_comment(text) or "" for text in texts]
        self._lines += ["", *filter(None, found), ""]

    def text(self) -> str:
        """Give the whole, with a newline at its end."""
        return "\n".join(self._lines) + "\n"

    def _changed_variables(self, wanted: Mapping[str, str]) -> list[str]:
        lines = []
        left = [name for name in self._in_force if name not in wanted]
        for name, value in [*((name, _RESTING.get(name, "")) for name in left), *wanted.items()]:
            if self._in_force.get(name) == value:
                continue
            self._in_force[name] = value
            lines.append(_assignment(name, value))
        return lines

    def _annotation(self, line: str, document: Mapping[str, Any]) -> str | None:
        """Read the line back as an import would, and say what is missing."""
        above = [_assignment(name, value) for name, value in self._in_force.items()]
        comment = self._lines[-1]
        (entry,) = crontab.parse("\n".join([*above, comment, line]), system=self._system).entries
        found = documents.essential(document_of(entry, timezone="UTC"))
        found["name"] = name_for(entry.command, self._names)
        self._names.add(str(document["name"]))
        return annotation(found, document)


def _assignment(name: str, value: str) -> str:
    if name == "CRON_TZ":
        return f"{name}={value}"
    write = (
        crontab_text.format_mailto
        if name == "MAILTO"
        else partial(crontab_text.format_variable, name)
    )
    written = write(value)
    if written is None:
        raise Invalid({name: f"no crontab can set this variable to {value!r}"})
    return written


def _documents(caller: Caller) -> list[tuple[ScheduledJob, dict[str, Any]]]:
    """Give every schedule with its document, by name."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        found = parent_documents.everything(tx, caller.organization_id)
    return [(schedule, document) for schedule, _, document in found]
