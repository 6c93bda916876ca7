"""The home of the app: the list of schedules, the detail beside or over it, and the acts on them."""

from __future__ import annotations

from textual.screen import Screen


class MainScreen(Screen[object]):
    """Coordinates list, detail and bars."""
