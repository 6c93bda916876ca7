"""Jobs: what was made of schedules, how it went, and changing one's mind about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.identifiers import short
from tfui.core.overlap import Gate
from tfui.core.rights import Right
from tfui.core.states import JobStatus, Overlap
from tfui.errors import Conflict, Invalid, NotFound
from tfui.service import references
from tfui.service.caller import twice
from tfui.store import history as store_history
from tfui.store import job_moves, printed, schedules
from tfui.store import jobs as store
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.job import AttemptRow, HistoryRow, JobRow, OutputChunk
    from tfui.model.schedule import ScheduledJob
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

BEGINNING = (0, -1)
"""The (fence, seq) before any output."""


def history(
    caller: Caller,
    schedule_id: UUID,
    *,
    limit: int = 100,
    before: datetime | None = None,
) -> list[HistoryRow]:
    """Give a schedule's jobs and ledger ranges, newest first; go on with the last row's `nominal_at`.

    A page may be a few rows longer than `limit`: rows of one instant are not parted.
    """
    _check_limit(limit)
    with caller.reading(Right.JOB_READ) as tx:
        if schedules.get(tx, caller.organization_id, schedule_id) is None:
            raise NotFound(f"there is no schedule {schedule_id}")
        return store_history.page(tx, schedule_id, before=before, limit=limit)


def listing(
    caller: Caller,
    *,
    schedule_id: UUID | None = None,
    status: JobStatus | None = None,
    limit: int = 100,
) -> list[JobRow]:
    """Give the newest jobs first."""
    _check_limit(limit)
    with caller.reading(Right.JOB_READ) as tx:
        return store.listing(
            tx,
            caller.organization_id,
            schedule_id=schedule_id,
            status=status,
            limit=limit,
        )


def find(caller: Caller, reference: str) -> UUID:
    """Give the one job whose id begins so. Raises NotFound, or Conflict naming several."""
    ids = references.id_range(reference)
    with caller.reading(Right.JOB_READ) as tx:
        found = [] if ids is None else store.ids_between(tx, caller.organization_id, *ids)
    if not found:
        raise NotFound(f"there is no job whose id begins with {reference[:60]!r}")
    if len(found) > 1:
        some = ", ".join(str(job_id) for job_id in found[:3])
        more = ", …" if len(found) > 3 else ""
        raise Conflict(f"{reference[:60]!r} begins the ids of several jobs: {some}{more}")
    return found[0]


def row(caller: Caller, job_id: UUID) -> JobRow:
    """Give one job. Raises NotFound."""
    with caller.reading(Right.JOB_READ) as tx:
        return _row(tx, caller, job_id)


def attempts(caller: Caller, job_id: UUID) -> list[AttemptRow]:
    """Give the ended attempts at a job, oldest first. Raises NotFound."""
    with caller.reading(Right.JOB_READ) as tx:
        _row(tx, caller, job_id)
        return printed.attempts(tx, job_id)


def output(
    caller: Caller,
    job_id: UUID,
    *,
    after: tuple[int, int] = BEGINNING,
    limit: int = 2000,
) -> list[OutputChunk]:
    """Give what a job printed after (fence, seq), over all its attempts. Raises NotFound."""
    _check_limit(limit)
    with caller.reading(Right.JOB_READ) as tx:
        _row(tx, caller, job_id)
        return printed.chunks(tx, job_id, after=after, limit=limit)


def last_output(caller: Caller, job_id: UUID, *, lines: int = 200) -> list[OutputChunk]:
    """Give the last lines that a job printed, oldest first. Raises NotFound."""
    _check_limit(lines, field="lines")
    with caller.reading(Right.JOB_READ) as tx:
        _row(tx, caller, job_id)
        return printed.last_lines(tx, job_id, lines)


@twice
def cancel(caller: Caller, ids: Sequence[UUID]) -> list[JobRow]:
    """Cancel waiting jobs at once and ask running ones to end; give those that were.

    Ended ones are passed over. Raises NotFound for an id that is unknown, and Conflict when all of
    them had ended.
    """
    with caller.writing(Right.JOB_RUN) as tx:
        # Schedules first, as a run by hand does: so that the two never wait for each other.
        names = store.schedule_names(tx, ids)
        schedules.lock(tx, caller.organization_id, list(names))
        held = _hold(tx, caller, ids)
        entries: list[Entry] = []
        cancelled: set[UUID] = set()
        stopping: set[UUID] = set()
        for job in held:
            if job_moves.cancel_waiting(tx, job.id, by=caller.name):
                cancelled.add(job.id)
                entries.append(_moved(job, names, "job.cancelled", JobStatus.CANCELLED))
            elif job_moves.ask_to_end(tx, job.id, by=caller.name):
                stopping.add(job.id)
                entries.append(_asked(job, names))
            elif job.status is JobStatus.RUNNING:
                stopping.add(job.id)  # asked before; asking twice changes nothing
        if held and not cancelled | stopping:
            raise Conflict(_refusal(held, names))
        job_moves.note_cancelled(
            tx,
            {job.scheduled_job_id for job in held if job.id in cancelled and job.scheduled_job_id},
        )
        job_moves.follow_cancelled(tx, cancelled)
        caller.record(tx, entries)
        touched = [one for one in dict.fromkeys(ids) if one in cancelled | stopping]
        return store.rows(tx, caller.organization_id, touched)


@twice
def retry(caller: Caller, ids: Sequence[UUID]) -> list[JobRow]:
    """Put failed and cancelled jobs back into their queues, to start now; give those that were.

    Each passes its schedule's overlap rule like a run by hand, and keeps at least one attempt.
    Others are passed over. Raises NotFound for an id that is unknown, and Conflict when none could.
    """
    with caller.writing(Right.JOB_RUN) as tx:
        # Schedules first, as a run by hand does: what the gate sees of live jobs then stays true.
        names = store.schedule_names(tx, ids)
        found = schedules.lock(tx, caller.organization_id, list(names))
        entries: list[Entry] = []
        refusals: list[str] = []
        retried: set[UUID] = set()
        held = {job.id: job for job in _hold(tx, caller, ids)}
        for job in map(held.__getitem__, dict.fromkeys(ids)):  # whoever is named first goes first
            schedule = None if job.scheduled_job_id is None else found.get(job.scheduled_job_id)
            refusal = _retry(tx, caller, job, schedule)
            if refusal is not None:
                refusals.append(refusal)
                continue
            retried.add(job.id)
            entries.append(_moved(job, names, "job.retried", JobStatus.QUEUED))
        if refusals and not retried:
            more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
            raise Conflict(refusals[0] + more)
        caller.record(tx, entries)
        touched = [one for one in dict.fromkeys(ids) if one in retried]
        return store.rows(tx, caller.organization_id, touched)


def _retry(
    tx: Transaction,
    caller: Caller,
    job: store.Held,
    schedule: ScheduledJob | None,
) -> str | None:
    """Put one job back; give a sentence when it cannot be."""
    name = job.job_type if schedule is None else schedule.name
    if job.status not in {JobStatus.FAILED, JobStatus.CANCELLED}:
        how = job.status.value
        return (
            f"job {short(job.id)} of {name} is {how}; only failed and cancelled ones can be retried"
        )
    if job.is_unfired:
        return f"job {short(job.id)} was a skipped run of {name}; run {name} by hand instead"
    gate = Gate.RUN
    if schedule is not None:
        if schedule.deleted_at is not None:
            return f"{name} is deleted; restore it before retrying its jobs"
        gate = job_moves.gate(tx, schedule.id, Overlap(schedule.overlap), by=caller.name)
    if gate is Gate.SKIP:
        return f"job {short(job.id)} is not retried: another job of {name} is live, and it may not overlap"
    if not job_moves.queue_again(tx, job.id):
        raise AssertionError(f"job {job.id} is held by this transaction and moved")
    if gate is Gate.WAIT:
        job_moves.wait_for_overlap(tx, job.id)
    return None


def _hold(tx: Transaction, caller: Caller, ids: Sequence[UUID]) -> list[store.Held]:
    held = store.hold(tx, caller.organization_id, ids)
    missing = set(ids).difference(job.id for job in held)
    if missing:
        raise NotFound(f"there is no job {short(min(missing))}")
    return held


def _row(tx: Transaction, caller: Caller, job_id: UUID) -> JobRow:
    found = store.rows(tx, caller.organization_id, [job_id])
    if not found:
        raise NotFound(f"there is no job {short(job_id)}")
    return found[0]


def _moved(job: store.Held, names: dict[UUID, str], verb: str, status: JobStatus) -> Entry:
    return Entry(
        verb=verb,
        subject_type="job",
        subject_id=job.id,
        subject=_subject(job, names),
        before={"status": job.status.value},
        after={"status": status.value},
    )


def _asked(job: store.Held, names: dict[UUID, str]) -> Entry:
    return Entry(
        verb="job.cancelled",
        subject_type="job",
        subject_id=job.id,
        subject=_subject(job, names),
        before={"cancel_requested": False},
        after={"cancel_requested": True},
    )


def _subject(job: store.Held, names: dict[UUID, str]) -> str:
    """Name a job after its schedule, as people do."""
    if job.scheduled_job_id is None:
        return job.job_type
    return names.get(job.scheduled_job_id, job.job_type)


def _refusal(held: Sequence[store.Held], names: dict[UUID, str]) -> str:
    if len(held) > 1:
        return f"none of these {len(held)} jobs can be cancelled: all have ended"
    (job,) = held
    return (
        f"job {short(job.id)} of {_subject(job, names)} has ended already: it is {job.status.value}"
    )


def _check_limit(limit: int, *, field: str = "limit") -> None:
    if limit < 1:
        raise Invalid({field: f"{limit} is not a whole number from 1 up"})
