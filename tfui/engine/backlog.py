"""The careful path of planning: one due schedule whose case is not the plain one.

Late or several at once, a live job in the way, a limit of runs, an end, a last instant: core decides
each of these, and what it decided becomes job rows, ledger ranges and one move of the cursor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tfui.core import catchup, jitter, overlap
from tfui.core.catchup import Decision, Skipped
from tfui.core.identifiers import short
from tfui.core.overlap import Gate
from tfui.core.states import (
    JobKind,
    JobStatus,
    OnMissed,
    Overlap,
    ScheduleStatus,
    SkipReason,
    WaitReason,
)
from tfui.model.columns import to_microseconds
from tfui.store import accounting, firing, links, planning
from tfui.store.kept import from_kept, to_kept
from tfui.store.links import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.store.connection import Transaction
    from tfui.store.dependencies import Need
    from tfui.store.kept import AnyRow
    from tfui.store.links import Parent
    from tfui.store.planning import Company

MISSED = frozenset(
    {
        SkipReason.COALESCED,
        SkipReason.MISSED_DOWN,
        SkipReason.MISSED_SLEEP,
        SkipReason.MISSED_CLOCK_STEP,
        SkipReason.MISSED_CAP,
        SkipReason.MISSED_DEADLINE,
    },
)


@dataclass(slots=True)
class Backlog:
    """What became of one schedule's due occurrences."""

    jobs: list[tuple[datetime, UUID, JobStatus]] = field(default_factory=list)
    skipped: list[tuple[Skipped, str | None]] = field(default_factory=list)
    """Ranges with their detail."""
    parents: dict[UUID, tuple[Parent, ...]] = field(default_factory=dict)
    """By job, the jobs of other schedules that it waits for, or waited for."""
    only_parents: set[UUID] = field(default_factory=set)
    """Jobs that wait for those and for no job of their own schedule."""
    is_too_early: bool = False
    """A schedule that it comes after is being planned right now: nothing was done yet."""

    @property
    def missed(self) -> int:
        """How many occurrences were missed or stood for by another."""
        return sum(part.count for part, _ in self.skipped if part.reason in MISSED)

    @property
    def held_back(self) -> int:
        """How many occurrences were skipped for any other reason."""
        return sum(part.count for part, _ in self.skipped if part.reason not in MISSED)


def work_off(
    tx: Transaction,
    schedule: AnyRow,
    company: Company,
    *,
    now: datetime,
    missed_reason: SkipReason,
    needs: Sequence[Need] = (),
) -> Backlog:
    """Plan everything due of one schedule whose row this transaction holds.

    `needs` are the schedules it comes after; they are to be planned first.
    """
    decision = _decide(schedule, now, missed_reason)
    gate = _Gatekeeper(tx, schedule, company, is_catching_up=_is_catching_up(schedule, now))
    backlog = gate.backlog
    verdicts = [links.weigh(tx, needs, nominal) for nominal in decision.runs] if needs else []
    if any(verdict.is_too_early for verdict in verdicts):
        backlog.is_too_early = True
        return backlog
    runs = _refuse(decision.runs, verdicts, backlog)
    beyond: list[datetime] = []
    for nominal, verdict in runs:
        # Only what becomes a job uses a run up: what the gate skips has that reason, not this.
        if schedule.max_runs is None or schedule.runs_count + len(backlog.jobs) < schedule.max_runs:
            gate.meet(nominal, verdict)
        else:
            beyond.append(nominal)
    backlog.skipped.extend((part, None) for part in decision.skipped)
    if beyond:
        part = Skipped(beyond[0], beyond[-1], len(beyond), SkipReason.SKIP_MAX_RUNS)
        backlog.skipped.append((part, None))
    backlog.skipped.sort(key=lambda found: found[0].from_at)
    made = _write_jobs(tx, schedule, backlog, now)
    for part, detail in backlog.skipped:
        accounting.record(tx, schedule, [part], detail=detail)
    _move_on(tx, schedule, decision, made, now)
    return backlog


class _Gatekeeper:
    """Takes a schedule's occurrences through the overlap gate, one after the other."""

    def __init__(
        self,
        tx: Transaction,
        schedule: AnyRow,
        company: Company,
        *,
        is_catching_up: bool,
    ) -> None:
        self.backlog = Backlog()
        self._tx = tx
        self._schedule = schedule
        self._live, self._waiting, met, self._status, _ = company
        # What keeps its job is then the limit, not the work.
        self._in_the_way = SkipReason.SHED_RATE if company.is_shed else SkipReason.SKIP_OVERLAP
        self._job_id = None if met is None else from_kept(met)
        self._is_catching_up = is_catching_up

    def meet(self, nominal: datetime, verdict: Verdict) -> None:
        """Let one occurrence through, have it wait, or skip it."""
        schedule = self._schedule
        gate = overlap.decide(Overlap(schedule.overlap), live=self._live, waiting=self._waiting)
        if gate is not Gate.RUN and self.backlog.jobs and self._is_catching_up:
            # Asked to run all that was missed, the schedule does not skip or cancel its own.
            gate = Gate.WAIT
        if gate is Gate.CANCEL_THEN_RUN:
            gate = self._cancel()
        if gate is Gate.SKIP:
            self._skip(nominal)
            return
        is_waiting = gate is Gate.WAIT
        self._live += 1
        self._waiting += is_waiting
        is_blocked = is_waiting or verdict.must_wait
        if self._tx.now is None:
            raise AssertionError("planning writes")
        job_id = self._tx.ids.make(self._tx.now)
        status = JobStatus.BLOCKED if is_blocked else JobStatus.QUEUED
        self._job_id, self._status = self._job_id or job_id, self._status or status
        if is_blocked and not is_waiting:
            self.backlog.only_parents.add(job_id)
        if verdict.parents:
            self.backlog.parents[job_id] = verdict.parents
        self.backlog.jobs.append((nominal, job_id, status))

    def _cancel(self) -> Gate:
        if self.backlog.jobs:
            return Gate.WAIT  # the one before it was made just now and has not had its turn
        self._live = firing.cancel_live(self._tx, self._schedule.id, by="engine")
        self._waiting = 0
        return Gate.WAIT if self._live else Gate.RUN

    def _skip(self, nominal: datetime) -> None:
        if self._job_id is None:
            raise AssertionError("an occurrence is skipped with no job in its way")
        detail = f"job {short(self._job_id)} was {self._status}"
        skipped = self.backlog.skipped
        if skipped and skipped[-1][1] == detail:
            last = skipped[-1][0]
            longer = Skipped(last.from_at, nominal, last.count + 1, self._in_the_way)
            skipped[-1] = (longer, detail)
            return
        skipped.append((Skipped(nominal, nominal, 1, self._in_the_way), detail))


def _decide(schedule: AnyRow, now: datetime, missed_reason: SkipReason) -> Decision:
    if schedule.ends_at is not None and schedule.next_run_at > schedule.ends_at:
        return Decision((), (), schedule.cursor_at, None)  # the end was moved before it
    return catchup.decide(
        accounting.trigger_of(schedule),
        first=schedule.next_run_at,
        now=now,
        on_missed=OnMissed(schedule.on_missed),
        grace=timedelta(seconds=schedule.grace_seconds),
        window=timedelta(seconds=schedule.catchup_window_seconds),
        cap=schedule.max_catchup,
        missed_reason=missed_reason,
        ends_at=schedule.ends_at,
    )


def _is_catching_up(schedule: AnyRow, now: datetime) -> bool:
    is_missed = now - schedule.next_run_at > timedelta(seconds=schedule.grace_seconds)
    return is_missed and bool(schedule.on_missed == OnMissed.ALL)


def _write_jobs(
    tx: Transaction,
    schedule: AnyRow,
    backlog: Backlog,
    now: datetime,
) -> list[UUID]:
    """Insert the jobs; give the ids of those whose occurrence had none yet."""
    if not backlog.jobs:
        return []
    name = tx.dialect.name
    span = timedelta(seconds=schedule.jitter_seconds)
    written = to_microseconds(now)
    rows = []
    for nominal, job_id, status in backlog.jobs:
        available = nominal + jitter.offset(schedule.id, nominal, span)
        wait = WaitReason.JITTER if available > now else WaitReason.NO_WORKER
        if status is JobStatus.BLOCKED:
            is_free = job_id in backlog.only_parents
            wait = WaitReason.DEPENDENCY if is_free else WaitReason.OVERLAP
        rows.append(
            {
                "schedule_id": to_kept(schedule.id, dialect=name),
                "job_id": to_kept(job_id, dialect=name),
                "nominal": to_microseconds(nominal),
                "available": to_microseconds(available),
                "state": status.value,
                "wait": wait.value,
                "why": JobKind.SCHEDULED.value,
                "now": written,
            },
        )
    refused = planning.create_jobs(tx, rows)
    made = [job_id for _, job_id, _ in backlog.jobs if to_kept(job_id, dialect=name) not in refused]
    for job_id in made:
        links.write(tx, job_id, backlog.parents.get(job_id, ()))
    return made


def _refuse(
    runs: Sequence[datetime],
    verdicts: Sequence[Verdict],
    backlog: Backlog,
) -> list[tuple[datetime, Verdict]]:
    """Skip what a schedule before this one forbids; give the rest, each with its verdict."""
    if not verdicts:
        return [(nominal, Verdict()) for nominal in runs]
    allowed = []
    for nominal, verdict in zip(runs, verdicts, strict=True):
        if verdict.refusal is None:
            allowed.append((nominal, verdict))
            continue
        part = Skipped(nominal, nominal, 1, SkipReason.SKIP_DEPENDENCY)
        backlog.skipped.append((part, verdict.refusal))
    return allowed


def _move_on(
    tx: Transaction,
    schedule: AnyRow,
    decision: Decision,
    made: list[UUID],
    now: datetime,
) -> None:
    runs = schedule.runs_count + len(made)
    is_over = decision.next_run_at is None or (
        schedule.max_runs is not None and runs >= schedule.max_runs
    )
    changes: dict[str, Any] = {
        "cursor_at": decision.cursor_at,
        "next_run_at": None if is_over else decision.next_run_at,
        "runs_count": runs,
    }
    if is_over:
        changes["status"] = ScheduleStatus.COMPLETED
    if made:
        changes |= {"last_run_at": now, "job_id": made[-1]}
    planning.move_on(tx, schedule, **changes)
