"""The newest warnings and errors of this process, kept for the view of the engine."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfui.model.node import NodeRow

_KEPT = 200
_SOURCE = "tfui"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One warning or error."""

    at: datetime
    is_error: bool
    text: str
    """One line."""


def of_node(node: NodeRow) -> LogLine | None:
    """Give the last error that an engine told of with its heartbeat."""
    text, at = node.figures.get("last_error"), node.figures.get("last_error_at")
    if text is None or at is None:
        return None
    said = f"{node.host}:{node.pid} {text}"
    return LogLine(datetime.fromisoformat(at), is_error=True, text=said)


class LogRing(logging.Handler):
    """Keeps lines instead of printing them: a line printed would be drawn over the dashboard."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[LogLine] = deque(maxlen=_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, and of what was raised only its kind: the rest may hold secrets."""
        text = record.getMessage()
        if record.exc_info is not None and record.exc_info[0] is not None:
            text = f"{text} ({record.exc_info[0].__name__})"
        at = datetime.fromtimestamp(record.created, UTC)
        self.lines.append(LogLine(at, record.levelno >= logging.ERROR, " ".join(text.split())))

    def listen(self) -> None:
        """Begin to keep what tfui warns of."""
        logging.getLogger(_SOURCE).addHandler(self)

    def leave(self) -> None:
        """Keep nothing more."""
        logging.getLogger(_SOURCE).removeHandler(self)
