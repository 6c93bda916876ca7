"""The journal: entries appended in the transaction of the change they tell of, chained by hash.

Each hash covers the entry and the hash before it, so an entry that was edited or taken out shows;
the head is a row of its own, so that a cut at the end shows too. Appending holds the head until the
transaction ends, so on Postgres it comes after every change of a row: two transactions must never
wait for each other's. `append_last` sees to that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from tfui.errors import Unavailable
from tfui.model.columns import table_of, to_microseconds
from tfui.model.journal import Journal, JournalHead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from tfui.store.connection import Transaction

GENESIS = "0" * 64
"""What the first entry of all is chained to."""

NO_HEAD = "the row that says where the journal ends is missing, so nothing can be added to it"

_EXACT = 2**53  # whole numbers up to here survive any JSON reader
_JOURNAL = table_of(Journal)
_HEAD = table_of(JournalHead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change, before it is written. `before` and `after` hold only what changed, as JSON."""

    verb: str
    """`schedule.paused`: noun and past tense."""
    subject_type: str
    subject_id: UUID
    subject: str
    """The subject's name then."""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the chain does not hold."""

    entry_id: int | None
    """None when no entry is at fault."""
    text: str


def append(tx: Transaction, organization_id: UUID, entries: Sequence[Entry]) -> list[int]:
    """Write entries in the transaction's name and time, all in its batch; give their ids.

    Raises Unavailable.
    """
    if not entries:
        return []
    if tx.author is None or tx.now is None or tx.batch_id is None:
        raise ValueError("the journal is only written in a writing transaction")
    head = tx.connection.execute(tx.dialect.hold_rows(_HEAD.select())).one_or_none()
    if head is None:
        raise Unavailable(NO_HEAD)
    previous_hash = head.hash
    common = {
        "organization_id": organization_id,
        "at": tx.now,
        "by": tx.author.name,
        "via": tx.author.via,
        "batch_id": tx.batch_id,
    }
    rows = []
    first = head.entry_id + 1
    ids = range(first, first + len(entries))
    for entry_id, entry in zip(ids, entries, strict=True):
        values = common | {
            "id": entry_id,
            "verb": entry.verb,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "subject": entry.subject,
            "before": None if entry.before is None else dict(entry.before),
            "after": None if entry.after is None else dict(entry.after),
            "undoes": entry.undoes,
        }
        this_hash = digest(values, previous_hash)
        rows.append(values | {"previous_hash": previous_hash, "hash": this_hash})
        previous_hash = this_hash
    tx.connection.execute(_JOURNAL.insert(), rows)
    tx.connection.execute(
        _HEAD.update().values(entry_id=ids[-1], hash=previous_hash, at=tx.now),
    )
    return list(ids)


def append_last(tx: Transaction, organization_id: UUID, entries: Sequence[Entry]) -> None:
    """Write entries just before the transaction commits, whatever it still changes until then."""
    tx.before_commit.append(lambda: append(tx, organization_id, entries))


def verify(tx: Transaction, *, since: int = 0, kept_since: datetime | None = None) -> Break | None:
    """Recount the chain, whole or from an entry on; None when every link holds.

    Pruning may have cut its beginning, and may have left nothing unless the newest entry is from
    `kept_since` or later.
    """
    expected: str | None = None
    # Closed even when a break ends the reading early: on Postgres a cursor is open behind it.
    with tx.connection.execute(
        _JOURNAL.select().where(_JOURNAL.c.id >= since).order_by(_JOURNAL.c.id),
        execution_options={"yield_per": 500},
    ) as rows:
        for row in rows.mappings():
            if expected is not None and row["previous_hash"] != expected:
                return Break(row["id"], "an entry before it is missing or was put in later")
            if digest(row, row["previous_hash"]) != row["hash"]:
                return Break(row["id"], "it was changed after it was written")
            expected = row["hash"]
    return _cut(tx, kept_since)


def _cut(tx: Transaction, kept_since: datetime | None) -> Break | None:
    """Hold the newest entry there is against the head."""
    head = tx.connection.execute(_HEAD.select()).one_or_none()
    if head is None:
        return Break(None, NO_HEAD)
    newest = select(_JOURNAL.c.id, _JOURNAL.c.hash).order_by(_JOURNAL.c.id.desc()).limit(1)
    last = tx.connection.execute(newest).one_or_none()
    if last is None and (kept_since is None or head.at is None or head.at < kept_since):
        return None
    if last is not None and last.id >= head.entry_id:
        text = "it was put in by something other than tfui"
        return None if last.hash == head.hash else Break(last.id, text)
    missing = head.entry_id - (0 if last is None else last.id)
    text = "entry is" if missing == 1 else f"{missing:,} entries are"
    return Break(None, f"the newest {text} missing")


def mark_undone(tx: Transaction, entries: Sequence[tuple[int, int]]) -> None:
    """Note of each entry which later one took it back. This note is not part of the hash."""
    if entries:
        tx.connection.execute(
            _JOURNAL.update()
            .where(_JOURNAL.c.id == bindparam("taken_back"))
            .values(undone_by=bindparam("by_entry")),
            [{"taken_back": entry, "by_entry": later} for entry, later in entries],
        )


def digest(values: Mapping[str, Any] | RowMapping, previous_hash: str) -> str:
    """Hash an entry's lasting fields together with the hash before it."""
    covered = {
        "at": to_microseconds(values["at"]),
        **{name: str(values[name]) for name in ("organization_id", "subject_id", "batch_id")},
        **{name: values[name] for name in ("by", "via", "verb", "subject_type", "subject")},
        **{name: _settled(values[name]) for name in ("before", "after", "undoes")},
        "previous": previous_hash,
    }
    text = json.dumps(covered, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _settled(value: Any) -> Any:  # noqa: ANN401  # JSON is any of six types
    """Write numbers the way they come back: jsonb turns 1e30 and 1.0 into other spellings."""
    if isinstance(value, dict):
        return {key: _settled(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) <= _EXACT:
        return int(value) if value == int(value) else value
    try:
        return repr(float(value))
    except OverflowError:
        return str(value)
