"""The form of the editor: every field in its group, shown where the job type has it.

It turns keys into texts and shows problems; what the texts mean is the sheet's concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Label, Static, TextArea

from tfui.ui.widgets import editor_payload
from tfui.ui.widgets.editor_choice import Choice
from tfui.ui.widgets.editor_expression import Expression
from tfui.ui.widgets.editor_field import Field, control_for
from tfui.ui.widgets.editor_fields import FIELDS, SPEC
from tfui.ui.widgets.editor_layout import is_of_payload, rows
from tfui.ui.widgets.editor_names import Names
from tfui.ui.widgets.editor_spec import EXPRESSION, FIRST, GROUPS, JSON, MODE, PER_KIND, RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tfui.errors import Problem
    from tfui.ui.widgets.editor_spec import FieldSpec


class Form(VerticalScroll, can_focus=False):
    """All fields. `texts` is what stands in them; `Edited` says which one the user changed.

    The first groups are there at once, the others follow after the first frame.
    """

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
        self._problems: Mapping[str, Problem] = {}
        self._job_types: list[str] = []
        self.zones, self.queues = Names(), Names()
        self._fields: dict[str, Field] = {}
        self._payloads = Vertical(classes="fields")
        self._payload_of: dict[str, Vertical] = {}
        self.expression: Expression

    def compose(self) -> ComposeResult:
        """Lay out the groups that are seen first."""
        self.expression = Expression(SPEC[EXPRESSION], blink=self._blinks)
        self._fields[EXPRESSION] = self.expression
        for group in FIRST:
            yield from self._group(group)

    def on_mount(self) -> None:
        """Show the kind of trigger and payload, then make the other groups."""
        self._show_kind()
        self._arrange()
        # Watched, not told by message: the expression must be the new kind's before the next key.
        self.watch(self._fields["schedule_type"].control, "value", self._turn_kind, init=False)
        self.call_after_refresh(self._mount_rest)

    async def _mount_rest(self) -> None:
        later = [group for group in GROUPS if group not in FIRST]
        await self.mount(*(widget for group in later for widget in self._group(group)))
        self.show_problems(self._problems)

    def _group(self, group: str) -> Iterator[Widget]:
        first = " -first" if group == GROUPS[0] else ""
        yield Label(group, classes=f"group-title{first}", markup=False)
        specs = [spec for spec in FIELDS if spec.group == group]
        payload_at = next((n for n, spec in enumerate(specs) if is_of_payload(spec)), len(specs))
        yield from self._lay_out(specs[:payload_at])
        if payload_at < len(specs):
            yield self._payloads
        yield from self._lay_out([spec for spec in specs[payload_at:] if not is_of_payload(spec)])

    def _lay_out(self, specs: list[FieldSpec]) -> Iterator[Widget]:
        for row in rows(specs):
            fields: list[Widget] = [self._make(spec) for spec in row]
            if row[0].is_wide:
                yield from fields
                continue
            if len(fields) == 1:
                fields.append(Static(classes="half"))
            fields[1].add_class("-right")
            yield Horizontal(*fields, classes="fields")

    def _make(self, spec: FieldSpec) -> Field:
        if spec.key not in self._fields:
            suggester = {"timezone": self.zones, "queue": self.queues}.get(spec.key)
            control = control_for(
                spec, self._texts[spec.key], suggester=suggester, blink=self._blinks
            )
            self._fields[spec.key] = Field(spec, control)
        return self._fields[spec.key]

    @property
    def _blinks(self) -> bool:
        return self.app.animation_level != "none"

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

    def put(self, key: str, text: str) -> None:
        """Replace what stands in one field by what was there all along: nobody edited it."""
        self._texts[key] = text
        field = self._fields[key]
        with field.prevent(Input.Changed, TextArea.Changed):
            field.text = text

    def hold(self, key: str, *, is_held: bool) -> None:
        """Let nobody type into a field of several lines, until what stands in it is known."""
        control = self._fields[key].control
        if isinstance(control, TextArea):
            control.read_only = is_held

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
        self._problems = problems
        for key, field in self._fields.items():
            field.show_problem(problems.get(key))

    def enter_first(self, problems: Mapping[str, Problem]) -> None:
        """Put the cursor where the first problem is."""
        for spec in FIELDS:
            if spec.key in problems and spec.key in self._fields:
                self._fields[spec.key].enter()
                return

    def enter_first_field(self) -> None:
        """Put the cursor into the first field."""
        self._fields[FIELDS[0].key].enter()

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
        if key in {"job_type", MODE}:
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

    def _turn_kind(self, kind: str) -> None:
        if kind != self.kind:
            self._texts["schedule_type"] = kind
            self._show_kind()
            self.post_message(self.Edited("schedule_type"))

    def _show_kind(self) -> None:
        kind = self.kind
        with self.expression.prevent(Input.Changed):
            self.expression.text = self._texts[PER_KIND_OF[kind]]
        self.expression.set_kind(kind)

    def _arrange(self) -> None:
        """Show the fields of the payload as it is edited now, making them when first needed."""
        job_type, is_raw = self._texts["job_type"], self.is_raw
        self.offer_job_types([job_type])
        self._fields[MODE].display = job_type in editor_payload.FORMS
        wanted = RAW if is_raw else job_type
        if wanted not in self._payload_of:
            mine = [spec for spec in FIELDS if wanted in {spec.key, spec.job_type}]
            self._payload_of[wanted] = Vertical(*self._lay_out(mine), classes="fields")
            self._payloads.mount(self._payload_of[wanted])
        for name, fields in self._payload_of.items():
            fields.display = name == wanted


PER_KIND_OF = {str(kind): key for kind, key in PER_KIND.items()}


def _field_around(control: Widget) -> Field | None:
    around: Iterator[Field] = (node for node in control.ancestors if isinstance(node, Field))
    return next(around, None)
