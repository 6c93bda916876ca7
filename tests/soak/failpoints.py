"""Failpoints: a store that has its own process killed at a named place around one of its commits.

Nothing of the product knows about them. A failpoint is written `17:before` or `17:after` the 17th
commit that this process makes, or `17:statement:3` for inside that transaction, once its third
statement (BEGIN is the first) has been executed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from tfui.store.connection import Store
from tfui.store.dialect import WRITES

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from sqlalchemy import Connection

SIDES = ("before", "after", "statement")


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Where a process is to die."""

    commit: int
    side: str
    statement: int = 1
    """After how many statements, when the side is `statement`; at the commit if there are fewer."""

    def __str__(self) -> str:
        inside = f":{self.statement}" if self.side == "statement" else ""
        return f"{self.commit}:{self.side}{inside}"

    @classmethod
    def read(cls, text: str) -> Failpoint:
        """Read what `str` gives."""
        commit, side, *rest = text.split(":")
        if side not in SIDES:
            raise ValueError(f"{text!r} is no failpoint")
        return cls(int(commit), side, *map(int, rest))


class DoomedStore(Store):
    """A store whose process dies at a failpoint, and says in `obituaries` what it was about."""

    def __init__(self, url: str, failpoint: Failpoint | None, obituaries: Path) -> None:
        super().__init__(url)
        self._failpoint = failpoint
        self._obituaries = obituaries
        self._commits = 0
        self._statements = 0
        if failpoint is not None:
            event.listen(self._engine, "after_cursor_execute", self._executed)
            event.listen(self._engine, "commit", self._committing)
            self.on_commit(self._committed)

    def _executed(self, connection: Connection, *_: Any) -> None:
        if self._failpoint is None or not _writes(connection):
            return
        self._statements += 1
        if self._failpoint == Failpoint(self._commits + 1, "statement", self._statements):
            self._die()

    def _committing(self, connection: Connection) -> None:
        if self._failpoint is None or not _writes(connection):
            return
        self._statements = 0
        self._commits += 1
        if self._failpoint.commit == self._commits and self._failpoint.side != "after":
            self._die()

    def _committed(self) -> None:
        if self._failpoint == Failpoint(self._commits, "after"):
            self._die()

    def _die(self) -> None:
        line = json.dumps({"at": str(self._failpoint), "during": _whereabouts()})
        descriptor = os.open(self._obituaries, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode() + b"\n")
        os.kill(os.getpid(), signal.SIGKILL)


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(WRITES, False))


def _whereabouts() -> str:
    """Name the engine's own function that was at work."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("tfui.engine."):
            return f"{module.removeprefix('tfui.engine.')}.{frame.f_code.co_name.lstrip('_')}"
        frame = frame.f_back
    return "elsewhere"
