"""`tfui jobs`, `cancel` and `retry`: what was made of schedules, and changing its mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JobsArgument, JsonFlag
from tfui.cli.output import Styled
from tfui.cli.rows import job_status, when
from tfui.cli.session import calling, zone_of
from tfui.core.identifiers import short
from tfui.core.states import ENDED_JOBS, JobStatus, WaitReason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.job import JobRow
    from tfui.service.caller import Caller

app = typer.Typer()

_WAITING = frozenset({JobStatus.QUEUED, JobStatus.BLOCKED})


@app.command(
    epilog="""\b
Examples:
  tfui jobs
  tfui jobs backup --status failed --limit 5
  tfui jobs --json
"""
)
def jobs(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Only this schedule's jobs.", show_default=False),
    ] = None,
    *,
    status: Annotated[
        JobStatus | None, typer.Option(help="Only jobs that stand so.", show_default=False)
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="How many at most.")
    ] = 50,
    as_json: JsonFlag = False,
) -> None:
    """List jobs, the newest first."""
    from tfui.service import jobs as service
    from tfui.service import schedules

    with calling(context) as caller:
        schedule_id = None if name is None else schedules.find(caller, name)
        rows = service.listing(caller, schedule_id=schedule_id, status=status, limit=limit)
        now = caller.now()
    if as_json:
        output.print_json(rows)
        return
    if not rows:
        output.remark("there are no such jobs")
        return
    zone_name = zone_of(context)
    output.table(
        ["JOB", "STATUS", "SCHEDULE", "KIND", "PLANNED", "STARTED", "TOOK", "TRY", "EXIT", "WHY"],
        [line(row, now, zone_name) for row in rows],
        flexible="WHY",
    )


@app.command(
    epilog="""\b
Example:
  tfui cancel 0192f3c4-5d6e
"""
)
def cancel(context: typer.Context, jobs: JobsArgument, *, as_json: JsonFlag = False) -> None:
    """Cancel jobs. Waiting ones at once, running ones by TERM and, 10 s later, KILL."""
    from tfui.service import jobs as service

    with calling(context) as caller:
        found = _find(caller, jobs)
        service.cancel(caller, found)
        _tell([service.row(caller, job_id) for job_id in found], as_json=as_json)


@app.command(
    epilog="""\b
Example:
  tfui retry 0192f3c4-5d6e
"""
)
def retry(context: typer.Context, jobs: JobsArgument, *, as_json: JsonFlag = False) -> None:
    """Put failed or cancelled jobs back into their queues."""
    from tfui.service import jobs as service

    with calling(context) as caller:
        found = _find(caller, jobs)
        service.retry(caller, found)
        rows = [service.row(caller, job_id) for job_id in found]
        children = _children(caller, rows)
        _tell(rows, as_json=as_json)
    if children:
        output.warn(
            f"what {', '.join(children)} skipped or ran because of it stays so; only a chained "
            "schedule that has not run after it yet follows it",
        )


def _children(caller: Caller, rows: Sequence[JobRow]) -> list[str]:
    """Name the schedules that come after those of some jobs."""
    from tfui.service import dependencies

    found: set[str] = set()
    for schedule_id in {row.scheduled_job_id for row in rows if row.scheduled_job_id}:
        for link in dependencies.listing(caller, schedule_id):
            if link.parent_id == schedule_id:
                found.add(output.one_line(link.child))
    return sorted(found)


def _find(caller: Caller, references: Sequence[str]) -> list[UUID]:
    """Find all that are named before anything is done to one of them."""
    from tfui.service import jobs as service

    return list(dict.fromkeys(service.find(caller, reference) for reference in references))


def _tell(rows: Sequence[JobRow], *, as_json: bool) -> None:
    if as_json:
        output.print_json(rows)
        return
    for row in rows:
        note = ", cancelling" if row.cancel_requested_at and row.status is JobStatus.RUNNING else ""
        output.say(
            f"{short(row.id)}  {output.one_line(row.schedule or '')}  ",
            job_status(row),
            note,
        )


def line(row: JobRow, now: datetime, zone_name: str) -> list[output.Cell]:
    """Give a job as a row of the table: nothing of an older attempt where another runs or is to come."""
    has_ended, waits = row.status in ENDED_JOBS, row.status in _WAITING
    took = None if waits else moments.since(row.started_at, row.finished_at, now)
    return [
        short(row.id),
        job_status(row),
        Styled(row.schedule or "-", "bold"),
        row.kind.value,
        when(row.nominal_at, now, zone_name),
        when(None if waits else row.started_at, now, zone_name),
        "-" if took is None else moments.span(took.total_seconds()),
        f"{row.attempt}/{row.max_attempts}",
        str(row.exit_code) if has_ended and row.exit_code is not None else "-",
        _why(row),
    ]


def _why(row: JobRow) -> str:
    """Say how a job ended, or what it waits for: after a failed attempt, both."""
    if row.status in ENDED_JOBS:
        return row.error or ""
    if row.status not in _WAITING or row.wait_reason is None:
        return ""
    if row.wait_reason is WaitReason.RETRY and row.error:
        return f"{row.wait_reason.value}: {row.error}"
    return row.wait_reason.value
