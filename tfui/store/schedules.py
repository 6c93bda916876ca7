"""Schedules: written, found by name or id, and kept for a transaction that will change them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import class_mapper

from tfui.core import unknown
from tfui.core.command import search_text
from tfui.core.states import JobStatus, OnMissed, Overlap, ScheduleStatus, ScheduleType
from tfui.errors import Conflict
from tfui.model.columns import table_of
from tfui.model.schedule import ScheduledJob
from tfui.store.portions import in_portions
from tfui.store.spellings import within
from tfui.store.texts import can_be_kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from enum import StrEnum
    from uuid import UUID

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import ClassManager

    from tfui.store.connection import Transaction

_SCHEDULE = table_of(ScheduledJob)
_MANAGER: ClassManager[ScheduledJob] = class_mapper(ScheduledJob).class_manager

_SEARCHED = frozenset({"name", "schedule_expression", "job_type", "payload", "metadata_"})
"""Attributes that `search_text` is composed of."""

_WORDS: dict[str, type[StrEnum]] = {
    "last_outcome": JobStatus,
    "on_missed": OnMissed,
    "overlap": Overlap,
    "schedule_type": ScheduleType,
    "status": ScheduleStatus,
}
"""Columns that are kept as words."""


def insert(tx: Transaction, schedule: ScheduledJob) -> None:
    """Write a new schedule whole. Raises Conflict when its name is taken."""
    schedule.search_text = _search_text(schedule)
    with _one_of_a_name(schedule.name):
        tx.connection.execute(_SCHEDULE.insert().values(_columns(schedule)))


def change(
    tx: Transaction,
    schedule_id: UUID,
    values: Mapping[str, Any],
    *,
    name: str | None = None,
) -> None:
    """Write columns of one schedule, named as its attributes are.

    Raises Conflict when that gives it a name that is taken: `name`, unless `values` has one.
    """
    if tx.gathered is not None and name is None and _SEARCHED.isdisjoint(values):
        tx.gathered.setdefault(schedule_id, {}).update(values)
        return
    with _one_of_a_name(values.get("name", name)):
        tx.connection.execute(
            _SCHEDULE.update()
            .where(_SCHEDULE.c.id == schedule_id)
            .values({_column_name(key): value for key, value in values.items()}),
        )
    if _SEARCHED.intersection(values):
        row = tx.connection.execute(_SCHEDULE.select().where(_SCHEDULE.c.id == schedule_id))
        for found in row.mappings().all():
            tx.connection.execute(
                _SCHEDULE.update()
                .where(_SCHEDULE.c.id == schedule_id)
                .values(search_text=_search_text(_whole(found))),
            )


@contextmanager
def together(tx: Transaction) -> Iterator[None]:
    """Have the changes of many schedules written in a few statements, when the block ends well."""
    tx.gathered = {}
    try:
        yield
        changes = tx.gathered
    finally:
        tx.gathered = None
    alike: dict[tuple[str, ...], list[tuple[UUID, dict[str, Any]]]] = {}
    for schedule_id, values in changes.items():
        alike.setdefault(tuple(values), []).append((schedule_id, values))
    for attributes, changed in alike.items():
        _change_alike(tx, attributes, changed)


def _change_alike(
    tx: Transaction,
    attributes: tuple[str, ...],
    changed: list[tuple[UUID, dict[str, Any]]],
) -> None:
    """Write the same columns of many schedules: by their ids when the values are the same too."""
    first = changed[0][1]
    if all(values == first for _, values in changed):
        written = {_column_name(name): value for name, value in first.items()}
        for some in in_portions([schedule_id for schedule_id, _ in changed]):
            wanted = _SCHEDULE.c.id.in_(some)
            tx.connection.execute(_SCHEDULE.update().where(wanted).values(written))
        return
    parameters: dict[str, Any] = {
        _column_name(name): bindparam(f"new_{name}") for name in attributes
    }
    tx.connection.execute(
        _SCHEDULE.update().where(_SCHEDULE.c.id == bindparam("changed_id")).values(parameters),
        [
            {"changed_id": schedule_id} | {f"new_{name}": value for name, value in values.items()}
            for schedule_id, values in changed
        ],
    )


def get(tx: Transaction, organization_id: UUID, schedule_id: UUID) -> ScheduledJob | None:
    """Give one schedule whole, deleted or not."""
    row = (
        tx.connection.execute(
            _SCHEDULE.select().where(
                _SCHEDULE.c.id == schedule_id,
                _SCHEDULE.c.organization_id == organization_id,
            ),
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _whole(row)


def lock(
    tx: Transaction,
    organization_id: UUID,
    schedule_ids: Sequence[UUID],
) -> dict[UUID, ScheduledJob]:
    """Give schedules whole, deleted or not, and keep them for this transaction.

    They are taken in the order of their ids, so that two transactions never wait for each other.
    """
    found: dict[UUID, ScheduledJob] = {}
    ordered = sorted(set(schedule_ids))
    for some in in_portions(ordered):
        rows = tx.connection.execute(
            _SCHEDULE.select()
            .where(
                _SCHEDULE.c.id.in_(some),
                within(_SCHEDULE, organization_id),
            )
            .order_by(_SCHEDULE.c.id)
            .with_for_update(),
        )
        found |= {row["id"]: _whole(row) for row in rows.mappings()}
    return found


def id_of_name(tx: Transaction, organization_id: UUID, name: str) -> UUID | None:
    """Give the schedule that has the name now, deleted ones apart."""
    return tx.connection.execute(
        select(_SCHEDULE.c.id).where(
            _SCHEDULE.c.organization_id == organization_id,
            _SCHEDULE.c.name == name,
            _SCHEDULE.c.deleted_at.is_(None),
        ),
    ).scalar()


def matches(
    tx: Transaction,
    organization_id: UUID,
    *,
    name: str,
    id_range: tuple[UUID, UUID] | None,
    deleted: bool,
) -> list[tuple[UUID, str]]:
    """Give up to 20 (id, name): those that bear the name first, then those with an id in the range."""
    if not can_be_kept(name):
        return []
    by_name = _SCHEDULE.c.name == name
    wanted = by_name if id_range is None else or_(by_name, _SCHEDULE.c.id.between(*id_range))
    is_deleted = _SCHEDULE.c.deleted_at.is_not(None)
    rows = tx.connection.execute(
        select(_SCHEDULE.c.id, _SCHEDULE.c.name)
        .where(
            _SCHEDULE.c.organization_id == organization_id,
            wanted,
            is_deleted if deleted else _SCHEDULE.c.deleted_at.is_(None),
        )
        # The name first: an id's first digits are the clock, so "01" begins every one of them.
        .order_by(by_name.desc(), _SCHEDULE.c.deleted_at.desc(), _SCHEDULE.c.id)
        .limit(20),
    )
    return [(schedule_id, found) for schedule_id, found in rows]


@contextmanager
def _one_of_a_name(name: object) -> Iterator[None]:
    """Let the unique index decide: on Postgres two may have found the name free at once."""
    try:
        yield
    except IntegrityError as error:
        if "name" not in str(error.orig) or name is None:
            raise
        raise Conflict(f"another schedule is called {name!r}") from error


def _search_text(schedule: ScheduledJob) -> str:
    return search_text(
        schedule.name,
        schedule.schedule_expression,
        job_type=schedule.job_type,
        payload=schedule.payload,
        metadata=schedule.metadata_,
    )


def _whole(row: RowMapping) -> ScheduledJob:
    values = dict(row)
    values["metadata_"] = values.pop("metadata")
    for name, words in _WORDS.items():
        if values[name] is not None:
            values[name] = unknown.read(words, values[name])
    # As the ORM itself loads a row: what was kept was checked when it was written, and checking it
    # again takes most of the time of holding thousands.
    whole = _MANAGER.new_instance()
    whole.__dict__.update(values)
    return whole


def _columns(schedule: ScheduledJob) -> dict[str, Any]:
    return {
        column.name: getattr(schedule, "metadata_" if column.name == "metadata" else column.name)
        for column in _SCHEDULE.columns
    }


def _column_name(attribute: str) -> str:
    return "metadata" if attribute == "metadata_" else attribute
