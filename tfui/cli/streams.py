"""Standard output and standard error, made safe to write to before anything is printed."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path


def prepare() -> None:
    """Give closed streams a place to go, and those of a narrow encoding a way to spell every name."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for the whole run
        elif isinstance(stream, TextIOWrapper):
            # A name that this terminal's encoding lacks is no reason to fail.
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write out what is left; whoever has stopped reading needs no complaint about it."""
    try:
        sys.stdout.flush()
    except OSError as error:
        from tfui.cli import output

        output.forsake_reader()
        if not isinstance(error, BrokenPipeError):
            output.fail(f"standard output cannot be written: {error.strerror}")
            sys.exit(1)
