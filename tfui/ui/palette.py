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
from tfui.ui.options import is_ascii
from tfui.ui.permits import NEED_A_ROW
from tfui.ui.plain import fit, plain, to_ascii
from tfui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.command import Hits

_WIDTH = 66  # cells of a line, so that the keys stand in a column
_FEW = 5  # schedules that are offered before anything is typed

_SCHEDULES, _THEMES = 0.9, 0.8
"""What a match with a name counts, beside one with an action."""


class Palette(Provider):
    """Offers what can be done on the main screen; what cannot be done now says why."""

    async def discover(self) -> Hits:
        """Offer verbs, those on the selection first, then schedules, views, themes and settings."""
        offered = sorted(self._offered(), key=lambda each: _place(each[0]))
        for action, reason in offered:
            if _place(action) < _VIEWS:
                yield self._discovered(action, reason)
        if isinstance(self.screen, MainScreen):
            for name in (await self.screen.names(""))[:_FEW]:
                yield DiscoveryHit(_go_to(name), partial(self.screen.go_to, name), text=plain(name))
        for action, reason in offered:
            if _place(action) == _VIEWS:
                yield self._discovered(action, reason)
        for theme in themes.OWN:
            yield DiscoveryHit(f"Theme {theme.name}", partial(self._take, theme.name))
        for action, reason in offered:
            if _place(action) > _VIEWS:
                yield self._discovered(action, reason)

    def _discovered(self, action: Action, reason: str) -> DiscoveryHit:
        line = self._line(action, Content(action.help), reason)
        return DiscoveryHit(line, partial(self._do, action, reason), text=action.help)

    async def search(self, query: str) -> Hits:
        """Offer what matches: actions, then schedules to go to, then themes."""
        matcher = self.matcher(query)
        for action, reason in self._offered():
            score = matcher.match(action.help)
            if score > 0:
                shown = self._line(action, matcher.highlight(action.help), reason)
                # What cannot be done is still found, but below everything that can.
                score *= 0.4 if reason else _WEIGHTS[_place(action)]
                score += 1.0 if action.help.lower().startswith(query.lower()) else 0.0
                yield Hit(score, shown, partial(self._do, action, reason), text=action.help)
        screen = self.screen
        if isinstance(screen, MainScreen):
            for name in await screen.names(query):
                score = _SCHEDULES * matcher.match(name) or 0.1
                yield Hit(score, _go_to(name), partial(screen.go_to, name), text=plain(name))
        for name in sorted(self.app.available_themes):
            score = matcher.match(f"Theme {name}")
            if score > 0:
                shown = matcher.highlight(f"Theme {name}")
                yield Hit(score * _THEMES, shown, partial(self._take, name), text=f"Theme {name}")

    def _line(self, action: Action, title: Content, reason: str) -> Content:
        """Draw an action with its key at the right; one that is dead is grey and says why."""
        key = self._key(action)
        if reason:
            told = fit(f"{action.word.capitalize()}: {reason}", _WIDTH - cell_len(key) - 2)
            told = to_ascii(told) if is_ascii(self.screen) else told
            return Content.styled(f"{told}  {key}", "$dim")
        gap = max(2, _WIDTH - title.cell_length - cell_len(key))
        return Content.assemble(title, " " * gap, (key, "bold $footer-key-foreground"))

    def _key(self, action: Action) -> str:
        return key_map_of(self.screen).name(action, ascii=is_ascii(self.screen))

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


_SELECTION, _OTHER, _VIEWS, _SETTINGS = range(4)
_WEIGHTS = (1.0, 0.95, 0.85, 0.75)
"""What a match counts in each of these places."""


def _place(action: Action) -> int:
    """Say where an action is offered: verbs on the selection, other verbs, views, settings."""
    if action.where is Where.EVERYWHERE or action.id == "zone":
        return _SETTINGS
    if action.id.startswith("view.") or action.id == "jump":
        return _VIEWS
    return _SELECTION if action.id in {*NEED_A_ROW, "inspect"} else _OTHER


def _go_to(name: str) -> Content:
    # The matcher's own highlighting would read a name as markup.
    return Content.assemble(("Go to ", "$dim"), plain(name))
