"""How an attempt is told to end, and how a blocked thread hears of it."""

from __future__ import annotations

import os
import select
import threading

from tfui.core.states import AttemptOutcome
from tfui.runners.order import Stop
from tfui.runners.wake import Wake


def a_stop() -> Stop:
    return Stop(threading.Event())


def test_the_first_reason_wins() -> None:
    stop = a_stop()
    stop.set(AttemptOutcome.HANDED_BACK)
    stop.set(AttemptOutcome.CANCELLED)

    assert stop.outcome is AttemptOutcome.HANDED_BACK
    assert stop.event.is_set()


def test_who_registered_is_woken_once() -> None:
    stop, woken = a_stop(), []
    stop.when_set(lambda: woken.append(1))
    assert woken == []
    stop.set(AttemptOutcome.CANCELLED)
    stop.set(AttemptOutcome.CANCELLED)

    assert woken == [1]


def test_who_registers_too_late_is_woken_at_once() -> None:
    stop, woken = a_stop(), []
    stop.set(AttemptOutcome.CANCELLED)
    stop.when_set(lambda: woken.append(1))

    assert woken == [1]


def test_a_bell_wakes_a_poll_as_often_as_it_is_heard() -> None:
    with Wake() as wake:
        poll = select.poll()
        poll.register(wake.fileno(), select.POLLIN)
        for _ in range(2):
            assert poll.poll(0) == []
            wake.ring()
            wake.ring()
            assert len(poll.poll(0)) == 1
            wake.hear()


def test_a_bell_rung_too_late_disturbs_nobody() -> None:
    """Its descriptor may be somebody else's by then."""
    with Wake() as wake:
        pass
    reader, writer = os.pipe()
    wake.ring()
    os.close(writer)

    assert os.read(reader, 1) == b""
    os.close(reader)
