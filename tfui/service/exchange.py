"""Schedules in and out: crontabs imported and exported, and whole schedules as JSON or YAML.

An imported line is known again by the file it came from and by what it says; both are kept in the
schedule's metadata under `crontab`. Importing the same file again therefore changes nothing, also
when a person has edited the schedule since; a line that changed becomes an edit of its schedule; one
that is gone from the file is reported and left alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tfui.core import crontab
from tfui.core.command import command_line
from tfui.core.crontab import Refusal
from tfui.core.crontab_name import name_for
from tfui.core.rights import Right
from tfui.errors import Conflict, Invalid
from tfui.model.columns import IdMaker
from tfui.service import document as documents
from tfui.service import drafts, schedule_changes
from tfui.service.crontab_entry import (
    ORIGIN,
    digest,
    document_of,
    line_key,
    without_origin,
    work_key,
)
from tfui.service.draft_columns import draft_of
from tfui.store import exchange as store
from tfui.store import queues, schedules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tfui.core.crontab import Crontab
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry


WRITE = Right.SCHEDULED_JOB_WRITE

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

    schedule: ScheduledJob
    queue: str
    document: dict[str, Any]
    """Without what a schedule would have anyway."""

    @property
    def origin(self) -> dict[str, Any]:
        """Where it was imported from; empty when it was not."""
        found = self.document.get("metadata", {}).get(ORIGIN)
        return found if isinstance(found, dict) else {}

    def sign(self, by: str) -> object:
        """Give what it is known by: `name`, or the `key` or `work` of the line it came from."""
        return self.schedule.name if by == "name" else self.origin.get(by)


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

    def sign(self, by: str) -> object:
        """Give what its schedule would be known by: `key`, `work` or `name`."""
        return {"key": self.key, "work": self.work, "name": self.document.get("name")}[by]

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
    """Import a crontab in one act; `source` names the file, `timezone` holds where no CRON_TZ does.

    Lines that cannot be schedules are in the report, and the rest goes on. Raises Forbidden.
    """
    read = crontab.parse(text, system=system)
    wanted = _wanted(read, timezone=timezone)
    drafts.prepare("shell")
    opened = caller.reading(WRITE) if dry_run else caller.writing(WRITE)
    with opened as tx:
        known = _known(tx, caller)
        _match(wanted, known, source)
        writing = None if dry_run else _Writing(tx, caller)
        plan = _Plan(tx, caller, source, known, writing)
        for each in wanted:
            plan.carry_out(each)
        if writing is not None:
            caller.record(tx, writing.entries)
    matched = {each.match.schedule.id for each in wanted if each.match is not None}
    return ImportReport(
        source=source,
        is_dry_run=dry_run,
        has_seconds=read.has_seconds,
        variables=read.variables,
        lines=plan.lines,
        refusals=sorted([*read.refusals, *plan.refusals], key=lambda refusal: refusal.line),
        gone=[
            each.schedule.name
            for each in known
            if each.origin.get("source") == source and each.schedule.id not in matched
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


def _known(tx: Transaction, caller: Caller) -> list[_Known]:
    return [
        _Known(schedule=schedule, queue=queue, document=documents.of_schedule(schedule, queue))
        for schedule, queue in store.everything(tx, caller.organization_id)
    ]


def _match(wanted: list[_Wanted], known: list[_Known], source: str) -> None:
    """Find the schedule of each line: by the line, else by its command, else by the name it would get.

    Last come schedules that are the same already: added by hand, or exported from here.
    """
    from_here = [each for each in known if each.origin.get("source") == source]
    taken: set[UUID] = set()

    def pair(candidates: Iterable[_Known], *, by: str, same: bool = False) -> None:
        free: defaultdict[object, deque[_Known]] = defaultdict(deque)
        for one in candidates:
            if one.schedule.id not in taken:
                free[one.sign(by)].append(one)
        for each in wanted:
            queue = free.get(each.sign(by))
            if each.match is None and queue and (not same or _is_same(queue[0], each)):
                each.match = queue.popleft()
                taken.add(each.match.schedule.id)

    for sign in ("key", "work", "name"):
        pair(from_here, by=sign)
    pair(known, by="name", same=True)


class _Writing:
    """Writes what a plan decides, all in one transaction, and gathers it for the journal."""

    def __init__(self, tx: Transaction, caller: Caller) -> None:
        self.entries: list[Entry] = []
        self._tx = tx
        self._caller = caller

    def create(self, draft: ScheduleDraft, schedule_id: UUID, queue_id: UUID) -> None:
        """Write a new schedule."""
        entry = schedule_changes.create(
            self._tx,
            self._caller.organization_id,
            draft,
            schedule_id=schedule_id,
            queue_id=queue_id,
            created_by=self._caller.user_id,
        )
        self.entries.append(entry)

    def pause(self, schedule_id: UUID, note: str | None) -> None:
        """Let a schedule that was just written rest."""
        schedule = self._hold(schedule_id)
        self._add(
            schedule_changes.pause(self._tx, schedule, note=note, until=None, by=self._caller.name),
        )

    def edit(self, known: _Known, new: ScheduleDraft, queue_id: UUID) -> None:
        """Write what differs between a schedule and a draft."""
        schedule = self._hold(known.schedule.id)
        old = draft_of(schedule, known.queue)
        self._add(schedule_changes.edit(self._tx, schedule, old, new, queue_id=queue_id))

    def _hold(self, schedule_id: UUID) -> ScheduledJob:
        return schedules.lock(self._tx, self._caller.organization_id, [schedule_id])[schedule_id]

    def _add(self, entry: Entry | None) -> None:
        if entry is not None:
            self.entries.append(entry)


class _Plan:
    """Decides line by line what to do; what fails is refused and the rest goes on."""

    def __init__(
        self,
        tx: Transaction,
        caller: Caller,
        source: str,
        known: list[_Known],
        writing: _Writing | None,
    ) -> None:
        self.lines: list[ImportedLine] = []
        self.refusals: list[Refusal] = []
        self._now = caller.now()
        self._source = source
        self._names = {each.schedule.name for each in known}
        self._queues = queues.ids_by_name(tx, caller.organization_id)
        self._ids = IdMaker()
        self._writing = writing
        """None for a dry run."""

    def carry_out(self, each: _Wanted) -> None:
        """Create, edit or leave the schedule of one line."""
        document = {name: value for name, value in each.document.items() if name != PAUSED}
        try:
            if each.match is None:
                self._create(each, document)
            elif each.match.origin.get("source") != self._source or (
                each.match.origin.get("hash") == each.fingerprint
            ):
                self._note(each, Change.UNCHANGED, each.match.schedule.name)
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
        schedule_id = self._ids.make(self._now)
        setting = drafts.Setting(
            now=self._now, anchor_at=self._now, seed=str(schedule_id), queues=self._queues.keys()
        )
        if problems := drafts.find_problems(draft, setting):
            raise Invalid(problems)
        if self._writing is not None:
            self._writing.create(draft, schedule_id, self._queues[draft.queue])
            if note := each.document.get(PAUSED):
                self._writing.pause(schedule_id, None if note is True else str(note))
        self._names.add(draft.name)
        self._note(each, Change.CREATED, draft.name)

    def _edit(self, each: _Wanted, known: _Known, document: dict[str, Any]) -> None:
        if not each.is_named:
            document["name"] = known.schedule.name
        elif document["name"] != known.schedule.name and document["name"] in self._names:
            raise Conflict(f"another schedule is called {document['name']!r}")
        metadata = {**known.document.get("metadata", {}), **document.get("metadata", {})}
        document["metadata"] = {**metadata, ORIGIN: self._origin(each)}
        values, problems = documents.read_fields(document)
        if problems:
            raise Invalid(problems)
        old = draft_of(known.schedule, known.queue)
        new = replace(old, **values)
        setting = drafts.Setting(
            now=self._now,
            anchor_at=known.schedule.created_at,
            seed=str(known.schedule.id),
            queues=self._queues.keys(),
        )
        if problems := drafts.find_problems(new, setting):
            raise Invalid(problems)
        if self._writing is not None:
            self._writing.edit(known, new, self._queues[new.queue])
        self._names.add(new.name)
        before, after = documents.of_draft(old), documents.of_draft(new)
        changed = [
            name
            for name in documents.FIELDS
            if name != "metadata" and before.get(name) != after.get(name)
        ]
        self._note(each, Change.EDITED, new.name, changed or ["metadata"])

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
    return without_origin(known.document) == without_origin(wanted.document)
