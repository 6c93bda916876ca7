"""Pasts: what a schedule did before its store was there, put down under the ledger's law.

Only a store that begins with a past has use for it; what engines do is written as it happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.core.states import JobKind, JobStatus, ScheduleStatus, ScheduleType
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job, Output
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.model.past import Past, PastRun
    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)


def put_down(tx: Transaction, schedule: ScheduledJob, past: Past, *, node_id: UUID) -> None:
    """Write a schedule's past and move its cursor past it.

    Raises AssertionError when that is not all that its trigger planned up to there.
    """
    planned = accounting.trigger_of(schedule).count(schedule.cursor_at, past.until)
    is_chained = schedule.schedule_type == ScheduleType.CHAINED
    told = (0 if is_chained else len(past.runs)) + sum(gap.count for gap in past.gaps)
    if told != planned:
        raise AssertionError(f"{schedule.name} planned {planned} runs; its past tells of {told}")
    if past.runs:
        _write(tx, schedule, past.runs, node_id)
    accounting.record(tx, schedule, past.gaps)
    _move_on(tx, schedule, past)


def _write(tx: Transaction, schedule: ScheduledJob, runs: Sequence[PastRun], node_id: UUID) -> None:
    is_chained = schedule.schedule_type == ScheduleType.CHAINED
    jobs: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    outputs: list[dict[str, Any]] = []
    for run in runs:
        last = run.tries[-1]
        job_id = tx.ids.make(run.nominal_at)
        jobs.append(
            {
                "id": job_id,
                "organization_id": schedule.organization_id,
                "queue_id": schedule.queue_id,
                "scheduled_job_id": schedule.id,
                "nominal_at": run.nominal_at,
                "kind": JobKind.CHAINED if is_chained else JobKind.SCHEDULED,
                "job_type": schedule.job_type,
                "payload": schedule.payload,
                "priority": schedule.priority,
                "status": run.status,
                "attempt": len(run.tries),
                "max_attempts": schedule.max_attempts,
                "available_at": run.tries[0].started_at,
                "fence": len(run.tries),
                "created_at": run.tries[0].started_at,
                "started_at": last.started_at,
                "finished_at": last.finished_at,
                "exit_code": last.exit_code,
                "error": last.error,
            }
        )
        for number, attempt in enumerate(run.tries, 1):
            attempts.append(
                {
                    "job_id": job_id,
                    "fence": number,
                    "number": number,
                    "node_id": node_id,
                    "started_at": attempt.started_at,
                    "finished_at": attempt.finished_at,
                    "outcome": attempt.outcome,
                    "exit_code": attempt.exit_code,
                    "error": attempt.error,
                }
            )
            outputs += [
                {
                    "job_id": job_id,
                    "fence": number,
                    "seq": place,
                    "at": attempt.finished_at,
                    "stream": stream,
                    "text": text,
                }
                for place, (stream, text) in enumerate(attempt.printed)
            ]
    for table, rows in ((Job, jobs), (Attempt, attempts), (Output, outputs)):
        if rows:
            tx.connection.execute(table_of(table).insert(), rows)
    schedule.job_id = jobs[-1]["id"]


def _move_on(tx: Transaction, schedule: ScheduledJob, past: Past) -> None:
    failures = 0
    for run in reversed(past.runs):
        if run.status is JobStatus.SUCCEEDED:
            break
        failures += 1
    next_run_at = accounting.next_run(schedule, past.until)
    changes: dict[str, Any] = {"cursor_at": past.until, "next_run_at": next_run_at}
    if past.runs:
        changes |= {
            "job_id": schedule.job_id,
            "runs_count": schedule.runs_count + len(past.runs),
            "last_run_at": past.runs[-1].tries[0].started_at,
            "last_outcome": past.runs[-1].status,
            "consecutive_failures": failures,
        }
    if accounting.is_done_for(schedule, next_run_at):
        changes["status"] = ScheduleStatus.COMPLETED
    tx.connection.execute(_SCHEDULE.update().where(_SCHEDULE.c.id == schedule.id).values(changes))
