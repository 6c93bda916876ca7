"""The bottom line: the keys that work here and now, as many as fit; each is also a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tfui.ui import keys
from tfui.ui.keys import BY_ID, Action
from tfui.ui.plain import to_ascii

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

_AT_THE_END = ("palette",)


def _is_typed(focused: Widget | None, action: Action) -> bool:
    """Whether the focused widget takes the key for itself, as a text field does."""
    key = action.keys[0]
    name = keys.spell(key)
    character = name if len(name) == 1 and key != "enter" else None
    return focused is not None and focused.check_consume_key(key, character)


class KeyFooter(Widget):
    """Made from the registry of actions and the bindings that are live on the screen."""

    DEFAULT_CSS = "KeyFooter { height: 1; dock: bottom; }"

    def __init__(self, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__()
        self._ascii = ascii

    def on_mount(self) -> None:
        """Draw again when other keys become live."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        """Draw the keys from the left, the palette's at the right."""
        live = self._live()
        last = [self._one(action) for action in live if action.id in _AT_THE_END]
        right = Content("  ").join(last)
        room = self.size.width - right.cell_length - 2
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

    def _live(self) -> list[Action]:
        found = {
            active.binding.id: None
            for active in self.screen.active_bindings.values()
            if active.enabled and active.binding.id is not None
        }
        focused = self.screen.focused
        actions = [
            BY_ID[name]
            for name in found
            if name in BY_ID and BY_ID[name].rank and not _is_typed(focused, BY_ID[name])
        ]
        return sorted(actions, key=lambda action: action.rank)

    def _one(self, action: Action) -> Content:
        key = keys.key_name(action, ascii=self._ascii)
        word = to_ascii(action.word) if self._ascii else action.word
        piece = Content.assemble((key, "bold $footer-key-foreground"), " ", (word, "$dim"))
        return piece.stylize(Style.from_meta({"presses": action.keys[0]}))
