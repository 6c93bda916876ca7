"""One of a few options, on one line: all of them side by side where they fit, else one to turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tfui.ui.options import is_ascii
from tfui.ui.twins import in_ascii

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

_GAP = "  "
_TURNS = {"left": -1, "right": 1, "space": 1}
_ENDS = {"home": 0, "end": -1}


class Choice(Widget, can_focus=True):
    """A row of options. Arrows move, space goes round, a letter jumps, a click takes."""

    value: reactive[str] = reactive("")
    """The option that is taken."""

    @dataclass
    class Changed(Message):
        """An option was taken by the user."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            """The widget it came from."""
            return self.choice

    def __init__(
        self,
        options: Sequence[str],
        *,
        value: str,
        shown: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.set_reactive(Choice.value, value)
        self._options = list(options)
        self._shown = dict(shown or {})

    @property
    def options(self) -> tuple[str, ...]:
        """What may be taken."""
        return tuple(self._options)

    def offer(self, options: Sequence[str]) -> None:
        """Replace the options; what is taken stays taken."""
        self._options = list(options)
        self.refresh()

    def render(self) -> Content:
        """Draw all options if there is room, else the one that is taken."""
        drawn = self._draw()
        return in_ascii(drawn) if is_ascii(self) else drawn

    def _draw(self) -> Content:
        if self.is_spread:
            parts = [self._option(option) for option in self._options]
            return Content(_GAP).join(parts)
        place = self._place + 1
        taken = f"\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} {self._word(self.value)} \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
        return Content.assemble(
            (taken, self._taken_style), (f" {place}/{len(self._options)}", "$dim")
        )

    @property
    def is_spread(self) -> bool:
        """Whether all options are side by side."""
        return self.size.width >= sum(self._widths()) + len(_GAP) * (len(self._options) - 1)

    def turn(self, by: int) -> None:
        """Take the option `by` places on, going round."""
        self._take(self._options[(self._place + by) % len(self._options)])

    def on_key(self, event: events.Key) -> None:
        """Take another option, or the next one that begins with the letter typed."""
        # Not by bindings: those act on what has the focus by the time they are looked up, and a tab
        # typed right behind an arrow would have moved it on.
        if event.key in _TURNS:
            self.turn(_TURNS[event.key])
        elif event.key in _ENDS:
            self._take(self._options[_ENDS[event.key]])
        elif event.character is not None and event.character.isalnum():
            self._jump(event.character.lower())
        else:
            return
        event.stop()
        event.prevent_default()

    def _jump(self, letter: str) -> None:
        following = self._options[self._place + 1 :] + self._options[: self._place + 1]
        found = (option for option in following if self._word(option).lower().startswith(letter))
        self._take(next(found, self.value))

    def on_click(self, event: events.Click) -> None:
        """Take the option under the pointer, or turn."""
        self.focus()
        if not self.is_spread:
            self.turn(1)
            return
        left = 0
        for option, width in zip(self._options, self._widths(), strict=True):
            if left <= event.x < left + width + len(_GAP):
                self._take(option)
                return
            left += width + len(_GAP)

    def watch_has_focus(self, _focused: bool) -> None:  # noqa: FBT001  # Textual's signature
        """Draw the mark of focus, or take it away."""
        super().watch_has_focus(_focused)
        self.refresh()

    @property
    def _place(self) -> int:
        return self._options.index(self.value) if self.value in self._options else 0

    @property
    def _taken_style(self) -> str:
        return "bold reverse" if self.has_focus else "bold"

    def _widths(self) -> list[int]:
        return [cell_len(self._word(option)) + 4 for option in self._options]

    def _word(self, option: str) -> str:
        return self._shown.get(option, option)

    def _option(self, option: str) -> Content:
        is_taken = option == self.value
        mark = "(\N{BULLET})" if is_taken else "( )"
        return Content.assemble(
            (f"{mark} {self._word(option)}", self._taken_style if is_taken else "$dim")
        )

    def _take(self, option: str) -> None:
        if option != self.value:
            self.value = option
            self.post_message(self.Changed(self, option))
