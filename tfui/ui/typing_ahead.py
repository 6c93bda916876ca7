"""Keys that come faster than they are dealt with: each is handed on when the one before has done its work.

Textual hands every key at once to what is focused then, and a key that bubbles up passes through a
queue at every step. Of `/bill`, sent in one burst as a slow line does, the letters would reach the
list before `/` has opened the filter; a save would overtake the last words of a field.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.message_pump import MessagePump

_PATIENCE = 0.5  # seconds; a widget that is taken away in the middle never answers


class OneKeyAtATime(App[None]):
    """An app that deals with keys and pasted texts one after another."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._handed_on = 0
        """How many were handed on; the newest may still be dealt with."""
        self._patience: asyncio.TimerHandle | None = None
        """Runs out if what was handed on is never dealt with; None while nothing is."""

    async def on_event(self, event: events.Event) -> None:
        """Hold what is typed ahead."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._ahead.append(event)
        if self._patience is None:
            await self._deal_with_next()

    async def _deal_with_next(self) -> None:
        event = self._ahead.popleft()
        self._handed_on += 1
        number = self._handed_on
        target = self.focused or self.screen
        self._patience = asyncio.get_running_loop().call_later(
            _PATIENCE, lambda: self.call_later(self._dealt_with, number)
        )
        await super().on_event(event)
        # The first time it comes after the key itself, then after what the key has changed.
        self._follow([target, *target.ancestors_with_self], number)

    def _follow(self, way: Sequence[MessagePump], number: int) -> None:
        """Go the way of a key, through the queue of each that it bubbles up to, and end at the app."""
        for place, pump in enumerate(way):
            if pump is not self and pump.call_later(self._follow, way[place + 1 :], number):
                return
        self.call_later(self._dealt_with, number)

    async def _dealt_with(self, number: int) -> None:
        if number != self._handed_on or self._patience is None:
            return
        self._patience.cancel()
        self._patience = None
        if self._ahead:
            await self._deal_with_next()
