"""A layered graph as an indented tree, for where there is no room to draw it: each node on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from tfui.core.layers import Key

if TYPE_CHECKING:
    from tfui.core.layers import Layers


@dataclass(frozen=True, slots=True)
class Branch(Generic[Key]):
    """One line."""

    key: Key
    under: Key | None
    """The parent below which it stands: the one with most before it; None for a beginning."""
    also_after: tuple[Key, ...]
    """Its other parents, which are told on its own line."""
    forks: tuple[bool, ...]
    """Of its own place and of each one above it, from the left, whether more follows below it."""


def outlined(layers: Layers[Key]) -> tuple[Branch[Key], ...]:
    """Give the tree from the top. Ties go by the order of the nodes."""
    place = {key: spot for spot, key in enumerate(layers.nodes)}
    parents: dict[Key, list[Key]] = {key: [] for key in layers.nodes}
    for parent, child in layers.ways:
        parents[child].append(parent)
    below: dict[Key | None, list[Key]] = {}
    nearest: dict[Key, Key | None] = {}
    depth: dict[Key, int] = {}
    shown = [
        key
        for part in layers.components
        for layer in part
        for spot in layer
        if (key := layers.key_at(spot)) is not None
    ]
    for key in shown:
        closest = max(parents[key], key=lambda one: (depth[one], -place[one]), default=None)
        depth[key] = 0 if closest is None else depth[closest] + 1
        nearest[key] = closest
        below.setdefault(closest, []).append(key)
    found: list[Branch[Key]] = []
    walk: list[tuple[Key, tuple[bool, ...]]] = [(key, ()) for key in reversed(below.get(None, []))]
    while walk:
        key, forks = walk.pop()
        others = sorted((one for one in parents[key] if one != nearest[key]), key=place.__getitem__)
        found.append(Branch(key, nearest[key], tuple(others), forks))
        under = below.get(key, [])
        walk += reversed([(one, (*forks, one != under[-1])) for one in under])
    return tuple(found)
