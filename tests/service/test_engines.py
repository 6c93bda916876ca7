"""Engines as they are shown: who serves the store, and who has fallen silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.worker import ENGINE, Worker
from tests.world import NOON
from tfui.core.health import SILENCE
from tfui.core.states import NodeState
from tfui.service import engines
from tfui.store import nodes

if TYPE_CHECKING:
    from tests.service.desk import Desk
    from tfui.clock import FrozenClock

MINUTE = timedelta(minutes=1)


def test_an_engine_that_has_just_spoken_is_alive(desk: Desk) -> None:
    (node,) = engines.nodes(desk.viewer)

    assert (node.id, node.host, node.pid, node.kind) == (
        desk.worker.node_id,
        "box",
        4242,
        "headless",
    )
    assert (node.is_alive, node.state, node.seats) == (True, NodeState.RUNNING, 4)
    assert node.figures == {"busy": 0}
    assert (node.started_at, node.heartbeat_at, node.stopped_at) == (NOON, NOON, None)


def test_an_engine_that_falls_silent_is_gone_until_it_speaks_again(desk: Desk) -> None:
    desk.later(SILENCE)
    assert not engines.nodes(desk.viewer)[0].is_alive

    with desk.store.writing(by=ENGINE, now=desk.clock.now()) as tx:
        nodes.beat(
            tx,
            desk.worker.node_id,
            state=NodeState.RUNNING,
            figures={},
            now=desk.clock.now(),
        )

    assert engines.nodes(desk.viewer)[0].is_alive


def test_an_engine_that_signed_off_is_gone_at_once(desk: Desk) -> None:
    with desk.store.writing(by=ENGINE, now=NOON) as tx:
        nodes.sign_off(tx, desk.worker.node_id, figures={}, now=NOON)

    (node,) = engines.nodes(desk.viewer)

    assert (node.is_alive, node.state, node.stopped_at) == (False, NodeState.STOPPED, NOON)


def test_living_engines_come_first_then_the_newest(desk: Desk, clock: FrozenClock) -> None:
    desk.later(MINUTE)
    second = Worker(desk.store, clock, host="second")
    desk.later(timedelta(seconds=1))
    third = Worker(desk.store, clock, host="third")
    with desk.store.writing(by=ENGINE, now=clock.now()) as tx:
        nodes.sign_off(tx, third.node_id, figures={}, now=clock.now())

    found = engines.nodes(desk.viewer)

    assert [node.id for node in found] == [second.node_id, third.node_id, desk.worker.node_id]
