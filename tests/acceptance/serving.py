"""A program for the acceptance tests: serves a store with an engine until it is told to stop.

`python serving.py DATABASE` runs jobs of the type `append`, which add a line with their occurrence
key and attempt to the file named in their payload, take a moment, and succeed.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from tfui.clock import SystemClock
from tfui.core.states import AttemptOutcome
from tfui.engine.engine import Engine
from tfui.runners.catalog import Catalog
from tfui.runners.order import Outcome
from tfui.store.connection import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.runners.order import JobOrder, Sink, Stop


class Append:
    """The job type `append`."""

    name = "append"
    value = "serving:Append"

    def load(self) -> object:
        return self

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Accept anything."""

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        sink.write("stdout", b"begun\n")
        line = f"{order.occurrence_key} {order.attempt}\n".encode()
        descriptor = os.open(order.payload["file"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line)
        os.close(descriptor)
        stop.event.wait(order.payload["seconds"])
        return Outcome(stop.outcome or AttemptOutcome.SUCCEEDED)


def main() -> None:
    store = Store(sys.argv[1])
    engine = Engine(store, Catalog(lambda: [Append()]), SystemClock(), seats=4)
    signal.signal(signal.SIGTERM, lambda _number, _frame: engine.stop("hand_back"))
    engine.run()
    store.close()


if __name__ == "__main__":
    main()
