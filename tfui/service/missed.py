"""Missed runs for whoever asks: what was missed, and dealing with it in bulk.

What the engine passed over because it was not there, or because too much had piled up, waits here
until somebody runs the latest, runs them all, or waives them. Each way is kept in the ledger: what
is run moves from its missed range to a job, and what is waived stays where it is, with who said so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.rights import Right
from tfui.errors import Invalid
from tfui.service import backfill_changes, draft_fields, missed_changes, schedules
from tfui.store import checks, circumstances
from tfui.store import missed as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.missed import MissedRow, MissedTally, TriageRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.service.missed_changes import Dealt
    from tfui.store.connection import Transaction

LOOKED_BACK = timedelta(days=7)
"""How far back missed runs are looked for unless an instant is given."""

LONGEST_NOTE = 500


def listing(
    caller: Caller,
    *,
    schedule_id: UUID | None = None,
    since: datetime | None = None,
) -> list[MissedRow]:
    """Give what schedules have missed and nobody has dealt with, the most recently missed first."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        return store.rows(
            tx, caller.organization_id, since=_since(caller, since), schedule_id=schedule_id
        )


def tally(caller: Caller, *, since: datetime | None = None) -> MissedTally:
    """Count them."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        return store.tally(tx, caller.organization_id, since=_since(caller, since))


def unplanned(caller: Caller, *, schedule_id: UUID | None = None) -> int:
    """Count the schedules that are due while no engine lives: nobody knows yet what they missed."""
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        now = caller.now()
        if circumstances.engines(tx, now).alive:
            return 0
        return checks.overdue(tx, caller.organization_id, now, schedule_id=schedule_id).count


def run_latest(
    caller: Caller,
    ids: Sequence[UUID] | None = None,
    *,
    since: datetime | None = None,
) -> list[TriageRow]:
    """Run the newest missed run of each schedule (None: all that missed any); the others are waived.

    The overlap rule and rate limits hold. What is not run, and why, is said. Raises NotFound.
    """
    return _deal(caller, ids, since, Right.JOB_RUN, missed_changes.run_latest)


def run_all(
    caller: Caller,
    ids: Sequence[UUID] | None = None,
    *,
    since: datetime | None = None,
) -> list[TriageRow]:
    """Run the newest missed runs of each schedule, as many as its `max_catchup`; others are left.

    One after the other, unless the schedule's overlap is `allow`. Raises NotFound.
    """
    return _deal(caller, ids, since, Right.JOB_RUN, missed_changes.run_all)


def waive(
    caller: Caller,
    ids: Sequence[UUID] | None = None,
    *,
    note: str | None = None,
    since: datetime | None = None,
) -> list[TriageRow]:
    """Say that schedules' missed runs need nothing more; undo brings them back.

    Raises NotFound, and Invalid for the note.
    """
    note = (note or "").strip() or None
    if note is not None and (problem := draft_fields.line_problem(note, LONGEST_NOTE)):
        raise Invalid({"note": problem})

    def waive_one(
        tx: Transaction, caller: Caller, schedule: ScheduledJob, since: datetime
    ) -> Dealt:
        return missed_changes.waive(tx, caller, schedule, since, note=note)

    return _deal(caller, ids, since, Right.SCHEDULED_JOB_WRITE, waive_one)


def backfill(caller: Caller, schedule_id: UUID, nominal_at: datetime) -> UUID:
    """Run one past occurrence that never ran, for whatever reason; give its job's id.

    Raises NotFound, Invalid when the schedule has no such occurrence, and Conflict when that ran, is
    still to come, or may not overlap.
    """
    if problem := draft_fields.instant_problem(nominal_at):
        raise Invalid({"at": problem})
    with caller.writing(Right.JOB_RUN) as tx:
        (schedule,) = schedules.hold(tx, caller, [schedule_id])
        job_id, entry = backfill_changes.one(tx, caller, schedule, nominal_at)
        caller.record(tx, [entry])
    return job_id


def _deal(
    caller: Caller,
    ids: Sequence[UUID] | None,
    since: datetime | None,
    right: Right,
    verb: Callable[[Transaction, Caller, ScheduledJob, datetime], Dealt],
) -> list[TriageRow]:
    begin = _since(caller, since)
    with caller.writing(right) as tx:
        if ids is None:
            found = store.rows(tx, caller.organization_id, since=begin)
            ids = [row.schedule_id for row in found]
        dealt = [verb(tx, caller, schedule, begin) for schedule in schedules.hold(tx, caller, ids)]
        caller.record(tx, [entry for _, entry in dealt if entry is not None])
    return [row for row, _ in dealt]


def _since(caller: Caller, since: datetime | None) -> datetime:
    return caller.now() - LOOKED_BACK if since is None else since
