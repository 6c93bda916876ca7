"""The palette: every action by name with its key beside it, schedules to go to, and themes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content

from tfui.ui import themes
from tfui.ui.key_map import key_map_of
from tfui.ui.keys import ACTIONS, Action, Where
from tfui.ui.plain import plain
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.command import Hits

_WIDTH = 66  # cells of a line, so that the keys stand in a column


class Palette(Provider):
    """Offers what can be done on the main screen; what cannot be done now says why."""

    async def discover(self) -> Hits:
        """Offer every action in the registry's order, then our themes."""
        for action, reason in self._offered():
            yield DiscoveryHit(
                _line(Content(action.help), self._key(action), is_dead=bool(reason)),
                partial(self._do, action, reason),
                text=action.help,
                help=reason or None,
            )
        for theme in themes.OWN:
            yield DiscoveryHit(f"Theme {theme.name}", partial(self._take, theme.name))

    async def search(self, query: str) -> Hits:
        """Offer what matches: actions, then schedules to go to, then themes."""
        matcher = self.matcher(query)
        for action, reason in self._offered():
            score = matcher.match(action.help)
            if score > 0:
                shown = _line(
                    matcher.highlight(action.help), self._key(action), is_dead=bool(reason)
                )
                # What cannot be done is still found, but below everything that can.
                score *= 0.5 if reason else 1.0
                score += 1.0 if action.help.lower().startswith(query.lower()) else 0.0
                do = partial(self._do, action, reason)
                yield Hit(score, shown, do, text=action.help, help=reason or None)
        screen = self.screen
        if isinstance(screen, MainScreen):
            for name in await screen.names(query):
                # The matcher's own highlighting would read a name as markup.
                shown = Content.assemble(("Go to ", "$dim"), plain(name))
                score = 0.9 * matcher.match(name) or 0.1
                yield Hit(score, shown, partial(screen.go_to, name), text=plain(name))
        for name in sorted(self.app.available_themes):
            score = matcher.match(f"Theme {name}")
            if score > 0:
                shown = matcher.highlight(f"Theme {name}")
                yield Hit(score * 0.8, shown, partial(self._take, name), text=f"Theme {name}")

    def _key(self, action: Action) -> str:
        return key_map_of(self.screen).name(action)

    def _offered(self) -> Iterator[tuple[Action, str]]:
        screen = self.screen if isinstance(self.screen, MainScreen) else None
        own = () if screen is None else (*screen.view.PLACES, Where.VIEWS)
        for action in ACTIONS:
            if action.in_palette and action.where in (*own, Where.EVERYWHERE):
                yield action, (screen and screen.why_not(action)) or ""

    async def _do(self, action: Action, reason: str) -> None:
        if reason:
            self.app.notify(reason, severity="warning", timeout=4, markup=False)
            return
        screen = self.screen
        if action.where is Where.EVERYWHERE or not isinstance(screen, MainScreen):
            await self.app.run_action(action.does, self.app)
        else:
            here = screen if action.where is Where.VIEWS else screen.view
            await self.app.run_action(action.does, here)

    def _take(self, name: str) -> None:
        self.app.theme = name


def _line(title: Content, key: str, *, is_dead: bool) -> Content:
    gap = max(2, _WIDTH - title.cell_length - cell_len(key))
    line = Content.assemble(title, " " * gap, (key, "bold $footer-key-foreground"))
    return line.stylize("$dim") if is_dead else line
