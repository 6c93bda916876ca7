"""What is known of the node under the graph's cursor: how it is, what it comes after, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.core.states import DependencyStatus
from tfui.ui import glyphs
from tfui.ui.dependency_words import how
from tfui.ui.plain import plain
from tfui.ui.signs import condition_of
from tfui.ui.widgets.schedule_cells import next_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from textual.geometry import Size

    from tfui.model.dependency import DependencyRow
    from tfui.ui.graph_reading import GraphLook, Node

_STANDS = {
    DependencyStatus.PENDING: ("waits now", "$st-blocked"),
    DependencyStatus.RESOLVED: ("let it go", "$st-ok"),
    DependencyStatus.FAILED: ("never will", "$st-fail"),
}


class GraphFacts(Widget):
    """Three lines under the graph, or a line for each link beside it; the node's name is its title."""

    DEFAULT_CSS = "GraphFacts { height: auto; padding: 0 1; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._look: GraphLook | None = None
        self._node: Node | None = None
        self._now: datetime | None = None

    def show(self, look: GraphLook | None, node: Node | None, now: datetime) -> None:
        """Tell of a node."""
        if (look, node, now) != (self._look, self._node, self._now):
            self._look, self._node, self._now = look, node, now
            self.border_title = Content("" if node is None else plain(node.row.name))
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's signature
        """Be three lines high, whatever there is to say."""
        return 3

    def render(self) -> Content:
        """Draw it, cut where the room ends."""
        if self._look is None or self._node is None or self._now is None:
            return Content("")
        node, now, room = self._node, self._now, self.size.width
        coming, role = next_words(node.row, condition_of(node.row, now), now, room)
        glyph = glyphs.OF_CONDITION[condition_of(node.row, now)]
        own = Content.assemble(
            Content.styled(f"{glyph.drawn(ascii=self._ascii)} {glyph.word}", glyph.style),
            Content.styled(" . " if self._ascii else " · ", "$dim"),
            Content.styled(coming, "" if role == "plain" else f"${role}"),
        )
        parents = [
            self._link(edge.dependency, edge.dependency.parent_id, edge.status)
            for edge in node.before
        ]
        children = [
            self._link(edge.dependency, edge.dependency.child_id, edge.status)
            for edge in node.after
        ]
        lines = [own, _row("after", parents, room), _row("before", children, room)]
        if self.size.height > len(lines):
            told = Content(plain(node.row.schedule_expression))
            lines = [own, told, *_list("after", parents, room), *_list("before", children, room)]
        return Content("\n").join(line.truncate(room, ellipsis=not self._ascii) for line in lines)

    def _link(self, link: DependencyRow, other: UUID, status: DependencyStatus | None) -> Content:
        if self._look is None or self._now is None:
            return Content("")
        said, style = _STANDS.get(status, ("", "")) if status else ("", "")
        return Content.assemble(
            self._sign(other, self._look.nodes, self._now),
            Content.styled(f" ({how(link)}", "$dim"),
            Content.styled(f", {said}", style) if said else "",
            Content.styled(")", "$dim"),
        )

    def _sign(self, key: UUID, nodes: Mapping[UUID, Node], now: datetime) -> Content:
        row = nodes[key].row
        glyph = glyphs.OF_CONDITION[condition_of(row, now)]
        return Content.assemble(
            Content.styled(glyph.drawn(ascii=self._ascii), glyph.style),
            Content.styled(f" {plain(row.name)} ", "bold"),
            Content.styled(glyph.word, glyph.style),
        )


def _list(title: str, links: Sequence[Content], room: int) -> list[Content]:
    """Put each link on lines of its own below a title."""
    nothing = [Content.styled("  nothing", "$dim")]
    found = [
        Content("  " if nth == 0 else "    ") + line
        for link in links
        for nth, line in enumerate(link.wrap(room - 4))
    ] or nothing
    return [Content(""), Content.styled(title, "bold $dim"), *found]


def _row(title: str, links: Sequence[Content], room: int) -> Content:
    """Put as many links as fit behind a title, and say how many do not."""
    line = Content.styled(f"{title:<8}", "$dim")
    if not links:
        return line + Content.styled("nothing", "$dim")
    for nth, link in enumerate(links):
        left = len(links) - nth
        more = Content.styled(f"  +{left} more", "$dim")
        gap = Content("" if nth == 0 else "   ")
        needed = line.cell_length + gap.cell_length + link.cell_length
        if nth and needed + (more.cell_length if left > 1 else 0) > room:
            return line + more
        line = line + gap + link
    return line
