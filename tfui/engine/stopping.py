"""Stopping: how an engine that was told to stop comes to an end, sooner or later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tfui.engine.executor import Executor

StopMode = Literal["wait", "hand_back"]

LEFT_BEHIND = timedelta(seconds=30)
"""How long jobs that were told to end are waited for: TERM, ten seconds, KILL, and then some."""


class Stopping:
    """Asked for from any thread; its steps are taken by the loop."""

    def __init__(self, executor: Executor) -> None:
        self.mode: StopMode | None = None
        """None until it was asked for."""
        self._executor = executor
        self._grace: timedelta | None = None
        self._by: float | None = None
        self._has_begun = False

    def ask(self, mode: StopMode, grace: timedelta | None) -> None:
        """Take the first request, and a later one that is more urgent."""
        if self.mode != "hand_back":
            self._grace = grace
            self.mode = mode

    def hurry(self, now: float) -> None:
        """Tell what runs to end if that is asked for, or the grace is over at `now`, monotonic."""
        mode, grace = self.mode, self._grace  # as one moment has them: others may ask meanwhile
        if not self._has_begun:
            self._has_begun = True
            self._by = None if grace is None else now + grace.total_seconds()
        if mode == "wait" and self._is_time(now):
            mode = self.mode = "hand_back"
        if mode == "hand_back" and not self._executor.is_ending:
            self._executor.end_all()
            self._by = now + LEFT_BEHIND.total_seconds()

    def is_over(self, now: float) -> bool:
        """Whether nothing runs here any more; what does not end for too long is left behind."""
        if self._executor.is_ending and self._is_time(now):
            self._executor.abandon()
        return self._executor.busy == 0

    def _is_time(self, now: float) -> bool:
        return self._by is not None and now >= self._by
