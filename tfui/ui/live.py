"""Keeps what a screen shows true: opens the office, hears the news, reads anew, and knows how old it is.

Readings are spaced so that they never take more than a fifth of the time, however large the store.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from tfui.errors import NotFound, TfuiError
from tfui.ui import detail_reading, list_reading
from tfui.ui.feed import REREAD_EVERY, Feed
from tfui.ui.parts import is_here
from tfui.ui.reading import RESTS, Reader, timed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.timer import Timer
    from textual.widget import Widget

    from tfui.ui.detail_reading import DetailLook
    from tfui.ui.list_reading import BarLook, ListLook
    from tfui.ui.office import Office

_TRY_AGAIN = 2.0  # seconds between attempts to open a store that cannot be opened
_STALE_AFTER = timedelta(seconds=REREAD_EVERY + 2)  # one slow reading is not yet stale


@dataclass
class Opened(Message):
    """The store is open; there is a caller to ask with."""


@dataclass
class ListRead(Message):
    """The list was read."""

    look: ListLook


@dataclass
class BarsRead(Message):
    """What stands around the list was read."""

    look: BarLook


@dataclass
class DetailRead(Message):
    """A schedule was read whole; None when it is gone."""

    look: DetailLook | None


class Live:
    """The readings of one screen; the `wants` say what is seen at the time."""

    def __init__(
        self,
        owner: Widget,
        office: Office,
        *,
        wants_list: Callable[[], list_reading.Wanted | None],
        wants_rail: Callable[[], bool],
        wants_detail: Callable[[], detail_reading.Wanted | None],
    ) -> None:
        self._owner = owner
        self._office = office
        self._wants_list = wants_list
        self._wants_rail = wants_rail
        self._wants_detail = wants_detail
        self._feed = Feed(owner, office)
        self._list: Reader[tuple[ListLook, float]] = Reader(
            owner, "list", then=self._list_read, failed=self._failed
        )
        self._bars: Reader[tuple[BarLook, float]] = Reader(
            owner, "bars", then=self._bars_read, failed=self._failed
        )
        self._detail: Reader[DetailLook] = Reader(
            owner, "detail", then=self._detail_read, failed=self._detail_failed
        )
        self._wants_rest = False
        self._is_rest_next = False
        self._rest_until = 0.0
        self._waiting: Timer | None = None
        self._read_at: datetime | None = None
        self.trouble: str | None = None
        """Why the store cannot be opened or read, in one sentence; None when it can."""

    def open(self) -> None:
        """Open the office in a thread, again and again until it works."""
        self._owner.run_worker(self._open(), name="open", group="open")

    async def _open(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._office.open)
            except TfuiError as trouble:
                self.trouble = str(trouble)
                await asyncio.sleep(_TRY_AGAIN)
            else:
                break
        self.trouble = None
        self._owner.post_message(Opened())
        self._feed.start()
        self.read()

    @property
    def is_reading(self) -> bool:
        """Whether an answer is still to come."""
        is_busy = self._list.is_busy or self._bars.is_busy or self._detail.is_busy
        return is_busy or self._is_rest_next

    def close(self) -> None:
        """Hear no more news."""
        self._feed.stop()

    def read_soon(self) -> None:
        """Read everything anew, as soon as the readings before have had their rest."""
        wait = self._rest_until - time.monotonic()
        if wait <= 0:
            self.read()
        elif self._waiting is None:
            self._waiting = self._owner.set_timer(wait, self.read)

    def read(self) -> None:
        """Read everything anew at once."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if not self._office.is_open or not is_here(self._owner):
            return
        self._feed.was_read()
        # One after another: threads side by side would only take the processor from each other.
        self._wants_rest = True
        self.read_list()

    def read_list(self) -> None:
        """Read only the list anew; when it is not seen, what would come after it."""
        wanted = self._wants_list()
        if not self._office.is_open:
            return
        if wanted is None:
            self._read_rest()
        else:
            caller = self._office.caller
            self._list.ask(lambda: timed(lambda: list_reading.look(caller, wanted)))

    def _read_rest(self) -> None:
        self._is_rest_next = False
        if self._wants_rest and is_here(self._owner):
            self._wants_rest = False
            self.read_detail()
            office, rail = self._office, self._wants_rail()
            read = partial(list_reading.look_around, office.caller, rail=rail, drafts=office.drafts)
            self._bars.ask(lambda: timed(read))

    def read_detail(self) -> None:
        """Read only the detail anew."""
        wanted = self._wants_detail()
        if wanted is not None and self._office.is_open:
            self._detail.ask(partial(detail_reading.look, self._office.caller, wanted))

    def age(self, now: datetime) -> timedelta | None:
        """How old what is shown is, when that is too old; else None."""
        if self._read_at is None:
            return None
        age = now - self._read_at
        return age if age > _STALE_AFTER else None

    def silenced(self, reason: str) -> None:
        """Take note that the store could not be looked at."""
        self.trouble = reason

    def _list_read(self, found: tuple[ListLook, float]) -> None:
        look, took = found
        self._rest(took)
        self._answered()
        self._owner.post_message(ListRead(look))
        # The rows are drawn before what stands beside and around them is read.
        self._is_rest_next = True
        self._owner.call_after_refresh(self._read_rest)

    def _bars_read(self, found: tuple[BarLook, float]) -> None:
        look, took = found
        self._rest(took)
        if self._wants_list() is None:
            self._answered()
        self._owner.post_message(BarsRead(look))

    def _answered(self) -> None:
        """Take note that the store answers."""
        self._read_at = self._office.clock.now()
        self.trouble = None

    def _rest(self, took: float) -> None:
        self._rest_until = max(self._rest_until, time.monotonic()) + took * RESTS

    def _detail_read(self, look: DetailLook) -> None:
        self._owner.post_message(DetailRead(look))

    def _detail_failed(self, trouble: TfuiError) -> None:
        if isinstance(trouble, NotFound):
            # Deleted a moment ago; the list will say so with its next reading.
            self._owner.post_message(DetailRead(None))
        else:
            self._failed(trouble)

    def _failed(self, trouble: TfuiError) -> None:
        self.trouble = str(trouble)
