"""Layered graphs: what must hold of every picture, whatever the graph."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core.layers import layered
from tfui.core.outline import outlined
from tfui.core.routes import Routes, routed
from tfui.core.strokes import DOWN, LEFT, RIGHT, UP, strokes

Graph = tuple[list[int], list[tuple[int, int]]]
ROOM = {number: 3 + number % 5 for number in range(40)}


@st.composite
def graphs(draw: st.DrawFn, *, most: int = 14) -> Graph:
    """Graphs without circles, whose nodes are named in any order."""
    names = draw(st.permutations(range(draw(st.integers(1, most)))))
    pair = st.tuples(st.integers(0, len(names) - 1), st.integers(0, len(names) - 1))
    pairs = (
        draw(st.lists(pair.filter(lambda two: two[0] < two[1]), max_size=24)) if names[1:] else []
    )
    return sorted(names), [(names[one], names[other]) for one, other in pairs]


def drawn(graph: Graph) -> Routes[int]:
    return routed(layered(*graph), width=ROOM, label=dict.fromkeys(ROOM, 4))


def cells(way: tuple[tuple[int, int], ...]) -> set[tuple[int, int, bool]]:
    """The cells of a way, each with whether it is passed level."""
    found = set()
    for (x, y), (to_x, to_y) in pairwise(way):
        level = y == to_y
        found |= {(one, y, True) for one in range(x, to_x + 1) if level}
        found |= {(x, one, False) for one in range(min(y, to_y), max(y, to_y) + 1) if not level}
    return found


@given(graphs())
def test_every_edge_goes_right_from_layer_to_layer(graph: Graph) -> None:
    layers = layered(*graph)

    assert layers.cut == ()
    assert set(layers.ways) == set(graph[1])
    for way in layers.ways.values():
        assert [layers.layer_of[spot] for spot in way] == list(
            range(layers.layer_of[way[0]], layers.layer_of[way[-1]] + 1)
        )


@given(graphs())
def test_every_node_stands_right_of_its_last_parent_alone(graph: Graph) -> None:
    layers = layered(*graph)
    spots = Counter(spot for part in layers.components for layer in part for spot in layer)

    assert set(spots.values()) == {1}
    assert set(spots) == set(range(len(layers.layer_of)))
    parents: dict[int, list[int]] = {}
    for parent, child in graph[1]:
        parents.setdefault(child, []).append(layers.layer_of[layers.nodes.index(parent)])
    for child, of_parents in parents.items():
        assert layers.layer_of[layers.nodes.index(child)] == max(of_parents) + 1


@given(graphs())
def test_no_two_nodes_share_a_cell_and_no_stroke_runs_through_one(graph: Graph) -> None:
    found = drawn(graph)
    taken = Counter(
        (x, place.y)
        for place in found.places.values()
        for x in range(place.x, place.x + place.width)
    )
    passed = {(x, y) for way in found.ways.values() for x, y, _ in cells(way)}

    assert set(taken.values()) == {1}
    assert not passed & taken.keys()
    assert max(y for _, y in taken) < found.height
    assert max(x for x, _ in taken) < found.width


@given(graphs())
def test_ways_that_share_neither_end_only_ever_cross(graph: Graph) -> None:
    found = drawn(graph)
    ways = list(found.ways.items())
    for place, (one, way) in enumerate(ways):
        for other, another in ways[:place]:
            if one[0] != other[0] and one[1] != other[1]:
                assert not cells(way) & cells(another), (one, other)


@given(graphs())
def test_ways_only_go_right_up_and_down(graph: Graph) -> None:
    found = drawn(graph)
    for (parent, child), way in found.ways.items():
        assert way[0].x == found.places[parent].x + found.places[parent].width + 1
        assert way[-1].x == found.places[child].x - 2
        assert (way[0].y, way[-1].y) == (found.places[parent].y, found.places[child].y)
        for start, end in pairwise(way):
            assert (start.x == end.x and start.y != end.y) or (start.y == end.y and start.x < end.x)


@given(graphs(), st.randoms(use_true_random=False))
def test_equal_graphs_are_drawn_equally(graph: Graph, chance: object) -> None:
    nodes, edges = graph
    again = [*edges, *edges[:2]]
    chance.shuffle(again)  # type: ignore[attr-defined]  # a Random

    assert drawn((nodes, again)) == drawn(graph)


@given(graphs())
def test_an_outline_has_each_node_once_right_below_its_parent(graph: Graph) -> None:
    lines = outlined(layered(*graph))
    parents: dict[int, set[int]] = {}
    for parent, child in graph[1]:
        parents.setdefault(child, set()).add(parent)

    assert sorted(line.key for line in lines) == graph[0]
    above: list[int] = []
    for line in lines:
        depth = len(line.forks)
        assert line.under == (above[depth - 1] if depth else None)
        above[depth:] = [line.key]
        told = {*line.also_after, *([] if line.under is None else [line.under])}
        assert told == parents.get(line.key, set())


def test_an_edge_that_closes_a_circle_is_cut_and_named() -> None:
    layers = layered("abc", [("a", "b"), ("b", "c"), ("c", "a")])

    assert layers.cut == (("c", "a"),)
    assert set(layers.ways) == {("a", "b"), ("b", "c")}


def test_a_node_that_waits_for_itself_is_cut() -> None:
    assert layered("a", [("a", "a")]).cut == (("a", "a"),)


def test_nothing_is_drawn_of_nothing() -> None:
    found = drawn(([], []))

    assert (found.width, found.height, found.places) == (0, 0, {})
    assert outlined(layered([], [])) == ()


@pytest.mark.parametrize(
    ("edges", "crossings"),
    [
        ([("a", "y"), ("b", "x")], 0),
        ([("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")], 1),
    ],
)
def test_what_need_not_cross_does_not(edges: list[tuple[str, str]], crossings: int) -> None:
    found = routed(layered("abxy", edges), width=dict.fromkeys("abxy", 1), label={})
    seen: Counter[tuple[int, int]] = Counter()
    for way in found.ways.values():
        seen.update({(x, y) for x, y, _ in cells(way)})
    crossed = [
        (one, other)
        for one, way in found.ways.items()
        for other, another in found.ways.items()
        if one < other
        and not {*one} & {*other}
        and {(x, y) for x, y, _ in cells(way)} & {(x, y) for x, y, _ in cells(another)}
    ]

    assert len(crossed) == crossings


def test_a_source_stands_right_before_its_first_child() -> None:
    layers = layered("abcd", [("a", "b"), ("b", "c"), ("d", "c")])

    assert layers.layer_of == (0, 1, 2, 1)


def test_strokes_branch_where_a_way_turns_and_pass_where_none_does() -> None:
    found = routed(
        layered("abcd", [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]),
        width=dict.fromkeys("abcd", 1),
        label={},
    )
    arms = [mask for row in strokes(found.ways.values()).values() for mask in row.values()]

    assert arms.count(UP | DOWN | LEFT | RIGHT) == 1
    assert strokes([]) == {}
