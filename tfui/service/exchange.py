"""Schedules in and out: crontabs imported and exported, and whole schedules as JSON or YAML.

An imported line is known again by the file it came from and by what it says; both are kept in the
schedule's metadata under `crontab`. Importing the same file again therefore changes nothing, also
when a person has edited the schedule since; a line that changed becomes an edit of its schedule; one
that is gone from the file is reported and left alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tfui.core import crontab
from tfui.core.command import command_line
from tfui.core.crontab import Refusal
from tfui.core.crontab_name import name_for
from tfui.core.rights import Right
from tfui.errors import Conflict, Invalid
from tfui.service import document as documents
from tfui.service import schedules
from tfui.service.crontab_entry import (
    ORIGIN,
    digest,
    document_of,
    line_key,
    without_origin,
    work_key,
)
from tfui.store import exchange as store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tfui.core.crontab import Crontab
    from tfui.service.caller import Caller


PAUSED = "paused"
"""The key of a document that says a schedule does not run: true, or why."""


class Change(StrEnum):
    """What an import does, or would do, about one line."""

    CREATED = "created"
    EDITED = "edited"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """A line that is a schedule now, or would be."""

    line: int
    change: Change
    name: str
    schedule_expression: str
    timezone: str
    command: str
    fields: list[str]
    """The fields that an edit changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became, or would become, of every line of a crontab."""

    source: str
    is_dry_run: bool
    has_seconds: bool
    """The file was read with six fields, seconds first."""
    variables: int
    lines: list[ImportedLine]
    refusals: list[Refusal]
    gone: list[str]
    """Schedules that were imported from this file and whose lines are no longer in it."""

    @property
    def counts(self) -> dict[Change, int]:
        """Count the lines by what is done about them."""
        return {change: sum(line.change is change for line in self.lines) for change in Change}


@dataclass(slots=True, kw_only=True)
class _Known:
    """A schedule that is there already."""

    schedule_id: UUID
    name: str
    document: dict[str, Any]
    """Without what a schedule would have anyway."""

    @property
    def origin(self) -> dict[str, Any]:
        """Where it was imported from; empty when it was not."""
        found = self.document.get("metadata", {}).get(ORIGIN)
        return found if isinstance(found, dict) else {}


@dataclass(slots=True, kw_only=True)
class _Wanted:
    """A schedule that a line asks for."""

    line: int
    document: dict[str, Any]
    key: str
    """What the line says, for knowing it again."""
    work: str
    """What it runs and as whom, for knowing it again when its time has changed."""
    is_named: bool
    """A comment gave it its name; otherwise the command did."""
    match: _Known | None = None

    @property
    def fingerprint(self) -> str:
        """Tell whether anything that the file says about it has changed."""
        return digest(self.document if self.is_named else {**self.document, "name": None})


def import_crontab(
    caller: Caller,
    text: str,
    *,
    source: str,
    timezone: str,
    system: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Import a crontab; `source` names the file, `timezone` holds where no CRON_TZ does.

    Lines that cannot be schedules are in the report, and the rest goes on. Raises Forbidden.
    """
    caller.require(Right.SCHEDULED_JOB_WRITE)
    read = crontab.parse(text, system=system)
    known = _known(caller)
    wanted = _wanted(read, timezone=timezone)
    _match(wanted, known, source)
    plan = _Plan(caller, source, dry_run, names={each.name for each in known})
    plan.refusals += read.refusals
    for each in wanted:
        plan.carry_out(each)
    matched = {each.match.schedule_id for each in wanted if each.match is not None}
    return ImportReport(
        source=source,
        is_dry_run=dry_run,
        has_seconds=read.has_seconds,
        variables=read.variables,
        lines=plan.lines,
        refusals=sorted(plan.refusals, key=lambda refusal: refusal.line),
        gone=[
            each.name
            for each in known
            if each.origin.get("source") == source and each.schedule_id not in matched
        ],
    )


def _wanted(read: Crontab, *, timezone: str) -> list[_Wanted]:
    """Say what every line asks for; names are unique within the file, also among equal commands."""
    wanted: list[_Wanted] = []
    names: set[str] = set()
    seen: Counter[str] = Counter()
    for line, written in read.wholes:
        name = str(written.get("name", ""))
        names.add(name)
        key = digest(["whole", name])
        wanted.append(_Wanted(line=line, document=dict(written), key=key, work=key, is_named=True))
    for entry in read.entries:
        document = document_of(entry, timezone=timezone)
        is_named = "name" in document
        if not is_named:
            document["name"] = name_for(entry.command, names)
        names.add(str(document["name"]))
        key = line_key(entry)
        key, seen[key] = f"{key}-{seen[key]}", seen[key] + 1
        wanted.append(
            _Wanted(
                line=entry.line, document=document, key=key, work=work_key(entry), is_named=is_named
            ),
        )
    return sorted(wanted, key=lambda each: each.line)


def _known(caller: Caller) -> list[_Known]:
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        found = store.everything(tx, caller.organization_id)
    return [
        _Known(
            schedule_id=schedule.id,
            name=schedule.name,
            document=documents.of_schedule(schedule, queue),
        )
        for schedule, queue in found
    ]


def _match(wanted: list[_Wanted], known: list[_Known], source: str) -> None:
    """Find the schedule of each line: by the line, else by its command, else by the name it would get."""
    from_here = [each for each in known if each.origin.get("source") == source]
    taken: set[UUID] = set()

    def pair(candidates: Iterable[_Known], each: _Wanted) -> None:
        found = next((one for one in candidates if one.schedule_id not in taken), None)
        if each.match is None and found is not None:
            each.match = found
            taken.add(found.schedule_id)

    for each in wanted:
        pair((one for one in from_here if one.origin.get("key") == each.key), each)
    for each in wanted:
        pair((one for one in from_here if one.origin.get("work") == each.work), each)
    for each in wanted:
        pair((one for one in from_here if one.name == each.document["name"]), each)
    for each in wanted:  # the same schedule, added by hand or exported from here
        pair((one for one in known if not one.origin and _is_same(one, each)), each)
        pair((one for one in known if one.origin and _is_same(one, each)), each)


class _Plan:
    """Carries an import out, or tries it, line by line; what fails is refused and the rest goes on."""

    def __init__(self, caller: Caller, source: str, is_dry_run: bool, *, names: set[str]) -> None:  # noqa: FBT001
        self.lines: list[ImportedLine] = []
        self.refusals: list[Refusal] = []
        self._caller = caller
        self._source = source
        self._is_dry_run = is_dry_run
        self._names = names

    def carry_out(self, each: _Wanted) -> None:
        """Create, edit or leave the schedule of one line."""
        document = {name: value for name, value in each.document.items() if name != PAUSED}
        try:
            if each.match is None:
                self._create(each, document)
            elif each.match.origin.get("source") != self._source or (
                each.match.origin.get("hash") == each.fingerprint
            ):
                self._note(each, Change.UNCHANGED, each.match.name)
            else:
                self._edit(each, each.match, document)
        except (Invalid, Conflict) as refused:
            self.refusals.append(Refusal(each.line, str(document.get("name", "")), str(refused)))

    def _create(self, each: _Wanted, document: dict[str, Any]) -> None:
        if document.get("name") in self._names:
            if each.is_named:
                raise Conflict(f"another schedule is called {document['name']!r}")
            document["name"] = _next_free(str(document["name"]), self._names)
        document["metadata"] = {**document.get("metadata", {}), ORIGIN: self._origin(each)}
        draft = documents.to_draft(document)
        if self._is_dry_run:
            if problems := schedules.check(self._caller, draft):
                raise Invalid(problems)
        else:
            row = schedules.create(self._caller, draft)
            if note := each.document.get(PAUSED):
                schedules.pause(self._caller, [row.id], note=None if note is True else str(note))
        self._names.add(draft.name)
        self._note(each, Change.CREATED, draft.name)

    def _edit(self, each: _Wanted, known: _Known, document: dict[str, Any]) -> None:
        if not each.is_named:
            document["name"] = known.name
        metadata = {**known.document.get("metadata", {}), **document.get("metadata", {})}
        document["metadata"] = {**metadata, ORIGIN: self._origin(each)}
        values, problems = documents.read_fields(document)
        if problems:
            raise Invalid(problems)
        changed = [
            name
            for name, value in documents.essential(document).items()
            if name != "metadata" and known.document.get(name) != value
        ]
        if not self._is_dry_run:
            schedules.edit(self._caller, known.schedule_id, values)
        self._note(each, Change.EDITED, str(document["name"]), changed or ["metadata"])

    def _origin(self, each: _Wanted) -> dict[str, str]:
        return {
            "source": self._source,
            "key": each.key,
            "work": each.work,
            "hash": each.fingerprint,
        }

    def _note(
        self, each: _Wanted, change: Change, name: str, changed: list[str] | None = None
    ) -> None:
        document = each.document
        self.lines.append(
            ImportedLine(
                line=each.line,
                change=change,
                name=name,
                schedule_expression=str(document.get("schedule_expression", "")),
                timezone=str(document.get("timezone", "UTC")),
                command=command_line(
                    str(document.get("job_type", "")), document.get("payload", {})
                ),
                fields=changed or [],
            ),
        )


def _next_free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _is_same(known: _Known, wanted: _Wanted) -> bool:
    return known.name == wanted.document["name"] and without_origin(
        known.document
    ) == without_origin(wanted.document)
