"""How a process ended, in the words of an Outcome."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tfui.core.states import AttemptOutcome
from tfui.runners.order import Outcome

if TYPE_CHECKING:
    from datetime import timedelta

    from tfui.runners.supervisor import Ending

LINE = 200
"""Characters of a last line that an error repeats."""


def told(ending: Ending, timeout: timedelta | None) -> Outcome | None:
    """Give the outcome of a process that was told to end; None when it ended by itself."""
    if ending.told is None:
        return None
    reason = {
        AttemptOutcome.TIMED_OUT: f"took longer than its {_seconds(timeout)} s",
        AttemptOutcome.HANDED_BACK: "the engine stopped while it ran",
    }.get(ending.told, "cancelled while it ran")
    if ending.was_killed:
        reason += "; TERM did not end it, so it was killed"
    return Outcome(ending.told, ending.exit_code, reason)


def describe_exit(ending: Ending) -> str:
    """Say in one line how a process failed: its exit code or signal, and what it said last."""
    code = ending.exit_code
    if code < 0:
        said = f"killed by {_signal_name(-code)}"
    elif code > 128 and _signal_name(code - 128) != str(code - 128):
        said = f"exit {code} (a command in it was killed by {_signal_name(code - 128)})"
    else:
        said = f"exit {code}"
    return f"{said}: {ending.last_line[:LINE]}" if ending.last_line else said


def _seconds(timeout: timedelta | None) -> str:
    return "?" if timeout is None else f"{timeout.total_seconds():,.10g}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)  # a real-time signal, or none at all
