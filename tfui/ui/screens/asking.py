"""A question before something that is not taken back easily: the safe answer first and in focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tfui.ui.styles import DIALOGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: what it gives, what it says, and the letter that presses it."""

    gives: str
    words: str
    key: str
    is_grave: bool = False


class Ask(ModalScreen[str]):
    """Gives the answer chosen; escape gives the first, which changes nothing."""

    CSS_PATH: ClassVar = DIALOGS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "safe", "back", show=False),
        Binding("left,up", "app.focus_previous", "previous", show=False),
        Binding("right,down", "app.focus_next", "next", show=False),
    ]

    def __init__(self, title: str, body: Content | str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out title, body and answers."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._body, classes="dialog-body", markup=False)
            with Horizontal(classes="dialog-answers"):
                for answer in self._answers:
                    yield Button(
                        Content.assemble((answer.key, "underline"), f" {answer.words}"),
                        id=f"answer-{answer.gives}",
                        classes="-grave" if answer.is_grave else "",
                        compact=True,
                    )

    def on_mount(self) -> None:
        """Begin on the safe answer."""
        self.query(Button).first().focus()

    def on_key(self, event: events.Key) -> None:
        """Take the answer whose letter was typed."""
        for answer in self._answers:
            if event.key == answer.key:
                event.stop()
                self.dismiss(answer.gives)
                return

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_safe(self) -> None:
        """Take the first answer."""
        self.dismiss(self._answers[0].gives)


CANCEL = "cancel"
GO = "go"


def confirmation(title: str, body: Content | str, verb: str) -> Ask:
    """Ask before doing `verb`: Cancel in focus, `y` does it."""
    return Ask(
        title,
        body,
        (Answer(CANCEL, "Cancel", "n"), Answer(GO, verb, "y", is_grave=True)),
    )
