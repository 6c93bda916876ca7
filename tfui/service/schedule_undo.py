"""Taking back what was done to schedules, entry by entry, as new changes made now.

An entry is only taken back while what it did still stands: whatever came later stays untouched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tfui.core.explain_trigger import local
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus
from tfui.service import document, drafts, schedule_changes, undo_subjects
from tfui.service.draft_columns import FIELDS, TRIGGER, draft_of
from tfui.service.refusing import Refused
from tfui.store import journal_acts, queues, schedules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from tfui.errors import Problem
    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

VERBS = (
    "schedule.created",
    "schedule.edited",
    "schedule.paused",
    "schedule.resumed",
    "schedule.deleted",
    "schedule.restored",
    "schedule.failed",  # a resumption that was taken back may have said so
)

_TIMED = ("schedule.edited", "schedule.paused", "schedule.resumed", "schedule.failed")
_TIMES = (drafts.EXPRESSION, "starts_at", "ends_at")
_TIMING = (*TRIGGER, "ends_at", "max_runs")

_MAKING = ("schedule.created", "schedule.restored")


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
    *,
    over: Collection[int] = (),
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about schedules, the last first; give each with the new one.

    `over` are later entries that have ended by themselves, and stand in nobody's way.
    Raises Conflict, with a sentence, when a later change stands in the way.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if not ours:
        return []
    caller.require(Right.SCHEDULED_JOB_WRITE)
    subjects = undo_subjects.held(tx, caller, ours)
    _refuse_to_take_along(tx, caller, ours, over)
    known = queues.ids_by_name(tx, caller.organization_id)
    pairs = []
    with schedules.together(tx):
        for entry, schedule in subjects:
            new = _take_back(tx, entry, schedule, known)
            if new is None:
                raise Refused(entry, "nothing is left of that")
            pairs.append((entry, new))
    return pairs


def _refuse_to_take_along(
    tx: Transaction,
    caller: Caller,
    entries: Sequence[JournalRow],
    over: Collection[int],
) -> None:
    """Do not delete a schedule, by taking its making back, that was changed since by whomever."""
    made = [entry for entry in entries if entry.verb in _MAKING]
    pairs = journal_acts.later(tx, caller.organization_id, made, verbs=VERBS)
    pairs = [(old, new) for old, new in pairs if new.undone_by is None and new.id not in over]
    links = journal_acts.chains(tx, [new.id for _, new in pairs])
    for old, new in pairs:
        if not links[new.id].is_undo:
            _, _, verb = new.verb.partition(".")
            raise Refused(old, f"{new.by} {verb} it since")


def _take_back(
    tx: Transaction,
    entry: JournalRow,
    schedule: ScheduledJob,
    known: Mapping[str, UUID],
) -> Entry | None:
    if (schedule.deleted_at is not None) != (entry.verb == "schedule.deleted"):
        state = "deleted" if schedule.deleted_at is not None else "restored"
        raise Refused(entry, f"it was {state} since")
    match entry.verb:
        case "schedule.created" | "schedule.restored":
            return schedule_changes.delete(tx, schedule)
        case "schedule.deleted":
            return schedule_changes.restore(tx, schedule)
        case "schedule.edited":
            return _edit_back(tx, entry, schedule, known)
        case _:
            _refuse_if_changed(entry, schedule_changes.standing(schedule))
            now = schedule_changes.instant_of(tx)
            if why := _lapsed_and_over(entry, schedule, now):
                raise Refused(entry, why)
            return schedule_changes.put_back(tx, schedule, _standing_before(entry, schedule, now))


def why_over(
    tx: Transaction,
    entry: JournalRow,
    schedule: ScheduledJob,
    known: Mapping[str, UUID],
) -> str | None:
    """Say why the time for taking an entry back has passed for good, if so."""
    if schedule.deleted_at is not None or entry.verb not in _TIMED:
        return None
    if entry.verb != "schedule.edited":
        return _lapsed_and_over(entry, schedule, schedule_changes.instant_of(tx))
    if (entry.before or {}).keys().isdisjoint(_TIMING):
        return None
    _, _, problems = _edited_back(tx, entry, schedule, known)
    late = {name: text for name, text in problems.items() if name in _TIMES}
    return f"its old time is over: {_told(late)}" if late else None


def _lapsed_and_over(entry: JournalRow, schedule: ScheduledJob, now: datetime) -> str | None:
    """Say that a pause which would come back would have ended by now, as the schedule's has."""
    until = _lapsed(entry, schedule, now)
    if until is None or schedule.status is not ScheduleStatus.ACTIVE:
        return None
    return f"its pause would have ended already, at {local(until, schedule.timezone)}"


def _lapsed(entry: JournalRow, schedule: ScheduledJob, now: datetime) -> datetime | None:
    before = schedule_changes.standing(schedule) | (entry.before or {})
    if before["status"] != ScheduleStatus.PAUSED or before["paused_until"] is None:
        return None
    until = datetime.fromisoformat(before["paused_until"])
    return until if until <= now else None


def _standing_before(
    entry: JournalRow, schedule: ScheduledJob, now: datetime
) -> Mapping[str, object]:
    """Give the standing that would be had the entry not been: a pause that has lapsed is none."""
    if _lapsed(entry, schedule, now) is not None:
        return {"status": ScheduleStatus.ACTIVE}
    return schedule_changes.standing(schedule) | (entry.before or {})


def _edit_back(
    tx: Transaction,
    entry: JournalRow,
    schedule: ScheduledJob,
    known: Mapping[str, UUID],
) -> Entry | None:
    old, new, problems = _edited_back(tx, entry, schedule, known)
    _refuse_if_changed(entry, document.of_draft(old))
    if problems:
        raise Refused(entry, _told(problems))
    taken = schedules.id_of_name(tx, schedule.organization_id, new.name)
    if taken is not None and taken != schedule.id:
        raise Refused(entry, f"another schedule is called {new.name!r} now")
    return schedule_changes.edit(tx, schedule, old, new, queue_id=known[new.queue])


def _edited_back(
    tx: Transaction,
    entry: JournalRow,
    schedule: ScheduledJob,
    known: Mapping[str, UUID],
) -> tuple[ScheduleDraft, ScheduleDraft, dict[str, Problem]]:
    """Give the schedule as it is, as it was before an edit, and what is wrong with that by now."""
    queue = next(name for name, queue_id in known.items() if queue_id == schedule.queue_id)
    old = draft_of(schedule, queue)
    before = {name: value for name, value in (entry.before or {}).items() if name in FIELDS}
    values, problems = document.read_fields(before)
    values |= {
        name: {} for name in ("payload", "metadata") if name in values and values[name] is None
    }
    new = replace(old, **values)
    now = schedule_changes.instant_of(tx)
    setting = drafts.Setting(
        now=now,
        anchor_at=drafts.anchor_of(new.schedule_type, created_at=schedule.created_at, now=now),
        seed=str(schedule.id),
        queues=known.keys(),
        is_trigger_new=drafts.has_new_timing(old, new),
        is_payload_new=False,
    )
    return old, new, problems | drafts.find_problems(new, setting)


def _told(problems: Mapping[str, Problem]) -> str:
    return "; ".join(
        str(text) if name == drafts.EXPRESSION else f"{name}: {text}"
        for name, text in problems.items()
    )


def _refuse_if_changed(entry: JournalRow, present: Mapping[str, object]) -> None:
    changed = [
        name
        for name, value in (entry.after or {}).items()
        if name in present and present[name] != value
    ]
    if changed:
        is_pause = set(changed) <= set(schedule_changes.STANDING)
        names = "its pause" if is_pause else ", ".join(changed)
        raise Refused(entry, f"{names} changed since")
