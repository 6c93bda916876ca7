"""Taking back what was done about missed runs: that they were waived, or made up for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.identifiers import short
from tfui.core.rights import Right
from tfui.core.states import JobStatus
from tfui.service import backfill_changes, undo_subjects
from tfui.service.refusing import Refused
from tfui.store import backfilling, carving, waiving
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tfui.model.journal import JournalRow
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

_RUNNING = ("schedule.backfilled", "schedule.unbackfilled")
VERBS = ("schedule.waived", "schedule.unwaived", *_RUNNING)


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about missed runs, the last first; give each with the new one.

    Raises Conflict, with a sentence, when something stands in the way.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if not ours:
        return []
    caller.require(Right.SCHEDULED_JOB_WRITE)
    if any(entry.verb in _RUNNING for entry in ours):
        caller.require(Right.JOB_RUN)
    return [
        (entry, _take_back(tx, caller, entry, schedule))
        for entry, schedule in undo_subjects.held(tx, caller, ours)
    ]


def partly(pairs: Sequence[tuple[JournalRow, Entry]]) -> tuple[str, ...]:
    """Say of which entries, each with the new one, some runs had begun and stay."""
    found = []
    for old, new in pairs:
        runs, back = _told(old).get("runs", 0), (new.before or {}).get("runs", 0)
        if old.verb == "schedule.backfilled" and back < runs:
            have = "has" if runs - back == 1 else "have"
            name = f"{old.subject}: " if len(pairs) > 1 else ""
            found.append(
                f"{name}took back {back:,} of the {runs:,} runs; {runs - back:,} {have} begun"
            )
    return tuple(found)


def why_over(tx: Transaction, entry: JournalRow, schedule: ScheduledJob) -> str | None:
    """Say why an entry will never be taken back, if so: its runs have begun, or became others' work."""
    told = _told(entry)
    match entry.verb:
        case "schedule.backfilled" if "blocks" not in told:
            return "it was done by an older tfui, which did not keep what to put back"
        case "schedule.backfilled":
            return _begun(entry, _jobs(tx, entry))
        case "schedule.unbackfilled":
            found = backfill_changes.find(tx, schedule, told["blocks"])
            return found if isinstance(found, str) else None
        case "schedule.waived" if not waiving.is_any(tx, schedule.id, entry.at):
            return "these runs were made up for since"
        case "schedule.unwaived" if not _unwaived(tx, entry):
            return "these runs were dealt with since"
    return None


def _take_back(
    tx: Transaction,
    caller: Caller,
    entry: JournalRow,
    schedule: ScheduledJob,
) -> Entry:
    if why := why_over(tx, entry, schedule):
        raise Refused(entry, why)
    told = _told(entry)
    match entry.verb:
        case "schedule.backfilled":
            back = _withdraw(tx, entry, schedule)
            return _entry("schedule.unbackfilled", entry, before={**told, **back}, after=None)
        case "schedule.unbackfilled":
            return _backfill_again(tx, caller, entry, schedule)
        case "schedule.waived":
            waiving.unwaive(tx, schedule.id, entry.at)
            return _entry("schedule.unwaived", entry, before=told, after=None)
        case _:
            waiving.waive(tx, _unwaived(tx, entry), by=caller.name, note=told["note"])
            return _entry("schedule.waived", entry, before=None, after=told)


def _backfill_again(
    tx: Transaction,
    caller: Caller,
    entry: JournalRow,
    schedule: ScheduledJob,
) -> Entry:
    if schedule.deleted_at is not None:
        raise Refused(entry, "it was deleted since")
    again = backfill_changes.again(tx, caller, schedule, _told(entry))
    if again is None:
        raise Refused(entry, backfill_changes.LIVE)
    return again


def _withdraw(tx: Transaction, entry: JournalRow, schedule: ScheduledJob) -> dict[str, Any]:
    """Make ranges of what has not begun, and bring back what was waived for it; tell which."""
    jobs = _jobs(tx, entry, hold=True)
    if why := _begun(entry, jobs):
        raise Refused(entry, why)
    waiting = [job for job in jobs if not backfilling.has_begun(job)]
    backfilling.withdraw(tx, schedule, [job.id for job in waiting])
    waiving.unwaive(tx, schedule.id, entry.at)
    instants = [job.nominal_at for job in waiting]
    blocks = [
        part
        for block in map(carving.block_of, _told(entry)["blocks"])
        for part in carving.parts(schedule, block, instants)
    ]
    for block in blocks:
        is_waived = block.waived_at is None or waiving.stands(tx, schedule.id, block.waived_at)
        undealt = replace(block, waived_at=None, waived_by=None, waive_note=None)
        carving.put_back(tx, schedule, block if is_waived else undealt)
    return backfill_changes.extent(blocks)


def _jobs(tx: Transaction, entry: JournalRow, *, hold: bool = False) -> list[AnyRow]:
    blocks = [carving.block_of(one) for one in _told(entry)["blocks"]]
    return backfilling.made_of(tx, entry.subject_id, blocks, entry.at, hold=hold)


def _begun(entry: JournalRow, jobs: Sequence[AnyRow]) -> str | None:
    """Say that all of an entry's runs have begun or ended, and what can still be done about it."""
    if not all(backfilling.has_begun(job) for job in jobs):
        return None
    told = _told(entry)
    name, runs = entry.subject, told["runs"]
    if runs > 1:
        return f"its {runs:,} runs have begun"
    rest = ""
    if waived := told.get("waived"):
        which = "the one" if waived == 1 else f"any of the {waived:,}"
        rest = f"; `tfui run {name} --at TIME` still runs {which} waived"
    if not jobs:
        return f"its run has ended{rest}"
    (job,) = jobs
    match job.status:
        case JobStatus.SUCCEEDED | JobStatus.FAILED:
            return f"its run has ended{rest}"
        case JobStatus.CANCELLED:
            return f"its job {short(job.id)} was cancelled since, and can be retried{rest}"
        case _:
            return f"its run has begun; cancel job {short(job.id)} to end it{rest}"


def _unwaived(tx: Transaction, entry: JournalRow) -> list[UUID]:
    """Give the ranges that would be waived again."""
    first, last = (datetime.fromisoformat(_told(entry)[name]) for name in ("from", "to"))
    return waiving.undealt_between(tx, entry.subject_id, first, last)


def _told(entry: JournalRow) -> Mapping[str, Any]:
    return entry.after or entry.before or {}


def _entry(
    verb: str,
    old: JournalRow,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Entry:
    return Entry(
        verb=verb,
        subject_type="schedule",
        subject_id=old.subject_id,
        subject=old.subject,
        before=before,
        after=after,
    )
