"""Trouble: a store that is locked, full or read-only stops the engine only as long as it is so."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.engine.ledger import assert_the_law_holds
from tests.world import ADA, eventually
from tfui.core.states import JobKind
from tfui.engine.executor import RENEWAL, UNBEGUN
from tfui.errors import Unavailable
from tfui.store import claims, firing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.stage import Stage
    from tfui.engine.engine import Engine
    from tfui.store.connection import Transaction

MINUTE = timedelta(minutes=1)


@pytest.fixture
def serve(sqlite_stage: Stage) -> Iterator[Callable[[Engine], None]]:
    """Run engines in threads; they are stopped when the test ends."""
    engines: list[Engine] = []
    threads: list[threading.Thread] = []

    def start(engine: Engine) -> None:
        thread = threading.Thread(target=engine.run)
        thread.start()
        engines.append(engine)
        threads.append(thread)

    yield start
    sqlite_stage.puppet.gate.set()
    for engine in engines:
        engine.stop()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def a_hand_on(stage: Stage) -> sqlite3.Connection:
    return sqlite3.connect(str(stage.store.path), isolation_level=None, check_same_thread=False)


def succeeded(stage: Stage) -> int:
    return sum(job.status == "succeeded" for job in stage.jobs())


def test_a_full_disk_is_survived_and_nothing_is_lost(
    sqlite_stage: Stage, serve: Callable[[Engine], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = sqlite_stage
    for number in range(300):
        stage.schedule(payload={"x": "y" * 500}, name=f"s{number}")
    is_full = True

    def limit(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 4 if is_full else 1_000_000}")

    event.listen(
        stage.store._engine,
        "checkout",
        lambda connection, _entry, _proxy: limit(connection),
    )
    monkeypatch.setattr("tfui.engine.trouble.PAUSES", (0.02,))
    engine = stage.unopened_engine()
    stage.clock.advance(MINUTE)
    serve(engine)
    eventually(lambda: engine.figures.trouble is not None)
    trouble = engine.figures.trouble
    is_full = False
    eventually(lambda: succeeded(stage) == 300)

    assert trouble is not None
    assert "the disk is full" in trouble
    assert engine.figures.trouble is None
    assert len(stage.puppet.orders) == 300
    assert_the_law_holds(stage.store)


def test_a_locked_store_is_waited_for(
    sqlite_stage: Stage, serve: Callable[[Engine], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = sqlite_stage
    stage.schedule()
    event.listen(
        stage.store._engine,
        "checkout",
        lambda connection, _entry, _proxy: connection.execute("PRAGMA busy_timeout = 20"),
    )
    monkeypatch.setattr("tfui.engine.trouble.PAUSES", (0.02,))
    engine = stage.unopened_engine()
    serve(engine)
    eventually(lambda: engine.figures.seconds == 0 and _is_entered(stage))
    hand = a_hand_on(stage)
    hand.execute("BEGIN IMMEDIATE")
    stage.clock.advance(MINUTE)
    engine.wake()
    eventually(lambda: "locked by another program" in (engine.figures.trouble or ""))
    hand.execute("ROLLBACK")
    hand.close()
    eventually(lambda: succeeded(stage) == 1)

    assert_the_law_holds(stage.store)


def test_a_result_that_could_not_be_written_is_written_later(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.schedule(payload={"hold": True, "print": "kept"})
    engine = stage.engine()
    stage.clock.advance(MINUTE)
    engine.turn()
    eventually(lambda: len(stage.puppet.orders) == 1)
    allow_writing(stage, is_allowed=False)
    stage.puppet.gate.set()
    eventually(lambda: is_refused(engine))
    allow_writing(stage, is_allowed=True)
    stage.settle(engine)

    assert succeeded(stage) == 1


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_a_result_that_was_written_though_the_store_said_otherwise_is_written_once(
    stage: Stage, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = {"hold": True, "print": "kept", "outcome": outcome}
    stage.schedule(payload=payload, max_attempts=1)
    engine = stage.engine()
    stage.clock.advance(MINUTE)
    engine.turn()
    eventually(lambda: len(stage.puppet.orders) == 1)
    writing = stage.store.writing

    @contextmanager
    def lose_the_answer(**given: Any) -> Iterator[Transaction]:
        with writing(**given) as tx:
            yield tx
        raise Unavailable("the server went away before it could say that it is done")

    monkeypatch.setattr(stage.store, "writing", lose_the_answer)
    stage.puppet.gate.set()
    eventually(lambda: is_refused(engine, "went away"))
    monkeypatch.setattr(stage.store, "writing", writing)
    stage.settle(engine)

    assert [job.status for job in stage.jobs()] == [outcome]
    assert [(one.outcome, one.note) for one in stage.attempts()] == [(outcome, None)]
    assert_the_law_holds(stage.store)


def test_a_claim_whose_answer_was_lost_is_taken_up_though_its_engine_lives(stage: Stage) -> None:
    known = stage.schedule(payload={"hold": True})
    engine = stage.engine()
    stage.clock.advance(MINUTE)
    engine.turn()
    eventually(lambda: len(stage.puppet.orders) == 1)
    unheard = stage.schedule(effective_at=stage.clock.now(), cursor_at=stage.clock.now())
    now = stage.clock.now()
    with stage.store.writing(by=ADA, now=now) as tx:
        firing.fire_now(tx, stage.row(unheard), kind=JobKind.MANUAL)
        assert len(claims.claim(tx, engine.node_id, now=now, seats=1)) == 1
    for _ in range(6):
        stage.clock.advance(RENEWAL)
        engine.turn()
    stage.puppet.gate.set()
    stage.settle(engine)

    held, taken_up = stage.jobs(known)[0], stage.jobs(unheard)[0]
    assert (held.status, held.attempt) == ("succeeded", 1)
    assert (taken_up.status, taken_up.attempt) == ("succeeded", 2)


def test_jobs_that_no_seat_has_begun_are_given_back_once_they_can_be(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for _ in range(3):
        stage.schedule()
    engine = stage.engine(seats=1)
    stage.later(
        MINUTE, engine
    )  # now it takes jobs for short, and claims more than it has seats for
    now = stage.clock.now()
    stage.schedule(
        payload={"hold": True},
        priority=9,
        effective_at=now,
        cursor_at=now,
        next_run_at=now + MINUTE,
    )
    stage.clock.advance(MINUTE)
    engine.turn()
    claimed = engine.busy
    eventually(lambda: len(stage.puppet.orders) == 4)
    stage.clock.advance(UNBEGUN)
    allow_writing(stage, is_allowed=False)
    refused = is_refused(engine)
    allow_writing(stage, is_allowed=True)
    engine.turn()

    assert (claimed, refused, engine.busy) == (4, True, 1)
    assert sum(job.status == "queued" for job in stage.jobs()) == 3
    stage.puppet.gate.set()
    stage.settle(engine)
    assert succeeded(stage) == 7
    assert_the_law_holds(stage.store)


def allow_writing(stage: Stage, *, is_allowed: bool) -> None:
    """Have the store's connections refuse every write, or take them again."""
    event.listen(
        stage.store._engine,
        "checkout",
        lambda connection, _entry, _proxy: connection.execute(
            f"PRAGMA query_only = {int(not is_allowed)}"
        ),
    )


def is_refused(engine: Engine, word: str = "read-only") -> bool:
    """Whether a turn meets a store that may not be written."""
    try:
        engine.turn()
    except Unavailable as trouble:
        return word in str(trouble)
    return False


def _is_entered(stage: Stage) -> bool:
    hand = a_hand_on(stage)
    (count,) = hand.execute("SELECT count(*) FROM node").fetchone()
    hand.close()
    return bool(count)
