"""Long lists, in portions that one statement can name: SQLite bounds the parameters of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

SIZE = 500


def in_portions(members: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the members in order, at most so many at a time."""
    for start in range(0, len(members), SIZE):
        yield members[start : start + SIZE]
