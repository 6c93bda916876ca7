"""Taking back what was done to queues, entry by entry, as new changes made now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tfui.core.explain_trigger import local
from tfui.core.rights import Right
from tfui.service.refusing import Refused
from tfui.store import queues, waits
from tfui.store.journal import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.journal import JournalRow
    from tfui.model.queue import Queue
    from tfui.service.caller import Caller
    from tfui.store.connection import Transaction

VERBS = ("queue.created", "queue.edited", "queue.paused", "queue.resumed", "queue.deleted")

_INSTANTS = ("paused_at", "paused_until")
_PAUSE = (*_INSTANTS, "paused_by", "pause_note")


def take_back(
    tx: Transaction,
    caller: Caller,
    act: Sequence[JournalRow],
) -> list[tuple[JournalRow, Entry]]:
    """Take back an act's entries about queues, the last first; give each with the new one.

    Raises Conflict, with a sentence, when a later change stands in the way.
    """
    ours = [entry for entry in act if entry.verb in VERBS]
    if not ours:
        return []
    caller.require(Right.QUEUE_WRITE)
    pairs = []
    for entry in reversed(ours):
        queue = queues.lock(tx, caller.organization_id, entry.subject)
        if entry.verb == "queue.deleted":
            pairs.append((entry, _make_again(tx, caller, entry, queue)))
            continue
        if queue is None or queue.id != entry.subject_id:
            raise Refused(entry, "it is gone")
        changed = [
            name for name, value in (entry.after or {}).items() if _written(queue, name) != value
        ]
        if changed:
            names = "its pause" if set(changed) <= set(_PAUSE) else ", ".join(changed)
            raise Refused(entry, f"{names} changed since")
        if why := why_over(tx, entry, caller.now()):
            raise Refused(entry, why)
        pairs.append((entry, _take_back(tx, entry, queue, caller.now())))
    waits.correct(tx, caller.now())
    return pairs


def why_over(tx: Transaction, entry: JournalRow, now: datetime) -> str | None:
    """Say why an entry will never be taken back any more, if so."""
    if entry.verb == "queue.created" and queues.is_used(tx, entry.subject_id):
        return "it has been used since"
    if entry.verb == "queue.resumed" and (until := _lapsed(entry, now)) is not None:
        return f"its pause would have ended already, at {local(until, 'UTC')}"
    return None


def _lapsed(entry: JournalRow, now: datetime) -> datetime | None:
    until = (entry.before or {}).get("paused_until")
    found = None if until is None else datetime.fromisoformat(until)
    return None if found is None or found > now else found


def _make_again(
    tx: Transaction,
    caller: Caller,
    entry: JournalRow,
    namesake: Queue | None,
) -> Entry:
    """Make a queue again whose making was taken back; nothing was in it."""
    if namesake is not None:
        raise Refused(entry, f"another queue is called {entry.subject!r} now")
    before: dict[str, Any] = dict(entry.before or {})
    queues.insert(
        tx,
        caller.organization_id,
        entry.subject,
        queue_id=entry.subject_id,
        concurrency=before.get("concurrency"),
    )
    return _entry("queue.created", entry, before)


def _take_back(tx: Transaction, entry: JournalRow, queue: Queue, now: datetime) -> Entry:
    if entry.verb == "queue.created":
        queues.remove(tx, queue.id)
        return _entry("queue.deleted", entry, None)
    if _lapsed(entry, now) is not None:
        return _resume(tx, entry, queue)
    values: dict[str, Any] = dict(entry.before or {})
    for name in _INSTANTS:
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    queues.change(tx, queue.id, values)
    verb = "queue.edited"
    if entry.verb != verb:
        is_paused = values.get("paused_at", queue.paused_at) is not None
        verb = "queue.paused" if is_paused else "queue.resumed"
    return _entry(verb, entry, entry.before)


def _resume(tx: Transaction, entry: JournalRow, queue: Queue) -> Entry:
    """Let a queue go on whose pause would have ended by now, had it not been changed."""
    before = {name: _written(queue, name) for name in _PAUSE}
    queues.change(tx, queue.id, dict.fromkeys(_PAUSE))
    return replace(_entry("queue.resumed", entry, dict.fromkeys(_PAUSE)), before=before)


def _entry(verb: str, old: JournalRow, after: dict[str, Any] | None) -> Entry:
    return Entry(
        verb=verb,
        subject_type="queue",
        subject_id=old.subject_id,
        subject=old.subject,
        before=old.after,
        after=after,
    )


def _written(queue: Queue, name: str) -> object:
    value = getattr(queue, name)
    return value.isoformat() if isinstance(value, datetime) else value
