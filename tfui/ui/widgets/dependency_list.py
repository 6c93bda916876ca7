"""What a schedule comes after and what comes after it, each with how it is doing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui import glyphs
from tfui.ui.dependency_words import how, side
from tfui.ui.plain import fit, to_ascii
from tfui.ui.signs import condition_of
from tfui.ui.widgets.line_list import LineList
from tfui.ui.widgets.schedule_cells import next_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tfui.clock import Clock
    from tfui.ui.detail_reading import DetailLook, Neighbour
    from tfui.ui.widgets.line_styles import Ground

_NEXT = 10  # cells, as in the list
_HOW = 22
_ROOMY = 66  # cells; below this the state's sign stands for what is next


class DependencyList(LineList):
    """One line a neighbour, parents first; opening one goes there."""

    def __init__(self, clock: Clock, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._clock = clock
        self._ascii = ascii
        self._rows: Sequence[Neighbour] = ()
        self._shown_of: UUID | None = None

    @property
    def cursor_row(self) -> Neighbour | None:
        """The neighbour under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def show(self, look: DetailLook) -> None:
        """Take a new reading; one made while another tab was in front has no neighbours."""
        schedule_id = look.detail.row.id
        if schedule_id != self._shown_of:
            self.cursor = 0
            self._rows = ()
        if look.neighbours is not None:
            self._rows = look.neighbours
        self._shown_of = schedule_id
        self.recount()

    def clear(self) -> None:
        """Show nothing."""
        self._rows = ()
        self.recount()

    def line_count(self) -> int:
        """How many neighbours there are."""
        return len(self._rows)

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one neighbour: side, state, name, what is next for it, when the child may start."""
        each, now = self._rows[index], self._clock.now()
        state = condition_of(each.row, now)
        glyph = glyphs.OF_CONDITION[state]
        coming, role = next_words(each.row, state, now, _NEXT)
        next_width = _NEXT + 2 if width >= _ROOMY else 0
        name = max(8, min(32, width - 12 - _HOW - next_width - 2))
        styles = self.styles_now
        arrow = ">" if self._ascii else "›"
        parts = (
            (arrow if index == self.cursor else " ", "mark"),
            (f" {side(is_parent=each.is_parent):<8}", "dim"),
            (glyph.drawn(ascii=self._ascii), glyph.role),
            (f" {fit(each.row.name, name)}  ", "name"),
            (fit(coming, next_width), role),
            (fit(how(each.dependency), _HOW), "dim"),
        )
        return Strip(
            [
                Segment(to_ascii(text) if self._ascii else text, styles.of(role_, ground))
                for text, role_ in parts
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))
