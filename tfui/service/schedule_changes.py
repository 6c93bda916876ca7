"""What each verb does to one schedule within a transaction, as an entry for the journal.

The caller's verbs and undo both go through here. Whoever calls has locked the schedule, and journals
the entries last. A verb that finds nothing to do gives None.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.states import ScheduleStatus, ScheduleType, SkipReason
from tfui.errors import Conflict, Invalid
from tfui.model.schedule import ScheduledJob
from tfui.service import document, drafts
from tfui.service.draft_columns import TRIGGER, columns_of, draft_of
from tfui.store import accounting, dependencies, firing, resumptions, schedules
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tfui.model.schedule import ScheduleDraft
    from tfui.store.connection import Transaction

STANDING = ("status", "status_note", "paused_at", "paused_by", "pause_note", "paused_until")
"""Columns that say whether a schedule runs, and why not."""


def create(
    tx: Transaction,
    organization_id: UUID,
    draft: ScheduleDraft,
    *,
    schedule_id: UUID,
    queue_id: UUID,
    created_by: UUID | None,
) -> Entry:
    """Write a new schedule. Raises Conflict when the name is taken."""
    now = instant_of(tx)
    columns = columns_of(draft, queue_id)
    since = accounting.in_force_since(now, columns["starts_at"])
    schedule = ScheduledJob(
        id=schedule_id,
        organization_id=organization_id,
        **columns,
        status=ScheduleStatus.ACTIVE,
        anchor_at=columns["starts_at"] or now,
        effective_at=since,
        cursor_at=since,
        created_by=created_by,
        created_at=now,
        updated_at=now,
    )
    schedule.next_run_at = accounting.next_run(schedule, since)
    if accounting.is_done_for(schedule, schedule.next_run_at):
        raise Invalid({"schedule_expression": "nothing is left to run"})
    schedules.insert(tx, schedule)
    after = document.of_draft(draft_of(schedule, draft.queue))
    return entry_about("schedule.created", schedule, before=None, after=after)


def edit(
    tx: Transaction,
    schedule: ScheduledJob,
    old: ScheduleDraft,
    new: ScheduleDraft,
    *,
    queue_id: UUID,
) -> Entry | None:
    """Write what differs between two drafts of a schedule. Raises Conflict when a name is taken.

    A new trigger is in force from now on: what the old one had left unplanned is superseded.
    """
    columns = {
        name: value
        for name, value in columns_of(new, queue_id).items()
        if getattr(schedule, name) != value
    }
    if not columns:
        return None
    before, after = document.of_draft(old), document.of_draft(new)
    before["status"] = schedule.status.value
    columns |= _timing(tx, schedule, columns)
    columns |= {"revision": schedule.revision + 1, "updated_at": instant_of(tx)}
    schedules.change(tx, schedule.id, columns)
    if "schedule_type" in columns:
        is_chained = columns["schedule_type"] is ScheduleType.CHAINED
        dependencies.set_chained(tx, schedule.id, is_chained=is_chained)
    after["status"] = schedule.status.value
    changed = [name for name in (*document.FIELDS, "status") if before.get(name) != after.get(name)]
    return entry_about(
        "schedule.edited",
        schedule,
        before={name: before.get(name) for name in changed},
        after={name: after.get(name) for name in changed},
    )


def pause(
    tx: Transaction,
    schedule: ScheduledJob,
    *,
    note: str | None,
    until: datetime | None,
    by: str,
) -> Entry | None:
    """Let a schedule rest; one that rests already gets the new note and end, if any is given."""
    if schedule.status is ScheduleStatus.COMPLETED:
        raise Conflict(f"{schedule.name} has nothing left to run, so it cannot be paused")
    is_paused = schedule.status is ScheduleStatus.PAUSED
    if is_paused and note is None and until is None:
        return None
    wanted = {
        "status": ScheduleStatus.PAUSED,
        "status_note": None,
        "paused_at": schedule.paused_at if is_paused else instant_of(tx),
        "paused_by": by,
        "pause_note": note,
        "paused_until": until,
    }
    return _stand("schedule.paused", tx, schedule, wanted)


def resume(tx: Transaction, schedule: ScheduledJob) -> Entry | None:
    """Set a paused or failed schedule going again; what fell into its rest was skipped."""
    if schedule.status is ScheduleStatus.ACTIVE:
        return None
    if schedule.status is ScheduleStatus.COMPLETED:
        raise Conflict(f"{schedule.name} has nothing left to run; edit it to give it something")
    before = standing(schedule)
    changes = resumptions.take_up(tx, schedule, instant_of(tx))
    _note_cursor(schedule, instant_of(tx))
    _put(schedule, changes)
    return _stood("schedule.resumed", schedule, before)


def start(tx: Transaction, schedule: ScheduledJob) -> tuple[UUID, Entry]:
    """Make a job of a schedule at once; give its id too. Raises Conflict where its policy skips."""
    job_id = firing.fire_now(tx, schedule)
    after = {"job_id": str(job_id)}
    return job_id, entry_about("schedule.started", schedule, before=None, after=after)


def put_back(
    tx: Transaction,
    schedule: ScheduledJob,
    wanted: Mapping[str, Any],
) -> Entry | None:
    """Give a schedule the standing that an entry of the journal remembers."""
    status = ScheduleStatus(wanted["status"])
    if status is ScheduleStatus.ACTIVE:
        return resume(tx, schedule)
    values: dict[str, Any] = dict(wanted) | {"status": status}
    for name in ("paused_at", "paused_until"):
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    verb = "schedule.paused" if status is ScheduleStatus.PAUSED else "schedule.failed"
    return _stand(verb, tx, schedule, values)


def delete(tx: Transaction, schedule: ScheduledJob) -> Entry | None:
    """Take a schedule away so that it can be restored; its jobs go on."""
    if schedule.deleted_at is not None:
        return None
    now = instant_of(tx)
    _settle(tx, schedule)
    schedules.change(tx, schedule.id, {"deleted_at": now, "next_run_at": None, "updated_at": now})
    return entry_about(
        "schedule.deleted",
        schedule,
        before={"deleted_at": None},
        after={"deleted_at": now.isoformat()},
    )


def restore(tx: Transaction, schedule: ScheduledJob) -> Entry | None:
    """Bring a deleted schedule back as of now. Raises Conflict when its name is taken."""
    if schedule.deleted_at is None:
        return None
    deleted_at = schedule.deleted_at
    columns: dict[str, Any] = {"deleted_at": None, "updated_at": instant_of(tx)}
    if schedule.status is not ScheduleStatus.COMPLETED:
        columns |= _restart(schedule, instant_of(tx)) | _outlook(schedule)
    schedules.change(tx, schedule.id, columns, name=schedule.name)
    _put(schedule, columns)
    return entry_about(
        "schedule.restored",
        schedule,
        before={"deleted_at": deleted_at.isoformat()},
        after={"deleted_at": None},
    )


def standing(schedule: ScheduledJob) -> dict[str, Any]:
    """Give the columns that say whether it runs, as JSON."""
    found = {}
    for name in STANDING:
        value = getattr(schedule, name)
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    return found | {"status": schedule.status.value}


def instant_of(tx: Transaction) -> datetime:
    """Give the instant of a writing transaction."""
    if tx.now is None:
        raise AssertionError("a schedule is changed in a writing transaction")
    return tx.now


def _timing(tx: Transaction, schedule: ScheduledJob, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Put new columns into the schedule; give what they make of when it runs next."""
    is_trigger_new = not columns.keys().isdisjoint(TRIGGER)
    if is_trigger_new:
        _settle(tx, schedule)
    _put(schedule, columns)
    timing: dict[str, Any] = {}
    if is_trigger_new:
        timing["anchor_at"] = schedule.anchor_at = schedule.starts_at or drafts.anchor_of(
            schedule.schedule_type, created_at=schedule.created_at, now=instant_of(tx)
        )
    elif columns.keys().isdisjoint({"ends_at", "max_runs"}):
        return {}
    if is_trigger_new or schedule.status is ScheduleStatus.COMPLETED:
        timing |= _restart(schedule, instant_of(tx))
    return timing | _outlook(schedule)


def _settle(tx: Transaction, schedule: ScheduledJob) -> None:
    """Account for what is due until now and will not be planned any more."""
    rests = schedule.status in {ScheduleStatus.PAUSED, ScheduleStatus.FAILED}
    accounting.account_until(
        tx,
        schedule,
        instant_of(tx),
        reason=SkipReason.SKIP_PAUSED if rests else SkipReason.SUPERSEDED,
        detail=schedule.pause_note or schedule.status_note if rests else None,
    )
    _note_cursor(schedule, instant_of(tx))


def _note_cursor(schedule: ScheduledJob, until: datetime) -> None:
    """Follow what `accounting.account_until` has written: an act may change a schedule twice."""
    if schedule.status is not ScheduleStatus.COMPLETED:
        reached = until if schedule.ends_at is None else min(until, schedule.ends_at)
        schedule.cursor_at = max(schedule.cursor_at, reached)


def _restart(schedule: ScheduledJob, now: datetime) -> dict[str, Any]:
    """Have nothing before `now` planned or missed, nor anything twice after a clock set back."""
    since = accounting.in_force_since(now, schedule.starts_at)
    if schedule.cursor_at > schedule.effective_at:
        since = max(since, schedule.cursor_at)
    return _put(schedule, {"effective_at": since, "cursor_at": since})


def _outlook(schedule: ScheduledJob) -> dict[str, Any]:
    """Give when a schedule runs next, and whether it runs at all."""
    after = schedule.cursor_at
    if schedule.status in {ScheduleStatus.PAUSED, ScheduleStatus.FAILED}:
        until = schedule.paused_until
        next_run_at = None if until is None else accounting.next_run(schedule, max(after, until))
        return _put(schedule, {"next_run_at": next_run_at})
    is_spent = schedule.max_runs is not None and schedule.runs_count >= schedule.max_runs
    next_run_at = None if is_spent else accounting.next_run(schedule, after)
    is_over = accounting.is_done_for(schedule, next_run_at)
    status = ScheduleStatus.COMPLETED if is_over else ScheduleStatus.ACTIVE
    return _put(schedule, {"next_run_at": next_run_at, "status": status})


def _stand(
    verb: str,
    tx: Transaction,
    schedule: ScheduledJob,
    wanted: Mapping[str, Any],
) -> Entry | None:
    before = standing(schedule)
    _put(schedule, wanted)
    if before == standing(schedule):
        return None
    schedules.change(tx, schedule.id, {**wanted, **_outlook(schedule)})
    return _stood(verb, schedule, before)


def _stood(verb: str, schedule: ScheduledJob, before: Mapping[str, Any]) -> Entry:
    # The note is always told: whoever asks why it rested then needs no other entry.
    after = standing(schedule)
    changed = [name for name in STANDING if before[name] != after[name] or name == "pause_note"]
    return entry_about(
        verb,
        schedule,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def _put(schedule: ScheduledJob, columns: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in columns.items():
        setattr(schedule, name, value)
    return dict(columns)


def entry_about(
    verb: str,
    schedule: ScheduledJob,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Entry:
    """Say for the journal what was done to a schedule."""
    return Entry(
        verb=verb,
        subject_type="schedule",
        subject_id=schedule.id,
        subject=schedule.name,
        before=before,
        after=after,
    )
