"""Every key and what it does, made from the registry; typing narrows it down."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tfui.ui import keys
from tfui.ui.glyphs import OF_CONDITION, SKIPPED
from tfui.ui.key_map import KeyMap
from tfui.ui.keys import ACTIONS, Action, Where, closing
from tfui.ui.plain import to_ascii
from tfui.ui.screens.scrolling import ScrolledDialog
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType


_IN_MANY = frozenset({Where.MOVING, Where.VIEWS, Where.EVERYWHERE})
"""Places whose keys one meets in many: they come after what is there in one alone."""


class HelpScreen(ScrolledDialog[None]):
    """The help, filterable."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing("help")]

    def __init__(
        self,
        *,
        ascii: bool = False,  # noqa: A002  # the option's name
        key_map: KeyMap | None = None,
        here: Iterable[Where] = (),
    ) -> None:
        super().__init__()
        self._here = tuple(here)
        self._ascii = ascii
        self._key_map = key_map or KeyMap()

    def compose(self) -> ComposeResult:
        """Lay out filter and list."""
        with Vertical(classes="dialog -wide-dialog"):
            yield Static("Keys", classes="dialog-title")
            found = Input(placeholder="type to search", id="help-filter", compact=True)
            found.cursor_blink = False
            yield found
            with VerticalScroll(id="help-scroll", can_focus=False):
                yield Static("", id="help-text", markup=False)
            yield Hint("↑ ↓ scroll", close="close")

    def on_mount(self) -> None:
        """Show everything first."""
        self._show("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    def _show(self, wanted: str) -> None:
        text = help_text(wanted, ascii=self._ascii, key_map=self._key_map, here=self._here)
        self.query_one("#help-text", Static).update(text)
        self.query_one("#help-scroll").scroll_home(animate=False)


def help_text(
    wanted: str,
    *,
    ascii: bool,  # noqa: A002  # the option's name
    key_map: KeyMap | None = None,
    here: Iterable[Where] = (),
) -> Content:
    """Give the lines that have every word of `wanted` in them; those of the places `here` first."""
    words = wanted.lower().split()
    lines: list[Content] = []
    key_map = key_map or KeyMap()
    for where in dict.fromkeys([*sorted(here, key=_IN_MANY.__contains__), *Where]):
        part = [
            _line(action, key_map, ascii=ascii, has_id=bool(words))
            for action in ACTIONS
            if action.where is where
        ]
        part = [line for line in part if _has(line, words, str(where))]
        if part:
            lines += [Content.styled(str(where), "bold $accent"), *part, Content("")]
    signs = [line for line in _signs(ascii=ascii) if _has(line, words, "Signs")]
    if signs:
        lines += [Content.styled("Signs", "bold $accent"), *signs]
    if not lines:
        return Content.styled(f"No key is about {wanted.strip()!r}.", "$dim")
    text = Content("\n").join(lines)
    return Content(to_ascii(text.plain)) if ascii else text


def _has(line: Content, words: list[str], where: str) -> bool:
    text = f"{where} {line.plain}".lower()
    return all(word in text for word in words)


def _line(
    action: Action,
    key_map: KeyMap,
    *,
    ascii: bool,  # noqa: A002  # the option's name
    has_id: bool,
) -> Content:
    """Write an action with its keys; its id as well, for config.toml, where there is a search."""
    names = "  ".join(keys.spell(key, ascii=ascii) for key in key_map.keys(action))
    said = f"\n{'':14}{action.id}" if has_id else ""
    return Content.assemble(
        (f"  {names:<12}", "bold $footer-key-foreground"), action.help, (said, "$dim")
    )


def _signs(*, ascii: bool) -> list[Content]:  # noqa: A002  # the option's name
    glyphs = [*OF_CONDITION.values(), SKIPPED]
    return [
        Content.assemble((f"  {glyph.drawn(ascii=ascii):<12}", f"bold {glyph.style}"), glyph.word)
        for glyph in glyphs
    ]
