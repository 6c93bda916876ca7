"""Where a layered graph is on a screen, in cells: the rows of its nodes and the ways of its edges.

Edges leave a node at its right, turn once down or up in the gap before the next layer, and arrive
at the next node's left. Edges of one parent share their beginning, those of one child their end;
any others meet only where they cross. So that this can always be kept, a row never has both a
parent on the left of a gap and another's child on its right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Generic, NamedTuple

from tfui.core.layers import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tfui.core.layers import Layers, Spot

_BETWEEN = 2  # cells from one upright stroke to the next
_AROUND_LABEL = 3  # a stroke on either side, and a blank before the node


class Point(NamedTuple):
    """A cell."""

    x: int
    y: int


class Place(NamedTuple):
    """The cells of a node, in one row."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Routes(Generic[Key]):
    """A graph drawn: nothing overlaps, and every edge goes right."""

    places: Mapping[Key, Place]
    ways: Mapping[tuple[Key, Key], tuple[Point, ...]]
    """The corners of each edge, from right behind the parent to right before the child."""
    width: int
    height: int


def routed(
    layers: Layers[Key],
    *,
    width: Mapping[Key, int],
    label: Mapping[Key, int],
    room: Mapping[Key, int] | None = None,
) -> Routes[Key]:
    """Draw a graph whose nodes are so many cells wide, with room for a label before each child.

    `room` is what a node may come to need: its column has it already, so that none moves then.
    """
    steps = layers.steps
    row = _rows(layers, steps)
    tracks = _tracks(layers, steps, row)
    columns = _columns(layers, tracks, width if room is None else room, label)
    places: dict[Key, Place] = {}
    for spot, key in enumerate(layers.nodes):
        places[key] = Place(columns[layers.layer_of[spot]].left, row[spot], width[key])
    ways = {
        edge: tuple(_corners(way, layers, columns, row, tracks, places[edge[0]]))
        for edge, way in layers.ways.items()
    }
    last = columns[-1] if columns else _Column(0, 0, 0)
    return Routes(places, ways, last.left + last.width, max(row.values(), default=-1) + 1)


class _Column(NamedTuple):
    """A layer's cells, and the first upright stroke after it."""

    left: int
    width: int
    gap: int


def _rows(layers: Layers[Key], steps: Mapping[Spot, Sequence[Spot]]) -> dict[Spot, int]:
    """Give each spot its row: near its neighbours, in its layer's order, one part below the other."""
    found: dict[Spot, int] = {}
    top = 0
    for part in layers.components:
        mine = _rows_of(part, steps, is_bend=lambda spot: layers.key_at(spot) is None)
        highest = min(mine.values())
        for spot, row in mine.items():
            found[spot] = top + row - highest
        top += max(mine.values()) - highest + 2
    return found


def _rows_of(
    part: Sequence[Sequence[Spot]],
    steps: Mapping[Spot, Sequence[Spot]],
    *,
    is_bend: Callable[[Spot], bool],
) -> dict[Spot, int]:
    before: dict[Spot, list[Spot]] = defaultdict(list)
    for here, ahead in steps.items():
        for there in ahead:
            before[there].append(here)
    gaps = {
        spot: 1 if is_bend(spot) or is_bend(above) else 2
        for layer in part
        for above, spot in pairwise(layer)
    }
    row: dict[Spot, int] = {}
    for layer in part:
        _settle(layer, before, gaps, row)
    for layer in reversed(part):
        _settle(layer, steps, gaps, row)
    for left, layer in zip(((), *part), part, strict=False):
        _settle(layer, before, gaps, row)
        _step_aside(left, layer, gaps, row, after=steps, before=before)
    return row


def _settle(
    layer: Sequence[Spot],
    beside: Mapping[Spot, Sequence[Spot]],
    gaps: Mapping[Spot, int],
    row: dict[Spot, int],
) -> None:
    """Move a layer's spots as near to their neighbours as order and gaps allow (least squares)."""
    pools: list[tuple[float, int]] = []  # the middle and the number of spots that move together
    offset = 0
    offsets = []
    for spot in layer:
        offset += gaps.get(spot, 0)
        offsets.append(offset)
        near = [row[one] for one in beside.get(spot, ()) if one in row]
        wish = fmean(near) if near else float(row.get(spot, offset))
        pool = (wish - offset, 1)
        while pools and pools[-1][0] > pool[0]:
            middle, count = pools.pop()
            total = count + pool[1]
            pool = ((middle * count + pool[0] * pool[1]) / total, total)
        pools.append(pool)
    flat = [middle for middle, count in pools for _ in range(count)]
    for spot, shift, middle in zip(layer, offsets, flat, strict=True):
        row[spot] = shift + round(middle)


def _step_aside(
    left: Sequence[Spot],
    layer: Sequence[Spot],
    gaps: Mapping[Spot, int],
    row: dict[Spot, int],
    *,
    after: Mapping[Spot, Sequence[Spot]],
    before: Mapping[Spot, Sequence[Spot]],
) -> None:
    """Keep a layer's spots off the rows in which their strokes would run into another's."""
    parent_in = {row[spot]: spot for spot in left if after.get(spot)}

    def is_free(spot: Spot, where: int) -> bool:
        parent = parent_in.get(where)
        if parent is None or not before.get(spot):
            return True
        is_alone = len(after[parent]) == 1 or len(before[spot]) == 1
        return is_alone and spot in after[parent]

    lowest: int | None = None
    for spot in layer:
        first = row[spot] if lowest is None else lowest + gaps[spot]
        wish = max(row[spot], first)
        reach = 0
        while True:
            tries = (wish - reach, wish + reach)
            free = [one for one in tries if (lowest is None or one >= first) and is_free(spot, one)]
            if free:
                break
            reach += 1
        row[spot] = lowest = free[0]


def _tracks(
    layers: Layers[Key], steps: Mapping[Spot, Sequence[Spot]], row: Mapping[Spot, int]
) -> dict[Spot, int]:
    """Give the upright stroke of each parent a track in its gap, 0 for the leftmost.

    Of those that go down together the lower go left of the upper, which crosses least; so upwards.
    """
    found: dict[Spot, int] = {}
    in_gap: dict[int, list[Spot]] = defaultdict(list)
    for spot, ahead in steps.items():
        if any(row[one] != row[spot] for one in ahead):
            in_gap[layers.layer_of[spot]].append(spot)
    for parents in in_gap.values():
        span = {one: _span([row[one], *(row[there] for there in steps[one])]) for one in parents}
        goes_down = {one: sum(row[t] - row[one] for t in steps[one]) > 0 for one in parents}
        order = sorted(parents, key=lambda one: -row[one] if goes_down[one] else row[one])
        done: list[Spot] = []
        for one in order:
            near = [other for other in done if _meet(span[one], span[other])]
            taken = {found[other] for other in near}
            track = max((found[o] + 1 for o in near if goes_down[o] is goes_down[one]), default=0)
            while track in taken:
                track += 1
            found[one] = track
            done.append(one)
    return found


def _span(rows: Sequence[int]) -> tuple[int, int]:
    return min(rows), max(rows)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _columns(
    layers: Layers[Key],
    tracks: Mapping[Spot, int],
    room: Mapping[Key, int],
    label: Mapping[Key, int],
) -> list[_Column]:
    count = max(layers.layer_of, default=-1) + 1
    widest, widest_label, most = [0] * count, [0] * count, [0] * count
    for spot, key in enumerate(layers.nodes):
        layer = layers.layer_of[spot]
        widest[layer] = max(widest[layer], room[key])
        widest_label[layer] = max(widest_label[layer], label.get(key, 0))
    for spot, track in tracks.items():
        layer = layers.layer_of[spot]
        most[layer] = max(most[layer], track + 1)
    columns: list[_Column] = []
    left = 0
    for layer in range(count):
        if layer:
            left += widest_label[layer] + _AROUND_LABEL
        gap = left + widest[layer] + 2  # a blank and a stroke behind the widest node
        columns.append(_Column(left, widest[layer], gap))
        left = gap + max(0, most[layer] * _BETWEEN - 1)
    return columns


def _corners(
    way: Sequence[Spot],
    layers: Layers[Key],
    columns: Sequence[_Column],
    row: Mapping[Spot, int],
    tracks: Mapping[Spot, int],
    parent: Place,
) -> Iterable[Point]:
    yield Point(parent.x + parent.width + 1, parent.y)
    for here, there in pairwise(way):
        if row[here] != row[there]:
            x = columns[layers.layer_of[here]].gap + tracks[here] * _BETWEEN
            yield Point(x, row[here])
            yield Point(x, row[there])
    child = way[-1]
    yield Point(columns[layers.layer_of[child]].left - 2, row[child])
