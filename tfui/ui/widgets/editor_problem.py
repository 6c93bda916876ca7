"""What is wrong with a field, drawn under it: a caret below the characters, and the sentence."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from tfui.ui.options import is_ascii
from tfui.ui.plain import plain
from tfui.ui.twins import in_ascii

if TYPE_CHECKING:
    from tfui.errors import Problem

CROSS = "\N{BALLOT X}"
_SHORTEST = 16  # cells: a sentence squeezed beside the caret into less is put below it


class ProblemLine(Static):
    """The problem of one field; takes no room while there is none."""

    def __init__(self, typed_in: Input | TextArea | None = None) -> None:
        super().__init__(markup=False)
        self._typed_in = typed_in
        self._problem: Problem | None = None

    def show(self, problem: Problem | None) -> None:
        """Show a problem, or nothing."""
        self._problem = problem
        self.display = problem is not None
        self.redraw()

    def redraw(self) -> None:
        """Draw again: the text above has scrolled, or the width is another."""
        if self._problem is not None:
            # It stands right below the text, as wide as that; its own width is not known at first.
            width = self.size.width if self._typed_in is None else self._typed_in.size.width
            if isinstance(self._typed_in, TextArea):
                drawn = draw_in_line(self._problem, self._typed_in.text, width)
            else:
                drawn = draw_problem(self._problem, self._typed_in, width)
            self.update(in_ascii(drawn) if is_ascii(self) else drawn)

    def on_resize(self) -> None:
        """Lay the sentence out anew."""
        self.redraw()


def draw_problem(problem: Problem, typed_in: Input | None, width: int) -> Content:
    """Draw the caret and the sentence, side by side where both fit `width` cells."""
    sentence = f"{CROSS} {plain(problem.text)}"
    wrapped = "\n".join(textwrap.wrap(sentence, max(width, _SHORTEST)))
    marked = None if typed_in is None else caret(problem.span, typed_in)
    if marked is None:
        return Content.assemble((wrapped, "$text-error"))
    start, length = marked
    mark = " " * start + "^" * length
    room = width - len(mark) - 1
    if room >= max(_SHORTEST, cell_len(sentence)):
        return Content.assemble((f"{mark} ", "bold $text-error"), (sentence, "$text-error"))
    return Content.assemble((f"{mark}\n", "bold $text-error"), (wrapped, "$text-error"))


def draw_in_line(problem: Problem, text: str, width: int) -> Content:
    """Draw the sentence, and the line of a text of several lines with a caret under the place."""
    sentence = "\n".join(textwrap.wrap(f"{CROSS} {plain(problem.text)}", max(width, _SHORTEST)))
    said = Content.assemble((sentence, "$text-error"))
    if problem.span is None or "\n" not in text:
        return said
    start = min(problem.span[0], len(text))
    begin = text.rfind("\n", 0, start) + 1
    line, place = text[begin:].partition("\n")[0], start - begin
    head = f"{text.count(chr(10), 0, start) + 1}: "
    room = max(width - cell_len(head), _SHORTEST)
    # Where the line is too long, as much before the place as fits, and something after it.
    left = 0 if cell_len(line) <= room else max(0, place - room * 2 // 3)
    before, after = plain(line[left:place]), plain(line[place:])
    shown = set_cell_size(before + after, min(room, cell_len(before + after)))
    caret_at = " " * (cell_len(head) + cell_len(before)) + "^"
    return Content.assemble(said, "\n", (head, "$dim"), shown, "\n", (caret_at, "bold $text-error"))


def caret(span: tuple[int, int] | None, typed_in: Input) -> tuple[int, int] | None:
    """Find where a span of the text is on the screen: cells from the left, and how many of them.

    A span that has scrolled out of sight is marked at the edge beyond which it lies.
    """
    if span is None:
        return None
    width = max(typed_in.size.width, 1)
    scrolled = round(typed_in.scroll_offset.x)
    start = cell_len(typed_in.value[: span[0]]) - scrolled
    end = cell_len(typed_in.value[: span[1]]) - scrolled
    start = min(max(start, 0), width - 1)
    end = min(max(end, start + 1), width)
    return start, end - start
