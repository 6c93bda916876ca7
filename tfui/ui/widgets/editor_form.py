"""The form of the editor: every field in its group, shown where the job type has it.

It turns keys into texts and shows problems; what the texts mean is the sheet's concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container, Vertical, VerticalScroll
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Label, TextArea

from tfui.ui.widgets import editor_payload
from tfui.ui.widgets.editor_choice import Choice
from tfui.ui.widgets.editor_expression import Expression
from tfui.ui.widgets.editor_field import Field, control_for
from tfui.ui.widgets.editor_fields import (
    EXPRESSION,
    FIELDS,
    GROUPS,
    JSON,
    MODE,
    PER_KIND,
    RAW,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tfui.errors import Problem


class Names(Suggester):
    """Completes from names that are known only later, in any case."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=False)
        self.known: Sequence[str] = ()

    async def get_suggestion(self, value: str) -> str | None:
        """Give the first name that begins so."""
        return next((name for name in self.known if name.casefold().startswith(value)), None)


class Form(VerticalScroll, can_focus=False):
    """All fields. `texts` is what stands in them; `Edited` says which one the user changed."""

    @dataclass
    class Edited(Message):
        """The user changed a field."""

        key: str

    @dataclass
    class Entered(Message):
        """The cursor came into a field."""

        key: str

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(id="form")
        self._texts = dict(texts)
        self.zones, self.queues = Names(), Names()
        suggesters = {"timezone": self.zones, "queue": self.queues}
        self.expression: Expression
        self._fields: dict[str, Field] = {}
        for spec in FIELDS:
            if spec.key == EXPRESSION:
                field: Field = Expression(spec)
            else:
                field = Field(spec, control_for(spec, suggesters.get(spec.key)))
            self._fields[spec.key] = field
        expression = self._fields[EXPRESSION]
        if isinstance(expression, Expression):
            self.expression = expression

    def compose(self) -> ComposeResult:
        """Lay the fields out group by group."""
        for group in GROUPS:
            with Vertical(classes="group"):
                yield Label(group, classes="group-title", markup=False)
                with Container(classes="group-fields"):
                    yield from (self._fields[spec.key] for spec in FIELDS if spec.group == group)

    def on_mount(self) -> None:
        """Write the texts into the fields."""
        for field in self._fields.values():
            control = field.control
            if isinstance(control, Input | TextArea):
                control.cursor_blink = self.app.animation_level != "none"
        self.fill(self._texts)

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the fields now."""
        return dict(self._texts)

    @property
    def kind(self) -> str:
        """The kind of trigger that is chosen."""
        return self._texts["schedule_type"]

    @property
    def is_raw(self) -> bool:
        """Whether the payload is edited as JSON."""
        return self._texts[MODE] == JSON or self._texts["job_type"] not in editor_payload.FORMS

    @property
    def focused_key(self) -> str | None:
        """The field that has the cursor."""
        focused = self.screen.focused
        field = None if focused is None else _field_around(focused)
        return None if field is None else field.spec.key

    def fill(self, texts: Mapping[str, str]) -> None:
        """Replace what stands in all fields."""
        self._texts = dict(texts)
        for key, field in self._fields.items():
            if key != EXPRESSION:
                with field.prevent(Input.Changed, TextArea.Changed):
                    field.text = self._texts[key]
        self._show_kind()
        self._arrange()

    def put_expression(self, kind: str, expression: str) -> None:
        """Take a trigger from elsewhere, as if it had been typed."""
        self._texts["schedule_type"] = kind
        self._texts[PER_KIND_OF[kind]] = expression
        self._fields["schedule_type"].text = kind
        self._show_kind()
        self.post_message(self.Edited(EXPRESSION))

    def offer_job_types(self, names: Sequence[str]) -> None:
        """Offer the job types of plug-ins too."""
        control = self._fields["job_type"].control
        if isinstance(control, Choice):
            known = [*control.options, *(name for name in names if name not in control.options)]
            control.offer(known)

    def show_problems(self, problems: Mapping[str, Problem]) -> None:
        """Show each field's problem, and that the others have none."""
        for key, field in self._fields.items():
            field.show_problem(problems.get(key))

    def enter_first(self, problems: Mapping[str, Problem]) -> None:
        """Put the cursor where the first problem is."""
        for spec in FIELDS:
            if spec.key in problems:
                self._fields[spec.key].enter()
                return

    def field(self, key: str) -> Field:
        """Give one field."""
        return self._fields[key]

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _take(self, event: Input.Changed | TextArea.Changed | Choice.Changed) -> None:
        event.stop()
        control = event.control
        field = _field_around(control)
        if field is None:
            return
        key = field.spec.key
        kept_as = PER_KIND_OF[self.kind] if key == EXPRESSION else key
        if self._texts[kept_as] == field.text:
            return
        self._texts[kept_as] = field.text
        if key == "schedule_type":
            self._show_kind()
        elif key in {"job_type", MODE}:
            self._arrange()
        self.post_message(self.Edited(key))

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    def on_descendant_focus(self) -> None:
        """Tell which field the cursor came into."""
        key = self.focused_key
        if key is not None:
            self.post_message(self.Entered(key))

    def _show_kind(self) -> None:
        kind = self.kind
        with self.expression.prevent(Input.Changed):
            self.expression.text = self._texts[PER_KIND_OF[kind]]
        self.expression.set_kind(kind)

    def _arrange(self) -> None:
        job_type, is_raw = self._texts["job_type"], self.is_raw
        self.offer_job_types([job_type])
        for spec in FIELDS:
            if spec.job_type is not None:
                self._fields[spec.key].display = spec.job_type == job_type and not is_raw
        self._fields[RAW].display = is_raw
        self._fields[MODE].display = job_type in editor_payload.FORMS


PER_KIND_OF = {str(kind): key for kind, key in PER_KIND.items()}


def _field_around(control: Widget) -> Field | None:
    around: Iterator[Field] = (node for node in control.ancestors if isinstance(node, Field))
    return next(around, None)
