"""How schedules, jobs and instants look in a line, for all commands alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.cli import moments, output
from tfui.cli.output import Styled
from tfui.core.health import Condition, Signs, condition
from tfui.core.reasons import unfired
from tfui.core.states import JobStatus

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.cli.output import Cell
    from tfui.model.job import JobRow
    from tfui.model.schedule import ScheduleRow

_STYLES = {
    Condition.FAILED: "red",
    Condition.LATE: "red",
    Condition.RUNNING: "blue",
    Condition.RETRYING: "yellow",
    Condition.BLOCKED: "yellow",
    Condition.QUEUED: "cyan",
    Condition.OK: "green",
    Condition.PAUSED: "yellow",
    Condition.DISABLED: "dim",
}
_JOB_STYLES = {
    JobStatus.FAILED: "red",
    JobStatus.RUNNING: "blue",
    JobStatus.SUCCEEDED: "green",
    JobStatus.QUEUED: "cyan",
    JobStatus.BLOCKED: "yellow",
    JobStatus.CANCELLED: "dim",
}


def when(instant: datetime | None, now: datetime, zone_name: str) -> str:
    """Say an instant: relative to now for a person at a terminal, absolute through a pipe."""
    if output.is_terminal():
        return moments.relative(instant, now)
    return moments.absolute(instant, zone_name)


def standing(row: ScheduleRow, now: datetime) -> Styled:
    """Say in a word how a schedule is doing: the same word as the dashboard's."""
    live = row.live
    found = condition(
        Signs(
            status=row.status,
            next_run_at=row.next_run_at,
            last_outcome=row.last_outcome,
            live_status=None if live is None else live.status,
            live_attempt=0 if live is None else live.attempt,
            live_wait=None if live is None else live.wait_reason,
            live_available_at=None if live is None else live.available_at,
        ),
        now,
    )
    word = row.status.value if found is Condition.DISABLED else found.value
    return Styled("deleted", "dim") if row.deleted_at else Styled(word, _STYLES[found])


def job_status(row: JobRow) -> Styled:
    """Say a job's status in its colour: `skipped` of one that stands for a firing that was."""
    word = row.status.value
    if unfired(row.status, row.attempt, row.error) is not None:
        word = "skipped"
    return Styled(word, _JOB_STYLES.get(row.status, "yellow"))


def tell_schedule(verb: str, row: ScheduleRow, now: datetime) -> None:
    """Say in a line what was done to a schedule, and when it runs next."""
    cells: list[Cell] = [f"{verb} ", Styled(output.one_line(row.name), "bold")]
    if row.next_run_at is not None:
        there = moments.absolute(row.next_run_at, row.timezone)
        cells.append(f", next {there} ({moments.relative(row.next_run_at, now)})")
    output.say(*cells)
