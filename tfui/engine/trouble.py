"""Trouble: what keeps the loop from its work just now, and how long it pauses before it tries again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tfui.clock import Clock

log = logging.getLogger(__name__)

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries while something is wrong."""


class Trouble:
    """Stops nothing for good: says so once, and again when it is over."""

    def __init__(self, clock: Clock) -> None:
        self.present: str | None = None
        """Why the store cannot be used, in one sentence, while that is so."""
        self.notes: dict[str, str] = {}
        """The last thing that went wrong, and when, for others to read."""
        self._clock = clock
        self._errors = 0

    def survive(self, turn: Callable[[], timedelta]) -> timedelta:
        """Try a turn of the loop; give the rest that it asks for, or a pause when it went wrong."""
        try:
            rest = turn()
        except Unavailable as trouble:
            if self.present is None:
                log.warning("the engine waits for the store: %s", trouble)
            self.meet(trouble)
            return self._pause(str(trouble))
        except Exception as error:
            log.exception("a turn of the engine went wrong; it goes on")
            return self._pause(f"{type(error).__name__}: {error}")
        if self.present is not None:
            log.warning("the engine goes on: the store can be used again")
            self.present = None
        self._errors = 0
        return rest

    def meet(self, trouble: Unavailable) -> None:
        """Take note of a store that could not be used; the next turn shows whether that is over."""
        self.present = str(trouble)

    def _pause(self, error: str) -> timedelta:
        self.notes["last_error"] = error
        self.notes["last_error_at"] = self._clock.now().isoformat()
        seconds = PAUSES[min(self._errors, len(PAUSES) - 1)]
        self._errors += 1
        return timedelta(seconds=seconds)
