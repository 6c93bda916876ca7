"""The field of the fault tests: schedules due every second or two, whose real commands leave receipts.

Every command adds its occurrence key and attempt to one file as it begins, so what was carried out
is known from outside the store and held against what the store says.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tests.world import ADA, a_schedule, eventually
from tfui.clock import SystemClock
from tfui.core.finding import Severity
from tfui.core.recount import Fault, discrepancies
from tfui.core.states import LIVE_JOBS, JobStatus, Overlap
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob, ScheduleQuery
from tfui.service import doctor, schedules
from tfui.service.caller import Caller, local_caller
from tfui.store import accounting, checks

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tfui.store.connection import Store

MAX_ATTEMPTS = 5
TRIGGERS = (
    ("recurring", "1s", "UTC"),
    ("cron", "* * * * * *", "Europe/Berlin"),
    ("recurring", "2s", "America/New_York"),
    ("cron", "*/2 * * * * *", "Australia/Lord_Howe"),
    ("cron", "1-59/3 * * * * *", "UTC"),
)
# Commands after the receipt: at once, slow enough to be in the next one's way, wrong at first.
ENDINGS = ("", "; sleep 0.3", '; test "$TFUI_ATTEMPT" -gt 1', "; echo done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What a store comes to when everything in it is counted again."""

    occurrences: int
    """That the triggers planned up to the cursors."""
    jobs: int
    skipped: dict[str, int]
    faults: Counter[Fault]

    def figures(self) -> dict[str, Any]:
        """Give it as a line of JSON has it."""
        other = sum(self.faults.values()) - self.faults[Fault.LOST] - self.faults[Fault.DOUBLED]
        return {
            "occurrences": self.occurrences,
            "jobs": self.jobs,
            "skipped": self.skipped,
            "lost": self.faults[Fault.LOST],
            "doubled": self.faults[Fault.DOUBLED],
            "otherwise_wrong": other,
        }


def sow(store: Store, receipts: Path, *, count: int) -> Caller:
    """Store `count` schedules of every policy, due from the next second on."""
    caller = local_caller(store, SystemClock(), via="cli")
    now = datetime.now(UTC).replace(microsecond=0)
    policies = zip(
        cycle(TRIGGERS),
        cycle(Overlap),
        cycle(ENDINGS),
        cycle(("latest", "skip", "all", "earliest", "latest", "all", "skip")),
        cycle((60, 60, 1)),
        strict=False,
    )
    for number, (trigger, overlap, ending, on_missed, grace) in enumerate(islice(policies, count)):
        # Grids between the seconds, so that there is something to plan all the time.
        anchor = now + timedelta(milliseconds=100 * (number % 10))
        receipt = f'printf "%s %s\\n" "$TFUI_OCCURRENCE_KEY" "$TFUI_ATTEMPT" >> {shlex.quote(str(receipts))}'
        # A hundred buffered ones may have to run one after the other.
        rest = "" if overlap is Overlap.BUFFER_ALL else ending
        with store.writing(by=ADA, now=now) as tx:
            schedule_id = a_schedule(
                tx,
                caller.organization_id,
                schedule_type=trigger[0],
                schedule_expression=trigger[1],
                timezone=trigger[2],
                job_type="shell",
                payload={"command": receipt + rest},
                overlap=overlap,
                on_missed=on_missed,
                grace_seconds=grace,
                max_catchup=5,
                max_attempts=MAX_ATTEMPTS,
                retry_base_seconds=0.1,
                anchor_at=anchor,
                effective_at=now,
                cursor_at=now,
                created_at=now,
            )
            table = table_of(ScheduledJob)
            row = tx.connection.execute(table.select().where(table.c.id == schedule_id)).one()
            tx.connection.execute(
                table.update()
                .where(table.c.id == schedule_id)
                .values(next_run_at=accounting.next_run(row, now)),
            )
    return caller


def lie_fallow(caller: Caller) -> None:
    """Pause every schedule and wait until nothing runs or waits any more."""
    ids = schedules.ids(caller, ScheduleQuery())
    schedules.pause(caller, ids)
    eventually(lambda: _live(caller.store) == 0, seconds=60, what="the end of all jobs")


def recount(caller: Caller) -> Recount:
    """Count everything again, occurrence by occurrence."""
    jobs, ranges = table_of(Job), table_of(Occurrence)
    planned, faults = 0, Counter[Fault]()
    with caller.store.reading() as tx:
        after: UUID | None = None
        while page := checks.schedules(tx, caller.organization_id, after=after):
            after = page[-1].id
            record = {
                schedule_id: list(entries)
                for schedule_id, entries in checks.entries(tx, page[0].id, page[-1].id)
            }
            for row in page:
                trigger = accounting.trigger_of(row)
                planned += trigger.count(row.effective_at, row.cursor_at)
                for found in discrepancies(
                    trigger,
                    record.get(row.id, ()),
                    after=row.effective_at,
                    until=row.cursor_at,
                ):
                    faults[found.fault] += found.count
        made = tx.connection.execute(
            select(func.count()).select_from(jobs).where(jobs.c.kind == "scheduled"),
        ).scalar_one()
        skipped = tx.connection.execute(
            select(ranges.c.reason, func.sum(ranges.c["count"])).group_by(ranges.c.reason),
        ).all()
    return Recount(
        occurrences=planned,
        jobs=int(made),
        skipped={str(reason): int(number) for reason, number in sorted(skipped)},
        faults=faults,
    )


def complaints(caller: Caller) -> list[str]:
    """Give the errors that `tfui doctor` tells of."""
    found = doctor.examine(caller)
    return [f"{one.subject}: {one.text}" for one in found if one.severity is Severity.ERROR]


def audit(store: Store, receipts: Path) -> dict[str, int]:
    """Hold the receipts against the store; give how much was carried out. Raises AssertionError."""
    jobs, attempts = table_of(Job), table_of(Attempt)
    with store.reading() as tx:
        made = tx.connection.execute(jobs.select()).all()
        ended = tx.connection.execute(attempts.select()).all()
    begun = Counter(tuple(line.split()) for line in receipts.read_text("utf-8").splitlines())
    executions = Counter(key for key, _ in begun.elements())
    keys = {
        job.id: f"{job.scheduled_job_id}/{job.kind}/{job.nominal_at.isoformat()}" for job in made
    }
    known = {(keys[one.job_id], str(one.number)) for one in ended}

    assert set(begun.values()) <= {1}, "an attempt was carried out twice"
    assert begun.keys() <= known, "something was carried out that the store does not know of"
    assert max(executions.values()) <= MAX_ATTEMPTS, executions.most_common(1)
    assert len(set(keys.values())) == len(made), "an occurrence has two jobs"
    succeeded = Counter(one.job_id for one in ended if one.outcome == "succeeded")
    assert set(succeeded.values()) <= {1}, "a job succeeded twice"
    done = {job.id for job in made if job.status == JobStatus.SUCCEEDED}
    assert set(succeeded) == done
    assert {keys[job_id] for job_id in done} <= executions.keys(), "a success without an execution"
    return {
        "executions": begun.total(),
        "attempts_lost": sum(one.outcome == "lost" for one in ended),
        "most_executions_of_one_key": max(executions.values()),
        "succeeded": len(done),
        "failed": sum(job.status == JobStatus.FAILED for job in made),
        "cancelled": sum(job.status == JobStatus.CANCELLED for job in made),
    }


def _live(store: Store) -> int:
    jobs = table_of(Job)
    query = select(func.count()).select_from(jobs).where(jobs.c.status.in_(LIVE_JOBS))
    with store.reading() as tx:
        return int(tx.connection.execute(query).scalar_one())
