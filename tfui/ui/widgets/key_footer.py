"""The bottom line: the keys that work here and now, as many as fit; each is also a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tfui.ui import keys
from tfui.ui.key_map import key_map_of
from tfui.ui.keys import BY_ID, Action
from tfui.ui.plain import to_ascii
from tfui.ui.views.registry import VIEWS
from tfui.ui.widgets.view_strip import ViewStrip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.binding import ActiveBinding
    from textual.screen import Screen

_AT_THE_END = ("palette",)


def _is_typed(focused: Widget | None, key: str) -> bool:
    """Whether the focused widget takes the key for itself, as a text field does."""
    name = keys.spell(key)
    character = name if len(name) == 1 and key != "enter" else None
    return focused is not None and focused.check_consume_key(key, character)


def _is_taken(bound: Mapping[str, ActiveBinding], name: str) -> bool:
    """Whether the view in front gives the key of an action another meaning."""
    action = BY_ID.get(name)
    owner = None if action is None else bound.get(action.keys[0])
    return owner is not None and owner.binding.id != name


class KeyFooter(Widget):
    """Made from the registry of actions and the bindings that are live on the screen."""

    DEFAULT_CSS = "KeyFooter { height: 1; dock: bottom; }"

    def __init__(self, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__()
        self._ascii = ascii
        self._was_low = False
        """Whether the terminal was too low for the strip of views when this was drawn."""

    def on_mount(self) -> None:
        """Draw again when other keys become live, or the strip of views comes or goes."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def _laid_out(self, screen: Screen[object]) -> None:
        if screen.has_class("-low") != self._was_low:
            self.refresh()

    def render(self) -> Content:
        """Draw the keys from the left, the palette's at the right, and those of views without a strip."""
        live = self._live()
        last = [self._one(action) for action in live if action.id in _AT_THE_END]
        self._was_low = self.screen.has_class("-low")
        if self._was_low and last and not self._is_typing:
            last.insert(0, self._views())
        right = Content("  ").join(last)
        room = self.size.width - right.cell_length - 1
        left = Content(" ")
        for action in live:
            if action.id in _AT_THE_END:
                continue
            piece = self._one(action)
            if left.cell_length + piece.cell_length + 2 > room:
                break
            left = Content.assemble(left, piece, "  ")
        gap = self.size.width - left.cell_length - right.cell_length - 1
        return Content.assemble(left, " " * max(0, gap), right)

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        key = event.style.meta.get("presses")
        if key is not None:
            self.app.simulate_key(key)

    @property
    def _is_typing(self) -> bool:
        focused = self.screen.focused
        return focused is not None and _is_typed(focused, self._key(BY_ID[VIEWS[0].action]))

    def _views(self) -> Content:
        """Name the keys of the views; a click goes to the next one."""
        name = key_map_of(self).name
        span = f"{name(VIEWS[0].action)}-{name(VIEWS[-1].action)}"
        told = Content.assemble((span, "bold $footer-key-foreground"), (" views", "$dim"))
        here = [entry.id for entry in VIEWS].index(self.screen.query_one(ViewStrip).current)
        following = BY_ID[VIEWS[(here + 1) % len(VIEWS)].action]
        return told.stylize(Style.from_meta({"presses": self._key(following)}))

    def _live(self) -> list[Action]:
        bound = self.screen.active_bindings
        found = {
            active.binding.id: None
            for active in bound.values()
            if active.enabled
            and active.binding.id is not None
            and not _is_taken(bound, active.binding.id)
        }
        focused = self.screen.focused
        actions = [
            BY_ID[name]
            for name in found
            if name in BY_ID and BY_ID[name].rank and not _is_typed(focused, self._key(BY_ID[name]))
        ]
        return sorted(actions, key=lambda action: action.rank)

    def _one(self, action: Action) -> Content:
        key = keys.spell(self._key(action), ascii=self._ascii)
        word = to_ascii(action.word) if self._ascii else action.word
        piece = Content.assemble((key, "bold $footer-key-foreground"), " ", (word, "$dim"))
        return piece.stylize(Style.from_meta({"presses": self._key(action)}))

    def _key(self, action: Action) -> str:
        return key_map_of(self).keys(action)[0]
