"""Two real engines on one file, one of them killed in the middle: nothing is lost, nothing doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, a_schedule, an_organization, eventually
from tfui.core.states import JobKind
from tfui.model.columns import table_of
from tfui.model.job import Attempt, Job

if TYPE_CHECKING:
    from tfui.store.connection import Store

SERVING = Path(__file__).parent / "serving.py"
ROOT = Path(__file__).parents[2]


def serve(store: Store) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(SERVING), str(store.path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
    )


def lines(path: Path) -> list[tuple[str, int]]:
    if not path.exists():
        return []
    found = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [(key, int(attempt)) for key, attempt in found]


def fill(store: Store, ledger: Path, *, schedules: int, seconds: float) -> None:
    """Store schedules that are due every second from now on."""
    now = datetime.now(UTC).replace(microsecond=0)
    with store.writing(by=ADA, now=now) as tx:
        organization_id = an_organization(tx)
        for _ in range(schedules):
            a_schedule(
                tx,
                organization_id,
                schedule_type="recurring",
                schedule_expression="1s",
                job_type="append",
                payload={"file": str(ledger), "seconds": seconds},
                anchor_at=now,
                effective_at=now,
                cursor_at=now,
                next_run_at=now + timedelta(seconds=1),
                max_attempts=5,
                retry_base_seconds=0.1,
                created_at=now,
            )


def live_jobs(store: Store) -> int:
    jobs = table_of(Job)
    query = select(func.count()).where(jobs.c.status.in_(["queued", "running", "blocked"]))
    with store.reading() as tx:
        return int(tx.connection.execute(query).scalar_one())


def test_an_engine_killed_in_the_middle_loses_and_doubles_nothing(
    sqlite_store: Store, tmp_path: Path
) -> None:
    ledger = tmp_path / "ran.txt"
    fill(sqlite_store, ledger, schedules=6, seconds=0.3)
    victim, survivor = serve(sqlite_store), serve(sqlite_store)
    try:
        eventually(lambda: len(lines(ledger)) >= 12, seconds=20, what="a dozen runs")
        victim.kill()
        victim.communicate()
        successor = serve(sqlite_store)
        after = len(lines(ledger))
        eventually(lambda: len(lines(ledger)) >= after + 18, seconds=20, what="more runs")
        schedules = "UPDATE scheduled_job SET status = 'paused'"
        with sqlite_store.writing(by=ADA, now=datetime.now(UTC)) as tx:
            tx.connection.exec_driver_sql(schedules)
        eventually(lambda: live_jobs(sqlite_store) == 0, seconds=20, what="the end of all jobs")
    finally:
        for process in (survivor, successor):
            process.send_signal(signal.SIGTERM)
        errors = [process.communicate(timeout=20)[1] for process in (survivor, successor)]

    assert [survivor.returncode, successor.returncode] == [0, 0], errors
    assert_the_law_holds(sqlite_store)
    jobs, attempts = table_of(Job), table_of(Attempt)
    with sqlite_store.reading() as tx:
        made = tx.connection.execute(select(jobs)).all()
        ended = tx.connection.execute(select(attempts)).all()
    assert {job.status for job in made} == {"succeeded"}
    # Each line is an attempt that began; the store knows of each, and of no other.
    begun = Counter(lines(ledger))
    keys = {
        job.id: f"{job.scheduled_job_id}/{JobKind.SCHEDULED}/{job.nominal_at.isoformat()}"
        for job in made
    }
    known = Counter((keys[one.job_id], one.number) for one in ended)
    assert begun - known == Counter()
    lost = [one for one in ended if one.outcome == "lost"]
    assert all("died" in (one.error or "") for one in lost)
    succeeded = Counter(one.job_id for one in ended if one.outcome == "succeeded")
    assert set(succeeded.values()) == {1}
    assert len(succeeded) == len(made)


def test_a_stopped_engine_hands_its_jobs_back_at_once(sqlite_store: Store, tmp_path: Path) -> None:
    ledger = tmp_path / "ran.txt"
    fill(sqlite_store, ledger, schedules=2, seconds=30)
    process = serve(sqlite_store)
    eventually(lambda: len(lines(ledger)) >= 2, seconds=20, what="two runs")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)

    jobs = table_of(Job)
    with sqlite_store.reading() as tx:
        made = tx.connection.execute(select(jobs)).all()
    assert process.returncode == 0, errors
    assert [(job.status, job.attempt) for job in made] == [("queued", 0)] * 2
    assert_the_law_holds(sqlite_store)
