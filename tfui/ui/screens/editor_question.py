"""A question with a few answers, the safe one first and in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content


class Question(ModalScreen[str]):
    """Gives the answer chosen; escape gives the first, which must be the one that loses nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "safe", "back", show=False),
        Binding("left,up", "app.focus_previous", "previous", show=False),
        Binding("right,down", "app.focus_next", "next", show=False),
    ]

    def __init__(self, title: str, body: Content, answers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out title, text and answers."""
        with Vertical(id="question"):
            yield Label(self._title, id="question-title", markup=False)
            with VerticalScroll(id="question-body", can_focus=False):
                yield Static(self._body, markup=False)
            with Horizontal(id="question-answers"):
                for answer, words in self._answers:
                    yield Button(words, id=f"answer-{answer}", compact=True)

    def on_mount(self) -> None:
        """Begin on the safe answer."""
        self.query(Button).first().focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_safe(self) -> None:
        """Take the first answer."""
        self.dismiss(self._answers[0][0])
