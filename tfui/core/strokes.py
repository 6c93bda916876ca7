"""Strokes: which way lines lead out of each cell that ways pass through, for box-drawing characters."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tfui.core.routes import Point

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_UPRIGHT, _LEVEL = UP | DOWN, LEFT | RIGHT


def strokes(ways: Iterable[Sequence[Point]]) -> dict[int, dict[int, int]]:
    """Give, by row and then column, the arms of each cell: UP, DOWN, LEFT and RIGHT together.

    Where ways cross and none turns, the upright one is drawn whole and the level one passes under
    it: four arms in a cell always mean that something branches there.
    """
    cells: dict[int, dict[int, int]] = defaultdict(dict)
    turns: set[tuple[int, int]] = set()
    drawn: set[tuple[Point, Point]] = set()
    for way in ways:
        for start, end in pairwise(way):
            if (start, end) not in drawn:
                drawn.add((start, end))
                _draw(cells, start, end)
        turns.update(way[1:-1])
    for y, row in cells.items():
        for x, arms in row.items():
            if arms == _UPRIGHT | _LEVEL and (x, y) not in turns:
                row[x] = _UPRIGHT
    return dict(cells)


def _draw(cells: dict[int, dict[int, int]], start: Point, end: Point) -> None:
    """Add a level or upright line; its ends lead on only where something else leads from them."""
    if start.y == end.y:
        row = cells[start.y]
        for x in range(start.x, end.x + 1):
            arms = (LEFT if x > start.x else 0) | (RIGHT if x < end.x else 0)
            row[x] = row.get(x, 0) | (arms or _LEVEL)
        return
    top, bottom = sorted((start.y, end.y))
    for y in range(top, bottom + 1):
        arms = (UP if y > top else 0) | (DOWN if y < bottom else 0)
        cells[y][start.x] = cells[y].get(start.x, 0) | arms
