"""The stretch of time that is shown, as keys zoom and move it and time goes on under it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.ui import forecast_window

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.ui.forecast_window import Window

_DAY = timedelta(hours=24)


class Stretch:
    """Holds the window; `room` is how many cells of time there is room for."""

    def __init__(self) -> None:
        self.window: Window | None = None
        self.is_following = True
        """Whether it goes on with the time."""
        self._span = _DAY

    def settle(self, now: datetime, room: int) -> Window:
        """Give the window that is to be read now."""
        if self.window is None or self.is_following:
            self.window = forecast_window.around_now(now, self._span, room)
        return self.window

    def is_behind(self, now: datetime, room: int) -> bool:
        """Whether time has gone on by a cell."""
        if self.window is None or not self.is_following:
            return False
        return forecast_window.around_now(now, self._span, room).begin != self.window.begin

    def resize(self, now: datetime, room: int) -> None:
        """Lay it into another number of cells."""
        if self.window is not None and not self.is_following:
            begin = self.window.begin
            self.window = forecast_window.around(begin, 0, self._span, room, now)

    def zoom(self, steps: int, column: int, now: datetime, room: int) -> bool:
        """Make it shorter, or (negative) longer, around a cell; False when it cannot be."""
        span, window = forecast_window.zoomed(self._span, steps), self.window
        if span == self._span or window is None:
            return False
        self._span = span
        if not self.is_following or window.column(now) != column:
            share, at = column / window.columns, window.at(column)
            self.is_following = False
            self.window = forecast_window.around(at, share, span, room, now)
        return True

    def pan(self, thirds: int, now: datetime) -> Window | None:
        """Go so many thirds of it on, or (negative) back."""
        if self.window is not None:
            self.is_following = False
            columns = thirds * max(1, self.window.columns // 3)
            self.window = self.window.moved(columns, now)
        return self.window

    def follow(self) -> None:
        """Go to the present with the next reading, and go on with it."""
        self.is_following = True
