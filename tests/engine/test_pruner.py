"""The pruner: a portion at a time, and no longer at once than others can wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.engine.ledger import assert_the_law_holds
from tests.world import NOON
from tfui.clock import FrozenClock, Reading
from tfui.engine import pruner
from tfui.engine.engine import AUTHOR
from tfui.engine.pruner import Pruner
from tfui.store import pruning
from tfui.store.pruning import Retention

if TYPE_CHECKING:
    import pytest

    from tests.engine.stage import Stage

MINUTE = timedelta(minutes=1)
KEEP_ONE = Retention(jobs_per_schedule=1)


class SlowClock(FrozenClock):
    """Each look at it finds that a tenth of a second has passed."""

    def reading(self) -> Reading:
        """Let it pass."""
        self._monotonic += 0.1
        return super().reading()


def run(stage: Stage, *, schedules: int, minutes: int) -> None:
    """Make as many jobs as there are minutes, of each of the schedules."""
    for _ in range(schedules):
        stage.schedule()
    engine = stage.engine()
    for _ in range(minutes):
        stage.later(MINUTE, engine)


def begun(stage: Stage, clock: FrozenClock | None = None) -> Pruner:
    """Give a pruner whose first step is due."""
    made = Pruner(stage.store, AUTHOR, clock or stage.clock, retention=KEEP_ONE)
    assert made.tick(stage.clock.now()) == pruner.FIRST
    stage.clock.advance(pruner.FIRST)
    return made


def test_a_round_prunes_every_schedule_and_then_rests(stage: Stage) -> None:
    run(stage, schedules=3, minutes=4)
    found = begun(stage)

    assert found.tick(stage.clock.now()) == pruner.ROUND
    assert found.pruned.jobs == 9
    assert len(stage.jobs()) == 3
    assert_the_law_holds(stage.store)


def test_a_schedule_with_more_than_a_portion_is_gone_on_with_soon(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = sqlite_stage
    run(stage, schedules=2, minutes=6)
    monkeypatch.setattr(pruning, "PORTION", 2)
    found = begun(stage)
    gone: list[int] = []
    rests: list[timedelta] = []
    while not rests or rests[-1] == pruner.MORE:
        rests.append(found.tick(stage.clock.now()))
        gone.append(found.pruned.jobs)
        stage.clock.advance(rests[-1])

    # The step that finds no more of one schedule goes on to the next.
    assert gone == [2, 4, 7, 9, 10]
    assert rests == [*[pruner.MORE] * 4, pruner.ROUND]
    assert_the_law_holds(stage.store)


def test_a_step_ends_when_others_have_waited_long_enough(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    run(stage, schedules=3, minutes=3)
    found = begun(stage, SlowClock(NOON))
    gone = []
    for _ in range(3):
        assert found.tick(stage.clock.now()) == pruner.MORE
        gone.append(found.pruned.jobs)
        stage.clock.advance(pruner.MORE)

    assert gone == [2, 4, 6]
    assert found.tick(stage.clock.now()) == pruner.ROUND
