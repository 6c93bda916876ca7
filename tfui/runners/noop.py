"""The `noop` job type: succeeds at once, inside the engine, whatever its payload says.

For measuring what the scheduler itself costs, and for dry runs: change a schedule's job type to
`noop` and its times, limits and dependencies are played through without any effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfui.core.states import AttemptOutcome
from tfui.runners.order import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.runners.order import JobOrder, Sink, Stop

_DONE = Outcome(AttemptOutcome.SUCCEEDED)


class NoopRunner:
    """Does nothing, quickly."""

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Accept any payload, so that another type's can be kept through a dry run."""

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:  # noqa: ARG002  # nothing is needed of them
        """Succeed."""
        return _DONE
