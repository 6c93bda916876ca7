"""What an import does about each line: create, edit, leave or refuse; written in one transaction, or not.

A dry run takes the same decisions and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tfui.core.command import command_line
from tfui.core.crontab import Refusal
from tfui.core.states import ScheduleStatus
from tfui.errors import Conflict, Invalid
from tfui.model.columns import IdMaker
from tfui.service import document as documents
from tfui.service import drafts, schedule_changes
from tfui.service.crontab_entry import ORIGIN
from tfui.service.draft_columns import draft_of
from tfui.store import queues, schedules

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.service.import_matching import Known, Wanted
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

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
    old_command: str | None
    """What an edit takes the place of, where it runs something else than before."""
    status: ScheduleStatus
    """An edit wakes no schedule that rests."""


class Writing:
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

    def edit(self, known: Known, new: ScheduleDraft, queue_id: UUID) -> None:
        """Write what differs between a schedule and a draft."""
        schedule = self._hold(known.schedule.id)
        old = draft_of(schedule, known.queue)
        self._add(schedule_changes.edit(self._tx, schedule, old, new, queue_id=queue_id))

    def _hold(self, schedule_id: UUID) -> ScheduledJob:
        return schedules.lock(self._tx, self._caller.organization_id, [schedule_id])[schedule_id]

    def _add(self, entry: Entry | None) -> None:
        if entry is not None:
            self.entries.append(entry)


class Plan:
    """Decides line by line what to do; what fails is refused and the rest goes on."""

    def __init__(
        self,
        tx: Transaction,
        caller: Caller,
        source: str,
        known: list[Known],
        writing: Writing | None,
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

    def carry_out(self, each: Wanted) -> None:
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

    def _create(self, each: Wanted, document: dict[str, Any]) -> None:
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

    def _edit(self, each: Wanted, known: Known, document: dict[str, Any]) -> None:
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
            anchor_at=drafts.anchor_of(
                new.schedule_type, created_at=known.schedule.created_at, now=self._now
            ),
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
        was, now = (command_line(draft.job_type, draft.payload) for draft in (old, new))
        self._note(
            each,
            Change.EDITED,
            new.name,
            changed=changed or ["metadata"],
            old_command=was if was != now else None,
        )

    def _origin(self, each: Wanted) -> dict[str, str]:
        return {
            "source": self._source,
            "key": each.key,
            "work": each.work,
            "hash": each.fingerprint,
        }

    def _note(
        self,
        each: Wanted,
        change: Change,
        name: str,
        *,
        changed: list[str] | None = None,
        old_command: str | None = None,
    ) -> None:
        document = each.document
        if each.match is not None:
            status = ScheduleStatus(each.match.schedule.status)
        else:
            status = ScheduleStatus.PAUSED if document.get(PAUSED) else ScheduleStatus.ACTIVE
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
                old_command=old_command,
                status=status,
            ),
        )


def _next_free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
