"""The trigger that a schedule had at an instant before its present one, as the journal tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tfui.errors import Invalid
from tfui.model.columns import table_of
from tfui.model.journal import Journal
from tfui.service import document, drafts
from tfui.service.draft_columns import TRIGGER, draft_of
from tfui.store import accounting, journal_rows

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.core.trigger import Trigger
    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.store.connection import Transaction

_E = table_of(Journal).c
_VERBS = ("schedule.edited", "schedule.deleted", "schedule.restored")
_FIELDS = frozenset({*TRIGGER, "ends_at"})


@dataclass(frozen=True, slots=True)
class FormerTrigger:
    """What was in force, after `effective_at` and up to `until`."""

    trigger: Trigger
    draft: ScheduleDraft
    effective_at: datetime
    until: datetime
    deleted_at: datetime | None
    """When it had been deleted by then."""
    change: JournalRow | None
    """The edit that put another in its place; None when it is the present one, in force anew since."""


def at(tx: Transaction, schedule: ScheduledJob, instant: datetime) -> FormerTrigger | None:
    """Give what was in force at an instant after the creation and not after `effective_at`.

    None when the journal does not reach back to it, or holds what cannot be read.
    """
    if not journal_rows.reaches_back_to(tx, instant):
        return None
    conditions = [_E.subject_id == schedule.id, _E.verb.in_(_VERBS)]
    entries = journal_rows.read(tx, schedule.organization_id, conditions, limit=None)
    later = [entry for entry in entries if entry.at >= instant]
    earlier = entries[len(later) :]
    edits = [entry for entry in later if _sets_trigger(entry)]
    ends = [entry.at for entry in later if entry in edits or entry.verb != "schedule.edited"]
    begins = (one.at for one in earlier if _sets_trigger(one) or one.verb == "schedule.restored")
    since = next(begins, schedule.created_at)
    was = next((one for one in earlier if one.verb != "schedule.edited"), None)
    try:
        draft = _before(later, draft_of(schedule, ""))
        trigger = drafts.trigger_of(
            draft,
            anchor_at=drafts.anchor_of(
                draft.schedule_type, created_at=schedule.created_at, now=since
            ),
            seed=str(schedule.id),
        )
    except Invalid:
        return None
    return FormerTrigger(
        trigger=trigger,
        draft=draft,
        effective_at=accounting.in_force_since(since, draft.starts_at),
        until=ends[-1] if ends else schedule.effective_at,
        deleted_at=was.at if was is not None and was.verb == "schedule.deleted" else None,
        change=edits[-1] if edits else None,
    )


def _sets_trigger(entry: JournalRow) -> bool:
    return not (entry.before or {}).keys().isdisjoint(TRIGGER)


def _before(later: list[JournalRow], draft: ScheduleDraft) -> ScheduleDraft:
    """Take edits back, the newest first. Raises Invalid."""
    for entry in later:
        told = {name: value for name, value in (entry.before or {}).items() if name in _FIELDS}
        values, problems = document.read_fields(told)
        if problems:
            raise Invalid(problems)
        draft = replace(draft, **values)
    return draft
