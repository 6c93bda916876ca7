"""One field of the form: its label, what it is typed in, and its problem below.

Forms are long and every widget costs time to open, so the label is drawn by the field itself and
the line for problems is made only once there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tfui.ui.widgets.editor_choice import Choice
from tfui.ui.widgets.editor_fields import SHOWN
from tfui.ui.widgets.editor_problem import ProblemLine
from tfui.ui.widgets.editor_spec import Control, FieldSpec

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.suggester import Suggester

    from tfui.errors import Problem


class Field(Widget):
    """A label and a control. `text` is what stands in it, whatever the control."""

    def __init__(self, spec: FieldSpec, control: Input | TextArea | Choice) -> None:
        super().__init__(classes="" if spec.is_wide else "half")
        self.spec = spec
        self.control = control
        self.label = spec.label
        self.problem: Problem | None = None
        self._problem_line: ProblemLine | None = None

    def compose(self) -> ComposeResult:
        """Put the control beside the label."""
        yield self.control

    def render(self) -> Content:
        """Draw the label; what is typed in lies beside it."""
        if self.problem is not None:
            style = "bold $text-error"
        else:
            style = "bold $accent" if self.has_focus_within else "$dim"
        return Content.assemble((self.label, style))

    @property
    def text(self) -> str:
        """What stands in it."""
        if isinstance(self.control, TextArea):
            return self.control.text
        return self.control.value

    @text.setter
    def text(self, text: str) -> None:
        if text == self.text:
            return
        if isinstance(self.control, TextArea):
            self.control.text = text
        else:
            self.control.value = text

    def on_descendant_focus(self) -> None:
        """Light the label."""
        self.refresh()

    def on_descendant_blur(self) -> None:
        """Dim the label."""
        self.refresh()

    def show_problem(self, problem: Problem | None) -> None:
        """Show what is wrong, or that nothing is."""
        if problem == self.problem:
            return
        self.problem = problem
        self.refresh()
        if self._problem_line is None:
            typed_in = None if isinstance(self.control, Choice) else self.control
            self._problem_line = ProblemLine(typed_in)
            self.mount(self._problem_line)
        self._problem_line.show(problem)
        if problem is not None and self.has_focus_within:
            self.call_after_refresh(self._problem_line.scroll_visible, animate=False)

    def enter(self) -> None:
        """Give it the focus, the cursor where its problem begins."""
        self.control.focus()
        if self.problem is None or self.problem.span is None:
            return
        start, end = self.problem.span
        if isinstance(self.control, Input):
            self.control.cursor_position = min(end, len(self.control.value))
        elif isinstance(self.control, TextArea):
            before = self.control.text[:start]
            line = before.count("\n")
            self.control.move_cursor((line, len(before) - before.rfind("\n") - 1))


def control_for(
    spec: FieldSpec, text: str, *, suggester: Suggester | None = None, blink: bool = True
) -> Input | TextArea | Choice:
    """Make what a field is typed in, with `text` in it."""
    if spec.control is Control.CHOICE:
        return Choice(spec.options, value=text, shown=SHOWN.get(spec.key))
    line: Input | TextArea
    if spec.control is Control.AREA:
        line = TextArea(text, compact=True, placeholder=spec.placeholder)
    else:
        line = Input(text, compact=True, placeholder=spec.placeholder, suggester=suggester)
    line.cursor_blink = blink
    return line
