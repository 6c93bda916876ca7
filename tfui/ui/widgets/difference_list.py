"""The fields on which two sides do not agree, a line each, and whose version of each is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from tfui.ui.merging import Pick
from tfui.ui.plain import fit, to_ascii
from tfui.ui.widgets.editor_changes import shown
from tfui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.ui.merging import Difference
    from tfui.ui.widgets.line_styles import Ground

_MARKS = 5  # cells: the cursor's mark, the disputed's, and the gap
_BUTTON = 4
_LONGEST_LABEL = 14


class DifferenceList(LineList):
    """Draws was, theirs and mine; what only one side changed is that side's from the start."""

    def __init__(self, found: Sequence[Difference], *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self.found = found
        self.picks: dict[str, Pick] = {each.key: each.only for each in found if each.only}
        """Whose version is taken, by field; what both changed is not there until it is decided."""

    def on_mount(self) -> None:
        """Begin on the first field that is to be decided."""
        self.recount()
        disputed = (place for place, each in enumerate(self.found) if each.only is None)
        self.move_to(next(disputed, 0))

    @property
    def undecided(self) -> int:
        """How many fields are still to be decided."""
        return len(self.found) - len(self.picks)

    @property
    def current(self) -> Difference:
        """The field under the cursor."""
        return self.found[self.cursor]

    def pick(self, pick: Pick) -> None:
        """Take one side's version of the field under the cursor."""
        self.picks[self.current.key] = pick
        self.refresh()

    def pick_all(self, pick: Pick) -> None:
        """Take one side's version of every field."""
        self.picks = {each.key: pick for each in self.found}
        self.refresh()

    def line_count(self) -> int:
        """How many fields there are."""
        return len(self.found)

    def columns(self, width: int) -> tuple[int, int]:
        """Give the cells of the label and of each of the three texts."""
        longest = max((len(each.label) for each in self.found), default=0)
        label = min(longest, _LONGEST_LABEL) + 2
        return label, max(6, (width - _MARKS - label - 2 * _BUTTON) // 3)

    def heading(self, width: int) -> str:
        """Name the columns."""
        label, text = self.columns(width)
        gap = " " * _BUTTON
        return f"{' ' * (_MARKS + label)}{'was':<{text}}{gap}{'theirs':<{text}}{gap}mine"

    def draw(self, index: int, width: int, ground: Ground) -> Strip:
        """Draw one field."""
        each, styles = self.found[index], self.styles_now
        label, text = self.columns(width)
        pick = self.picks.get(each.key)
        dot = "*" if self._ascii else "•"
        cells = [
            (f"{'›' if index == self.cursor else ' '} ", "mark"),
            (f"{'!' if each.only is None else ' '}  ", "st-late"),
            (fit(each.label, label), "name"),
            (fit(shown(each.was), text - 1) + " ", "dim"),
        ]
        for side, said in ((Pick.THEIRS, each.theirs), (Pick.MINE, each.mine)):
            is_taken = pick is side
            cells += [
                (f"({dot}) " if is_taken else "( ) ", "plain"),
                (fit(shown(said), text - 1) + " ", "name" if is_taken else "dim"),
            ]
        return Strip(
            [
                Segment(to_ascii(said) if self._ascii else said, styles.of(role, ground))
                for said, role in cells
            ]
        ).adjust_cell_length(width, styles.of("plain", ground))
