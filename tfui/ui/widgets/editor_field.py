"""One field of the form: its label, what it is typed in, and its problem below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, TextArea

from tfui.ui.widgets.editor_choice import Choice
from tfui.ui.widgets.editor_fields import UNSET, Control, FieldSpec
from tfui.ui.widgets.editor_problem import ProblemLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.suggester import Suggester

    from tfui.errors import Problem


class Field(Vertical):
    """A label and a control. `text` is what stands in it, whatever the control."""

    def __init__(self, spec: FieldSpec, control: Input | TextArea | Choice) -> None:
        super().__init__(classes="-wide-field" if spec.is_wide else "")
        self.spec = spec
        self.control = control
        typed_in = self.control if isinstance(self.control, Input) else None
        self.problem_line = ProblemLine(typed_in)
        self.problem: Problem | None = None
        self.label = Label(spec.label, classes="field-label", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out label and control, and room for a problem."""
        with Horizontal(classes="field-row"):
            yield self.label
            yield self.control
        with Horizontal(classes="field-under"):
            yield self.problem_line

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

    def show_problem(self, problem: Problem | None) -> None:
        """Show what is wrong, or that nothing is."""
        self.problem = problem
        self.set_class(problem is not None, "-wrong")
        self.problem_line.show(problem)

    def enter(self) -> None:
        """Give it the focus, the cursor where its problem begins."""
        self.control.focus()
        problem = self.problem
        if problem is None or problem.span is None:
            return
        if isinstance(self.control, Input):
            self.control.cursor_position = min(problem.span[1], len(self.control.value))
        elif isinstance(self.control, TextArea):
            before = self.control.text[: problem.span[0]]
            line = before.count("\n")
            self.control.move_cursor((line, len(before) - before.rfind("\n") - 1))


def control_for(spec: FieldSpec, suggester: Suggester | None = None) -> Input | TextArea | Choice:
    """Make what a field is typed in."""
    if spec.control is Control.CHOICE:
        return Choice(spec.options, shown={"": UNSET.get(spec.key, "")})
    if spec.control is Control.AREA:
        return TextArea(compact=True, placeholder=spec.placeholder, show_line_numbers=False)
    return Input(compact=True, placeholder=spec.placeholder, suggester=suggester)
