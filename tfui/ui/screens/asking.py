"""A question before something that is not taken back easily: the safe answer first and in focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from tfui.ui.key_map import key_map_of
from tfui.ui.keys import Where, bindings, closing
from tfui.ui.options import is_ascii
from tfui.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: what it gives, what it says, and the action that presses it."""

    gives: str
    words: str
    action: str
    """The id of the action in the registry whose key presses it."""
    is_grave: bool = False


class Ask(Dialog[str]):
    """Gives the answer chosen; it begins on the first, which changes nothing and is given on closing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *closing(),
        *bindings(Where.ASKED, Where.UNSAVED, Where.QUITTING, Where.WELCOME),
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
        keys = key_map_of(self)
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._body, classes="dialog-body", markup=False)
            yield from self.condition()
            with Horizontal(classes="dialog-answers"):
                for answer in self._answers:
                    key = keys.name(answer.action, ascii=is_ascii(self))
                    yield Button(
                        Content.assemble((key, "underline"), f" {answer.words}"),
                        id=f"answer-{answer.gives}",
                        classes="-grave" if answer.is_grave else "",
                        compact=True,
                        disabled=not self.may_be_given(answer),
                    )

    def condition(self) -> ComposeResult:
        """Lay out what has to be done before an answer counts: nothing."""
        yield from ()

    def may_be_given(self, answer: Answer) -> bool:  # noqa: ARG002  # for those that ask more first
        """Whether an answer counts yet."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Let only the keys of the answers that are there do anything."""
        return action != "answer" or any(each.action in parameters for each in self._answers)

    def action_answer(self, action: str) -> None:
        """Take the answer that an action stands for."""
        answer = next(each for each in self._answers if each.action == action)
        if self.may_be_given(answer):
            self.dismiss(answer.gives)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_close(self) -> None:
        """Take the first answer."""
        self.dismiss(self._answers[0].gives)


CANCEL = "cancel"
GO = "go"


def confirmation(title: str, body: Content | str, verb: str) -> Ask:
    """Ask before doing `verb`: Cancel in focus, `y` does it."""
    return Ask(
        title,
        body,
        (Answer(CANCEL, "Cancel", "ask.no"), Answer(GO, verb, "ask.yes", is_grave=True)),
    )
