"""News from the store: looks at most four times a second, and tells the screen in messages.

A look is one tiny query, in a thread that does nothing else: handing each to a pool costs more than
the query. Every five seconds everything visible is to be read again even without news, because an
identifier of the last change can miss one on some databases.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from tfui.errors import Unavailable

if TYPE_CHECKING:
    from textual.widget import Widget

    from tfui.ui.office import Office, Watch

LOOK_EVERY = 0.25  # seconds; four pictures a second are as many as a person follows
REREAD_EVERY = 5.0  # seconds; what is older than this is called stale
_LAST_LOOK = 1.0  # seconds that a look under way is waited for at the end


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
        self._is_over = Event()
        self._thread: Thread | None = None
        self._due_at = 0.0
        """When, by the monotonic clock, everything is to be read again without news."""

    def start(self) -> None:
        """Begin to look; the office must be open."""
        self.was_read()
        # A look at a store that does not answer must not keep the process from ending.
        self._thread = Thread(target=self._look_on, name="feed", daemon=True)
        self._thread.start()

    def was_read(self) -> None:
        """Take note that everything was read just now: it is young again."""
        self._due_at = time.monotonic() + REREAD_EVERY

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join(_LAST_LOOK)

    def _look_on(self) -> None:
        while not self._is_over.wait(LOOK_EVERY):
            try:
                has_changed = self._has_changed()
            except Unavailable as trouble:
                self._owner.post_message(WentSilent(str(trouble)))
                has_changed = False
            if has_changed or time.monotonic() >= self._due_at:
                self.was_read()  # or soon will be
                self._owner.post_message(Changed())
        self._let_go()

    def _has_changed(self) -> bool:
        if self._watch is None:
            # News may have come while there was no watch: the first look counts as news.
            self._watch = self._office.open_watch()
            return True
        try:
            return self._watch.has_changed()
        except Unavailable:
            self._let_go()
            raise

    def _let_go(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
