"""Two engines at work and one that fell silent, a paused queue, limits, a sleep and a clock step."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import func, select

from tests.ui import stage
from tests.ui.play import caller_of
from tests.world import utc
from tfui.clock import FrozenClock
from tfui.core.states import JobKind, JobStatus, NodeState, WaitReason
from tfui.model.columns import IdMaker, table_of
from tfui.model.job import Job
from tfui.model.node import Node, Storage
from tfui.model.queue import RateStart
from tfui.model.schedule import ScheduledJob
from tfui.service import doctor_machine, engines, queues, rates
from tfui.store import queues as stored
from tfui.ui import own_crontab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.service.caller import Caller
    from tfui.store.connection import Store

NOW = stage.MONDAY
_ATLAS = UUID(int=0xE1)
LAG = {"p50": 3.4, "p95": 11.8}


_CRONTAB = """\
PATH=/usr/bin:/bin:/opt/bin
MAILTO=ops@example.org
# m h dom mon dow
30 2 * * 1-5 /opt/bin/backup --all
0 8 * * 1 mail -s report boss%Dear boss,%all is well.
*/10 9-17 * * mon-fri cd /srv/shop && ./sync-stock
@daily /opt/bin/rotate-logs
@reboot /opt/bin/warm-cache
"""


@contextmanager
def a_known_machine() -> Iterator[None]:
    """Have a picture not tell of the machine it is taken on."""
    storage = Storage(
        kind="sqlite",
        label="/home/ana/.local/share/tfui/tfui.db",
        size=3_480_000,
        log_size=724_000,
        free=83_200_000_000,
    )
    with (
        patch.object(engines, "storage", lambda _caller: storage),
        patch.object(doctor_machine, "files", lambda _path: []),
        patch.object(own_crontab, "read", lambda: _CRONTAB),
    ):
        yield


def work(store: Store) -> None:
    """Put it all into a store that the cast is in already."""
    caller = replace(caller_of(store, FrozenClock(NOW - timedelta(minutes=9))), name="ana")
    queues.create(caller, "bulk", concurrency=2)
    queues.pause(caller, "nightly", note="disk is replaced", until=utc("2026-01-05 18:00"))
    rates.set_limit(caller, "shell", 30)
    rates.set_limit(caller, None, 120)
    with store.writing(by=stage.ANA, now=NOW) as tx:
        nodes = table_of(Node)
        tx.connection.execute(nodes.delete())
        tx.connection.execute(nodes.insert(), list(_nodes()))
        ids = stored.ids_by_name(tx, caller.organization_id)
        jobs = table_of(Job)
        is_running = jobs.c.status == JobStatus.RUNNING
        tx.connection.execute(jobs.update().where(is_running).values(lease_owner=_ATLAS))
        tx.connection.execute(jobs.insert(), list(_jobs(caller, ids)))
        tx.connection.execute(
            table_of(RateStart).insert(),
            [
                {
                    "id": UUID(int=0xAA00 + number),
                    "organization_id": caller.organization_id,
                    "job_type": "shell",
                    "at": NOW - timedelta(seconds=2 * number + 1),
                }
                for number in range(18)
            ],
        )


def stumble(store: Store) -> None:
    """Do it all, and use up a limit, set the clock back, and let an engine meet a full disk."""
    work(store)
    rates.set_limit(caller_of(store, FrozenClock(NOW)), "shell", 18)
    table = table_of(Node)
    told = {
        "last_clock_step": {"at": (NOW - timedelta(minutes=4)).isoformat(), "seconds": -3600.0},
        "last_error": "the disk is full (/data/tfui.db)",
        "last_error_at": (NOW - timedelta(minutes=2)).isoformat(),
    }
    with store.writing(by=stage.ANA, now=NOW) as tx:
        node = tx.connection.execute(table.select().where(table.c.pid == 4711)).one()
        tx.connection.execute(
            table.update().where(table.c.pid == 4711).values(figures=node.figures | told)
        )


def an_outage(store: Store) -> None:
    """Have the two schedules that fail have begun to within eight seconds."""
    jobs, schedules = table_of(Job), table_of(ScheduledJob)
    began = {
        "billing-export": NOW - timedelta(seconds=56),
        "cert-expiry-check": NOW - timedelta(seconds=48),
    }
    with store.writing(by=stage.ANA, now=NOW) as tx:
        for name, at in began.items():
            is_it = schedules.c.name == name
            tx.connection.execute(schedules.update().where(is_it).values(consecutive_failures=1))
            newest = select(func.max(jobs.c.nominal_at)).where(
                jobs.c.scheduled_job_id == select(schedules.c.id).where(is_it).scalar_subquery()
            )
            tx.connection.execute(
                jobs.update()
                .where(jobs.c.status == JobStatus.FAILED, jobs.c.nominal_at.in_(newest))
                .values(started_at=at)
            )


def _nodes() -> Iterator[dict[str, Any]]:
    rows: tuple[tuple[str, int, str, int, float, float | None, dict[str, Any]], ...] = (
        ("atlas", 4711, "app", 4, 8_040, 2, {"busy": 1, "starts_per_second": 1.2, "lag_ms": LAG}),
        ("vega", 930, "headless", 8, 260_000, 7,
         {"busy": 3, "starts_per_second": 0.4, "lag_ms": {"p50": 2.1, "p95": 1840.0},
          "last_sleep": {"at": "2026-01-05T06:58:12+00:00", "seconds": 27_300.0}}),
        ("rigel", 17, "headless", 8, 90_000, 312, {"busy": 2}),
        ("atlas", 3980, "app", 4, 30_000, None, {"busy": 0}),
    )  # fmt: skip
    for number, (host, pid, kind, seats, age, heard, figures) in enumerate(rows):
        ended = NOW - timedelta(seconds=9_000) if heard is None else None
        yield {
            "id": UUID(int=_ATLAS.int + number),
            "host": host,
            "pid": pid,
            "kind": kind,
            "state": NodeState.STOPPED if ended else NodeState.RUNNING,
            "seats": seats,
            "version": "0.1.0",
            "started_at": NOW - timedelta(seconds=age),
            "heartbeat_at": ended or NOW - timedelta(seconds=heard or 0),
            "stopped_at": ended,
            "figures": figures,
        }


def _jobs(caller: Caller, ids: dict[str, UUID]) -> Iterator[dict[str, Any]]:
    """Make an hour of jobs: a swell in `bulk`, and a few that the pause of `nightly` holds up."""
    maker = IdMaker()
    for minute in range(58):
        for _ in range(1 + (minute % 20) // 6 * 3):
            came = NOW - timedelta(minutes=58 - minute)
            waits = timedelta(minutes=max(0, (minute % 20) - 8))
            yield _job(caller, ids["bulk"], maker.make(came), came, came + waits)
    for number in range(5):
        came = NOW - timedelta(minutes=8 - number)
        yield _job(caller, ids["nightly"], maker.make(came), came, None)


def _job(caller: Caller, queue: UUID, job_id: UUID, came: Any, began: Any) -> dict[str, Any]:
    is_queued = began is None or began > NOW
    is_held = began is None
    return {
        "id": job_id,
        "organization_id": caller.organization_id,
        "queue_id": queue,
        "scheduled_job_id": None,
        "kind": JobKind.MANUAL,
        "job_type": "shell",
        "payload": {},
        "priority": 0,
        "max_attempts": 1,
        "attempt": 0 if is_queued else 1,
        "fence": 0 if is_queued else 1,
        "nominal_at": came,
        "available_at": came,
        "created_at": came,
        "status": JobStatus.QUEUED if is_queued else JobStatus.SUCCEEDED,
        "wait_reason": (WaitReason.QUEUE_PAUSED if is_held else WaitReason.CONCURRENCY)
        if is_queued
        else None,
        "started_at": None if is_queued else began,
        "finished_at": None if is_queued else began,
        "exit_code": None if is_queued else 0,
    }
