"""Schedules for whoever asks: made, changed, stopped and looked at, by right and on the record.

Every write is one transaction that ends with its journal entries. Deletion is soft: a deleted
schedule is only seen by `find(deleted=True)`, lists of deleted ones, `restore` and `detail`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

from tfui.core import lint
from tfui.core.rights import Right
from tfui.core.states import ScheduleStatus, ScheduleType
from tfui.errors import Conflict, Invalid, NotFound, Problem
from tfui.model.columns import IdMaker
from tfui.model.schedule import SchedulePage
from tfui.service import (
    dependency_changes,
    draft_fields,
    drafts,
    references,
    schedule_changes,
)
from tfui.service import parents as parents_of
from tfui.service.caller import twice
from tfui.service.draft_columns import FIELDS, draft_of
from tfui.store import (
    accounting,
    dependencies,
    journal_rows,
    listing,
    queues,
    schedule_rows,
    standing,
)
from tfui.store import schedules as store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from tfui.model.dependency import After, DependencyRow
    from tfui.model.schedule import (
        Pulse,
        ScheduleDetail,
        ScheduledJob,
        ScheduleDraft,
        ScheduleQuery,
        ScheduleRow,
        Summary,
    )
    from tfui.service.caller import Caller
    from tfui.service.parents import ParentChange
    from tfui.store.connection import Transaction
    from tfui.store.journal import Entry

READ, WRITE = Right.SCHEDULED_JOB_READ, Right.SCHEDULED_JOB_WRITE

LONGEST_NOTE = 500
LARGEST_PAGE = 1000
_MOST_UPCOMING = 1000
_FEW = 2000  # names among which a near one is looked for


@twice
def create(
    caller: Caller,
    draft: ScheduleDraft,
    *,
    after: Sequence[After] = (),
    parents: ParentChange | None = None,
) -> ScheduleRow:
    """Make a schedule that runs from now on, after others if any are named.

    Raises Invalid and, when its name is taken, Conflict.
    """
    caller.require(WRITE)
    schedule_id = IdMaker().make(caller.now())
    drafts.prepare(draft.job_type)
    with caller.writing(WRITE) as tx:
        known = queues.ids_by_name(tx, caller.organization_id)
        problems = drafts.find_problems(draft, _new_setting(caller, schedule_id, known))
        if problems:
            raise Invalid(problems)
        if store.id_of_name(tx, caller.organization_id, draft.name) is not None:
            raise Conflict(f"another schedule is called {draft.name!r}")
        entry = schedule_changes.create(
            tx,
            caller.organization_id,
            draft,
            schedule_id=schedule_id,
            queue_id=known[draft.queue],
            created_by=caller.user_id,
        )
        linked = _come_after(tx, caller, schedule_id, after, parents)
        return _recorded(caller, tx, [schedule_id], [entry, *linked])[0]


@twice
def edit(
    caller: Caller,
    schedule_id: UUID,
    changes: Mapping[str, Any],
    *,
    revision: int | None = None,
    after: Sequence[After] = (),
    parents: ParentChange | None = None,
) -> ScheduleRow:
    """Change fields of a draft, and what it comes after: `after` adds, `parents` says both ways.

    Raises Invalid, NotFound, and Conflict when `revision` is older.

    The Conflict tells who changed the schedule meanwhile. Without a revision the last one wins.
    """
    caller.require(WRITE)
    drafts.prepare(changes.get("job_type"))
    with caller.writing(WRITE) as tx:
        schedule = hold(tx, caller, [schedule_id])[0]
        if revision is not None and revision != schedule.revision:
            raise Conflict(_who_changed(tx, caller, schedule))
        known = queues.ids_by_name(tx, caller.organization_id)
        old = _draft(schedule, known)
        new = _changed(old, changes)
        problems = drafts.find_problems(new, _old_setting(caller, schedule, old, new, known))
        if problems:
            raise Invalid(problems)
        taken = store.id_of_name(tx, caller.organization_id, new.name)
        if taken is not None and taken != schedule_id:
            raise Conflict(f"another schedule is called {new.name!r}")
        entry = schedule_changes.edit(tx, schedule, old, new, queue_id=known[new.queue])
        linked = _come_after(tx, caller, schedule_id, after, parents)
        return _recorded(caller, tx, [schedule_id], [entry, *linked])[0]


def check(
    caller: Caller,
    draft: ScheduleDraft,
    *,
    schedule_id: UUID | None = None,
) -> dict[str, Problem]:
    """Give every bad field at once, a name that is taken among them; {} when all is well.

    With `schedule_id` the draft is held to be an edit of that schedule. Raises NotFound.
    """
    caller.require(READ)
    drafts.prepare(draft.job_type)
    with caller.reading(READ) as tx:
        known = queues.ids_by_name(tx, caller.organization_id)
        if schedule_id is None:
            setting = _new_setting(caller, IdMaker().make(caller.now()), known)
        else:
            schedule = _get(tx, caller, schedule_id)
            setting = _old_setting(caller, schedule, _draft(schedule, known), draft, known)
        problems = drafts.find_problems(draft, setting)
        if "name" not in problems:
            taken = store.id_of_name(tx, caller.organization_id, draft.name)
            if taken is not None and taken != schedule_id:
                problems["name"] = Problem(f"another schedule is called {draft.name!r}")
        return problems


def warnings(caller: Caller, draft: ScheduleDraft) -> list[str]:
    """Say what is legal in a draft and yet often not meant; nothing when it cannot be read."""
    caller.require(READ)
    now = caller.now()
    try:
        trigger = drafts.trigger_of(draft, anchor_at=now, seed="")
    except Invalid:
        return []
    return [found.text for found in lint.warnings(trigger, now=now)]


def pause(
    caller: Caller,
    ids: Sequence[UUID],
    *,
    note: str | None = None,
    until: datetime | None = None,
) -> list[ScheduleRow]:
    """Let schedules rest, all or none; jobs they have go on. Raises Invalid, NotFound, Conflict."""
    note, until = _read_pause(note, until, caller.now())
    return _change(
        caller,
        ids,
        lambda tx, schedule: schedule_changes.pause(
            tx, schedule, note=note, until=until, by=caller.name
        ),
    )


def resume(caller: Caller, ids: Sequence[UUID]) -> list[ScheduleRow]:
    """Set paused and failed schedules going again, all or none. Raises NotFound, Conflict."""
    return _change(caller, ids, schedule_changes.resume)


def delete(
    caller: Caller,
    ids: Sequence[UUID],
    *,
    children: Literal["detach", "delete"] | None = None,
) -> list[ScheduleRow]:
    """Take schedules away, all or none; they can be restored. Raises NotFound.

    When others come after them, `children` says whether these then come after nothing or go too;
    otherwise Conflict names them.
    """
    with caller.writing(WRITE) as tx:
        wanted = list(dict.fromkeys(ids))
        detached: list[Entry] = []
        while orphans := _orphans(tx, caller, wanted):
            if children is None:
                raise Conflict(_who_comes_after(orphans))
            if children == "detach":
                detached = [dependency_changes.remove(tx, row) for row in orphans]
                break
            wanted += dict.fromkeys(row.child_id for row in orphans)
        found = hold(tx, caller, wanted, deleted=True)
        with store.together(tx):
            entries = [schedule_changes.delete(tx, schedule) for schedule in found]
        return _recorded(caller, tx, wanted, [*detached, *entries])


def restore(caller: Caller, ids: Sequence[UUID]) -> list[ScheduleRow]:
    """Bring deleted schedules back, all or none. Raises NotFound, Conflict when a name is taken."""
    return _change(caller, ids, schedule_changes.restore, deleted=True)


@twice
def run_now(caller: Caller, schedule_id: UUID) -> UUID:
    """Make a job at once, also of a schedule that rests; give its id. Raises NotFound, Conflict."""
    with caller.writing(Right.JOB_RUN) as tx:
        schedule = hold(tx, caller, [schedule_id])[0]
        job_id, entry = schedule_changes.start(tx, schedule)
        caller.record(tx, [entry])
    return job_id


def find(caller: Caller, reference: str, *, deleted: bool = False) -> UUID:
    """Find a schedule by its name, or else by digits with which only its id begins.

    Of deleted ones with one name, the newest. Raises NotFound, and Conflict when it is ambiguous.
    """
    with caller.reading(READ) as tx:
        found = store.matches(
            tx,
            caller.organization_id,
            name=reference,
            id_range=references.id_range(reference),
            deleted=deleted,
        )
        named = [schedule_id for schedule_id, name in found if name == reference]
        if named:
            return named[0]
        if len(found) == 1:
            return found[0][0]
        if found:
            some = ", ".join(f"{name} ({schedule_id})" for schedule_id, name in found[:5])
            raise Conflict(f"{reference} begins more than one schedule's id: {some}")
        raise NotFound(_not_found(tx, caller, reference, deleted=deleted))


def ids(caller: Caller, query: ScheduleQuery) -> listing.ScheduleIds:
    """Give the identifiers of all schedules that match, in order, 16 bytes each."""
    with caller.reading(READ) as tx:
        return listing.ids(tx, caller.organization_id, query, now=caller.now())


def rows(caller: Caller, ids: Sequence[UUID]) -> list[ScheduleRow]:
    """Give schedules as lists show them, in the order asked for; those that are gone are left out."""
    with caller.reading(READ) as tx:
        return schedule_rows.rows(tx, caller.organization_id, ids)


def page(caller: Caller, query: ScheduleQuery, *, page: int = 1, limit: int = 50) -> SchedulePage:
    """Give one page of a list and how many there are. Raises Invalid."""
    problems = {}
    if page < 1:
        problems["page"] = "pages count from 1"
    if not 1 <= limit <= LARGEST_PAGE:
        problems["limit"] = f"a page has 1 to {LARGEST_PAGE:,} schedules"
    if problems:
        raise Invalid(problems)
    with caller.reading(READ) as tx:
        found = listing.ids(tx, caller.organization_id, query, now=caller.now())
        wanted = found[(page - 1) * limit : page * limit]
        shown = schedule_rows.rows(tx, caller.organization_id, wanted)
    pages = max(1, -(-len(found) // limit))
    return SchedulePage(jobs=tuple(shown), total=len(found), page=page, pages=pages)


def detail(caller: Caller, schedule_id: UUID) -> ScheduleDetail:
    """Give one schedule whole, deleted or not, and how its runs have gone. Raises NotFound."""
    with caller.reading(READ) as tx:
        found = standing.detail(tx, caller.organization_id, schedule_id)
    if found is None:
        raise NotFound(f"there is no schedule {schedule_id}")
    return found


def draft(caller: Caller, schedule_id: UUID) -> ScheduleDraft:
    """Give the draft that would make a schedule again, to be edited. Raises NotFound."""
    with caller.reading(READ) as tx:
        schedule = _get(tx, caller, schedule_id)
        return _draft(schedule, queues.ids_by_name(tx, caller.organization_id))


def upcoming(caller: Caller, schedule_id: UUID, *, count: int = 8) -> list[datetime]:
    """Give the nominal instants of the next runs; each starts later by its jitter. Raises NotFound.

    Nothing, while it rests without an end.
    """
    with caller.reading(READ) as tx:
        schedule = _get(tx, caller, schedule_id)
    after = max(caller.now(), schedule.cursor_at)
    if schedule.status is ScheduleStatus.PAUSED and schedule.paused_until is not None:
        after = max(after, schedule.paused_until)
    elif schedule.status is not ScheduleStatus.ACTIVE:
        return []
    wanted = min(count, _MOST_UPCOMING)
    if schedule.max_runs is not None:
        wanted = min(wanted, schedule.max_runs - schedule.runs_count)
    trigger = accounting.trigger_of(schedule)
    until = schedule.ends_at or datetime.max.replace(tzinfo=UTC)
    return _next(trigger.next_after, after, until, wanted)


def summary(caller: Caller) -> Summary:
    """Count the schedules by status, and those that are due now."""
    with caller.reading(READ) as tx:
        return standing.summary(tx, caller.organization_id, now=caller.now())


def pulse(caller: Caller) -> Pulse:
    """Count what is going on now."""
    with caller.reading(READ) as tx:
        return standing.pulse(tx, caller.organization_id, now=caller.now())


def names(caller: Caller) -> list[str]:
    """Give every name in use, in order."""
    with caller.reading(READ) as tx:
        return listing.names(tx, caller.organization_id)


def _come_after(
    tx: Transaction,
    caller: Caller,
    schedule_id: UUID,
    after: Sequence[After],
    change: ParentChange | None,
) -> list[Entry | None]:
    """Write what a schedule comes after; a chained one has to come after something."""
    found = hold(tx, caller, [schedule_id, *(one.parent_id for one in after)])
    entries = [dependency_changes.add(tx, found[0], one) for one in after]
    if change is not None:
        entries += parents_of.follow(tx, found[0], change)
    is_chained = found[0].schedule_type is ScheduleType.CHAINED
    if is_chained and not dependencies.parents_of(tx, schedule_id):
        raise Invalid({"schedule_type": "a chained schedule comes after another; say which"})
    return entries


def _orphans(tx: Transaction, caller: Caller, ids: Sequence[UUID]) -> list[DependencyRow]:
    """Give the dependencies on schedules that are to go, of others that are not."""
    found = []
    for start in range(0, len(ids), 400):  # SQLite bounds the parameters of one statement
        found += dependencies.rows(tx, caller.organization_id, ids[start : start + 400])
    going = set(ids)
    return [row for row in found if row.parent_id in going and row.child_id not in going]


def _who_comes_after(rows: Sequence[DependencyRow]) -> str:
    parents = ", ".join(dict.fromkeys(row.parent for row in rows))
    named = list(dict.fromkeys(row.child for row in rows))
    verb = "comes" if len(named) == 1 else "come"
    return (
        f"{', '.join(named)} {verb} after {parents}: detach what comes after it, or delete it too"
    )


def _change(
    caller: Caller,
    ids: Sequence[UUID],
    verb: Callable[[Transaction, ScheduledJob], Entry | None],
    *,
    deleted: bool = False,
) -> list[ScheduleRow]:
    with caller.writing(WRITE) as tx:
        found = hold(tx, caller, ids, deleted=deleted)
        with store.together(tx):
            entries = [verb(tx, schedule) for schedule in found]
        return _recorded(caller, tx, ids, entries)


def _recorded(
    caller: Caller,
    tx: Transaction,
    ids: Sequence[UUID],
    entries: Sequence[Entry | None],
) -> list[ScheduleRow]:
    caller.record(tx, [entry for entry in entries if entry is not None])
    return schedule_rows.rows(tx, caller.organization_id, ids)


def hold(
    tx: Transaction,
    caller: Caller,
    ids: Sequence[UUID],
    *,
    deleted: bool = False,
) -> list[ScheduledJob]:
    """Hold schedules in the order asked for, each once. Raises NotFound unless all are there."""
    found = store.lock(tx, caller.organization_id, ids)
    return [_seen(found.get(one), one, deleted=deleted) for one in dict.fromkeys(ids)]


def _get(tx: Transaction, caller: Caller, schedule_id: UUID) -> ScheduledJob:
    return _seen(store.get(tx, caller.organization_id, schedule_id), schedule_id)


def _seen(
    schedule: ScheduledJob | None,
    schedule_id: UUID,
    *,
    deleted: bool = False,
) -> ScheduledJob:
    if schedule is None:
        raise NotFound(f"there is no schedule {schedule_id}")
    if schedule.deleted_at is not None and not deleted:
        raise NotFound(f"{schedule.name} is deleted; it can be restored")
    return schedule


def _new_setting(caller: Caller, schedule_id: UUID, known: Mapping[str, UUID]) -> drafts.Setting:
    now = caller.now()
    return drafts.Setting(now=now, anchor_at=now, seed=str(schedule_id), queues=known.keys())


def _old_setting(
    caller: Caller,
    schedule: ScheduledJob,
    old: ScheduleDraft,
    new: ScheduleDraft,
    known: Mapping[str, UUID],
) -> drafts.Setting:
    now = caller.now()
    return drafts.Setting(
        now=now,
        anchor_at=drafts.anchor_of(new.schedule_type, created_at=schedule.created_at, now=now),
        seed=str(schedule.id),
        queues=known.keys(),
        is_trigger_new=drafts.has_new_timing(old, new),
        is_payload_new=(old.job_type, old.payload) != (new.job_type, new.payload),
    )


def _draft(schedule: ScheduledJob, known: Mapping[str, UUID]) -> ScheduleDraft:
    queue = next(name for name, queue_id in known.items() if queue_id == schedule.queue_id)
    return draft_of(schedule, queue)


def _changed(old: ScheduleDraft, changes: Mapping[str, Any]) -> ScheduleDraft:
    unknown = [name for name in changes if name not in FIELDS]
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "a schedule has no such field"))
    return replace(old, **changes)


def _who_changed(tx: Transaction, caller: Caller, schedule: ScheduledJob) -> str:
    latest = journal_rows.latest(
        tx, caller.organization_id, schedule.id, verbs=("schedule.edited",)
    )
    if latest is None:
        return f"{schedule.name} was changed by somebody meanwhile; nothing was saved"
    at = f"{latest.at:%Y-%m-%d %H:%M:%S} UTC"
    return (
        f"{schedule.name} was changed by {latest.by} through the {latest.via} at {at}; "
        "nothing was saved"
    )


def _read_pause(
    note: str | None,
    until: datetime | None,
    now: datetime,
) -> tuple[str | None, datetime | None]:
    problems = {}
    note = (note or "").strip() or None
    if note is not None and (problem := draft_fields.line_problem(note, LONGEST_NOTE)):
        problems["note"] = problem
    if problem := draft_fields.instant_problem(until):
        problems["until"] = problem
    elif until is not None and until <= now:
        problems["until"] = "this has passed already"
    if problems:
        raise Invalid(problems)
    return note, None if until is None else until.astimezone(UTC)


def _next(
    next_after: Callable[[datetime], datetime | None],
    after: datetime,
    until: datetime,
    count: int,
) -> list[datetime]:
    found: list[datetime] = []
    step = next_after(after)
    while step is not None and step <= until and len(found) < count:
        found.append(step)
        step = next_after(step)
    return found


def _not_found(tx: Transaction, caller: Caller, reference: str, *, deleted: bool) -> str:
    shown = reference if len(reference) <= draft_fields.LONGEST_NAME else reference[:100] + "…"
    if deleted:
        return f"no deleted schedule is called {shown!r}"
    known = listing.names(tx, caller.organization_id)
    close = get_close_matches(shown, known, n=1) if len(known) <= _FEW else []
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"there is no schedule {shown!r}{hint}"
