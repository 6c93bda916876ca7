"""What is left of a crash: a log file without secrets, and three lines for the terminal.

Textual's own report prints every local variable, which here would be job environments and tokens.
"""

from __future__ import annotations

import os
import re
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_NAMED_SECRET = re.compile(
    r"(?i)([\w-]*(?:pass(?:word|wd|phrase)|[_-]pass\b|secret|token|(?:api|access|private)[_-]?key"
    r"|authorization|credential|cookie|signature)[\w-]*['\"]?\s*[=:]\s*)"
    r"('[^']*'|\"[^\"]*\"|(?:bearer |basic )?[^\s,;)}\]]+)",
)
_URL_SECRET = re.compile(r"(://[^/\s:@]*):[^/\s@]+@")
_SECRET_NAME = re.compile(r"(?i)password|passwd|secret|token|key|credential")


def redact(text: str) -> str:
    """Put `***` in place of what looks like a secret, or is the value of a variable named like one."""
    for name, value in os.environ.items():
        if len(value) >= 6 and _SECRET_NAME.search(name):
            text = text.replace(value, "***")
    return _URL_SECRET.sub(r"\1:***@", _NAMED_SECRET.sub(r"\1***", text))


def record(error: BaseException, *, folder: Path | None, now: datetime) -> Path:
    """Write the redacted traceback to a file that only its owner can read; give its path."""
    folder = folder or Path(tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(traceback.format_exception(error))
    descriptor, path = tempfile.mkstemp(
        prefix=f"tfui-crash-{now:%Y%m%dT%H%M%S}-", suffix=".log", dir=folder
    )
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{now.isoformat()}\n{redact(text)}")
    return Path(path)


def notice(error: BaseException, path: Path | None) -> str:
    """Say in three lines what happened, what it means, and where to read more."""
    where = f"The details are in {path}" if path else "The details could not be written anywhere"
    return (
        f"tfui met a bug and stopped: {type(error).__name__}\n"
        "Schedules and runs are safe in the database; unfinished jobs will be run again.\n"
        f"{where}"
    )
