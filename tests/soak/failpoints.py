"""Failpoints: a store that has its own process killed at a named place around one of its commits.

Nothing of the product knows about them. A failpoint is written `17:before` or `17:after` the 17th
commit that this process makes, or `17:statement:3` for inside that transaction, once its third
statement has been executed. `planner:2:before` counts one duty's commits only.
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
from tfui.store.sqlite_dialect import SqliteDialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

    from sqlalchemy import Connection, Delete, Insert, Select, TableClause, Update

SIDES = ("before", "after", "statement")


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Where a process is to die."""

    commit: int
    side: str
    statement: int = 1
    """After how many statements, when the side is `statement`; at the commit if there are fewer."""
    duty: str = ""
    """The engine's module whose commits count; all of them when empty."""

    def __str__(self) -> str:
        duty = f"{self.duty}:" if self.duty else ""
        inside = f":{self.statement}" if self.side == "statement" else ""
        return f"{duty}{self.commit}:{self.side}{inside}"

    @classmethod
    def read(cls, text: str) -> Failpoint:
        """Read what `str` gives."""
        words = text.split(":")
        duty = "" if words[0].isdigit() else words.pop(0)
        commit, side, *rest = words
        if side not in SIDES:
            raise ValueError(f"{text!r} is no failpoint")
        return cls(int(commit), side, int(rest[0]) if rest else 1, duty)


class _TellingDialect(SqliteDialect):
    """Tells of the statements that go to the driver itself, which SQLAlchemy's events do not."""

    def __init__(self, on_executed: Callable[[Connection], None]) -> None:
        self._on_executed = on_executed

    def execute_many(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        done = super().execute_many(connection, statement, rows)
        self._on_executed(connection)
        return done

    def execute_given(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        given: TableClause,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        done = super().execute_given(connection, statement, given, rows)
        self._on_executed(connection)
        return done

    def fetch(
        self,
        connection: Connection,
        query: Select[*tuple[Any, ...]],
        values: Mapping[str, Any],
    ) -> Sequence[Any]:
        found = super().fetch(connection, query, values)
        self._on_executed(connection)
        return found


class DoomedStore(Store):
    """A store whose process dies at a failpoint, and says in `obituaries` what it was about."""

    def __init__(self, url: str, failpoint: Failpoint | None, obituaries: Path) -> None:
        super().__init__(url)
        self._failpoint = failpoint
        self._obituaries = obituaries
        self._commits = 0
        self._statements = 0
        if failpoint is not None:
            if self.path is not None:
                self.dialect = _TellingDialect(self._executed)
            event.listen(self._engine, "after_cursor_execute", self._executed)
            event.listen(self._engine, "commit", self._committing)
            self.on_commit(self._committed)

    def _executed(self, connection: Connection, *_: Any) -> None:
        if not self._counts(connection):
            return
        self._statements += 1
        self._die_at(self._commits + 1, "statement", self._statements)

    def _committing(self, connection: Connection) -> None:
        if not self._counts(connection):
            return
        self._statements = 0
        self._commits += 1
        self._die_at(self._commits, "before")
        self._die_at(self._commits, "statement", None)  # it had fewer

    def _committed(self) -> None:
        if self._is_on_duty():
            self._die_at(self._commits, "after")

    def _counts(self, connection: Connection) -> bool:
        is_writing = connection.get_execution_options().get(WRITES, False)
        return bool(is_writing) and self._is_on_duty()

    def _is_on_duty(self) -> bool:
        wanted = self._failpoint.duty if self._failpoint else ""
        return not wanted or any(place.startswith(f"{wanted}.") for place in _whereabouts())

    def _die_at(self, commit: int, side: str, statement: int | None = None) -> None:
        here = self._failpoint
        if here is None or (here.commit, here.side) != (commit, side):
            return
        if statement is None or statement == here.statement:
            self._die()

    def _die(self) -> None:
        place = next(_whereabouts(), "elsewhere")
        line = json.dumps({"at": str(self._failpoint), "during": place})
        descriptor = os.open(self._obituaries, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode() + b"\n")
        os.kill(os.getpid(), signal.SIGKILL)


def _whereabouts() -> Iterator[str]:
    """Name the engine's own functions that are at work, the innermost first."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("tfui.engine."):
            yield f"{module.removeprefix('tfui.engine.')}.{frame.f_code.co_name.lstrip('_')}"
        frame = frame.f_back
