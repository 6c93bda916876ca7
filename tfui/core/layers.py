"""Layers of a graph that runs from left to right: who stands in which column, and in which order.

Parents stand left of their children, by the longest path. An edge over several layers is led
through each of them by a bend of its own, so that every link goes from one layer to the next. The
barycentre of the neighbours sorts each layer, which cuts crossings. Where rows and columns are on
a screen is decided by `routes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import TypeAlias

Key = TypeVar("Key", bound="Hashable")

Spot: TypeAlias = int
"""A place in a layer: of a node, by its number among the nodes, or of a bend, numbered on from there."""

_SWEEPS = 6  # more turn nothing over in graphs that people draw


@dataclass(frozen=True, slots=True)
class Layers(Generic[Key]):
    """A graph without circles, layer by layer; the spots of one component stand together."""

    nodes: tuple[Key, ...]
    layer_of: tuple[int, ...]
    """By spot, bends too."""
    components: tuple[tuple[tuple[Spot, ...], ...], ...]
    """The parts that nothing links, each with its layers from the left, top to bottom."""
    ways: Mapping[tuple[Key, Key], tuple[Spot, ...]]
    """Of each edge, the spots it leads over, from the parent to the child."""
    cut: tuple[tuple[Key, Key], ...]
    """Edges left out because each would close a circle, which no valid graph has."""

    def key_at(self, spot: Spot) -> Key | None:
        """Give the node at a spot; None for a bend."""
        return self.nodes[spot] if spot < len(self.nodes) else None

    @property
    def steps(self) -> dict[Spot, list[Spot]]:
        """Give the spots in the next layer that each spot leads to, without doubles."""
        found: dict[Spot, list[Spot]] = {}
        for way in self.ways.values():
            for here, there in pairwise(way):
                found.setdefault(here, []).append(there)
        return found


def layered(nodes: Sequence[Key], edges: Iterable[tuple[Key, Key]]) -> Layers[Key]:
    """Arrange a graph; `edges` go from parent to child, and equal ones count once.

    Equal questions have equal answers: ties go by the order of `nodes`.
    """
    number = {key: place for place, key in enumerate(nodes)}
    pairs = sorted({(number[parent], number[child]) for parent, child in edges})
    kept, cut = _without_circles(len(nodes), pairs)
    layer_of = _layers(len(nodes), kept)
    ways: dict[tuple[int, int], tuple[Spot, ...]] = {}
    for parent, child in kept:
        bends = range(len(layer_of), len(layer_of) + layer_of[child] - layer_of[parent] - 1)
        layer_of += range(layer_of[parent] + 1, layer_of[child])
        ways[parent, child] = (parent, *bends, child)
    links = [link for way in ways.values() for link in pairwise(way)]
    return Layers(
        nodes=tuple(nodes),
        layer_of=tuple(layer_of),
        components=tuple(_ordered(part, layer_of, links) for part in _parts(layer_of, links)),
        ways={(nodes[parent], nodes[child]): way for (parent, child), way in ways.items()},
        cut=tuple((nodes[parent], nodes[child]) for parent, child in cut),
    )


def _without_circles(
    count: int, pairs: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Part the edges into those that close no circle, walking on from each node in turn, and the rest."""
    children: list[list[int]] = [[] for _ in range(count)]
    for parent, child in pairs:
        children[parent].append(child)
    on_the_way, done = 1, 2
    state = [0] * count
    cut: set[tuple[int, int]] = set()
    for root in range(count):
        if state[root]:
            continue
        state[root] = on_the_way
        walk = [(root, iter(children[root]))]
        while walk:
            here, ahead = walk[-1]
            there = next(ahead, None)
            if there is None:
                state[here] = done
                walk.pop()
            elif state[there] == on_the_way:
                cut.add((here, there))
            elif not state[there]:
                state[there] = on_the_way
                walk.append((there, iter(children[there])))
    return [pair for pair in pairs if pair not in cut], sorted(cut)


def _layers(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Put each node right of all its parents, and who has none right before its first child."""
    children: list[list[int]] = [[] for _ in range(count)]
    missing = [0] * count
    for parent, child in pairs:
        children[parent].append(child)
        missing[child] += 1
    has_parents = [number > 0 for number in missing]
    layer = [0] * count
    ready = [node for node in range(count) if not missing[node]]
    for node in ready:  # it grows while it is walked
        for child in children[node]:
            layer[child] = max(layer[child], layer[node] + 1)
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    for node in range(count):
        if not has_parents[node] and children[node]:
            layer[node] = min(layer[child] for child in children[node]) - 1
    return layer


def _parts(layer_of: Sequence[int], links: Iterable[tuple[Spot, Spot]]) -> list[list[Spot]]:
    """Give the spots of each connected part; the largest part first, then by its first node."""
    leader = list(range(len(layer_of)))

    def lead(spot: Spot) -> Spot:
        while leader[spot] != spot:
            leader[spot] = leader[leader[spot]]
            spot = leader[spot]
        return spot

    for here, there in links:
        first, second = sorted((lead(here), lead(there)))
        leader[second] = first
    parts: dict[Spot, list[Spot]] = {}
    for spot in range(len(layer_of)):
        parts.setdefault(lead(spot), []).append(spot)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def _ordered(
    part: Sequence[Spot], layer_of: Sequence[int], links: Iterable[tuple[Spot, Spot]]
) -> tuple[tuple[Spot, ...], ...]:
    """Sort the layers of one part so that few links cross; of all tries the best."""
    mine = set(part)
    after: dict[Spot, list[Spot]] = {spot: [] for spot in part}
    before: dict[Spot, list[Spot]] = {spot: [] for spot in part}
    for here, there in links:
        if here in mine:
            after[here].append(there)
            before[there].append(here)
    layers: list[list[Spot]] = [[] for _ in range(1 + max(layer_of[spot] for spot in part))]
    for spot in _as_met(part, before, after):
        layers[layer_of[spot]].append(spot)
    best, least = [list(layer) for layer in layers], _crossings(layers, after)
    for sweep in range(_SWEEPS):
        if not least:
            break
        to_the_right = sweep % 2 == 0
        _sweep(layers if to_the_right else layers[::-1], before if to_the_right else after)
        crossings = _crossings(layers, after)
        if crossings < least:
            best, least = [list(layer) for layer in layers], crossings
    return tuple(tuple(layer) for layer in best)


def _as_met(
    part: Sequence[Spot],
    before: Mapping[Spot, Sequence[Spot]],
    after: Mapping[Spot, Sequence[Spot]],
) -> list[Spot]:
    """Walk from each beginning down to what follows: kin then stand together already."""
    seen: dict[Spot, None] = {}
    for root in (spot for spot in part if not before[spot]):
        walk = [root]
        while walk:
            spot = walk.pop()
            if spot not in seen:
                seen[spot] = None
                walk += reversed(after[spot])
    return list(seen)


def _sweep(layers: Sequence[list[Spot]], beside: Mapping[Spot, Sequence[Spot]]) -> None:
    """Sort each layer but the first by the middle of its neighbours in the one before, in place."""
    for fixed, layer in pairwise(layers):
        place = {spot: where for where, spot in enumerate(fixed)}
        own = {spot: where for where, spot in enumerate(layer)}
        middle = {
            spot: sum(place[one] for one in beside[spot]) / len(beside[spot])
            if beside[spot]
            else float(own[spot])
            for spot in layer
        }
        layer.sort(key=lambda spot: (middle[spot], own[spot]))


def _crossings(layers: Sequence[Sequence[Spot]], after: Mapping[Spot, Sequence[Spot]]) -> int:
    """Count the pairs of links that cross."""
    total = 0
    for left, right in pairwise(layers):
        place = {spot: where for where, spot in enumerate(right)}
        ends = [end for spot in left for end in sorted(place[one] for one in after[spot])]
        total += _inversions(ends, len(right))
    return total


def _inversions(ends: Sequence[int], size: int) -> int:
    """Count the pairs that stand the wrong way round, by a tree of sums."""
    sums = [0] * (size + 1)
    found = 0
    for seen, end in enumerate(ends):
        not_after, place = 0, end + 1
        while place:
            not_after += sums[place]
            place &= place - 1
        found += seen - not_after
        place = end + 1
        while place <= size:
            sums[place] += 1
            place += place & -place
    return found
