"""What an import does about each line: create, edit, leave or refuse; written in one transaction, or not.

A dry run takes the same decisions and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tfui.core.command import command_line
from tfui.core.crontab import Refusal
from tfui.core.particulars import particulars
from tfui.core.states import ScheduleStatus
from tfui.errors import Conflict, Invalid
from tfui.model.columns import IdMaker
from tfui.service import document as documents
from tfui.service import drafts, parent_documents, parents, schedule_changes
from tfui.service.crontab_entry import ORIGIN
from tfui.service.draft_columns import draft_of, spelled_out
from tfui.service.parent_documents import AFTER
from tfui.service.parents import ParentChange
from tfui.store import queues, schedules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.core.parent_text import Parent
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.service.import_matching import Known, Wanted
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

PAUSED = "paused"
"""The key of a crontab's document that says a schedule does not run: true, or why."""
STATUS, PAUSE_NOTE = "status", "pause_note"
"""The keys of a whole document that say the same."""

_SAID = {
    "runs": "runs {}",
    "env": "is given the variables {}",
    "stdin": "reads {} as its input",
}
"""What comes with a command, said of its schedule."""

_NO_FIELDS = frozenset({PAUSED, STATUS, PAUSE_NOTE, AFTER})


class Change(StrEnum):
    """What an import does, or would do, about one line."""

    CREATED = "created"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    """It was edited here since it came in, and stays as it is."""


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
    """The fields that an edit changes, or in which a kept schedule differs from the line."""
    old_command: str | None
    """What an edit takes the place of, where it runs something else than before."""
    status: ScheduleStatus
    """An edit wakes no schedule that rests."""
    carries: list[str]
    """What comes with the command, in words: folder, shell, environment, input, MAILTO."""


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

    def tie(self, schedule_id: UUID, change: ParentChange) -> None:
        """Write what a schedule comes after. Raises Invalid."""
        self.entries += parents.follow(self._tx, self._hold(schedule_id), change)

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
        *,
        is_whole: bool = False,
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
        self._is_whole = is_whole
        """The file says whole what is to be, so whatever differs is an edit, and no line is kept."""
        self._ties: list[_Tie] = []

    def carry_out(self, each: Wanted) -> None:
        """Create, edit or leave the schedule of one line."""
        document = {name: value for name, value in each.document.items() if name not in _NO_FIELDS}
        try:
            wanted = parent_documents.read(each.document)
            if each.match is None:
                self._create(each, document, wanted or ())
            elif self._is_left_alone(each, each.match, document, wanted or ()):
                self._leave(each, each.match, document)
            else:
                self._edit(each, each.match, document, wanted)
        except (Invalid, Conflict) as refused:
            self.refusals.append(Refusal(each.line, str(document.get("name", "")), str(refused)))

    def finish(self) -> None:
        """Write what schedules come after, once all of them are there; refuse what cannot be."""
        for tie in self._ties:
            known = tuple(one for one in tie.change.wanted if one.name in self._names)
            for lost in (one for one in tie.change.wanted if one.name not in self._names):
                reason = f"there is no schedule {lost.name!r} for {tie.name} to come after"
                self.refusals.append(Refusal(tie.line, tie.name, reason))
            change = replace(tie.change, wanted=known)
            if self._writing is None or not change:
                continue
            try:
                self._writing.tie(tie.schedule_id, change)
            except Invalid as bad:
                self.refusals.append(Refusal(tie.line, tie.name, str(bad)))

    def _is_left_alone(
        self, each: Wanted, known: Known, document: dict[str, Any], wanted: Sequence[Parent]
    ) -> bool:
        if not self._is_whole:
            origin = known.origin
            return origin.get("source") != self._source or origin.get("hash") == each.fingerprint
        old = draft_of(known.schedule, known.queue)
        is_same = spelled_out(documents.to_draft(document)) == old
        return is_same and not ParentChange.between(_stored(known), wanted)

    def _leave(self, each: Wanted, known: Known, document: dict[str, Any]) -> None:
        """Note whether the schedule still is what the line says."""
        name, differing = known.schedule.name, []
        if not self._is_whole:
            old = draft_of(known.schedule, known.queue)
            named = document if each.is_named else {**document, "name": name}
            differing = _differing(old, self._wish(each, known, named, old))
        change = Change.KEPT if differing else Change.UNCHANGED
        self._note(each, change, name, changed=differing)

    def _create(self, each: Wanted, document: dict[str, Any], wanted: Sequence[Parent]) -> None:
        if document.get("name") in self._names:
            if each.is_named:
                raise Conflict(f"another schedule is called {document['name']!r}")
            document["name"] = _next_free(str(document["name"]), self._names)
        if not self._is_whole:
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
            if note := _rest(each.document):
                self._writing.pause(schedule_id, None if note is True else str(note))
        self._names.add(draft.name)
        self._tie(each, draft.name, schedule_id, (), wanted)
        self._note(each, Change.CREATED, draft.name)

    def _tie(
        self,
        each: Wanted,
        name: str,
        schedule_id: UUID,
        before: Sequence[Parent],
        wanted: Sequence[Parent],
    ) -> None:
        if change := ParentChange.between(before, wanted):
            self._ties.append(_Tie(each.line, name, schedule_id, change))

    def _edit(
        self,
        each: Wanted,
        known: Known,
        document: dict[str, Any],
        wanted: Sequence[Parent] | None,
    ) -> None:
        if not each.is_named:
            document["name"] = known.schedule.name
        elif document["name"] != known.schedule.name and document["name"] in self._names:
            raise Conflict(f"another schedule is called {document['name']!r}")
        old = draft_of(known.schedule, known.queue)
        new = self._wish(each, known, document, old)
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
        stored = _stored(known)
        if wanted is None:
            wanted = () if self._is_whole else stored
        self._tie(each, new.name, known.schedule.id, stored, wanted)
        changed = _differing(old, new)
        changed += [AFTER] if ParentChange.between(stored, wanted) else []
        was, now = (command_line(draft.job_type, draft.payload) for draft in (old, new))
        self._note(
            each,
            Change.EDITED,
            new.name,
            changed=changed or ["metadata"],
            old_command=was if was != now else None,
        )

    def _wish(
        self, each: Wanted, known: Known, document: dict[str, Any], old: ScheduleDraft
    ) -> ScheduleDraft:
        """Give what the schedule is to be: as the file says, or its own with that laid on top."""
        if self._is_whole:
            return spelled_out(documents.to_draft(document))
        metadata = {**known.document.get("metadata", {}), **document.get("metadata", {})}
        values, problems = documents.read_fields(
            {**document, "metadata": {**metadata, ORIGIN: self._origin(each)}}
        )
        if problems:
            raise Invalid(problems)
        return replace(old, **values)

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
            status = ScheduleStatus.PAUSED if _rest(document) else ScheduleStatus.ACTIVE
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
                carries=_carried(document),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Tie:
    """What is to be changed about what one schedule comes after."""

    line: int
    name: str
    schedule_id: UUID
    change: ParentChange


def _differing(old: ScheduleDraft, new: ScheduleDraft) -> list[str]:
    """Name the fields that differ, but for metadata: the line's own marks are in there."""
    before, after = documents.of_draft(old), documents.of_draft(new)
    return [
        name
        for name in documents.FIELDS
        if name != "metadata" and before.get(name) != after.get(name)
    ]


def _stored(known: Known) -> tuple[Parent, ...]:
    return parent_documents.read(known.document) or ()


def _rest(document: Mapping[str, Any]) -> Any:  # noqa: ANN401  # what JSON had there
    """Give why a schedule is not to run, or True; something false when it is."""
    if document.get(STATUS) == ScheduleStatus.PAUSED:
        return document.get(PAUSE_NOTE) or True
    return document.get(PAUSED)


def _next_free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _carried(document: Mapping[str, Any]) -> list[str]:
    job_type, payload = str(document.get("job_type", "")), document.get("payload", {})
    if payload.get("cwd") == "~":
        payload = {**payload, "cwd": "the home folder"}
    found = [
        _SAID.get(label, f"{label} {{}}").format(text)
        for label, text in particulars(job_type, payload)
    ]
    mailto = (document.get("metadata") or {}).get("mailto")
    return [*found, *([f"notes MAILTO {mailto}, but sends nothing"] if mailto else [])]
