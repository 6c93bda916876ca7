"""Rescue: an engine of this machine whose process is gone is not waited for."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.world import ADA
from tfui.engine.rescuer import this_place
from tfui.model.columns import table_of
from tfui.model.node import Node

if TYPE_CHECKING:
    from tests.engine.stage import Stage

MINUTE = timedelta(minutes=1)


def a_dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_jobs_of_a_dead_process_are_taken_up_at_once(stage: Stage) -> None:
    stage.schedule(payload={"hold": True})
    dead = stage.engine()
    stage.clock.advance(MINUTE)
    dead.turn()
    nodes = table_of(Node)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(nodes.update().values(pid=a_dead_process()))
    living = stage.engine(work=False)
    living.turn()

    (job,) = stage.jobs()
    (attempt,) = stage.attempts()
    assert (job.status, job.wait_reason) == ("queued", "retry")
    assert (attempt.outcome, attempt.error) == ("lost", "the engine that ran it died")


def test_a_process_of_another_place_is_left_to_its_lease(stage: Stage) -> None:
    stage.schedule(payload={"hold": True})
    elsewhere = stage.engine()
    stage.clock.advance(MINUTE)
    elsewhere.turn()
    nodes = table_of(Node)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        values = {"pid": a_dead_process(), "figures": {"place": "another boot"}}
        tx.connection.execute(nodes.update().values(**values))
    stage.engine(work=False).turn()

    assert [job.status for job in stage.jobs()] == ["running"]


def test_this_place_is_told_where_the_system_tells() -> None:
    assert ("pid:[" in this_place()) == Path("/proc/self/ns/pid").exists()
