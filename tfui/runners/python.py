"""The `python` job type: a function called in a process of its own, which can be killed.

Payload: `callable` ("module:function"), `args` (list), `kwargs` (object), `cwd` (the folder to run
in, from which modules are imported as well). What the function returns is not kept; what it prints
is. An exception fails the job with the traceback in stderr; `sys.exit` gives the exit code.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfui.core.states import AttemptOutcome
from tfui.runners.ending import LINE, describe_exit, told
from tfui.runners.guardian import GUARDIAN
from tfui.runners.order import Outcome
from tfui.runners.payload import PayloadReading, kind
from tfui.runners.supervisor import GRACE, Launch, Supervision, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tfui.runners.guardian import Guardian
    from tfui.runners.order import JobOrder, Sink, Stop
    from tfui.runners.supervisor import Ending

KEYS = ("args", "callable", "cwd", "kwargs")
_DOTTED = r"[^\W\d]\w*(\.[^\W\d]\w*)*"
_CALLABLE = re.compile(f"{_DOTTED}:{_DOTTED}")


@dataclass(frozen=True, slots=True)
class PythonPayload:
    """A payload that was found good."""

    callable: str
    args: list[Any]
    kwargs: dict[str, Any]
    cwd: str | None


class PythonRunner:
    """Calls functions in child processes; `grace` lies between TERM and KILL."""

    def __init__(self, *, grace: timedelta = GRACE, guardian: Guardian = GUARDIAN) -> None:
        self._grace = grace
        self._guardian = guardian
        self._surroundings = Surroundings()

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Raise Invalid when this cannot name a function; nothing is imported to find out."""
        read_payload(payload)

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        """Call the function in a new interpreter; blocks until that has ended."""
        payload = read_payload(order.payload)
        if payload.cwd is not None and not Path(payload.cwd).is_dir():
            error = f"the working directory {payload.cwd} does not exist"
            return Outcome(AttemptOutcome.FAILED, error=error)
        spec = {"callable": payload.callable, "args": payload.args, "kwargs": payload.kwargs}
        launch = Launch(
            # Unbuffered, so that what it prints can be followed live.
            (sys.executable, "-u", "-m", "tfui.runners.child"),
            self._surroundings.under(order.environment),
            payload.cwd,
            json.dumps(spec).encode(),
        )
        supervision = Supervision(
            sink=sink,
            stop=stop,
            timeout=order.timeout,
            grace=self._grace,
            guardian=self._guardian,
        )
        ending = supervision.run(launch)
        return told(ending, order.timeout) or _ended(ending)


def read_payload(payload: Mapping[str, Any]) -> PythonPayload:
    """Read a payload; raises Invalid naming every key that is wrong."""
    reading = PayloadReading(payload, known=KEYS)
    name = reading.text("callable", required=True) or ""
    if name and not _CALLABLE.fullmatch(name):
        reading.refuse("callable", f'{name[:100]!r} must read "module:function"')
    args, kwargs = reading.value("args"), reading.value("kwargs")
    if not isinstance(args, list | None):
        reading.refuse("args", f"this must be a list, not {kind(args)}")
    if not isinstance(kwargs, dict | None):
        reading.refuse("kwargs", f"this must be an object, not {kind(kwargs)}")
    cwd = reading.folder("cwd")
    reading.finish()
    return PythonPayload(name, args or [], kwargs or {}, cwd)


def _ended(ending: Ending) -> Outcome:
    if ending.exit_code == 0:
        return Outcome(AttemptOutcome.SUCCEEDED, 0)
    said = describe_exit(ending)
    if ending.exit_code == 1 and ending.last_line:
        said = ending.last_line[:LINE]  # the exception itself says it best
    return Outcome(AttemptOutcome.FAILED, ending.exit_code, said)
