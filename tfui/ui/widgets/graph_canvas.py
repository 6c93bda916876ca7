"""The graph of dependencies: in layers where there is room, else as a tree; a cursor on its nodes.

The edges of the cursor's node are drawn heavy, so that they can be followed without colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tfui.core.strokes import strokes
from tfui.ui.keys import Where, bindings
from tfui.ui.widgets.graph_pen import GraphPen
from tfui.ui.widgets.line_styles import LineStyles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from textual import events
    from textual.binding import BindingType

    from tfui.core.routes import Place
    from tfui.ui.graph_reading import GraphLook, Node

LAYERED_FROM = 98
"""Cells of width from which on the graph is drawn and not listed: those within a frame of 100."""

_MARGIN = 2  # cells left of everything, for the cursor's arrow


class GraphCanvas(ScrollView, can_focus=True):
    """Draws a graph and moves on it; only lines that are seen are ever made."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.MOVING, Where.WAYS)]
    DEFAULT_CSS = "GraphCanvas { scrollbar-size: 1 1; }"

    class Moved(Message):
        """The cursor is on another node."""

    class Chosen(Message):
        """The node under the cursor was opened."""

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._look: GraphLook | None = None
        self._lit: Mapping[int, Mapping[int, int]] = {}
        self._line_of: dict[UUID, int] = {}
        self._in_row: dict[int, list[tuple[Place, UUID]]] = {}
        self._line_styles: LineStyles | None = None
        self.cursor_id: UUID | None = None

    # What there is

    @property
    def cursor_node(self) -> Node | None:
        """The node under the cursor."""
        if self._look is None or self.cursor_id is None:
            return None
        return self._look.nodes.get(self.cursor_id)

    @property
    def is_layered(self) -> bool:
        """Whether there is room to draw the graph in layers."""
        return self.size.width >= LAYERED_FROM

    @property
    def room(self) -> int | None:
        """Cells that layers have; None where the graph is listed."""
        return self.size.width - _MARGIN if self.is_layered else None

    def show(self, look: GraphLook) -> None:
        """Take a new reading; the cursor stays on its schedule, if that is still there."""
        self._look = look
        self._line_of = {branch.key: line for line, branch in enumerate(look.outline)}
        self._in_row = {}
        for key, place in sorted(look.routes.places.items(), key=lambda each: each[1].x):
            self._in_row.setdefault(place.y, []).append((place, key))
        if self.cursor_id not in look.nodes:
            self.cursor_id = look.outline[0].key if look.outline else None
        self._measure()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Draw the other way, if the room is another."""
        self._measure()

    def _measure(self) -> None:
        look = self._look
        if look is None:
            return
        if self.is_layered:
            self.virtual_size = Size(look.routes.width + _MARGIN, look.routes.height)
        else:
            self.virtual_size = Size(self.size.width, len(look.outline))
        self._light()
        self.show_cursor()
        self.refresh()

    def _light(self) -> None:
        """Find the strokes of the edges at the cursor."""
        look = self._look
        if look is not None:
            ways = look.routes.ways.items()
            self._lit = strokes(way for ends, way in ways if self.cursor_id in ends)

    # Moving

    def move_to(self, key: UUID | None) -> None:
        """Put the cursor on a node and bring it into view."""
        if key is None or self._look is None or key not in self._look.nodes:
            return
        self.cursor_id = key
        self._light()
        self.show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def show_cursor(self) -> None:
        """Scroll no further than needed to see the cursor."""
        look = self._look
        if look is None or self.cursor_id is None:
            return
        if self.is_layered:
            place = look.routes.places[self.cursor_id]
            region = Region(place.x, place.y, place.width + _MARGIN, 1)
        else:
            region = Region(0, self._line_of[self.cursor_id], 1, 1)
        self.scroll_to_region(region, animate=False, immediate=True, force=True)

    def _go(self, by: int) -> None:
        """Go `by` lines up or down: to a node of the same layer, or to another line of the tree."""
        look, here = self._look, self.cursor_id
        if look is None or here is None:
            return
        if not self.is_layered:
            line = max(0, min(self._line_of[here] + by, len(look.outline) - 1))
            self.move_to(look.outline[line].key)
            return
        places = look.routes.places
        goal = places[here].y + by
        side = [
            key
            for key, place in places.items()
            if place.x == places[here].x and (place.y - places[here].y) * by > 0
        ]
        self.move_to(min(side, key=lambda key: abs(places[key].y - goal), default=None))

    def _follow(self, ends: Iterable[UUID]) -> None:
        """Go along an edge, to the nearest of its ends."""
        look, here = self._look, self.cursor_id
        if look is None or here is None:
            return
        rows = self._line_of
        if self.is_layered:
            rows = {key: place.y for key, place in look.routes.places.items()}
        self.move_to(min(ends, key=lambda key: abs(rows[key] - rows[here]), default=None))

    def action_left(self) -> None:
        """Go to what it comes after."""
        if self._look is not None:
            ways = self._look.routes.ways
            self._follow(parent for parent, child in ways if child == self.cursor_id)

    def action_right(self) -> None:
        """Go to what comes after it."""
        if self._look is not None:
            ways = self._look.routes.ways
            self._follow(child for parent, child in ways if parent == self.cursor_id)

    def action_cursor_down(self) -> None:
        """Go one down."""
        self._go(1)

    def action_cursor_up(self) -> None:
        """Go one up."""
        self._go(-1)

    def action_first(self) -> None:
        """Go to the first line."""
        self._go(-self.virtual_size.height)

    def action_last(self) -> None:
        """Go to the last line."""
        self._go(self.virtual_size.height)

    def action_half_down(self) -> None:
        """Go half a page down."""
        self._go(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        """Go half a page up."""
        self._go(-max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        """Go a page down."""
        self._go(max(1, self.size.height))

    def action_page_up(self) -> None:
        """Go a page up."""
        self._go(-max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Move to the clicked node; a double click opens it."""
        offset = event.get_content_offset(self)
        look = self._look
        if offset is None or look is None:
            return
        x, y = self.scroll_offset.x + offset.x - _MARGIN, self.scroll_offset.y + offset.y
        if self.is_layered:
            at = self._in_row.get(y, [])
            hit = [key for place, key in at if place.x <= x < place.x + place.width]
        else:
            hit = [look.outline[y].key] if y < len(look.outline) else []
        if hit:
            self.move_to(hit[0])
            if event.chain == 2:
                self.post_message(self.Chosen())

    # Drawing

    def notify_style_update(self) -> None:
        """Draw anew under a changed stylesheet."""
        super().notify_style_update()
        self._line_styles = None

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as resting."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        if self._line_styles is None:
            self._line_styles = LineStyles(self)
        styles, look = self._line_styles, self._look
        width, top = self.scrollable_content_region.width, self.scroll_offset
        line = top.y + y
        if look is None or line >= self.virtual_size.height:
            return Strip([Segment(" " * width, styles.of("plain"))], width)
        pen = GraphPen(
            look=look,
            lit=self._lit,
            cursor_id=self.cursor_id,
            has_focus=self.has_focus,
            styles=styles,
            ascii=self._ascii,
        )
        if not self.is_layered:
            return pen.branch(look.outline[line], width)
        left = top.x - _MARGIN
        return pen.layers(line, self._in_row.get(line, ()), range(left, left + width))
