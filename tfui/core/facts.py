"""What is on record about a schedule when somebody asks why: the facts that an explanation weighs.

Shapes alone. Whoever explains is handed them and looks nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from tfui.core.states import (
        AttemptOutcome,
        DependencyType,
        JobKind,
        JobStatus,
        Overlap,
        ScheduleStatus,
        SkipReason,
        WaitReason,
    )
    from tfui.core.trigger import Trigger

MOST_AHEAD = 1000
"""Jobs before one are counted up to here; this many means this many or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """The schedule as it stands now; its trigger, start and end as they were then (see `FormerFacts`)."""

    id: UUID
    name: str
    trigger: Trigger | None
    """None when the stored expression cannot be read; `trigger_problem` says why."""
    trigger_problem: str | None
    timezone: str
    status: ScheduleStatus
    status_note: str | None
    created_at: datetime
    deleted_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    effective_at: datetime
    cursor_at: datetime
    next_run_at: datetime | None
    paused_at: datetime | None
    paused_by: str | None
    pause_note: str | None
    paused_until: datetime | None
    max_runs: int | None
    runs_count: int
    overlap: Overlap
    jitter: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """A job of the schedule."""

    id: UUID
    queue_id: UUID
    kind: JobKind
    status: JobStatus
    nominal_at: datetime
    available_at: datetime
    attempt: int
    max_attempts: int
    priority: int
    wait_reason: WaitReason | None
    started_at: datetime | None
    finished_at: datetime | None
    lease_until: datetime | None
    cancelled_by: str | None
    exit_code: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFacts:
    """One ended try at a job."""

    number: int
    outcome: AttemptOutcome
    started_at: datetime
    finished_at: datetime
    node: str | None
    """The host that ran it."""
    exit_code: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeFacts:
    """The ledger range that an occurrence lies in."""

    from_at: datetime
    to_at: datetime
    count: int
    reason: SkipReason
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseFacts:
    """The pause that an instant fell into, as the journal tells it."""

    at: datetime
    by: str
    note: str | None
    resumed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerFacts:
    """That what is told of the schedule is what it was then, not what it is now."""

    changed_at: datetime | None
    """When another trigger took its place; None when it is the present one, in force anew since."""
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """The engines that serve the store now."""

    alive: int
    seats: int
    """Of all of them together."""
    last_seen_at: datetime | None
    """The newest heartbeat of any engine, alive or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """The queue that the schedule's jobs wait in."""

    name: str
    concurrency: int | None
    paused_at: datetime | None
    paused_by: str | None
    pause_note: str | None
    paused_until: datetime | None
    running: int
    holders: tuple[HolderFacts, ...]
    """Who has run longest, a few of them."""
    ahead: int
    """Queued jobs that would be claimed before the one asked about, up to `MOST_AHEAD`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderFacts:
    """A running job that takes one of a queue's places."""

    schedule: str | None
    job_id: UUID
    started_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentFacts:
    """A job that the one asked about depends on."""

    schedule: str | None
    job_id: UUID
    status: JobStatus
    dependency: DependencyType
    started_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterFacts:
    """A schedule that one without a time of its own runs after."""

    parent: str
    dependency: DependencyType
    newest: JobFacts | None
    """Its newest run at the time asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFacts:
    """The rate limit that the job's type is under."""

    per_minute: int
    recent: int
    """Starts within the last 60 seconds."""
    ahead: int
    """Queued jobs of its type, in any queue, that start before it, up to `MOST_AHEAD`."""
    ahead_held: int
    """Those of them whose queue is paused or full, so that nobody knows when they start."""
    clears_at: datetime | None
    """When its turn comes, if nothing is put before it; None where that cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A run that somebody started beside the plan."""

    job: JobFacts
    by: str | None
    """Who; None where the journal does not reach back to it."""
    attempts: tuple[AttemptFacts, ...] = ()
    parents: tuple[ParentFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """Everything about one instant."""

    schedule: ScheduleFacts
    at: datetime
    """What was asked about."""
    occurrence: datetime | None
    """The occurrence meant by it, or the nearest; None where the trigger has none."""
    now: datetime
    former: FormerFacts | None = None
    job: JobFacts | None = None
    """Of that occurrence."""
    attempts: tuple[AttemptFacts, ...] = ()
    others: tuple[JobFacts, ...] = ()
    """Jobs made at about that time that no plan asked for: by hand, backfilled, chained."""
    by_hand: ByHand | None = None
    """The one of them that was started by hand in the very second asked about."""
    range: RangeFacts | None = None
    pause: PauseFacts | None = None
    blocker: JobFacts | None = None
    """The job of the schedule that was running then."""
    parents: tuple[ParentFacts, ...] = ()
    after: tuple[AfterFacts, ...] = ()
    """What it runs after, when it has no time of its own."""
    engines: EngineFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Everything about the present."""

    schedule: ScheduleFacts
    now: datetime
    engines: EngineFacts
    queue: QueueFacts
    live: tuple[JobFacts, ...] = ()
    """Jobs that have not ended, those furthest along first, a few of them."""
    live_count: int = 0
    """How many there are."""
    last_attempt: AttemptFacts | None = None
    """Of the first of them, or of the newest job."""
    parents: tuple[ParentFacts, ...] = ()
    """What the first of them waits for."""
    after: tuple[AfterFacts, ...] = ()
    """What it runs after, when it has no time of its own."""
    rate: RateFacts | None = None
