"""The ledger's check-up: the law recounted for every schedule, a page of them at a time.

Sums would not do, for a loss and a doubling make up for each other: the record is walked entry by
entry beside the trigger, and what is wrong is named.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tfui.core.explain_trigger import local
from tfui.core.finding import Finding, Severity
from tfui.core.recount import Discrepancy, Fault, discrepancies
from tfui.core.states import ScheduleStatus
from tfui.core.words import counted
from tfui.errors import Invalid
from tfui.store import accounting, checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from tfui.core.recount import Entry
    from tfui.core.trigger import Trigger
    from tfui.store.connection import Transaction
    from tfui.store.kept import AnyRow

NAMED = 5
"""How many discrepancies of one schedule are named."""
_NOTHING: tuple[UUID | None, Iterable[Entry]] = (None, ())
_MOST = 100  # schedules told of singly; a store with more is beyond reading one by one

_FAULTS = {
    Fault.LOST: "planned, and neither run nor skipped on record",
    Fault.DOUBLED: "on record twice",
    Fault.STRAY: "on record, and not a time of the trigger",
    Fault.MISCOUNTED: "recorded in a range with a wrong count",
    Fault.AHEAD: "on record before it was due",
}

_REPORT = "no engine does this: the database was edited, or this is a fault in tfui; keep a copy and report it"
_SAVE_AGAIN = "open the schedule and save it, so that it is planned anew from now on"


def findings(tx: Transaction, organization_id: UUID) -> list[Finding]:
    """Recount the law for every schedule of an organization."""
    found: list[Finding] = []
    left_out = schedules = planned = 0
    for schedule, entries in _pages(tx, organization_id):
        schedules += 1
        try:
            trigger = accounting.trigger_of(schedule)
        except Invalid as bad:
            ill = [_unreadable(schedule, bad)]
        else:
            planned += max(0, trigger.count(schedule.effective_at, schedule.cursor_at))
            ill = [*_recount(schedule, trigger, entries), *_next_run(schedule)]
        if len(found) < _MOST:
            found += ill
        else:
            left_out += bool(ill)
    if left_out:
        text = f"{left_out:,} more schedules have something wrong with them"
        found.append(Finding(severity=Severity.ERROR, subject="ledger", text=text, advice=_REPORT))
    if not found:
        times, of = counted(planned, "planned occurrence"), counted(schedules, "schedule")
        text = f"{times} of {of}, by their present triggers: none lost, none doubled"
        found.append(Finding(severity=Severity.OK, subject="ledger", text=text))
    return found


def _pages(
    tx: Transaction,
    organization_id: UUID,
) -> Iterator[tuple[AnyRow, Iterable[Entry]]]:
    after: UUID | None = None
    while page := checks.schedules(tx, organization_id, after=after):
        after = page[-1].id
        ours = {schedule.id for schedule in page}
        whole = checks.entries(tx, page[0].id, page[-1].id)
        recorded = (found for found in whole if found[0] in ours)
        schedule_id, entries = next(recorded, _NOTHING)
        for schedule in page:
            if schedule.id == schedule_id:
                yield schedule, entries
                schedule_id, entries = next(recorded, _NOTHING)
            else:
                yield schedule, ()


def _recount(schedule: AnyRow, trigger: Trigger, entries: Iterable[Entry]) -> Iterator[Finding]:
    found = discrepancies(
        trigger,
        entries,
        after=schedule.effective_at,
        until=schedule.cursor_at,
    )
    wrong = list(islice(found, NAMED + 1))
    for one in wrong[:NAMED]:
        yield Finding(
            severity=Severity.ERROR,
            subject=schedule.name,
            text=_told(one, schedule.timezone),
            advice=_REPORT,
        )
    if len(wrong) > NAMED:
        text = "there are more occurrences whose record is wrong"
        yield Finding(severity=Severity.ERROR, subject=schedule.name, text=text, advice=_REPORT)


def _told(one: Discrepancy, zone: str) -> str:
    where = local(one.from_at, zone)
    if one.to_at != one.from_at:
        where += f" to {local(one.to_at, zone)}"
    if one.fault is Fault.MISCOUNTED:
        way = "too many" if one.count > 0 else "too few"
        return f"{where}: {_FAULTS[one.fault]}, {abs(one.count):,} {way} ({one.fault.value})"
    return f"{counted(one.count, 'occurrence')} {one.fault.value}, {where}: {_FAULTS[one.fault]}"


def _next_run(schedule: AnyRow) -> Iterator[Finding]:
    """Hold the instant that will be planned next against the trigger's next after the cursor."""
    if schedule.status == ScheduleStatus.COMPLETED and schedule.deleted_at is None:
        yield from _cut_short(schedule)
    if schedule.status != ScheduleStatus.ACTIVE or schedule.deleted_at is not None:
        return
    wanted = accounting.next_run(schedule, schedule.cursor_at)
    if wanted == schedule.next_run_at:
        return
    zone = schedule.timezone
    shown = "never" if schedule.next_run_at is None else local(schedule.next_run_at, zone)
    right = "never" if wanted is None else local(wanted, zone)
    yield Finding(
        severity=Severity.ERROR,
        subject=schedule.name,
        text=f"it would be planned next at {shown}; its trigger says {right}",
        advice=_SAVE_AGAIN,
    )


def _cut_short(schedule: AnyRow) -> Iterator[Finding]:
    """Tell of a schedule that counts as done and has runs and times left."""
    wanted = accounting.next_run(schedule, schedule.cursor_at)
    if wanted is None or accounting.is_done_for(schedule, wanted):
        return
    yield Finding(
        severity=Severity.ERROR,
        subject=schedule.name,
        text=f"it is completed, so it does not run; its trigger goes on at {local(wanted, schedule.timezone)}",
        advice="no engine does this: the database was edited; change its trigger or its end and save it, and it runs on",
    )


def _unreadable(schedule: AnyRow, bad: Invalid) -> Finding:
    is_active = schedule.status == ScheduleStatus.ACTIVE and schedule.deleted_at is None
    return Finding(
        severity=Severity.ERROR if is_active else Severity.WARNING,
        subject=schedule.name,
        text=f"its stored trigger cannot be read, so it does not run: {bad}",
        advice="edit the schedule and correct it; for a missing time zone, update the tzdata package",
    )
