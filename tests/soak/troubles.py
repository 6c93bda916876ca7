"""Troubles that need the machine's own means: a stopped process, a full disk, a file that may not be written.

Each function plays one of them on real engines and gives its figures, or raises AssertionError. What
this machine or user cannot do is Unplayable, with the reason.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tests.soak import field
from tests.soak.nursery import Nursery
from tests.world import ADA, a_schedule, eventually
from tfui.clock import SystemClock
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job
from tfui.model.node import Node
from tfui.service.caller import Caller, local_caller
from tfui.store import migrations
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from tfui.store.kept import AnyRow

LEASE_SECONDS = 1.5


class Unplayable(Exception):
    """This machine, or this user, cannot bring the trouble about."""


def stopped_beyond_its_lease(folder: Path) -> dict[str, Any]:
    """Stop an engine while its job runs, until another has taken the job; then let it go on."""
    store, caller = _a_store(folder / "tfui.db")
    nursery = Nursery(str(folder / "tfui.db"), notes=folder, lease_seconds=LEASE_SECONDS)
    # The first attempt lasts until the test lets it go; the second ends at once.
    door, receipts = folder / "door", folder / "receipts"
    os.mkfifo(door)
    command = (
        f'echo "$TFUI_OCCURRENCE_KEY $TFUI_ATTEMPT" >> {receipts}; '
        f'test "$TFUI_ATTEMPT" -gt 1 || cat {door}'
    )
    try:
        (schedule_id,) = _due_at(store, caller, _soon(1), 1, {"command": command}, "shell")
        stopped = nursery.start()
        eventually(receipts.exists, seconds=20, what="the first attempt")
        nursery.kill(stopped, signal.SIGSTOP)
        nursery.start()
        eventually(lambda: _succeeded(store) == 1, seconds=20, what="the second attempt")
        with door.open("w"):  # the first attempt's command ends
            nursery.kill(stopped, signal.SIGCONT)
        eventually(lambda: _attempts(store)[0].note is not None, seconds=20, what="the note")
        nursery.stop()
        (job,), attempts = _jobs(store), _attempts(store)
        carried_out = field.audit(store, receipts)

        assert (job.status, job.attempt, job.fence) == ("succeeded", 2, 2)
        assert [one.outcome for one in attempts] == ["lost", "succeeded"]
        assert attempts[0].note == "reported too late: succeeded"
        assert attempts[0].error == "its lease ran out"
        assert nursery.log("ERROR") == []
        assert job.scheduled_job_id == schedule_id
        _assert_sound(caller)
    finally:
        _clear(nursery, store)
    return {"refused": attempts[0].note, **carried_out}


def disk_full(folder: Path, *, schedules: int = 400) -> dict[str, Any]:
    """Fill the disk in the middle of a batch; see the engine wait, and go on once there is room."""
    with _small_disk(folder / "disk", megabytes=64) as disk:
        store, caller = _a_store(disk / "tfui.db")
        nursery = Nursery(str(disk / "tfui.db"), notes=folder)
        ballast = disk / "ballast"
        try:
            _due_at(store, caller, _soon(0), schedules, {"note": "x" * 2000}, "noop")
            _fill(ballast, leaving=250_000)
            nursery.start()
            eventually(lambda: _has_told(nursery, "full"), seconds=20, what="a full disk")
            before = len(_jobs(store))
            ballast.unlink()
            eventually(lambda: _succeeded(store) == schedules, seconds=30, what="the recovery")
            nursery.stop()

            assert before < schedules
            assert len(_jobs(store)) == schedules
            assert nursery.log("ERROR") == []
            _assert_sound(caller)
        finally:
            _clear(nursery, store)
        return {"jobs_when_full": before, "succeeded": schedules}


def made_read_only(
    folder: Path,
    *,
    schedules: int = 50,
    is_started_before: bool = True,
    patience: float = 30.0,
) -> dict[str, Any]:
    """Take the right to write from an engine, running or about to start, and give it back."""
    database = folder / "tfui.db"
    store, caller = _a_store(database)
    nursery = Nursery(str(database), notes=folder)
    instant = _soon(2)
    _due_at(store, caller, instant, schedules, {}, "noop")
    files = [database, folder / "tfui.db-wal"]
    try:
        if is_started_before:
            nursery.start()
            eventually(lambda: _nodes(store) == 1, seconds=20, what="the engine's start")
        with _immutable(files):
            if not is_started_before:
                nursery.start()
            eventually(lambda: _has_told(nursery, "waits for"), seconds=20, what="the trouble")
            eventually(lambda: datetime.now(UTC) > instant, what="the time they are due")
            assert _jobs(store) == []
        eventually(lambda: _succeeded(store) == schedules, seconds=patience, what="the recovery")
        nursery.stop()

        assert len(_jobs(store)) == schedules
        assert nursery.log("ERROR") == []
        _assert_sound(caller)
    finally:
        _clear(nursery, store)
    return {"succeeded": schedules}


def _a_store(database: Path) -> tuple[Store, Caller]:
    store = Store(str(database))
    migrations.upgrade(store)
    return store, local_caller(store, SystemClock(), via="cli")


def _due_at(
    store: Store,
    caller: Caller,
    instant: datetime,
    count: int,
    payload: dict[str, Any],
    job_type: str,
) -> list[UUID]:
    """Store schedules with one occurrence each, in one transaction."""
    with store.writing(by=ADA, now=datetime.now(UTC)) as tx:
        return [
            a_schedule(
                tx,
                caller.organization_id,
                schedule_type="once",
                schedule_expression=instant.isoformat(),
                next_run_at=instant,
                job_type=job_type,
                payload=payload,
                retry_base_seconds=0.1,
            )
            for _ in range(count)
        ]


def _soon(seconds: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


@contextmanager
def _small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a disk of a size of its own; only root can."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    _try(command, "only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _immutable(files: list[Path]) -> Iterator[None]:
    """Forbid writing even to root and to files that are open; ext4 and some others know how."""
    names = [str(file) for file in files]
    _try(["chattr", "+i", *names], "this user or file system cannot make a file immutable")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *names], check=True)


def _try(command: list[str], reason: str) -> None:
    if shutil.which(command[0]) is None:
        raise Unplayable(f"there is no {command[0]}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unplayable(f"{reason}: {done.stderr.strip()}")


def _fill(ballast: Path, *, leaving: int) -> None:
    """Take up all room on a disk but for some bytes."""
    free = shutil.disk_usage(ballast.parent).free
    ballast.write_bytes(b"x" * (free - leaving))


def _has_told(nursery: Nursery, word: str) -> bool:
    return any(word in line for line in nursery.log("WARNING"))


def _jobs(store: Store) -> list[AnyRow]:
    table = table_of(Job)
    with store.reading() as tx:
        return list(tx.connection.execute(table.select().order_by(table.c.nominal_at)).all())


def _attempts(store: Store) -> list[AnyRow]:
    table = table_of(Attempt)
    with store.reading() as tx:
        return list(tx.connection.execute(table.select().order_by(table.c.fence)).all())


def _succeeded(store: Store) -> int:
    return sum(job.status == "succeeded" for job in _jobs(store))


def _nodes(store: Store) -> int:
    with store.reading() as tx:
        count = select(func.count()).select_from(table_of(Node))
        return int(tx.connection.execute(count).scalar_one())


def _assert_sound(caller: Caller) -> None:
    assert field.recount(caller).faults.total() == 0
    # The doctor rightly thinks little of a disk as small as a test makes it.
    complaints = [one for one in field.complaints(caller) if not one.startswith("disk: ")]
    assert complaints == []


def _clear(nursery: Nursery, store: Store) -> None:
    for process in nursery.engines:
        nursery.kill(process)
    store.close()
