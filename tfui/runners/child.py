"""The process that a `python` job runs in: reads what to call from stdin, and calls it.

It imports nothing of tfui, so that a job pays for a bare interpreter and its own modules only.
"""

from __future__ import annotations

import json
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import io
    from collections.abc import Callable


def main() -> int:
    """Call the function; give 1, with the traceback on stderr, when it raised."""
    for stream in (sys.stdout, sys.stderr):
        # Whatever the locale: the engine reads UTF-8.
        _as_wrapper(stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    spec = json.loads(sys.stdin.buffer.read())
    try:
        function = find(spec["callable"])
        function(*spec["args"], **spec["kwargs"])
    except Exception as error:  # noqa: BLE001  # this is where a job's exceptions end
        # Without this frame: the traceback is about the job's code.
        trace = error.__traceback__ and error.__traceback__.tb_next
        traceback.print_exception(type(error), error, trace)
        return 1
    return 0


def find(name: str) -> Callable[..., Any]:
    """Import `module:function`; raises what importing it raises, or TypeError if not callable."""
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for attribute in path.split("."):
        found = getattr(found, attribute)
    if not callable(found):
        raise TypeError(f"{name} is not callable but {type(found).__name__}")
    return found  # type: ignore[no-any-return]  # callable() has just said so


def _as_wrapper(stream: Any) -> io.TextIOWrapper:  # noqa: ANN401  # typeshed calls them TextIO
    return stream  # type: ignore[no-any-return]  # a fresh interpreter's streams are wrappers


if __name__ == "__main__":
    sys.exit(main())
