"""News from the store: looks at most four times a second, and tells the screen in messages.

A look is one tiny query in a thread. Every five seconds everything visible is to be read again
even without news, because an identifier of the last change can miss one on some databases.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from tfui.errors import Unavailable

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.worker import Worker

    from tfui.ui.office import Office, Watch

LOOK_EVERY = 0.25  # seconds; four pictures a second are as many as a person follows
REREAD_EVERY = 5.0  # seconds; what is older than this is called stale


@dataclass
class Changed(Message):
    """Something was committed, or it is time to read everything again."""

    def can_replace(self, message: Message) -> bool:
        """Take the place of news that nobody has acted on yet."""
        return isinstance(message, Changed)


@dataclass
class WentSilent(Message):
    """The store could not be looked at."""

    reason: str


class Feed:
    """Looks at the store for one screen and posts Changed and WentSilent to it."""

    def __init__(self, owner: Widget, office: Office) -> None:
        self._owner = owner
        self._office = office
        self._watch: Watch | None = None
        self._worker: Worker[None] | None = None
        self._timers: list[Timer] = []

    def start(self) -> None:
        """Begin to look; the office must be open."""
        self._timers = [
            self._owner.set_interval(LOOK_EVERY, self._look),
            self._owner.set_interval(REREAD_EVERY, lambda: self._owner.post_message(Changed())),
        ]

    def stop(self) -> None:
        """Look no more."""
        for timer in self._timers:
            timer.stop()
        watch, self._watch = self._watch, None
        if watch is not None and (self._worker is None or self._worker.is_finished):
            watch.close()

    def _look(self) -> None:
        if self._worker is None or self._worker.is_finished:
            self._worker = self._owner.run_worker(
                self._ask(), name="feed", group="feed", exit_on_error=False
            )

    async def _ask(self) -> None:
        try:
            changed = await asyncio.to_thread(self._has_changed)
        except Unavailable as trouble:
            self._owner.post_message(WentSilent(str(trouble)))
        else:
            if changed:
                self._owner.post_message(Changed())

    def _has_changed(self) -> bool:
        if self._watch is None:
            # News may have come while there was no watch: the first look counts as news.
            self._watch = self._office.open_watch()
            return True
        try:
            return self._watch.has_changed()
        except Unavailable:
            watch, self._watch = self._watch, None
            watch.close()
            raise
