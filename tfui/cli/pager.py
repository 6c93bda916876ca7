"""A long text on a terminal, read in the person's own pager, as git does it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LESS = "FRX"  # ends by itself where all fits on the screen, takes colours, leaves the text there


class _Paged(TextIOWrapper):
    """What is written ends on a terminal, so it is to be written as for one."""

    def isatty(self) -> bool:
        """Whether a person reads it: yes."""
        return True


def command(environment: Mapping[str, str]) -> list[str] | None:
    """Give the pager that a person wants: $PAGER, or else less; None for none, or one that is not there."""
    try:
        words = shlex.split(environment.get("PAGER", "less"))
    except ValueError:
        return None
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return None
    return words


@contextmanager
def paging(*, is_wanted: bool = True) -> Iterator[None]:
    """Have everything that is printed meanwhile read in the pager, if that goes to a terminal."""
    words = command(os.environ) if is_wanted and sys.stdout.isatty() else None
    if words is None:
        yield
        return
    sys.stdout.flush()
    pager = subprocess.Popen(words, stdin=subprocess.PIPE, env={"LESS": _LESS} | dict(os.environ))
    assert pager.stdin is not None  # noqa: S101  # it was asked for
    text = _Paged(pager.stdin, encoding=sys.stdout.encoding, errors="backslashreplace")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^c is the pager's
    try:
        with suppress(BrokenPipeError), redirect_stdout(text), redirect_stderr(text):
            yield
            text.flush()
    finally:
        with suppress(BrokenPipeError):
            text.close()
        pager.wait()
        signal.signal(signal.SIGINT, before)
