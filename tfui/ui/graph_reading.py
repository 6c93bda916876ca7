"""Reads the graph of dependencies and lays it out, in one go in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tfui.core.layers import layered
from tfui.core.outline import outlined
from tfui.core.routes import routed
from tfui.core.states import DependencyStatus
from tfui.core.strokes import strokes
from tfui.ui import glyphs
from tfui.ui.dependency_words import kinds
from tfui.ui.plain import fit, plain
from tfui.ui.signs import condition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tfui.core.health import Condition
    from tfui.core.layers import Layers
    from tfui.core.outline import Branch
    from tfui.core.routes import Routes
    from tfui.model.schedule import ScheduleRow
    from tfui.service.caller import Caller
    from tfui.service.graph import Edge, Graph

_LONGEST_NAME = 32
_WAITS = (_LONGEST_NAME, 20, 10, 0)
"""The longest names of what is waited for that are told, as there is less and less room."""
_LONGEST_WORD = max(len(glyph.word) for glyph in glyphs.OF_CONDITION.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the graph is to be seen."""

    around: UUID | None = None
    """Only what leads to this schedule and what follows from it."""
    ascii: bool = False
    room: int | None = None
    """Cells in which layers are to be drawn; None when they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A schedule as it is drawn."""

    row: ScheduleRow
    condition: Condition
    pieces: tuple[tuple[str, str], ...]
    """Texts with their roles, in one line."""
    label: str
    """The kinds of its dependencies; empty for a beginning."""
    before: tuple[Edge, ...]
    """What it comes after."""
    after: tuple[Edge, ...]
    """What comes after it."""

    @property
    def width(self) -> int:
        """Cells of its line."""
        return sum(cell_len(text) for text, _ in self.pieces)

    @property
    def room(self) -> int:
        """Cells that it needs at most as its state changes, but for what it waits for."""
        word, _ = self.pieces[-1]
        return self.width + max(0, _LONGEST_WORD - cell_len(word))


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphLook:
    """The graph at one moment, laid out."""

    wanted: Wanted
    now: datetime
    nodes: Mapping[UUID, Node]
    edges: int
    alone: int
    """Schedules that take part in no dependency."""
    routes: Routes[UUID]
    strokes: Mapping[int, Mapping[int, int]]
    """Of all edges: the arms of each cell, by row and column."""
    waits: Mapping[int, Mapping[int, int]]
    """Of the edges on which a job waits now."""
    outline: Sequence[Branch[UUID]]
    cut: Sequence[tuple[str, str]]
    """Parents and children whose dependency closes a circle: the store should have none."""


def read(caller: Caller, wanted: Wanted) -> GraphLook:
    """Read and lay out. Raises Unavailable."""
    from tfui.service import graph

    return lay_out(graph.whole(caller), wanted, now=caller.now())


def lay_out(graph: Graph, wanted: Wanted, *, now: datetime) -> GraphLook:
    """Arrange a graph, or of it what is around one schedule."""
    pairs = [(edge.dependency.parent_id, edge.dependency.child_id) for edge in graph.edges]
    ids = [row.id for row in graph.nodes]
    kept = set(ids) if wanted.around not in ids else _line_of(wanted.around, pairs)
    edges = [edge for edge in graph.edges if kept.issuperset(_ends(edge))]
    rows = [row for row in graph.nodes if row.id in kept]
    layers = layered([row.id for row in rows], [pair for pair in pairs if kept.issuperset(pair)])
    waited = [edge.dependency.parent for edge in edges if edge.status is DependencyStatus.PENDING]
    told = max((cell_len(plain(name)) for name in waited), default=0)
    for longest in (_WAITS[0], *(each for each in _WAITS[1:] if each < told)):
        nodes = {row.id: _node(row, edges, now, longest, ascii=wanted.ascii) for row in rows}
        routes = _routed(layers, nodes, steady=longest > 0)
        if wanted.room is None or routes.width <= wanted.room:
            break
    waiting = [
        routes.ways[_ends(edge)]
        for edge in edges
        if edge.status is DependencyStatus.PENDING and _ends(edge) in routes.ways
    ]
    return GraphLook(
        wanted=wanted,
        now=now,
        nodes=nodes,
        edges=len(edges),
        alone=graph.alone,
        routes=routes,
        strokes=strokes(routes.ways.values()),
        waits=strokes(waiting),
        outline=outlined(layers),
        cut=[(nodes[parent].row.name, nodes[child].row.name) for parent, child in layers.cut],
    )


def _routed(layers: Layers[UUID], nodes: Mapping[UUID, Node], *, steady: bool) -> Routes[UUID]:
    """Draw the layers; steady ones have the room that their nodes may come to need."""
    return routed(
        layers,
        width={key: node.width for key, node in nodes.items()},
        label={key: len(node.label) for key, node in nodes.items()},
        room={key: node.room for key, node in nodes.items()} if steady else None,
    )


def _ends(edge: Edge) -> tuple[UUID, UUID]:
    return edge.dependency.parent_id, edge.dependency.child_id


def _line_of(start: UUID | None, pairs: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Give a node with all that leads to it and all that follows from it."""
    if start is None:
        return set()
    return _reached(start, pairs) | _reached(start, [(child, parent) for parent, child in pairs])


def _reached(start: UUID, pairs: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    onward: dict[UUID, list[UUID]] = {}
    for here, there in pairs:
        onward.setdefault(here, []).append(there)
    found = {start}
    walk = [start]
    for here in walk:  # it grows while it is walked
        ahead = [there for there in onward.get(here, ()) if there not in found]
        found.update(ahead)
        walk += ahead
    return found


def _node(
    row: ScheduleRow,
    edges: Sequence[Edge],
    now: datetime,
    longest: int,
    *,
    ascii: bool,  # noqa: A002  # the option's name
) -> Node:
    """Tell a schedule; what it waits for too, if that has a name no longer than `longest`."""
    before = tuple(edge for edge in edges if edge.dependency.child_id == row.id)
    state = condition_of(row, now)
    glyph = glyphs.OF_CONDITION[state]
    name = fit(row.name, _LONGEST_NAME).rstrip()
    waits = [edge.dependency.parent for edge in before if edge.status is DependencyStatus.PENDING]
    word = glyph.word
    if waits:
        more = f" +{len(waits) - 1}" if len(waits) > 1 else ""
        first = plain(waits[0])
        word = f"waits: {first}{more}" if cell_len(first) <= longest else f"waits{more}"
    return Node(
        row=row,
        condition=state,
        pieces=(
            (glyph.drawn(ascii=ascii), glyph.role),
            (f" {name} ", "name"),
            (word, glyph.role),
        ),
        label=kinds(edge.dependency for edge in before),
        before=before,
        after=tuple(edge for edge in edges if edge.dependency.parent_id == row.id),
    )
