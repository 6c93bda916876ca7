"""One word for how a schedule is doing, decided in one place so that no two views disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tfui.core.states import JobStatus, ScheduleStatus, WaitReason

if TYPE_CHECKING:
    from datetime import datetime

LATE_AFTER = timedelta(seconds=5)
"""A start this long after its time is shown as late: engines start within milliseconds."""

SILENCE = timedelta(seconds=45)
"""An engine that says nothing for this long counts as gone: it beats every ten seconds, and one
beat can be a slow disk, three a pause."""


class Condition(StrEnum):
    """How a schedule is doing, worst first: the order lists are sorted in."""

    FAILED = "failed"
    LATE = "late"
    RUNNING = "running"
    RETRYING = "retrying"
    BLOCKED = "blocked"
    QUEUED = "queued"
    OK = "ok"
    PAUSED = "paused"
    DISABLED = "disabled"
    """Completed: nothing is left to run."""


RANK: dict[Condition, int] = {condition: rank for rank, condition in enumerate(Condition)}
"""Sort rank, 0 for what needs a person most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the judgement is made from."""

    status: ScheduleStatus
    next_run_at: datetime | None
    last_outcome: JobStatus | None
    live_status: JobStatus | None
    """Of the schedule's live job that is furthest along, or None."""
    live_attempt: int
    live_wait: WaitReason | None
    live_available_at: datetime | None


def condition(signs: Signs, now: datetime) -> Condition:
    """Judge a schedule by its own row and its live job."""
    if signs.status is ScheduleStatus.FAILED:
        return Condition.FAILED
    if signs.live_status is JobStatus.RUNNING:
        return Condition.RUNNING
    if signs.live_status is JobStatus.QUEUED and signs.live_wait is WaitReason.RETRY:
        return Condition.RETRYING
    if signs.live_status is JobStatus.BLOCKED or (
        signs.live_status is JobStatus.QUEUED
        and signs.live_wait in {WaitReason.QUEUE_PAUSED, WaitReason.RATE}
    ):
        return Condition.BLOCKED
    if is_late(signs, now):
        return Condition.LATE
    if signs.live_status is JobStatus.QUEUED:
        return Condition.QUEUED
    if signs.status is ScheduleStatus.PAUSED:
        return Condition.PAUSED
    if signs.last_outcome is JobStatus.FAILED:
        return Condition.FAILED
    if signs.status is ScheduleStatus.COMPLETED:
        return Condition.DISABLED
    return Condition.OK


def is_late(signs: Signs, now: datetime) -> bool:
    """Whether something that should have started has not."""
    if signs.live_status is JobStatus.QUEUED:
        return signs.live_available_at is not None and now - signs.live_available_at > LATE_AFTER
    return (
        signs.status is ScheduleStatus.ACTIVE
        and signs.next_run_at is not None
        and now - signs.next_run_at > LATE_AFTER
    )
