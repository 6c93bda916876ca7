"""The field a filter is typed into: it completes words and values, and a line below it says what may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.suggester import Suggester
from textual.widgets import Input, Static

from tfui.core import filter_hints, filtering
from tfui.ui.plain import plain, to_ascii

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events

    from tfui.core.filter_words import Word
    from tfui.errors import Problem

_INVITATIONS = ("filter by name, schedule, command or tag", "filter by name or tag", "filter")
_INDENT = 3  # cells before the field's first


class FilterInput(Input):
    """Takes a filter; → accepts the completion that stands behind the cursor."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """Textual's own lays the whole screen out whenever it changes, that is with each letter."""

    def __init__(self) -> None:
        super().__init__(
            placeholder=_INVITATIONS[0],
            compact=True,
            id="filter",
            suggester=_Completion(self),
        )
        self.cursor_blink = False
        self.known: Mapping[Word, Sequence[str]] = {}
        """The values in use, once they were read."""

    def on_resize(self, event: events.Resize) -> None:
        """Invite in as many words as there is room for."""
        fitting = (words for words in _INVITATIONS if len(words) < event.size.width)
        self.placeholder = next(fitting, "")

    @property
    def problem(self) -> Problem | None:
        """What is wrong with the filter as it stands; None when it can be read."""
        return filtering.parse_typed(self.value)[1]


class _Completion(Suggester):
    """Takes the first of what may come next."""

    def __init__(self, field: FilterInput) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._field = field

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole text with its last term completed."""
        return next(iter(filter_hints.completions(value, self._field.known)), None)


class FilterNote(Static):
    """The line below: carets under a mistake and what it is, else what may stand here."""

    def __init__(self, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        super().__init__("", id="filter-note", markup=False)
        self._ascii = ascii

    def show(self, field: FilterInput) -> None:
        """Say what there is to say of a field; nothing takes no line."""
        problem = field.problem
        if problem is not None and field.has_focus and filter_hints.is_unfinished(field.value):
            problem = None
        self.display = field.has_focus or problem is not None
        if not self.display:
            return
        line = self._told(field, problem) if problem is not None else self._hint(field)
        # One line as wide as the screen, whatever it says.
        self.update(Content(to_ascii(line.plain)) if self._ascii else line, layout=False)

    def _hint(self, field: FilterInput) -> Content:
        text = filter_hints.hint(field.value, field.known) or filter_hints.OVERVIEW
        return Content.styled(" " * _INDENT + plain(text), "$dim").truncate(
            self.app.size.width - 1, ellipsis=True
        )

    def _told(self, field: FilterInput, problem: Problem) -> Content:
        start, end = problem.span or (0, 0)
        before, marked = cell_len(field.value[:start]), cell_len(field.value[start:end])
        needed = _INDENT + before + marked + cell_len(problem.text) + 2
        if cell_len(field.value) < field.size.width and needed <= self.app.size.width:
            place = " " * (_INDENT + before) + "^" * marked
            return Content.styled(f"{place} {plain(problem.text)}", "$st-fail")
        return Content.styled(f" ✗ {plain(problem.text)}", "$st-fail")
