"""Stopping: whenever an engine is told to, it ends, and so do its threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.engine.stage import Stage
from tests.world import eventually
from tfui.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tfui.engine.engine import Engine
    from tfui.engine.stopping import StopMode
    from tfui.store.connection import Store

PATIENCE = 20.0


@pytest.fixture
def live(store: Store) -> Iterator[Stage]:
    """A stage on which time passes by itself."""
    found = Stage(store, SystemClock())  # type: ignore[arg-type]  # nobody here moves it
    yield found
    found.puppet.gate.set()


def begin(engine: Engine) -> threading.Thread:
    thread = threading.Thread(target=engine.run, daemon=True)
    thread.start()
    return thread


def seats() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name.startswith("tfui-seat-")]


@pytest.mark.parametrize("mode", ["wait", "hand_back"])
def test_engines_end_whenever_they_are_told_to(live: Stage, mode: StopMode) -> None:
    """Side by side, and from their very first moment to when they are busy."""
    now = live.clock.now()
    for _ in range(3):
        live.schedule(
            schedule_type="recurring",
            schedule_expression="1s",
            on_missed="all",
            anchor_at=now,
            effective_at=now,
            cursor_at=now,
            next_run_at=now,
        )
    for moments in range(6):
        engines = [live.unopened_engine() for _ in range(2)]
        threads = [begin(engine) for engine in engines]
        engines[0].wait_until_stopped(0.03 * moments)
        for engine in engines:
            engine.stop(mode)

        assert all(engine.wait_until_stopped(PATIENCE) for engine in engines)
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
    eventually(lambda: seats() == [], what="the end of the seats")


def test_an_engine_ends_while_a_job_of_its_own_waits_for_it(live: Stage) -> None:
    live.schedule(payload={"hold": True}, next_run_at=live.clock.now(), on_missed="latest")
    engine = live.unopened_engine(seats=1)
    thread = begin(engine)
    eventually(lambda: len(live.puppet.orders) == 1)
    engine.stop("wait")
    has_ended_early = engine.wait_until_stopped(0.2)
    engine.stop("hand_back")
    thread.join(PATIENCE)

    assert not has_ended_early
    assert not thread.is_alive()
    assert [job.status for job in live.jobs()] == ["queued"]
