"""The cast and the props of the tests: makers that spell only what a test is about, and one way to wait."""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tfui.core.states import OnMissed, Overlap, ScheduleStatus, ScheduleType
from tfui.model.columns import IdMaker, table_of
from tfui.model.organization import Organization
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store import schedules
from tfui.store.connection import Author, Store, Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""A Monday at noon, UTC, far from any clock change: where the tests' clocks start."""

ADA = Author(name="ada", via="cli")

_ids = IdMaker()


def utc(text: str) -> datetime:
    """Read `2030-03-31 01:00` (or with seconds) as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def new_id() -> UUID:
    """Give an identifier that no other test has."""
    return _ids.make(datetime.now(UTC))


def an_organization(tx: Transaction, *, name: str = "default") -> UUID:
    """Insert an organization with a queue `default`."""
    organization_id = new_id()
    tx.connection.execute(
        table_of(Organization).insert().values(id=organization_id, name=name, created_at=NOON),
    )
    a_queue(tx, organization_id, name="default")
    return organization_id


def a_queue(
    tx: Transaction,
    organization_id: UUID,
    *,
    name: str,
    concurrency: int | None = None,
) -> UUID:
    """Insert a queue."""
    queue_id = new_id()
    tx.connection.execute(
        table_of(Queue)
        .insert()
        .values(
            id=queue_id,
            organization_id=organization_id,
            name=name,
            concurrency=concurrency,
            created_at=NOON,
        ),
    )
    return queue_id


def a_schedule(tx: Transaction, organization_id: UUID, **changes: Any) -> UUID:
    """Insert a schedule: every minute from NOON, a no-op job, active, in the queue `default`.

    `changes` are columns by their attribute names; `next_run_at` is the instant that will be
    planned next.
    """
    queues = table_of(Queue)
    queue_id = tx.connection.execute(
        queues.select()
        .with_only_columns(queues.c.id)
        .where(queues.c.organization_id == organization_id)
        .order_by(queues.c.created_at, queues.c.id),
    ).scalar()
    schedule_id = changes.pop("id", None) or new_id()
    values: dict[str, Any] = {
        "id": schedule_id,
        "organization_id": organization_id,
        "queue_id": queue_id,
        "name": f"schedule-{schedule_id.hex[-12:]}",
        "schedule_type": ScheduleType.CRON,
        "schedule_expression": "* * * * *",
        "timezone": "UTC",
        "job_type": "noop",
        "payload": {},
        "metadata_": {},
        "on_missed": OnMissed.LATEST,
        "overlap": Overlap.SKIP,
        "status": ScheduleStatus.ACTIVE,
        "anchor_at": NOON,
        "effective_at": NOON,
        "cursor_at": NOON,
        "next_run_at": utc("2026-01-05 12:01"),
        "created_at": NOON,
        "updated_at": NOON,
    } | changes
    row = ScheduledJob(**values)
    schedules.insert(tx, row)
    return schedule_id


def eventually(
    check: Callable[[], bool],
    *,
    seconds: float = 10.0,
    what: str = "it",
) -> None:
    """Wait until `check` holds; fail with `what` when it does not within `seconds`.

    Only for what happens in other threads and processes; everything else is told its time.
    """
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            message = f"{what} did not happen within {seconds} s"
            raise AssertionError(message)
        time.sleep(0.01)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Measure the CPU time of this thread for `work`, without what other tests left to be collected."""
    gc.disable()
    try:
        begun = time.thread_time()
        work()
        return time.thread_time() - begun
    finally:
        gc.enable()


__all__ = [
    "ADA",
    "NOON",
    "Store",
    "a_queue",
    "a_schedule",
    "an_organization",
    "cpu_seconds",
    "eventually",
    "new_id",
    "utc",
]
