"""Draws the lines of a graph: rows of layers with the strokes between them, or branches of a tree."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tfui.ui.dependency_words import on_what
from tfui.ui.plain import fit, plain, to_ascii
from tfui.ui.stroke_marks import GUIDES, mark
from tfui.ui.widgets.line_styles import Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from tfui.core.outline import Branch
    from tfui.core.routes import Place
    from tfui.ui.graph_reading import GraphLook, Node
    from tfui.ui.widgets.line_styles import LineStyles


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPen:
    """Draws one line at a time of a look, with a cursor in it."""

    look: GraphLook
    lit: Mapping[int, Mapping[int, int]]
    """The strokes of the edges at the cursor, by row and column."""
    cursor_id: UUID | None
    has_focus: bool
    styles: LineStyles
    ascii: bool

    def layers(self, y: int, nodes: Sequence[tuple[Place, UUID]], seen: range) -> Strip:
        """Draw what is seen of a row: strokes, labels over them, and its nodes."""
        cells = self._strokes(y, seen)
        here = []
        for place, key in nodes:
            label = self.look.nodes[key].label
            first = place.x - 2 - len(label)
            if first < seen.stop and place.x + place.width > seen.start:
                cells |= {first + nth: (letter, "dim") for nth, letter in enumerate(label)}
                here.append((place, key))
        start = at = min([seen.start, *(place.x - 1 for place, _ in here)])
        segments: list[Segment] = []
        for place, key in here:
            segments += self._span(range(at, place.x - 1), cells)
            segments.append(Segment(self._arrow(key), self.styles.of("mark")))
            segments += self._pieces(self.look.nodes[key])
            at = place.x + place.width
        segments += self._span(range(at, seen.stop), cells)
        return Strip(segments).crop(seen.start - start, seen.stop - start)

    def _strokes(self, y: int, seen: range) -> dict[int, tuple[str, str]]:
        """Give the strokes of a row, the ones that matter most on top."""
        found: dict[int, tuple[str, str]] = {}
        all_arms, waits, lit = (
            arms.get(y, {}) for arms in (self.look.strokes, self.look.waits, self.lit)
        )
        for x in seen:
            if (arms := all_arms.get(x)) is None:
                continue
            is_lit = x in lit
            role = "mark" if is_lit else "st-blocked" if x in waits else "dim"
            found[x] = (mark(lit[x] if is_lit else arms, heavy=is_lit, ascii=self.ascii), role)
        return found

    def _span(self, places: range, cells: Mapping[int, tuple[str, str]]) -> Iterable[Segment]:
        """Draw cells, those of one role together."""
        blank = (" ", "plain")
        for role, run in groupby((cells.get(x, blank) for x in places), key=itemgetter(1)):
            yield Segment("".join(text for text, _ in run), self.styles.of(role))

    def branch(self, branch: Branch[UUID], width: int) -> Strip:
        """Draw a line of the tree: guides, the node, and on what of its parents it starts."""
        node, ground = self.look.nodes[branch.key], self._ground(branch.key)
        passing, nothing, more, last = GUIDES[self.ascii]
        guides = "".join(passing if fork else nothing for fork in branch.forks[:-1])
        if branch.forks:
            guides += more if branch.forks[-1] else last
        own = Strip(
            [
                Segment(f"{self._arrow(branch.key)} ", self.styles.of("mark", ground)),
                Segment(guides, self.styles.of("dim", ground)),
                *self._pieces(node),
            ]
        )
        left = max(0, width - own.cell_length)
        long = self._said(branch, on_what(edge.dependency for edge in node.before), "also after")
        short = self._said(branch, node.label, "also")
        rest = fit(long if cell_len(long) <= left else short, left)
        last_piece = Segment(to_ascii(rest) if self.ascii else rest, self.styles.of("dim", ground))
        return Strip([*own, last_piece]).adjust_cell_length(width, self.styles.of("plain", ground))

    def _said(self, branch: Branch[UUID], what: str, also: str) -> str:
        """Say on what of its parents a node starts, and which others there are than the one above."""
        if not what:
            return ""
        others = ", ".join(plain(self.look.nodes[one].row.name) for one in branch.also_after)
        return f"  {what}, {also} {others}" if others else f"  {what}"

    def _ground(self, key: UUID) -> Ground:
        if key != self.cursor_id:
            return Ground.BARE
        return Ground.CURSOR if self.has_focus else Ground.CURSOR_AWAY

    def _pieces(self, node: Node) -> list[Segment]:
        ground = self._ground(node.row.id)
        return [Segment(text, self.styles.of(role, ground)) for text, role in node.pieces]

    def _arrow(self, key: UUID) -> str:
        if key != self.cursor_id:
            return " "
        return ">" if self.ascii else "›"
