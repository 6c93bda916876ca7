"""A fence around any runner: whatever goes wrong inside becomes an outcome, never an exception."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.runners.order import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tfui.runners.order import JobOrder, Runner, Sink, Stop


class GuardedRunner:
    """Passes everything on to `inner`, and answers for what it raises."""

    def __init__(self, inner: Runner) -> None:
        self.inner = inner

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Raise Invalid when `inner` refuses the payload, or cannot even look at it."""
        try:
            self.inner.validate(payload)
        except Invalid:
            raise
        except Exception as error:
            raise Invalid({"payload": f"could not be checked: {_one_line(error)}"}) from error

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        """Carry the order out; an exception fails it, with the traceback in the system stream.

        SystemExit as well: it would end the thread it is raised in and nobody would hear of it.
        """
        try:
            return self.inner.run(order, sink, stop)
        except Invalid as refusal:
            return Outcome(AttemptOutcome.FAILED, error=_one_line(refusal, named=False))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # an attempt must end with an outcome
            return failed_by(error, sink)


def failed_by(error: BaseException, sink: Sink) -> Outcome:
    """Make an unforeseen exception a failure, its traceback in the system stream."""
    trace = "".join(traceback.format_exception(error))
    sink.write("system", trace.encode(errors="backslashreplace"))
    return Outcome(AttemptOutcome.FAILED, error=_one_line(error))


def _one_line(error: BaseException, *, named: bool = True) -> str:
    said = " ".join(str(error).split())[:500]
    if not named:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
