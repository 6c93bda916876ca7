"""The statuses of schedules and jobs, the words beside them, and the table of legal moves."""

from __future__ import annotations

from enum import StrEnum


class ScheduleType(StrEnum):
    """How a schedule's expression is to be read."""

    ONCE = "once"
    RECURRING = "recurring"
    CRON = "cron"
    CHAINED = "chained"
    """No time of its own: it runs when the schedules it comes after do."""


class ScheduleStatus(StrEnum):
    """Where a schedule stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    """Nothing is left to run: a once that fired, max_runs reached, or ends_at passed."""
    FAILED = "failed"
    """Its jobs could not be created several times in a row; `status_note` holds the error."""


class JobStatus(StrEnum):
    """Where a job stands."""

    BLOCKED = "blocked"
    """Waits for another job (dependency or overlap)."""
    QUEUED = "queued"
    """May be claimed once `available_at` has come."""
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE_JOBS = (JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING)
"""Statuses of a job that has not ended."""

ENDED_JOBS = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)
"""Statuses of a job that has ended."""


class JobKind(StrEnum):
    """Why a job exists."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    BACKFILL = "backfill"
    CHAINED = "chained"


PLANNED_KINDS = (JobKind.SCHEDULED, JobKind.BACKFILL)
"""Kinds of jobs that an occurrence of a schedule's plan became: on time, or made up for by hand."""


class AttemptOutcome(StrEnum):
    """How one attempt ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Its lease ran out: the worker died, hung, or could not reach the store."""
    HANDED_BACK = "handed_back"
    """The engine stopped first; the job went back to its queue and the attempt does not count."""
    STALE = "stale"
    """A result that came after the lease was lost; refused, kept as a note."""


class WaitReason(StrEnum):
    """Why a job that is not running yet does not run yet."""

    DUE_AT = "due_at"
    JITTER = "jitter"
    DEPENDENCY = "dependency"
    OVERLAP = "overlap"
    QUEUE_PAUSED = "queue_paused"
    CONCURRENCY = "concurrency"
    RATE = "rate"
    RETRY = "retry"
    NO_WORKER = "no_worker"


class SkipReason(StrEnum):
    """Why a planned occurrence has no job row."""

    COALESCED = "coalesced"
    """A later (or earlier) run of the same catch-up stands for it."""
    MISSED_DOWN = "missed_down"
    MISSED_SLEEP = "missed_sleep"
    MISSED_CLOCK_STEP = "missed_clock_step"
    MISSED_CAP = "missed_cap"
    MISSED_DEADLINE = "missed_deadline"
    """Older than the catch-up window."""
    SKIP_OVERLAP = "skip_overlap"
    SKIP_PAUSED = "skip_paused"
    SKIP_DEPENDENCY = "skip_dependency"
    SKIP_MAX_RUNS = "skip_max_runs"
    SKIP_WINDOW = "skip_window"
    """Missed, and first seen after the schedule's end: nothing starts outside of its window."""
    SHED_RATE = "shed_rate"
    """Overlaps a job that only the rate limit keeps from starting; that job is not lost."""
    SUPERSEDED = "superseded"
    """The schedule was edited or deleted before it was planned."""
    RAN = "ran"
    """Not a skip: a pruned job that did run, kept so that the ledger's sums never change."""


class OnMissed(StrEnum):
    """What to do about occurrences first seen more than the grace after their time."""

    LATEST = "latest"
    SKIP = "skip"
    EARLIEST = "earliest"
    ALL = "all"


class Overlap(StrEnum):
    """What to do when an occurrence is due while the schedule's previous job is still live."""

    SKIP = "skip"
    BUFFER_ONE = "buffer_one"
    BUFFER_ALL = "buffer_all"
    CANCEL_RUNNING = "cancel_running"
    ALLOW = "allow"


class DependencyType(StrEnum):
    """When a child may start (seed, section 6.1)."""

    SEQUENTIAL = "sequential"
    """When the parent ended, however it ended."""
    PARALLEL = "parallel"
    """When the parent started."""
    CONDITIONAL = "conditional"
    """When the parent succeeded."""


class DependencyStatus(StrEnum):
    """Where a dependency stands."""

    PENDING = "pending"
    RESOLVED = "resolved"
    FAILED = "failed"


class NodeState(StrEnum):
    """What an engine says of itself in its heartbeat."""

    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"


JOB_MOVES: dict[JobStatus, tuple[JobStatus, ...]] = {
    JobStatus.BLOCKED: (JobStatus.QUEUED, JobStatus.CANCELLED),
    JobStatus.QUEUED: (JobStatus.RUNNING, JobStatus.BLOCKED, JobStatus.CANCELLED),
    JobStatus.RUNNING: (
        JobStatus.SUCCEEDED,
        JobStatus.FAILED,
        JobStatus.CANCELLED,
        JobStatus.QUEUED,  # a retry, or handed back by a stopping engine
    ),
    JobStatus.SUCCEEDED: (),
    JobStatus.FAILED: (JobStatus.QUEUED,),  # retried by hand
    JobStatus.CANCELLED: (JobStatus.QUEUED,),  # retried by hand
}
"""Every move a job may make; a store verb that moves one names both ends."""

SCHEDULE_MOVES: dict[ScheduleStatus, tuple[ScheduleStatus, ...]] = {
    ScheduleStatus.ACTIVE: (
        ScheduleStatus.PAUSED,
        ScheduleStatus.COMPLETED,
        ScheduleStatus.FAILED,
    ),
    ScheduleStatus.PAUSED: (ScheduleStatus.ACTIVE, ScheduleStatus.COMPLETED),
    ScheduleStatus.COMPLETED: (ScheduleStatus.ACTIVE,),  # an edit gave it something to run
    ScheduleStatus.FAILED: (ScheduleStatus.ACTIVE, ScheduleStatus.PAUSED),
}
"""Every move a schedule may make."""


def may_move(old: JobStatus, new: JobStatus) -> bool:
    """Whether a job may go from `old` to `new`."""
    return new in JOB_MOVES.get(old, ())
