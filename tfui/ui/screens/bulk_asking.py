"""A question before an act on many: how many, which first, and for very many the count to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widgets import Button, Input, Static

from tfui.ui.plain import plain
from tfui.ui.screens.asking import CANCEL, Answer, Ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

MANY = 20
"""More than this many are only touched after their count was typed."""
NAMED = 3


class BulkAsk(Ask):
    """Gives the answer chosen; Cancel, as closing, changes nothing."""

    def __init__(
        self, title: str, names: Sequence[str], count: int, answers: Sequence[Answer], note: str
    ) -> None:
        cancel = Answer(CANCEL, "Cancel", "ask.no")
        super().__init__(title, _named(names, count, note), (cancel, *answers))
        self._count = count

    def condition(self) -> ComposeResult:
        """Ask for the count to be typed, where there are very many."""
        if self._count > MANY:
            asked = f"There are more than {MANY}: type {self._count} to go on"
            yield Static(asked, classes="dialog-body", markup=False)
            typed = Input(id="count", compact=True, restrict="[0-9]*", max_length=7)
            typed.cursor_blink = False
            yield typed

    def may_be_given(self, answer: Answer) -> bool:
        """Whether an answer counts yet: Cancel does, the others once the count is there."""
        if answer.gives == CANCEL or self._count <= MANY:
            return True
        typed = self.query("#count")
        return bool(typed) and typed.first(Input).value == str(self._count)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        for answer in self._answers:
            button = self.query_one(f"#answer-{answer.gives}", Button)
            button.disabled = not self.may_be_given(answer)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        first = self._answers[1]
        if self.may_be_given(first):
            self.dismiss(first.gives)


def _named(names: Sequence[str], count: int, note: str) -> Content:
    named = ", ".join(plain(name) for name in names[:NAMED])
    more = count - len(names[:NAMED])
    named = f"{named} and {more:,} more" if more else named
    return Content(f"{named}\n\n{note}" if note else named)
