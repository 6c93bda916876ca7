"""Where errors become exit codes: the tree of errors.py by its branches, anything else as a bug.

0 done, 1 bug or failed job, 2 invalid, 3 not found, 4 forbidden, 5 conflict, 6 store unavailable,
130 interrupted. A bug leaves its traceback in a file and one line on the screen.
"""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tfui.cli import output
from tfui.clock import SystemClock
from tfui.errors import Conflict, Forbidden, Invalid, NotFound, TfuiError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BUG = 1
INVALID = 2
INTERRUPTED = 130

EXIT_CODES: dict[type[TfuiError], int] = {
    Invalid: INVALID,
    NotFound: 3,
    Forbidden: 4,
    Conflict: 5,
    Unavailable: 6,
}

LABELS = {
    "callable": "--python",
    "job_type": "--job-type",
    "payload": "--payload",
    "payload.callable": "--python",
    "payload.command": "--shell",
    "payload.cwd": "--cwd",
    "payload.env": "--env",
    "payload.url": "--http",
    "schedule_expression": "the expression",
    "timezone": "--tz",
}
"""What the command line calls the fields whose option has another name."""

_VARIABLE = "payload.env."

_MENTIONED = re.compile(r"\b(?:starts_at|ends_at)\b")
"""Fields that the problem of another one speaks of."""


@contextmanager
def told(texts: Mapping[str, str]) -> Iterator[None]:
    """Turn errors into their exit codes; `texts` are the fields a caret may be put under."""
    import typer

    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            raise  # whoever read this has seen enough
        raise typer.Exit(settle(error, texts)) from error


def settle(error: Exception, texts: Mapping[str, str]) -> int:
    """Tell an error and give its exit code."""
    if isinstance(error, TfuiError):
        tell(error, texts)
        return code_of(error)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        output.fail(f"nothing more can be written: {error.strerror}")
    else:
        _tell_bug(error)
    return BUG


def tell(error: TfuiError, texts: Mapping[str, str]) -> None:
    """Say in a sentence, or one a field, what was wrong with what was asked."""
    if not isinstance(error, Invalid):
        output.fail(str(error))
        return
    for field, problem in error.fields.items():
        output.fail(f"{label(field)}: {_MENTIONED.sub(_option, problem.text)}")
        if problem.span is not None and field in texts:
            output.point_at(texts[field], problem.span)


def label(field: str) -> str:
    """Give what the command line calls a field."""
    if field in LABELS:
        return LABELS[field]
    if field.startswith(_VARIABLE):
        return f"--env {output.one_line(field.removeprefix(_VARIABLE))}"
    is_field = field.isidentifier() and field.islower()
    return f"--{field.replace('_', '-')}" if is_field and field != "name" else field


def _option(mentioned: re.Match[str]) -> str:
    return label(mentioned[0])


def code_of(error: TfuiError) -> int:
    """Give the exit code of a deliberate error."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), BUG)


def _tell_bug(error: Exception) -> None:
    what = output.one_line(f"{type(error).__name__}: {error}")[:200]
    output.fail(f"this is a bug: {what} (its traceback is in {write_crash(error)})")


def write_crash(error: BaseException) -> Path:
    """Keep a traceback, without secrets, in a file of its own and give its path."""
    from tfui.settings import state_folder
    from tfui.ui import crash

    now = SystemClock().now()
    try:
        return crash.record(error, folder=state_folder(), now=now)
    except OSError:
        return crash.record(error, folder=None, now=now)
