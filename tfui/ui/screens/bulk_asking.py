"""A question before an act on many: how many, which first, and for very many the count to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tfui.ui.plain import plain
from tfui.ui.screens.asking import CANCEL, Answer
from tfui.ui.styles import DIALOGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

MANY = 20
"""More than this many are only touched after their count was typed."""
NAMED = 3


class BulkAsk(ModalScreen[str]):
    """Gives the answer chosen; escape and Cancel change nothing."""

    CSS_PATH: ClassVar = DIALOGS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "back", show=False),
        Binding("left,up", "app.focus_previous", "previous", show=False),
        Binding("right,down", "app.focus_next", "next", show=False),
    ]

    def __init__(
        self, title: str, names: Sequence[str], count: int, answers: Sequence[Answer], note: str
    ) -> None:
        super().__init__()
        self._title = title
        self._names = names
        self._count = count
        self._answers = (Answer(CANCEL, "Cancel", "n"), *answers)
        self._note = note

    def compose(self) -> ComposeResult:
        """Lay out what it is about, the count to be typed, and the answers."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._named(), classes="dialog-body", markup=False)
            if self._count > MANY:
                asked = f"There are more than {MANY}: type {self._count} to go on"
                yield Static(asked, classes="dialog-body", markup=False)
                typed = Input(id="count", compact=True, restrict="[0-9]*", max_length=7)
                typed.cursor_blink = False
                yield typed
            with Horizontal(classes="dialog-answers"):
                for answer in self._answers:
                    yield Button(
                        Content.assemble((answer.key, "underline"), f" {answer.words}"),
                        id=f"answer-{answer.gives}",
                        classes="-grave" if answer.is_grave else "",
                        compact=True,
                        disabled=not self._may_be_given(answer),
                    )

    def on_mount(self) -> None:
        """Begin on what is harmless, or on the count that is asked for."""
        (self.query_one("#count") if self._count > MANY else self.query(Button).first()).focus()

    def on_key(self, event: events.Key) -> None:
        """Take the answer whose letter was typed."""
        for answer in self._answers:
            if event.key == answer.key and self._may_be_given(answer):
                event.stop()
                self.dismiss(answer.gives)
                return

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        for answer in self._answers:
            button = self.query_one(f"#answer-{answer.gives}", Button)
            button.disabled = not self._may_be_given(answer)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        first = self._answers[1]
        if self._may_be_given(first):
            self.dismiss(first.gives)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(CANCEL)

    def _may_be_given(self, answer: Answer) -> bool:
        if answer.gives == CANCEL or self._count <= MANY:
            return True
        typed = self.query("#count")
        return bool(typed) and typed.first(Input).value == str(self._count)

    def _named(self) -> Content:
        names = ", ".join(plain(name) for name in self._names[:NAMED])
        more = self._count - len(self._names[:NAMED])
        named = f"{names} and {more:,} more" if more else names
        return Content(f"{named}\n\n{self._note}" if self._note else named)
