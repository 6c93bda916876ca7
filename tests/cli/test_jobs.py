"""Jobs in a table: what is told of the attempt that runs, that is to come, or that was the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.world import NOON
from tfui.cli import output
from tfui.cli.jobs import line
from tfui.core.states import JobKind, JobStatus, WaitReason
from tfui.model.job import JobRow

FAILED = JobRow(
    id=UUID(int=1),
    scheduled_job_id=UUID(int=2),
    schedule="backup",
    queue="default",
    kind=JobKind.SCHEDULED,
    job_type="shell",
    priority=0,
    status=JobStatus.FAILED,
    attempt=1,
    max_attempts=3,
    nominal_at=NOON,
    available_at=NOON,
    created_at=NOON,
    started_at=NOON,
    finished_at=NOON + timedelta(seconds=5),
    wait_reason=None,
    cancel_requested_at=None,
    exit_code=3,
    error="exit code 3",
)


def _cells(row: JobRow) -> tuple[str, ...]:
    """STARTED, TOOK, EXIT and WHY, eight seconds after the start."""
    cells = line(row, NOON + timedelta(seconds=8), "UTC")
    texts = [cell.text if isinstance(cell, output.Styled) else cell for cell in cells]
    return (texts[5], texts[6], texts[8], texts[9])


def test_an_ended_job_tells_how_it_ended() -> None:
    assert _cells(FAILED)[1:] == ("5s", "3", "exit code 3")


@pytest.mark.parametrize(
    ("status", "reason", "why"),
    [
        (JobStatus.QUEUED, WaitReason.RETRY, "retry: exit code 3"),
        (JobStatus.QUEUED, WaitReason.QUEUE_PAUSED, "queue_paused"),
        (JobStatus.BLOCKED, WaitReason.OVERLAP, "overlap"),
        (JobStatus.QUEUED, None, ""),
    ],
)
def test_a_job_that_waits_again_has_taken_no_time_and_has_no_exit_code(
    status: JobStatus, reason: WaitReason | None, why: str
) -> None:
    row = replace(FAILED, status=status, wait_reason=reason, finished_at=None)

    assert _cells(row) == ("-", "-", "-", why)


def test_a_running_job_shows_nothing_of_the_attempt_before() -> None:
    row = replace(FAILED, status=JobStatus.RUNNING, attempt=2, finished_at=None)

    assert _cells(row)[1:] == ("8s", "-", "")
