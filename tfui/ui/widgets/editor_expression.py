"""The expression of a trigger: its text, a mark under the field at the cursor, and a ruler.

While the text is wrong the mark becomes a caret under the wrong characters, with the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Input

from tfui.core.cron_text import ALIASES, LONGEST, cron_fields
from tfui.core.states import ScheduleType
from tfui.ui.widgets.editor_field import Field
from tfui.ui.widgets.editor_lines import Lines
from tfui.ui.widgets.editor_problem import caret, draw_problem

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tfui.core.cron_text import FieldSpan
    from tfui.errors import Problem
    from tfui.ui.widgets.editor_spec import FieldSpec

LABELS = {"cron": "Cron", "recurring": "Every", "once": "At"}
PLACEHOLDERS = {
    "cron": "minute hour day month weekday, or @daily",
    "recurring": "90s, 1h30m, 2d or PT1H30M",
    "once": "2027-03-01 09:00, or 30m from now",
}
_SHORT = {
    "second": "sec",
    "minute": "min",
    "hour": "hour",
    "day of month": "dom",
    "month": "mon",
    "day of week": "dow",
}
_FIVE = ("minute", "hour", "day of month", "month", "day of week")
_SIX = ("second", *_FIVE)
_OTHER_RULERS = {
    "recurring": "w d h m s in that order, like 90s or 1d12h",
    "once": "the zone's clock, or add an offset like +01:00",
}
_FORMS = "*  5  1,5  1-5  */5"


class Expression(Field):
    """The field of the expression, with its ruler; knows which kind of trigger it is for."""

    def __init__(self, spec: FieldSpec, *, blink: bool) -> None:
        self.line = Input(compact=True)
        self.line.cursor_blink = blink
        super().__init__(spec, self.line)
        self.kind = "cron"
        self._mark = Lines(classes="expression-mark")
        self._ruler = Lines(classes="expression-ruler")

    def compose(self) -> ComposeResult:
        """Put the mark and the ruler under the text."""
        yield self.line
        yield self._mark
        yield self._ruler

    def on_mount(self) -> None:
        """Follow the cursor, which moves without changing the text."""
        self.watch(self.line, "selection", self.redraw, init=False)
        self.watch(self.line, "has_focus", self.redraw, init=False)

    def set_kind(self, kind: str) -> None:
        """Become the field of another kind of trigger."""
        self.kind = kind
        self.display = kind != ScheduleType.CHAINED  # it has no time to write
        self.label = LABELS.get(kind, kind)
        self.line.placeholder = PLACEHOLDERS.get(kind, "")
        self.redraw()

    def show_problem(self, problem: Problem | None) -> None:
        """Show the caret in place of the mark, or the mark again."""
        self.problem = problem
        self.refresh()
        self.redraw()

    def redraw(self) -> None:
        """Draw mark and ruler for where the cursor is now."""
        active = self._active() if self.kind == "cron" and self.line.has_focus else None
        self._ruler.draw(self._draw_ruler(active))
        if self.problem is None:
            drawn = self._draw_mark(active)
        else:
            drawn = draw_problem(self.problem, self.line, self.line.size.width)
        self._mark.draw(drawn)
        # A sentence too long for the caret's line takes the ruler's, so that nothing below moves.
        self._ruler.display = "\n" not in drawn.plain

    def on_resize(self) -> None:
        """Lay mark and ruler out anew."""
        self.redraw()

    def _active(self) -> FieldSpan | None:
        cursor = self.line.cursor_position
        fields = cron_fields(self.line.value[:LONGEST])
        return next((field for field in fields if field.start <= cursor <= field.end), None)

    def _draw_mark(self, active: FieldSpan | None) -> Content:
        marked = None if active is None else caret((active.start, active.end), self.line)
        if active is None or marked is None:
            return Content(" ")
        start, length = marked
        mark = " " * start + "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * length
        allowed = f" {active.allowed}"
        is_room = self.line.size.width >= cell_len(mark + allowed)
        return Content.assemble((mark, "$accent"), allowed if is_room else "")

    def _draw_ruler(self, active: FieldSpan | None) -> Content:
        if self.kind != "cron":
            return Content.assemble((_OTHER_RULERS.get(self.kind, ""), "$dim"))
        alias = self.line.value.strip().upper()
        if alias in ALIASES:
            return Content.assemble((f"{alias.lower()} stands for {ALIASES[alias]}", "$dim"))
        names = _SIX if len(self.line.value.split()) > 5 else _FIVE
        lit = "" if active is None else active.name
        parts = [
            Content.assemble((_SHORT[name], "bold $accent" if name == lit else "$dim"))
            for name in names
        ]
        return Content(" ").join(parts) + Content.assemble((f"   {_FORMS}", "$dim"))
