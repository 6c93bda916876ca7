"""Queues: the lines that jobs wait in, how many of each run at once, and stopping one for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tfui.core.rights import Right
from tfui.errors import Conflict, Invalid, NotFound
from tfui.model.backlog import QueueStanding
from tfui.service import references
from tfui.service.draft_fields import instant_problem
from tfui.store import backlogs, rates, waits
from tfui.store import queues as store
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.model.backlog import PausedQueue
    from tfui.model.queue import Queue, QueueRow, RateRow
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

LONGEST_NAME = 100
LONGEST_NOTE = 500
MOST_AT_ONCE = 100_000

_PAUSE = ("paused_at", "paused_by", "pause_note", "paused_until")


def listing(caller: Caller) -> list[QueueRow]:
    """Give every queue by name, with what is in it now and what its job types may still start."""
    return [standing.queue for standing in standings(caller)]


def standings(caller: Caller) -> list[QueueStanding]:
    """Give every queue by name as `listing` does, with what its jobs wait for."""
    with caller.reading(Right.QUEUE_READ) as tx:
        found = store.rows(tx, caller.organization_id)
        limits = rates.rows(tx, caller.organization_id, caller.now())
        types = store.job_types(tx, caller.organization_id) if limits else {}
        waiting = backlogs.waits(tx, caller.organization_id)
    return [
        QueueStanding(
            queue=replace(row, limits=_limits_of(types.get(row.id, ()), limits)),
            waits=waiting.get(row.id, {}),
        )
        for row in found
    ]


def job_types(caller: Caller, queue_id: UUID) -> list[str]:
    """Name the types of job that a queue's schedules have."""
    with caller.reading(Right.QUEUE_READ) as tx:
        return sorted(store.job_types(tx, caller.organization_id).get(queue_id, ()))


def paused(caller: Caller) -> list[PausedQueue]:
    """Give the paused queues by name, with what each holds up."""
    with caller.reading(Right.QUEUE_READ) as tx:
        return backlogs.paused(tx, caller.organization_id, caller.now())


def depths(caller: Caller) -> dict[UUID, tuple[int, ...]]:
    """Tell by queue how many jobs waited at the end of each of the last 60 minutes, the oldest first."""
    with caller.reading(Right.QUEUE_READ) as tx:
        queued = {row.id: row.queued for row in store.rows(tx, caller.organization_id)}
        return backlogs.depths(tx, caller.organization_id, queued, caller.now())


def create(caller: Caller, name: str, *, concurrency: int | None = None) -> QueueRow:
    """Add a queue; `concurrency` None leaves it to the engines' seats. Raises Invalid, Conflict."""
    _refuse({"name": _name_problem(name), "concurrency": _concurrency_problem(concurrency)})
    with caller.writing(Right.QUEUE_WRITE) as tx:
        if not store.ensure(tx, caller.organization_id, name, now=caller.now()):
            raise Conflict(f"there is a queue {name!r} already")
        queue = _locked(tx, caller, name)
        store.change(tx, queue.id, {"concurrency": concurrency})
        return _done(tx, caller, queue, "created", None, {"name": name, "concurrency": concurrency})


def edit(caller: Caller, name: str, *, concurrency: int | None) -> QueueRow:
    """Change how many of a queue's jobs run at once. Raises Invalid, NotFound."""
    _refuse({"concurrency": _concurrency_problem(concurrency)})
    with caller.writing(Right.QUEUE_WRITE) as tx:
        queue = _locked(tx, caller, name)
        return _changed(tx, caller, queue, "edited", {"concurrency": concurrency})


def pause(
    caller: Caller,
    name: str,
    *,
    note: str | None = None,
    until: datetime | None = None,
) -> QueueRow:
    """Start none of a queue's jobs, until an instant or until it is resumed; running ones go on.

    A paused one takes the new note and end. Raises Invalid, NotFound.
    """
    now = caller.now()
    _refuse({"note": _note_problem(note), "until": _until_problem(until, now)})
    with caller.writing(Right.QUEUE_WRITE) as tx:
        queue = _locked(tx, caller, name)
        values = dict(
            zip(_PAUSE, (queue.paused_at or now, caller.name, note or None, until), strict=True)
        )
        return _changed(tx, caller, queue, "paused", values)


def resume(caller: Caller, name: str) -> QueueRow:
    """Let a queue's jobs start again. Raises NotFound, and Conflict when it is not paused."""
    with caller.writing(Right.QUEUE_WRITE) as tx:
        queue = _locked(tx, caller, name)
        if queue.paused_at is None:
            raise Conflict(f"the queue {name!r} is not paused")
        return _changed(tx, caller, queue, "resumed", dict.fromkeys(_PAUSE))


def _limits_of(types: Collection[str], limits: Sequence[RateRow]) -> tuple[RateRow, ...]:
    """Give the limits of some job types; those not started lately have all of the default left."""
    own = {row.job_type: row for row in limits}
    default = own.get(None)
    found = []
    for job_type in sorted(types):
        if job_type in own:
            found.append(own[job_type])
        elif default is not None:
            found.append(replace(default, job_type=job_type))
    return tuple(found)


def _locked(tx: Transaction, caller: Caller, name: str) -> Queue:
    queue = store.lock(tx, caller.organization_id, name)
    if queue is None:
        known = store.ids_by_name(tx, caller.organization_id)
        raise NotFound(references.unknown("queue", name, known))
    return queue


def _changed(
    tx: Transaction,
    caller: Caller,
    queue: Queue,
    verb: str,
    values: Mapping[str, Any],
) -> QueueRow:
    before = {key: getattr(queue, key) for key in values}
    changed = [key for key in values if before[key] != values[key]]
    if changed:
        store.change(tx, queue.id, {key: values[key] for key in changed})
        waits.correct(tx, caller.now())
    return _done(
        tx,
        caller,
        queue,
        verb if changed else None,
        {key: before[key] for key in changed},
        {key: values[key] for key in changed},
    )


def _done(
    tx: Transaction,
    caller: Caller,
    queue: Queue,
    verb: str | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> QueueRow:
    row = store.row(tx, caller.organization_id, queue.id)
    if verb is not None:
        entry = Entry(
            verb=f"queue.{verb}",
            subject_type="queue",
            subject_id=queue.id,
            subject=queue.name,
            before=None if before is None else _as_json(before),
            after=_as_json(after),
        )
        caller.record(tx, [entry])
    return row


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in values.items()
    }


def _refuse(problems: Mapping[str, str | None]) -> None:
    found = {field: problem for field, problem in problems.items() if problem is not None}
    if found:
        raise Invalid(found)


def _name_problem(name: str) -> str | None:
    if not name or name != name.strip():
        return "a queue needs a name that neither begins nor ends with a space"
    if len(name) > LONGEST_NAME:
        return f"{len(name)} characters are too many; a name has 1 to {LONGEST_NAME}"
    return None if name.isprintable() else "a name has printable characters only"


def _concurrency_problem(concurrency: int | None) -> str | None:
    if concurrency is None:
        return None
    if 1 <= concurrency <= MOST_AT_ONCE:
        return None
    return f"{concurrency} is not a whole number from 1 to {MOST_AT_ONCE:,}, or none"


def _note_problem(note: str | None) -> str | None:
    if note is None or len(note) <= LONGEST_NOTE:
        return None
    return f"{len(note)} characters are too many; a note has up to {LONGEST_NOTE}"


def _until_problem(until: datetime | None, now: datetime) -> str | None:
    if until is None:
        return None
    if problem := instant_problem(until):
        return problem
    return None if until > now else "a pause ends later than now"
